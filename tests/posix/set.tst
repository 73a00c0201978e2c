## XCU set
## - set without operands lists the variables in a form that the shell can read again.
=== the list restores each value
a='x y' b="it's" c='$HOME `x` "q" \ *' d=
e='line1
line2'
set >f
unset a b c d e
. ./f 2>/dev/null
printf '[%s]\n' "$a" "$b" "$c" "$d" "$e"
--- stderr any
--- stdout
[x y]
[it's]
[$HOME `x` "q" \ *]
[]
[line1
line2]

=== the list is sorted by name
set | sed -n 's/^\([A-Za-z_0-9]*\)=.*/\1/p' >f
sort -c f && echo sorted
--- stdout
sorted

=== the list has no functions of POSIX kind that break reading, and no unset names
unset u
set | grep '^u=' || echo none
--- stdout
none

## - set with operands replaces the positional parameters; -- alone removes them.
=== operands
set a 'b c' d
echo $# "$2"
set -- -x +y
echo $# $1 $2
set --
echo $#
--- stdout
3 b c
2 -x +y
0

=== options and operands together
set -f a b
echo $# $1 *
set +f -- c
echo $# $1
--- stdout
2 a *
1 c

=== options alone keep the positional parameters
set a b
set -f
set +f
set -o noglob
echo $# $1
--- stdout
2 a

=== - and + within operands after the first operand are operands
set a -f +x -- b
echo $# "$*"
--- stdout
5 a -f +x -- b

## - -a exports each variable that is assigned.
=== allexport
set -a
x=1
sh -c 'echo $x'
set +a
y=2
sh -c 'echo ${y-unset}'
--- stdout
1
unset

## - -C keeps > from overwriting; -f switches pathname expansion off; -u makes unset parameters errors.
=== noclobber, noglob, nounset by letter and by name
>a
set -C; (echo x >a) 2>/dev/null || echo C
set +C; echo x >a && echo ok
set -o noclobber; (echo x >a) 2>/dev/null || echo noclobber
set +o noclobber
set -f; echo a*; set +f; echo a*
set -u; (echo $nosuch) 2>/dev/null || echo u
set +u; echo "[$nosuch]"
--- stdout
C
ok
noclobber
a*
a
u
[]

## - -e exits when a pipeline fails, except in conditions, before && and ||, and after !.
=== errexit on a simple command
$TESTEE -c 'set -e; echo a; false; echo no'; echo $?
$TESTEE -ec '(exit 3); echo no'; echo $?
$TESTEE -ec 'nosuchcommand_x 2>/dev/null; echo no'; echo $?
--- stdout
a
1
3
127

=== errexit not in conditions
set -e
if false; then :; fi
if false; then :; elif false; then :; fi
while false; do :; done
until true; do :; done
echo on
--- stdout
on

=== errexit not in and-or lists but for the last command
set -e
false && true
false || true
true && false || true
echo on
set +e
$TESTEE -ec 'true && false; echo no'; echo $?
$TESTEE -ec 'false || false; echo no'; echo $?
--- stdout
on
1
1

=== errexit not after !
set -e
! true
! false
echo on
--- stdout
on

=== errexit in pipelines is by the last command
set -e
false | true
echo on
set +e
$TESTEE -ec 'true | false; echo no'; echo $?
--- stdout
on
1

=== errexit in subshells, groups and substitutions
$TESTEE -ec '(false; echo no); echo no'; echo $?
$TESTEE -ec '{ false; echo no; }; echo no'; echo $?
$TESTEE -ec 'x=$(false); echo no'; echo $?
$TESTEE -ec 'x=$(false; echo in); echo $x'; echo $?
$TESTEE -ec 'echo $(false) on'; echo $?
--- stdout
1
1
1
1
on
0

=== errexit is ignored in a function or group in a condition
set -e
f() { false; echo in; }
if f; then echo a; fi
f && echo b
{ false; echo c; } || :
! { false; echo d; }
echo end
--- stdout
in
a
in
b
c
d
end

=== errexit in a compound command whose status is that of a tested command
set -e
{ false && true; }
(false && true) || :
for i in 1; do false && true; done
echo on
set +e
$TESTEE -ec '(false && true); echo no'; echo $?
--- stdout
on
1

=== errexit in a loop, a case and a function
$TESTEE -ec 'for i in 1 2; do echo $i; false; done; echo no'; echo $?
$TESTEE -ec 'case x in x) false; echo no;; esac'; echo $?
$TESTEE -ec 'f() { false; echo no; }; f; echo no'; echo $?
--- stdout
1
1
1
1

=== errexit with eval and dot
$TESTEE -ec 'eval "false; echo no"; echo no'; echo $?
echo 'false; echo no' >f
$TESTEE -ec '. ./f; echo no'; echo $?
$TESTEE -ec 'eval "false" || echo on'
--- stdout
1
1
on

=== errexit with an assignment and a redirection error
$TESTEE -ec 'x=$(exit 4); echo no'; echo $?
$TESTEE -ec 'true <nosuch; echo no' 2>/dev/null; echo $(($? > 0))
--- stdout
4
1

=== errexit is switched off by set +e
set -e
set +e
false
echo on
--- stdout
on

## - -n reads commands and does not execute them.
=== noexec checks the syntax
echo 'echo no' >f
$TESTEE -n ./f; echo $?
echo 'fi' >g
$TESTEE -n ./g 2>/dev/null; echo $(($? > 0))
--- stdout
0
1

## - -v writes input lines to standard error as they are read.
=== verbose
cat >f <<'E'
echo a
# comment
echo b
E
$TESTEE -v ./f
--- stderr
echo a
# comment
echo b
--- stdout
a
b

=== verbose switched on in the script
cat >f <<'E'
echo a
set -v
echo b
E
$TESTEE ./f
--- stderr
echo b
--- stdout
a
b

## - -x writes each command with its expanded words to standard error after PS4.
=== xtrace
set -x
x='a b'
echo "$x" c
set +x 2>/dev/null
--- stderr some
--- stdout
a b c

=== the trace of simple words
$TESTEE -xc 'echo a b; true' 2>err
cat err
--- stdout
a b
+ echo a b
+ true

=== PS4 is expanded
$TESTEE -c 'PS4='\''$x> '\''; x=1; set -x; : a' 2>err
tail -n 1 err
--- stdout
1> : a

=== the trace of assignments and redirected commands
$TESTEE -xc 'x=1; echo $x >f' 2>err
cat err f
--- stdout
+ x=1
+ echo 1
1

=== the trace within a function and a substitution
$TESTEE -xc 'f() { echo $1; }; f a; : $(echo b)' 2>err
grep -c 'echo a' err; grep -c 'echo b' err
--- stdout
a
1
1

## - -o lists the options for people, +o as commands that restore them.
=== set -o names each option
set -o >f
for o in allexport errexit ignoreeof monitor noclobber noexec noglob nolog notify nounset pipefail verbose vi xtrace; do
    grep -q "$o" f || { test $o = nolog || echo "no $o"; }
done
--- stdout

=== set +o restores
set -f -u -C
save=$(set +o)
set +f +u +C -a
eval "$save"
case $- in *f*) echo f;; esac
case $- in *u*) echo u;; esac
case $- in *C*) echo C;; esac
case $- in *a*) echo a;; esac
--- stdout
f
u
C

=== an unknown option is an error
$TESTEE -c 'set -o nosuch; echo on' 2>err; test -s err && echo message
$TESTEE -c 'set -@; echo on' 2>err; test -s err && echo message
--- stdout
message
message

=== -h, -b and ignoreeof are accepted
set -h; set +h; set -b; set +b; set -o ignoreeof; set +o ignoreeof
echo ok
--- stdout
ok

=== several letters in one word
set -fu
case $- in *f*) echo f;; esac
case $- in *u*) echo u;; esac
set +fu
case $- in *f*) echo f;; esac
--- stdout
f
u

=== -o between letters
set -fo nounset
case $- in *u*f* | *f*u*) echo both;; esac
--- stdout
both
