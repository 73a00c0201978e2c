## XCU type, command -v, command -V
=== type tells what names are
alias a='echo x'
f() { :; }
type a f cd export if
--- only fleetsh
--- stdout
a is an alias for echo x
f is a function
cd is a shell builtin
export is a special shell builtin
if is a shell keyword

=== type of a file names it
mkdir d
printf 'echo\n' >d/cmd
chmod +x d/cmd
PATH=$PWD/d:$PATH
type cmd | grep "$PWD/d/cmd" >/dev/null && echo named
--- stdout
named

=== type fails when one of the names is unknown
type cd no_such_command >out 2>&1
[ $? -gt 0 ] && grep cd out >/dev/null && echo good
--- stdout
good

=== command -v writes names and pathnames
f() { :; }
mkdir d
printf 'echo\n' >d/cmd
chmod +x d/cmd
here=$PWD
PATH=$PWD/d:$PATH
command -v f
command -v cd
command -v export
command -v if
x=$(command -v cmd)
echo "${x#"$here"}"
--- stdout
f
cd
export
if
/d/cmd

=== command -v of an alias can be read again
alias a='echo "x  y"'
x=$(command -v a)
unalias a
eval "$x"
eval a
--- stdout
x  y

=== command -v of an unknown name fails silently
command -v no_such_command || echo failed
--- stdout
failed

=== command -v makes relative directories of PATH absolute
mkdir d
printf 'echo\n' >d/cmd
chmod +x d/cmd
here=$PWD
PATH=d:$PATH
x=$(command -v cmd)
[ "$x" = "$here/d/cmd" ] && echo absolute
x=$(command -v ./d/cmd)
[ "$x" = "$here/d/cmd" ] && echo absolute
--- only fleetsh
--- stdout
absolute
absolute

=== command -V says more about the same
command -V cd >out && grep cd out >/dev/null && echo good
command -V no_such_command >out 2>&1 || echo failed
--- stdout
good
failed

=== a file that cannot be executed is not found
mkdir d
: >d/cmd
PATH=$PWD/d:$PATH
command -v cmd || echo none
--- only fleetsh
--- stdout
none
