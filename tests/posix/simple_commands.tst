## XCU 2.9.1 Simple commands
## - Assignments before a command are in its environment only; without a command they change the shell.
=== assignments without a command
a=1 b=2 c=$a
echo $a $b $c
--- stdout
1 2 1

=== assignments happen from left to right
a=1
a=2 b=$a c=$b
echo $a $b $c
--- stdout
2 2 2

=== an assignment before a utility is in its environment and not in the shell's
x=1
x=2 sh -c 'echo $x'
echo $x
unset y
y=3 sh -c 'echo $y'
echo ${y-unset}
--- stdout
2
1
3
unset

=== an assignment before a command does not affect its words
x=1
x=2 echo $x
--- stdout
1

=== an assignment before a regular built-in is undone
x=1
x=2 true
x=3 cd .
IFS=: read a b <<E
p:q
E
echo $x $a $b "$(printf %s "$IFS" | od -An -tx1 | tr -d ' ')"
--- stdout
1 p q 20090a

=== an assignment before a special built-in stays
x=1
x=2 :
echo $x
x=3 eval 'echo $x'
echo $x
y=4 set -- a
echo $y
--- stdout
2
3
3
4

=== an assignment before exec with redirections alone stays
x=1 exec 3>&1
echo $x
--- stdout
1

=== an assignment before a function holds during the function
x=1
f() { echo $x; sh -c 'echo ${x-none}'; }
x=2 f
--- stdout
2
2

=== an assignment before a command that is not found
x=1
x=2 nosuchcommand_x 2>/dev/null
echo $? $x
--- stdout
127 1

=== an assignment needs a name and an unquoted =
a\=b 2>/dev/null || echo $?
"a=b" 2>/dev/null || echo $?
a'='b 2>/dev/null || echo $?
1a=b 2>/dev/null || echo $?
a-b=c 2>/dev/null || echo $?
=b 2>/dev/null || echo $?
'a'=b 2>/dev/null || echo $?
--- stdout
127
127
127
127
127
127
127

=== a word after the command's name is no assignment
echo a=b c=d
x=1 echo y=2
echo ${y-unset}
--- stdout
a=b c=d
y=2
unset

=== an assignment to a readonly variable is an error
$TESTEE -c 'readonly r=1; r=2; echo on' 2>err
test $? -gt 0 && test -s err && echo failed
$TESTEE -c 'readonly r=1; (r=2; echo no) 2>/dev/null || echo on'
--- stdout
failed
on

=== the value may hold =, spaces in quotes and expansions
a=b=c d='e f' g="$a"$(echo h)$((1+1))
echo "$a" "$d" "$g"
--- stdout
b=c e f b=ch2

=== assignments and redirections in any order
x=1 >f y=2 echo a
>g x=3 echo b
cat f g
>h z=1
echo $z
--- stdout
a
b
1

=== the value null
x=y
x= sh -c 'echo "[$x]"'
x=
echo "[$x]"
--- stdout
[]
[]

=== an environment that is exported holds the new values
export X=1
X=2
sh -c 'echo $X'
X=3 sh -c 'echo $X'
sh -c 'echo $X'
unset X
sh -c 'echo ${X-unset}'
--- stdout
2
3
2
unset

## - Words are expanded in order; the first field is the command's name.
=== the first field of an expansion is the name
c='echo a'
$c b
e=
$e echo c
--- stdout
a b
c

=== redirections are expanded and done after the words
x=
echo ${x:=f} >$x
cat f
--- stdout
f

=== a command that expands to nothing does its assignments in the shell
e=
x=1 $e
echo $x
--- stdout
1

=== a command of redirections alone happens in a subshell or not, and opens the file
<nosuch 2>/dev/null || echo failed
>f && ls
--- stderr any
--- stdout
failed
f

=== a null command name is not found
'' 2>/dev/null; echo $?
"" a 2>/dev/null; echo $?
--- stdout
127
127

## XCU 2.9.1.4 Command search and execution
## - A name without a slash is a special built-in, a function, a built-in utility, or is sought in PATH, in this order.
=== a function comes before a utility of the same name
echo() { printf 'fn %s\n' "$1"; }
echo a
cd() { printf 'cd\n'; }
cd x
unset -f echo cd
echo b
--- stdout
fn a
cd
b

=== a special built-in comes before a function
$TESTEE -c 'set() { echo fn; }; set -- a; echo $1' 2>/dev/null || echo a
--- stdout
a

=== a name with a slash is a pathname
printf '#!/bin/sh\necho script "$@"\n' >echo; chmod +x echo
./echo a
"$PWD/echo" b
--- stdout
script a
script b

=== PATH is searched in order, and files that cannot be executed are passed over
mkdir a b c
echo 'no' >a/cmd; printf '#!/bin/sh\necho b\n' >b/cmd; printf '#!/bin/sh\necho c\n' >c/cmd; chmod +x b/cmd c/cmd
PATH=$PWD/a:$PWD/b:$PWD/c:/bin:/usr/bin cmd
PATH=$PWD/c:$PWD/b:/bin:/usr/bin cmd
--- stdout
b
c

=== a change of PATH forgets where commands were found
mkdir a b
printf '#!/bin/sh\necho a\n' >a/cmd; printf '#!/bin/sh\necho b\n' >b/cmd; chmod +x a/cmd b/cmd
P=$PATH
PATH=$PWD/a:$P; cmd
PATH=$PWD/b:$P; cmd
--- stdout
a
b

=== a found command that has vanished is sought again
mkdir a b
printf '#!/bin/sh\necho a\n' >a/cmd; printf '#!/bin/sh\necho b\n' >b/cmd; chmod +x a/cmd b/cmd
PATH=$PWD/a:$PWD/b:$PATH
cmd
rm a/cmd
cmd
--- stdout
a
b

=== arguments and environment arrive unchanged
x='a  b
c' export x
x='a  b
c'
export x
sh -c 'printf "[%s]" "$@" "$x"' - '' 'p q' '*' '$x' "it's"
echo
--- stdout
[][p q][*][$x][it's][a  b
c]

=== the utility gets its name as it was given
sh -c 'echo $0' name
printf '#!/bin/sh\necho $0\n' >f; chmod +x f
./f
--- stdout
name
./f

=== the intrinsic utilities are found without PATH (Issue 8)
PATH=
command -v cd >/dev/null && cd . && alias a=b && read x </dev/null || umask >/dev/null && type cd >/dev/null && wait && unset PATH && echo ok
--- stdout
ok

=== a utility that is not executable as a program but has a script's text
printf 'echo "$0 $1"\nexit 3\n' >f; chmod +x f
./f arg; echo $?
--- stdout
./f arg
3

## - A built-in utility that is not intrinsic (echo, printf, pwd, test, [, true, false) is found where PATH leads to a utility of its name.
## ! fleetsh finds it so with set -o posix. Otherwise it is found whatever PATH is, as in dash, bash, mksh and ksh93; command -v names it without a pathname.
=== a built-in utility that is not intrinsic is not found without PATH leading to it
set -o posix
for u in 'echo x' false 'printf x' pwd 'test 1' '[ 1 ]' true; do
    (PATH=; $u) 2>/dev/null; printf '%s ' $?
    (PATH=/nonexistent; command $u) 2>/dev/null; printf '%s ' $?
    (PATH=/nonexistent $u) 2>/dev/null; printf '%s\n' $?
done
x=$(PATH=; echo x) 2>/dev/null; printf '%s\n' "$x$?"
PATH=; command -v echo; x=$?; unset PATH; echo $x
--- only fleetsh
--- stdout
127 127 127
127 127 127
127 127 127
127 127 127
127 127 127
127 127 127
127 127 127
127
127

=== it is found by each PATH that leads to a utility of its name
set -o posix
mkdir a b; cp "$(command -v cat)" a/printf
PATH=$PWD/b printf %s no 2>/dev/null; echo $?
PATH=$PWD/b:$PWD/a printf '%s\n' yes
p=$PATH; PATH=b:a
printf '%s\n' relative; cd b; printf %s no 2>/dev/null
x=$? PATH=$p; echo $x
--- only fleetsh
--- stdout
127
yes
relative
127

=== command -p finds it whatever PATH is
set -o posix
PATH=/nonexistent
command -p echo yes
--- only fleetsh
--- stdout
yes

=== command -v writes its pathname, -V that as well, hash nothing
set -o posix
case $(command -v echo) in /*/echo) echo path; esac
case $(command -V echo) in *builtin*"$(command -v echo)") echo path; esac
mkdir -p c; : >c/pwd; chmod +x c/pwd
PATH=$PWD/c
x=$(pwd) y=$(command -v pwd) z=$(hash)
unset PATH
[ "$x/c/pwd" = "$y" ] && echo same
echo "[$z]"
--- only fleetsh
--- stdout
path
path
same
[]

=== without PATH, unset, all are found: that search is the shell's to define (XBD 8.3)
set -o posix
unset PATH
echo found; command -v printf
--- only fleetsh
--- stdout
found
printf

=== otherwise they are found whatever PATH is
PATH=
echo found
command -v printf
--- stdout
found
printf
