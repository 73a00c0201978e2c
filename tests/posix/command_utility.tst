## XCU command
## - command runs a utility and no function, describes names with -v and -V, and takes a special built-in's privileges.
=== command passes functions by
echo() { printf 'function\n'; }
echo a
command echo b
--- stdout
function
b

=== command keeps an external utility's status
command $TESTEE -c 'exit 3'
echo $?
--- stdout
3

=== command without operand does nothing
command
echo $?
--- stdout
0

=== command -- name
command -- echo a
--- stdout
a

=== command command
command command echo a
--- stdout
a

=== command of something that is not there is 127
command nosuchcommand 2>/dev/null
echo $?
--- stdout
127

=== command -p finds the standard utilities without PATH
PATH=/nonexistent
command -p ls -d /
--- stdout
/

=== command -v of the kinds of names
f() { :; }
alias a='echo x'
command -v echo
command -v if
command -v f
command -v a
command -v ls
--- stdout
echo
if
f
alias a='echo x'
/usr/bin/ls

=== command -v of nothing is silent and above 0
command -v nosuchcommand
test $? -gt 0 && echo error
--- stdout
error

=== command -V is for people
command -V cd | grep -c cd
--- stdout
1

=== command export is a declaration utility
x='a b'
command export y=$x
echo "$y"
--- stdout
a b

=== assignments before command do not last, even for a special built-in utility
x=1 command :
echo ${x-unset}
--- stdout
unset

=== command exec with a redirection keeps it
command exec 3>f
echo a >&3
cat f
--- stdout
a

=== command exec of a command replaces the shell
$TESTEE -c 'command exec echo a; echo no'
--- stdout
a

=== command return and command break work
f() { command return 3; echo no; }
f
echo $?
for i in 1 2; do command break; echo no; done
echo on
--- stdout
3
on

=== an unknown option is a usage error
command -x 2>/dev/null
test $? -gt 0 && echo error
--- stdout
error
