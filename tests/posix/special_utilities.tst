## XCU 2.15 Special built-in utilities
## - Assignments before a special built-in utility last.
=== an assignment before a special built-in utility lasts
x=1 :
echo $x
x=2 eval :
echo $x
x=3 . /dev/null
echo $x
x=4 export y=1
echo $x
--- stdout
1
2
3
4

=== an assignment before exec is in the command's environment
x=5 exec $TESTEE -c 'echo $x'
--- stdout
5

=== an assignment before eval is there for what eval runs
x=6 eval 'echo $x'
--- stdout
6

=== an assignment before another utility does not last
x=1
x=2 true
echo $x
x=2 cd .
echo $x
--- stdout
1
1

## XCU break, continue
## - Loops are left and gone on with, n of them.
=== break leaves the innermost loop, break 2 two of them
for i in a b; do for j in 1 2; do echo $i$j; break; done; done
for i in a b; do for j in 1 2; do echo $i$j; break 2; done; done
--- stdout
a1
b1
a1

=== continue goes on with the innermost loop, continue 2 with the outer one
for i in a b; do for j in 1 2; do continue; echo no; done; echo $i; done
for i in a b; do for j in 1 2; do echo $i$j; continue 2; done; echo no; done
--- stdout
a
b
a1
b1

=== a number beyond the loops means all of them
for i in a b; do for j in 1 2; do echo $i$j; break 9; done; done
for i in a b; do for j in 1 2; do echo $i$j; continue 9; done; echo no; done
--- stdout
a1
a1
b1

=== in while and until, in the condition too
i=0
while i=$((i+1)); do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done
while break; do echo no; done
echo on
--- stdout
1
3
on

=== the status of break and continue is 0
for i in 1; do false; break; done
echo $?
for i in 1; do false; continue; done
echo $?
--- stdout
0
0

## XCU colon
## - Arguments are expanded, nothing else happens.
=== colon does nothing with expanded arguments
: ${x:=5} $(echo a >f)
echo $? $x
cat f
--- stdout
0 5
a

## XCU dot
## - A file's commands run in the current environment.
=== a dot script runs in the current environment
echo 'x=1; cd /; set -- a' >f
. ./f
echo $x $PWD $1
--- stdout
1 / a

=== return ends it with a status
echo 'return 3; echo no' >f
. ./f
echo $?
--- stdout
3

=== without commands its status is 0
>f
false
. ./f
echo $?
--- stdout
0

=== a name without a slash is searched in PATH, and need not be executable
mkdir d
echo 'echo found' >d/script
PATH=$PWD/d:$PATH
. script
--- stdout
found

=== -- may come first
echo 'echo a' >f
. -- ./f
--- stdout
a

=== it may change itself while it runs, functions remain
echo 'f() { echo f; }
echo "echo changed" >f2' >f1
. ./f1
rm f1
f
. ./f2
--- stdout
f
changed

## XCU eval
## - Arguments are joined and run in the current environment.
=== arguments are joined by spaces and run
eval echo 'a  b' '"c  d"'
--- stdout
a b c  d

=== without arguments, or empty ones, the status is 0
false
eval
echo $?
false
eval '' ''
echo $?
--- stdout
0
0

=== the status is that of the last command
eval 'false; (exit 3)'
echo $?
--- stdout
3

=== $? is there for the first command
false
eval 'echo $?'
--- stdout
1

=== break, return and exit act on what surrounds eval
for i in 1 2; do eval break; echo no; done
f() { eval 'return 4'; echo no; }
f
echo $?
(eval 'exit 5'; echo no)
echo $?
--- stdout
4
5

=== a here-document within eval
eval 'cat <<E
a
E'
--- stdout
a

## XCU exec
## - The shell is replaced; redirections without a command stay.
=== exec replaces the shell
(exec echo a; echo no)
echo on
--- stdout
a
on

=== exec -- command
(exec -- echo a)
--- stdout
a

=== exec with redirections only changes the shell's own
exec 3>f
echo a >&3
exec 3>&-
cat f
{ echo b >&3; } 2>/dev/null || echo closed
--- stdout
a
closed

=== redirections of exec within a compound command end with those of the compound command
{ exec >f; echo a; } >g
echo b
cat f
--- stdout
b
a

=== exec's standard input
echo 'a
b' >f
exec <f
read x
cat
--- stdout
b

=== exec does not run functions or built-in utilities
echo() { printf 'no\n'; }
(exec echo a)
--- stdout
a

## XCU exit
## - The shell or subshell ends with a status.
=== exit with a status, modulo 256
(exit 0); echo $?
(exit 255); echo $?
(exit 256); echo $?
--- stdout
0
255
0

=== without operand it is $?
(false; exit); echo $?
(true; exit); echo $?
--- stdout
1
0

=== in a function, a loop, a dot script
echo 'exit 4' >f
(f() { exit 3; }; f; echo no); echo $?
(while :; do exit 5; done; echo no); echo $?
(. ./f; echo no); echo $?
--- stdout
3
5
4

## XCU export
## - Variables are marked for the environment; a declaration utility.
=== an exported variable is in the environment of commands
export x=1 y
y=2
$TESTEE -c 'echo $x $y'
--- stdout
1 2

=== export -p prints what the shell can read
x='a b'
export x y='it'\''s' z
unset z
export z
export -p >f
x= y=
. ./f
echo "$x" "$y" ${z-unset}
grep -c ' z$' f
--- stdout
a b it's unset
1

=== tilde and no splitting in operands
HOME=/h
x='a  b'
export p=~:~/x q=$x
echo "$p" "$q"
--- stdout
/h:/h/x a  b

## XCU readonly
## - Variables are protected; a declaration utility.
=== a readonly variable keeps its value
readonly x=1
(x=2) 2>/dev/null || echo $x
--- stdout
1

=== readonly -p prints what the shell can read
readonly x='a b'
readonly -p >f
grep -c "^readonly x='a b'\$" f
$TESTEE -c '. ./f 2>/dev/null; echo "$x"'
--- stdout
1
a b

## XCU return
## - A function or dot script ends with a status.
=== return without operand is $?
f() { false; return; }
f
echo $?
--- stdout
1

=== return from nested constructs
f() { while :; do for i in 1; do if :; then return 3; fi; done; done; echo no; }
f
echo $?
--- stdout
3

=== return in a subshell of a function ends the subshell
f() { (return 3; echo no); echo $?; return 4; }
f
echo $?
--- stdout
3
4

## XCU set
## - Options and positional parameters.
=== set assigns the positional parameters
set a 'b c'
echo $# "$2"
set --
echo $#
set -- -x
echo $1
--- stdout
2 b c
0
-x

=== set without operands prints variables that the shell can read
x='it'\''s a
test'
set >f
x=
grep -q '^x=' f && echo on
unset x
(eval "$(grep -A1 '^x=' f)"; echo "$x")
--- stdout
on
it's a
test

=== set +o can be read back
set -f
set +o >f
set +f
. ./f
case $- in *f*) echo on;; esac
--- stdout
on

=== set -o lists options
set -o >f
grep -q errexit f && grep -q noglob f && echo on
--- stdout
on

=== -a exports
set -a
x=1
set +a
y=2
$TESTEE -c 'echo ${x-u} ${y-u}'
--- stdout
1 u

=== -C, -f, -n, -u have their effect
set -C
echo a >f
(echo b >f) 2>/dev/null || echo kept
echo b >|f
set -f
echo /et[c]
set -u
(echo $nosuch) 2>/dev/null || echo unset
echo "$@" $* end
--- stdout
kept
/et[c]
unset
end

=== -n stops at once
echo a
set -n
echo no
--- stdout
a

=== -v writes lines as they are read
echo 'set -v
echo a' >f
$TESTEE f 2>&1
--- stdout
echo a
a

=== -h and -b are accepted
set -h -b
set +b
echo on
--- stdout
on

## XCU set: -x
## - Commands are traced after their expansion.
=== -x writes each command with PS4 before it
PS4='T '
set -x
x=1
echo $x 'a b' 2>/dev/null
for i in 1; do :; done
{ set +x; } 2>/dev/null
--- stderr any
--- stdout
1 a b

=== -x quotes what needs it
$TESTEE -c 'set -x; echo "a b" c' 2>&1
--- stdout
+ echo 'a b' c
a b c

=== PS4 is expanded
PS4='$((1+1)) ' $TESTEE -xc 'echo a' 2>&1
--- stdout
2 echo a
a

## XCU shift
## - Positional parameters are dropped.
=== shift drops parameters
set -- a b c
shift
echo $*
shift 2
echo $#
shift 0
echo $?
--- stdout
b c
0
0

=== in a function shift is the function's
f() { shift; echo $*; }
set -- x y
f a b
echo $*
--- stdout
b
x y

## XCU times
## - Times of the shell and of its children.
=== times prints two lines of two times
times >f
grep -c '^[0-9]*m[0-9.]*s [0-9]*m[0-9.]*s$' f
--- stdout
2

## XCU unset
## - Variables and functions are removed.
=== unset of variables and functions
x=1
f() { echo f; }
unset x
unset -f f
echo ${x-unset}
f 2>/dev/null || echo none
--- stdout
unset
none

=== unset -v leaves a function of that name
f=1
f() { echo f; }
unset -v f
echo ${f-unset}
f
--- stdout
unset
f

=== unset of what is not set is no error
unset nosuch
echo $?
unset -f nosuch
echo $?
--- stdout
0
0
