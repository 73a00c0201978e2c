## XCU 2.15 Special built-in utilities
## - Each of the fourteen exists as a special built-in, and assignments before it stay.
=== command -V or type tells them
for b in break : continue . eval exec exit export readonly return set shift times trap unset; do
    case $(command -V $b) in *special*) ;; *) echo "$b: $(command -V $b)";; esac
done
--- stdout

=== command -v prints the name
for b in break : continue . eval exec exit export readonly return set shift times trap unset; do
    test "$(command -v $b)" = $b || echo $b
done
--- stdout

=== assignments before them stay
x=1 :; echo $x
x=2 eval :; echo $x
x=3 . /dev/null; echo $x
x=4 export y; echo $x
x=5 readonly z; echo $x
x=6 set -- a; echo $x
x=7 shift 0; echo $x
x=8 trap : USR1; echo $x
x=9 unset y; echo $x
x=10 times >/dev/null; echo $x
for i in 1; do x=11 continue; done; echo $x
for i in 1; do x=12 break; done; echo $x
f() { x=13 return; }; f; echo $x
x=14 exec 3>&1; echo $x
--- stdout
1
2
3
4
5
6
7
8
9
10
11
12
13
14

=== assignments before them are not undone when run by command
x=1
x=2 command :
echo $x
--- stdout
1

## XCU colon
## - : expands its arguments, does nothing and has status 0.
=== :
: a b; echo $?
: ${x=1}; echo $x
: >f; ls
: $(echo err >&2)
:
--- stderr
err
--- stdout
0
1
f

## XCU dot
## - . reads a file and runs its commands in the shell; a name without a slash is sought in PATH.
=== the commands run in the shell
echo 'x=2; f() { echo fn; }; cd /' >s
x=1
. ./s
echo $x $PWD; f
--- stdout
2 /
fn

=== PATH is searched, and the file need not be executable
mkdir d; echo 'echo found' >d/script
PATH=$PWD/d:$PATH
. script
--- stdout
found

=== the status is that of the last command, 0 for an empty file
echo '(exit 3)' >s
. ./s; echo $?
false
>e
. ./e; echo $?
echo '# comment' >c
false
. ./c; echo $?
--- stdout
3
0
0

=== $? of before is seen in the file
echo 'echo $?' >s
(exit 4)
. ./s
--- stdout
4

=== return ends the file
printf 'echo a\nreturn 5\necho no\n' >s
. ./s; echo $?
--- stdout
a
5

=== positional parameters stay those of the caller
echo 'echo $# $1; set -- new; ' >s
set -- a b
. ./s
echo $1
--- stdout
2 a
new

=== dot scripts nest
echo '. ./b; echo a' >a
echo 'echo b' >b
. ./a
--- stdout
b
a

=== a file that does not end with a newline
printf 'echo a' >s
. ./s
--- stdout
a

=== the file is read as it is executed
printf 'alias e="echo alias"\ne x\n' >s
. ./s
--- stdout
alias x

=== . -- file (Issue 8)
echo 'echo a' >s
. -- ./s
--- stdout
a

=== standard input is not the file
echo 'read x; echo "$x"; echo after' >s
. ./s
--- stdin
line
--- stdout
line
after

=== a dot script with a here-document and a function
cat >s <<'E'
f() { cat <<F
$1
F
}
f a
E
. ./s; f b
--- stdout
a
b

## XCU eval
## - eval joins its arguments with blanks and runs them in the shell.
=== arguments are joined
eval echo a b
eval 'echo a' 'b;' 'echo c'
x='echo $y' y=1
eval $x
eval "$x"
--- stdout
a b
a b
c
1
1

=== without arguments or with null ones the status is 0
false; eval; echo $?
false; eval ''; echo $?
false; eval '' ''; echo $?
false; eval ' # comment'; echo $?
--- stdout
0
0
0
0

=== the status is that of the last command
eval '(exit 3)'; echo $?
eval 'true; false'; echo $?
--- stdout
3
1

=== several lines
eval 'echo a
echo b
if true; then
echo c
fi'
--- stdout
a
b
c

=== eval defines, assigns and leaves loops
eval 'f() { echo fn; }; x=1'
f; echo $x
for i in 1 2; do eval 'break'; done; echo $i
--- stdout
fn
1
1

=== eval -- (Issue 8 leaves no options; -- is skipped)
eval -- 'echo a'
--- stdout
a

=== eval nests
eval 'eval "eval \"echo deep\""'
--- stdout
deep

=== $? within eval is that of before
(exit 6)
eval 'echo $?'
--- stdout
6

## XCU exec
## - exec replaces the shell with a command, or keeps redirections.
=== the shell is replaced
$TESTEE -c 'exec echo a; echo no'
$TESTEE -c 'echo $$; exec sh -c "echo \$\$"' | uniq | wc -l | tr -d ' '
--- stdout
a
1

=== the status is the command's
$TESTEE -c 'exec sh -c "exit 7"'; echo $?
--- stdout
7

=== exec of a missing command: 127; of one that is not executable: 126
$TESTEE -c 'exec nosuchcommand_x; echo no' 2>/dev/null; echo $?
>f
$TESTEE -c 'exec ./f; echo no' 2>/dev/null; echo $?
--- stdout
127
126

=== exec in a subshell replaces the subshell
(exec echo a; echo no)
echo b
--- stdout
a
b

=== exec runs a utility, not a function or built-in
echo() { printf 'no\n'; }
exec echo a
--- stdout
a

=== assignments and redirections before exec
x=1 exec sh -c 'echo $x >&3' 3>&1
--- stdout
1

=== exec -- (Issue 8)
$TESTEE -c 'exec -- echo a'
exec -- 3>&1
echo b >&3
--- stdout
a
b

## XCU exit
## - exit n ends the shell with status n, else with that of the last command.
=== exit
$TESTEE -c 'exit 3'; echo $?
$TESTEE -c 'exit'; echo $?
$TESTEE -c 'false; exit'; echo $?
$TESTEE -c '(exit 5); exit'; echo $?
$TESTEE -c 'f() { exit 6; }; f; echo no'; echo $?
$TESTEE -c 'while :; do exit 7; done'; echo $?
--- stdout
3
0
1
5
6
7

=== exit in eval, dot and a trap
$TESTEE -c 'eval "exit 3"; echo no'; echo $?
echo 'exit 4' >s
$TESTEE -c '. ./s; echo no'; echo $?
$TESTEE -c 'trap "exit 5" USR1; kill -USR1 $$; echo no'; echo $?
--- stdout
3
4
5

=== exit -- n
$TESTEE -c 'exit -- 4'; echo $?
--- stdout
4

## XCU export
## - export marks variables for the environment of commands; -p lists them for reading again.
=== export of a set, an assigned and an unset variable
a=1
export a b=2 c
c=3
sh -c 'echo $a $b $c'
--- stdout
1 2 3

=== an unset variable is not in the environment before it is set
export u
sh -c 'echo ${u-unset}'
--- stdout
unset

=== export takes its operands as assignments (Issue 8)
x='a  b' HOME=/h
export y=$x z=~
printf '[%s]\n' "$y" "$z"
--- stdout
[a  b]
[/h]

=== export of an operand that an expansion names
n=v v=1
export $n
export "$n=2"
sh -c 'echo $v'
--- stdout
2

=== export -p can be read again
export a='x y' b="it's" c='$d'
export -p >f
unset a b c
. ./f
sh -c 'printf "[%s]" "$a" "$b" "$c"'; echo
grep -c '^export [ab]=' f
--- stdout
[x y][it's][$d]
2

=== export -p lists variables that are exported and unset
export nothing
export -p | grep nothing
--- stdout
export nothing

=== a function's export reaches the shell
f() { export x=1; }
f
sh -c 'echo $x'
--- stdout
1

=== export -- name
export -- x=1
sh -c 'echo $x'
--- stdout
1

## XCU readonly
## - readonly variables can be neither assigned nor unset.
=== readonly
readonly a=1
b=2
readonly b
echo $a $b
(a=3) 2>/dev/null || echo refused
(unset b) 2>/dev/null || echo refused
echo $a $b
--- stdout
1 2
refused
refused
1 2

=== readonly -p can be read again
readonly a='x y' b="it's"
readonly -p | grep '^readonly [ab]='  >f
$TESTEE -c '. ./f; echo "$a" "$b"; (a=1) 2>/dev/null || echo refused'
--- stdout
x y it's
refused

=== readonly of an unset variable
readonly u
echo ${u-unset}
(u=1) 2>/dev/null || echo refused
--- stdout
unset
refused

=== readonly takes its operands as assignments (Issue 8)
x='a  b'
readonly y=$x
printf '[%s]\n' "$y"
--- stdout
[a  b]

=== a readonly variable may be exported
readonly a=1
export a
sh -c 'echo $a'
--- stdout
1

## XCU shift
## - shift n renames the parameters; more than there are is an error.
=== shift
set -- a b c d
shift; echo $# $1
shift 2; echo $# $1
shift 0; echo $# $1
shift; echo $#
--- stdout
3 b
1 d
1 d
0

=== shift more than there are
set -- a
(shift 2; echo $? $#) 2>/dev/null >f
s=$?
test $s -gt 0 || grep -q '^[1-9]' f && echo failed
--- stdout
failed

=== shift -- n
set -- a b c
shift -- 2
echo $1
--- stdout
c

## XCU times
## - times writes the times of the shell and its children.
=== the form of the output
times | sed 's/[0-9][0-9]*/N/g'
--- stdout
NmN.Ns NmN.Ns
NmN.Ns NmN.Ns

## XCU unset
## - unset removes variables, unset -f functions; -v is the default.
=== unset
a=1 b=2
unset a
echo ${a-unset} $b
unset -v b
echo ${b-unset}
unset nosuch; echo $?
--- stdout
unset 2
unset
0

=== unset -f
f() { echo fn; }
f=1
unset -f f
f 2>/dev/null || echo $? $f
unset -f nosuch; echo $?
--- stdout
127 1
0

=== unset of an exported variable takes it from the environment
export a=1
unset a
sh -c 'echo ${a-unset}'
a=2
sh -c 'echo ${a-unset}'
--- stdout
unset
unset

=== unset of several
a=1 b=2 c=3
unset a b c
echo ${a-u}${b-u}${c-u}
--- stdout
uuu

=== unset -- name
a=1
unset -- a
echo ${a-u}
--- stdout
u

=== unset of a readonly variable is an error
$TESTEE -c 'readonly a=1; unset a; echo on' 2>err
test $? -gt 0 && test -s err && echo failed
--- stdout
failed
