## XCU 2.13 Shell execution environment
## - A subshell is a copy: nothing that it does changes its parent.
=== a subshell's changes stay in it
x=1
f() { echo f; }
umask 022
set -- a
( x=2; f() { echo g; }; umask 077; cd /; set -- b c; set -f; alias q=x; trap 'echo t' USR1; exec 2>/dev/null )
echo $x $(f) $# $(umask) 
case $- in *f*) echo no;; esac
test "$PWD" = / || echo on
--- stdout
1 f 1 0022
on

=== a subshell inherits all of it
x=1
readonly r=2
f() { echo $x$r; }
set -- a b
(f; echo $#; set -e; false; echo no)
echo $?
--- stdout
12
2
1

=== $$ is the shell's own in a subshell
echo $$ >a
(echo $$ >b)
cmp a b && echo same
--- stdout
same

=== a command's environment has no unexported variables
x=1
$TESTEE -c 'echo ${x-unset}'
--- stdout
unset

=== commands do not change the shell
$TESTEE -c 'cd /; x=1; umask 0'
test "$PWD" = / || echo ${x-on}
--- stdout
on

=== every command of a pipeline is in a subshell
x=1
x=2 | x=3
echo $x
echo a | read x
echo $x
--- stdout
1
1

=== a deep recursion is an error and no crash
f() { f; }
(f) 2>/dev/null
test $? -lt 128 && echo error
--- stdout
error

=== a deep recursion through eval is an error and no crash
f() { eval f; }
(f) 2>/dev/null
test $? -lt 128 && echo error
--- only fleetsh
--- stdout
error

=== a dot script that reads itself is an error and no crash
echo '. ./f' >f
(. ./f) 2>/dev/null
test $? -lt 128 && echo error
--- only fleetsh
--- stdout
error

=== a function may be redefined and unset while it runs
f() { f() { echo new; }; echo old; }
f
f
g() { unset -f g; echo g; }
g
--- stdout
old
new
g

## XCU 2.9.1.4 Command search and execution
## - Functions, built-in utilities, PATH; 127 not found, 126 not executable; text files are scripts.
=== a file without #! is run by the shell
echo 'echo $0 $1' >f
chmod +x f
./f a
--- stdout
./f a

=== a file with #! /bin/sh is run
echo '#!/bin/sh
echo $1' >f
chmod +x f
./f a
--- stdout
a

=== PATH is searched from left to right, files that cannot be run are passed over
mkdir d e
echo 'echo d' >d/cmd
echo 'echo e' >e/cmd
chmod +x e/cmd
PATH=$PWD/d:$PWD/e:$PATH
cmd
--- stdout
e

=== found but not executable is 126
mkdir d
>d/cmd
PATH=$PWD/d
cmd 2>/dev/null
echo $?
./d 2>/dev/null
echo $?
--- stdout
126
126

=== an empty part of PATH is the current directory
echo 'echo here' >cmd
chmod +x cmd
PATH=/nonexistent:
cmd
--- stdout
here

=== an assignment of PATH before a command is used to find it
mkdir d
echo 'echo d' >d/cmd
chmod +x d/cmd
PATH=$PWD/d:$PATH cmd
cmd 2>/dev/null || echo not found
--- stdout
d
not found

=== functions come before built-in utilities, special built-in utilities before functions
true() { echo function; }
true
--- stdout
function

=== host runs an ordinary process
host echo a
host $TESTEE -c 'exit 3'
echo $?
host nosuchcommand 2>/dev/null
echo $?
--- only fleetsh
--- stdout
a
3
127
