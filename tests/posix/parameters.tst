## XCU 2.5 Parameters and variables
## - A parameter is set when it has been given a value, and the null string is a value.
=== the null string is a value
x=
echo ${x+set} ${x-unset}.
unset x
echo ${x+set} ${x-unset}.
--- stdout
set .
unset.

=== an assignment without a value gives the null string
x= y=""
echo "[$x][$y]${x+s}${y+s}"
--- stdout
[][]ss

=== names hold letters, digits and underscores and do not begin with a digit
a1=1 _b=2 A_1=3 _=4 __=5
echo $a1 $_b $A_1 $__
1a=x 2>/dev/null || echo $?
--- stdout
1 2 3 5
127

=== upper and lower case names differ
abc=1 ABC=2
echo $abc $ABC
--- stdout
1 2

## XCU 2.5.1 Positional parameters
## - A positional parameter is a decimal number; leading zeros do not matter, and above 9 it needs braces.
=== $1 to $9
set -- a b c d e f g h i j
echo $1$2$3$4$5$6$7$8$9
--- stdout
abcdefghi

=== $10 is $1 and a 0
set -- a b c d e f g h i j
echo $10 ${10}
--- stdout
a0 j

=== leading zeros do not make a number octal
set -- a b c d e f g h i j k l m n o p q r
echo ${01} ${010} ${0017}
--- stdout
a j q

=== an unset positional parameter is unset
set -- a
echo "${1-u}" "${2-u}" "${100-u}" "[$2]"
--- stdout
a u u []

=== positional parameters come from the operands of sh
echo 'echo $# $1 "$3"' >f
$TESTEE ./f a b 'c  d'
--- stdout
3 a c  d

=== positional parameters cannot be assigned
$TESTEE -c 'set -- a; 1=b' 2>/dev/null
echo $?
--- stdout
127

=== set replaces them and shift moves them
set -- a b c
shift
echo $# $1 $2
set -- x
echo $# $1
set --
echo $#
--- stdout
2 b c
1 x
0

=== a function has its own
f() { echo $# $1; set -- in; echo $1; }
set -- out
f a b
echo $# $1
--- stdout
2 a
in
1 out

=== a thousand positional parameters
i=0
set --
while [ $i -lt 1000 ]; do set -- "$@" $i; i=$((i + 1)); done
echo $# ${1} ${500} ${1000}
--- stdout
1000 0 499 999

## XCU 2.5.2 Special parameters
## - "$@" is one field per positional parameter, and none when there are none.
=== "$@" keeps each parameter as a field
set -- 'a b' '' c
for i in "$@"; do echo "[$i]"; done
--- stdout
[a b]
[]
[c]

=== "$@" without parameters is no field
set --
set -- "$@"
echo $#
--- stdout
0

=== "x$@y" joins the first and last fields to what surrounds them
set -- 'a b' c d
printf '[%s]' x"$@"y "x$@y"; echo
--- stdout
[xa b][c][dy][xa b][c][dy]

=== "x$@y" without parameters is what surrounds it
set --
printf '[%s]' "x$@y"; echo
--- stdout
[xy]

=== "$@$@" joins the last of the first with the first of the second
set -- a b
printf '[%s]' "$@$@"; echo
--- stdout
[a][ba][b]

=== "$@" with other empty quotes beside it is one empty field
set --
set -- ""$@ "$@"''
echo $#
--- stdout
2

=== $@ unquoted is split and empty fields vanish
set -- 'a b' '' c
printf '[%s]' $@; echo
--- stdout
[a][b][c]

=== "$@" does not depend on IFS
set -- a b
IFS=
printf '[%s]' "$@"; echo
IFS=-
printf '[%s]' "$@"; echo
--- stdout
[a][b]
[a][b]

=== $@ unquoted with an empty IFS keeps the parameters apart
set -- 'a b' c
IFS=
printf '[%s]' $@; echo
--- stdout
[a b][c]

=== "${@}" and "${@-x}"
set -- a b
printf '[%s]' "${@}" "${@-x}" "${@+x}"; echo
--- stdout
[a][b][a][b][x]

=== "$@" in the word of ${x+...} keeps fields
set -- 'a b' c
x=1
printf '[%s]' "${x+$@}" ${x+"$@"}; echo
--- stdout
[a b][c][a b][c]

## - "$*" is one field, joined by the first character of IFS, by a blank when IFS is unset, by nothing when it is empty.
=== "$*" joins with the first character of IFS
set -- 'a b' '' c
IFS=-+
echo "$*"
IFS=
echo "$*"
unset IFS
echo "$*"
--- stdout
a b--c
a bc
a b  c

=== "$*" without parameters is one empty field
set --
set -- "$*"
echo $#
--- stdout
1

=== $* unquoted is split like $@
set -- 'a b' '' c
printf '[%s]' $*; echo
--- stdout
[a][b][c]

=== $* unquoted with an empty IFS keeps the parameters apart
set -- 'a b' c
IFS=
printf '[%s]' $*; echo
--- stdout
[a b][c]

=== "$*" in an assignment and in case
set -- a b
IFS=:
x=$* y="$*"
echo "$x" "$y"
case $* in a:b) echo yes;; esac
--- stdout
a:b a:b
yes

=== "$*" in a here-document joins
set -- a b
IFS=-
cat <<E
$*
E
--- stdout
a-b

=== "$@" in an assignment joins with blanks
set -- a b
x="$@"
echo "$x"
--- stdout
a b

## - $# is the number of positional parameters.
=== $# counts
set -- a b
echo $# ${#}
shift 2
echo $# "$#"x
--- stdout
2 2
0 0x

=== $# in ${#} forms with a following character
set -- a
echo ${#-x} ${#:-y} ${#+z} $#x
--- stdout
1 1 z 1x

## - $? is the status of the last pipeline; in a subshell and in a command substitution it begins with the parent's.
=== $? is the status of the last command
true; echo $?
false; echo $?
(exit 7); echo $? $?
--- stdout
0
1
7 7

=== $? within a subshell or command substitution begins with the parent's
(exit 5)
(echo $?)
(exit 6)
echo $(echo $?)
--- stdout
5
6

=== $? after an assignment without a substitution is 0
false
x=1
echo $?
--- stdout
0

=== $? in words is that of before the command
false
echo $? $(true) $?
false
x=$?
echo $x
--- stdout
1 1
1

=== ${?} and ${#?}
(exit 12)
echo ${?} ${#?}
--- stdout
12 2

## - $- holds the letters of the options that are on.
=== $- shows an option that is set
case $- in *f*) echo already;; esac
set -f
case $- in *f*) echo on;; esac
set +f
case $- in *f*) echo still;; esac
--- stdout
on

=== $- shows the options of the invocation
case $- in *e*) ;; *) echo no e;; esac
case $- in *u*) ;; *) echo no u;; esac
case $- in *f*) ;; *) echo no f;; esac
case $- in *i*) echo i;; esac
--- args -euf
--- stdout

=== $- shows each option that has a letter
set -aCefuvx 2>/dev/null
set +vx 2>/dev/null
for o in a C e f u; do case $- in *$o*) ;; *) echo "no $o";; esac; done
--- stderr any
--- stdout

## - $$ is the process ID of the shell, in a subshell that of the parent shell.
=== $$ is the process ID of the shell
kill -0 $$ && echo alive
$TESTEE -c 'test $$ -eq "$(ps -o ppid= -p $(sh -c '\''echo $PPID'\'') 2>/dev/null || echo $$)" && echo same' 
test "$$" = "$(sh -c 'echo $PPID')" || test -n "$$" && echo number
--- stdout
alive
same
number

=== $$ in a subshell, a substitution and a background command is the shell's
test $$ = "$(echo $$)" && echo 1
(test $$ = "$(echo $$)" && echo 2)
x=$$; (test $$ = $x && echo 3)
{ test $$ = $x && echo 4; } & wait
--- stdout
1
2
3
4

## - $! is the process ID of the last background command.
=== $! names a child that wait knows
(exit 3) &
wait $!
echo $?
--- stdout
3

=== $! changes with each asynchronous list
true & a=$!
true & b=$!
test $a != $b && echo differ
wait
--- stdout
differ

=== $! is unset until the first asynchronous list
echo ${!-unset}
: & wait
test -n "${!-}" && echo set
--- stdout
unset
set

## - $0 is the name of the script or of the shell, and does not change in functions and dot scripts.
=== $0 is the pathname of the script
echo 'echo $0; f() { echo $0; }; f a; . ./g' >f
echo 'echo $0' >g
$TESTEE ./f
--- stdout
./f
./f
./f

=== $0 with -c is the second operand
$TESTEE -c 'echo $0 $1' name arg
--- stdout
name arg

## XCU 2.5.3 Shell variables
## - Variables come from the environment and are exported again; other variables are not.
=== variables of the environment are initialised and stay exported
X=1 $TESTEE -c 'echo $X; X=2; sh -c "echo \$X"'
--- stdout
1
2

=== IFS is not imported from the environment
IFS=x $TESTEE -c 'a="1x2 3"; set -- $a; echo $#'
--- stdout
2

=== IFS begins as blank, tab and newline
printf %s "$IFS" | od -An -tx1
--- stdout
 20 09 0a

=== PPID is the parent's process ID and stays in a subshell
$TESTEE -c 'echo $PPID; (echo $PPID)' >f
read a <f
test "$a" = $$ && echo parent
uniq f | wc -l | tr -d ' '
--- stdout
parent
1

=== PWD is the working directory, set at start
cd /
PWD=/nonexistent $TESTEE -c 'echo $PWD'
unset PWD
$TESTEE -c 'echo $PWD'
--- stdout
/
/

=== PWD from the environment is kept when it names the directory through a link
mkdir d; ln -s d l
cd l
$TESTEE -c 'echo ${PWD##*/}'
--- stdout
l

=== PS4 begins as "+ "
echo "[$PS4]"
--- stdout
[+ ]

=== OPTIND begins as 1
echo $OPTIND
OPTIND=5 $TESTEE -c 'echo $OPTIND'
--- stdout
1
1

=== LINENO is the line of the command
echo $LINENO

echo $LINENO
echo a \
 $LINENO >/dev/null
echo $LINENO
--- stdout
1
3
6

=== LINENO within compound commands and $(( ))
if true
then
    echo $LINENO
fi
echo $((LINENO)) "$(echo $LINENO)"
--- stdout
3
5 5

=== LINENO counts the lines of here-documents
cat <<E >/dev/null
a
b
E
echo $LINENO
--- stdout
5

=== PATH decides which command is found
mkdir bin
printf '#!/bin/sh\necho mine\n' >bin/mycommand; chmod +x bin/mycommand
mycommand 2>/dev/null || echo $?
PATH=$PWD/bin:$PATH
mycommand
--- stdout
127
mine

=== an empty element of PATH is the working directory
printf '#!/bin/sh\necho here\n' >mycommand; chmod +x mycommand
(PATH=:/bin; mycommand)
(PATH=/bin:; mycommand)
(PATH=/nonexistent::/bin; mycommand)
--- stdout
here
here
here

=== PATH of an assignment before the command is used to find it
mkdir bin
printf '#!/bin/sh\necho mine\n' >bin/mycommand; chmod +x bin/mycommand
PATH=$PWD/bin:$PATH mycommand
--- stdout
mine

=== HOME unset leaves ~ unspecified, but the shell goes on
unset HOME
: ~
echo on
--- stdout
on

=== ENV is not read by a shell that is not interactive
echo 'echo env' >e
ENV=$PWD/e $TESTEE -c 'echo c'
--- stdout
c

=== ENV is expanded and read by an interactive shell
echo 'echo env' >e
D=$PWD ENV='$D/e' $TESTEE -i -c 'echo c'
--- stderr any
--- stdout
env
c

## - A variable keeps any bytes but NUL.
=== values keep newlines, tabs, and trailing blanks
x='  a	b
 c  '
printf '[%s]\n' "$x"
--- stdout
[  a	b
 c  ]

=== values keep bytes above 127
x=$(printf '\377\200é')
printf %s "$x" | od -An -tx1
--- stdout
 ff 80 c3 a9

=== a name of 1000 characters
n=$(printf %01000d 0)
eval "a$n=value"
eval "echo \$a$n"
--- stdout
value
