## XCU 2.13 Shell execution environment
## - A subshell begins as a duplicate of the shell's environment, and its changes do not reach back.
=== variables, functions, aliases and positional parameters are duplicated
x=1; f() { echo fn; }; alias al='echo alias'; set -- p q
( echo $x; f; eval al; echo $# $2; x=2; f() { echo no; }; unalias al; set -- z )
echo $x; f; eval al; echo $# $2
--- stdout
1
fn
alias
2 q
1
fn
alias
2 q

=== the working directory
(cd /; pwd)
test "$(pwd)" != / && echo same
--- stdout
/
same

=== the umask
umask 022
(umask 077; umask)
umask
--- stdout
0077
0022

=== the options
set -f
(set +f; case $- in *f*) echo no;; *) echo off;; esac)
case $- in *f*) echo on;; esac
--- stdout
off
on

=== open descriptors
exec 3>f
(exec 3>&-; echo x >&3) 2>/dev/null || echo closed in
echo y >&3
cat f
--- stdout
closed in
y

=== the status of the last command and $!
(exit 3)
(echo $?)
true & p=$!
(test $! = $p && echo same)
wait
--- stdout
3
same

=== the resource limits
(ulimit -n 64; ulimit -n)
test "$(ulimit -n)" != 64 && echo same
--- stdout
64
same

=== traps that are not ignored are reset, ignored ones stay
trap 'echo no' USR1
trap '' USR2
(kill -USR2 $(sh -c 'echo $PPID'); echo 1)
(kill -USR1 $(sh -c 'echo $PPID'); echo no)
echo $(($? > 128))
--- stderr any
--- stdout
1
1

=== the exit trap of the parent does not run in a subshell
trap 'echo parent' EXIT
(echo in)
(exit)
echo $(echo sub)
--- stdout
in
sub
parent

=== commands of a pipeline, of an asynchronous list and of a substitution are subshells
x=1
x=2 | true; echo $x
{ x=3; } & wait; echo $x
: $(x=4); echo $x
: `x=5`; echo $x
--- stdout
1
1
1
1

=== a compound command and a function are not
x=1
{ x=2; }; echo $x
f() { x=3; }; f; echo $x
if true; then x=4; fi; echo $x
while true; do x=5; break; done; echo $x
case x in x) x=6;; esac; echo $x
eval x=7; echo $x
for x in 8; do :; done; echo $x
--- stdout
2
3
4
5
6
7
8

=== a script that is invoked has an environment of its own
x=1; export y=2
f() { :; }
alias al=x
set -f
cd /
cat >"$HOME/s" <<'E'
echo ${x-unset} $y; case $- in *f*) echo f;; esac; command -v f al; pwd; y=3; cd "$HOME"; exit 5
E
$TESTEE "$HOME/s"
echo $? $y $PWD
--- stdout
unset 2
/
5 2 /

=== a utility gets the exported variables alone
x=1; export y=2; z=3 
sh -c 'echo ${x-unset} $y ${z-unset}'
z=4 sh -c 'echo $z'
--- stdout
unset 2 unset
4

=== set -a exports what is assigned
set -a
x=1
: ${y=2}
read z <<E
3
E
: $((w = 4))
for v in 5; do :; done
set +a
u=6
sh -c 'echo $x $y $z $w $v ${u-unset}'
--- stdout
1 2 3 4 5 unset

=== a variable with a name that is none is not passed as the shell's, nor lost
env 'a-b=c' $TESTEE -c 'env | grep "^a-b=" || echo dropped' | sed 's/a-b=c/kept/;s/dropped/kept/'
--- stdout
kept

=== nested subshells
x=0
( x=1; ( x=2; ( x=3; echo $x ); echo $x ); echo $x ); echo $x
--- stdout
3
2
1
0

## XCU 2.12 Signals and error handling
## - Signals that were ignored when the shell began stay ignored, also for its commands.
=== a signal ignored on entry cannot be trapped by a shell that is not interactive
trap '' USR1
$TESTEE -c 'trap "echo no" USR1; kill -USR1 $$; echo survived'
--- stdout
survived

=== a signal ignored on entry is ignored by the commands
trap '' TERM
$TESTEE -c 'sh -c "kill -TERM \$\$; echo survived"'
--- stdout
survived

=== trap "" makes commands ignore the signal, trap with an action does not
trap '' USR1
sh -c 'kill -USR1 $$; echo 1'
trap 'echo no' USR1
sh -c 'kill -USR1 $$; echo no' 2>/dev/null
echo $(($? > 128))
--- stderr any
--- stdout
1
1
