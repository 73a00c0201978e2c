## XCU trap, 2.12 Signals and error handling
## - An action runs when its condition arises.
=== an action runs after the command during which the signal came
trap 'echo usr1' USR1
kill -USR1 $$
echo after
--- stdout
usr1
after

=== names may have the prefix SIG and any case
trap 'echo a' SIGUSR1
trap 'echo b' usr2
kill -USR1 $$
kill -USR2 $$
--- stdout
a
b

=== numbers name conditions
trap 'echo hup' 1
trap 'echo exit' 0
kill -HUP $$
--- stdout
hup
exit

=== $? is kept over an action
trap 'false' USR1
(exit 3); kill -USR1 $$
echo $?
true
kill -USR1 $$
echo $?
--- stdout
0
0

=== $? at the beginning of an action is that of the last command
trap 'echo $?' USR1
f() { kill -USR1 $$; return 5; }
f
echo $?
--- stdout
0
5

=== an action may exit, with the status before it when it names none
$TESTEE -c 'trap "exit" USR1; (exit 3); kill -USR1 $$; echo no'
echo $?
$TESTEE -c 'trap "false; exit 4" USR1; kill -USR1 $$; echo no'
echo $?
--- stdout
0
4

=== an action may return from the running function
trap 'return 7' USR1
f() { kill -USR1 $$; echo no; }
f
echo $?
--- stdout
7

=== an action may leave the running loop
trap 'break' USR1
while :; do kill -USR1 $$; echo no; done
echo on
--- stdout
on

=== an action waits for the foreground command
trap 'echo trapped' USR1
$TESTEE -c 'kill -USR1 $1; echo command' x $$
--- stdout
command
trapped

=== several conditions in one trap
trap 'echo x' USR1 USR2
kill -USR1 $$
kill -USR2 $$
--- stdout
x
x

=== an action may set its own trap anew
trap 'echo first; trap "echo second" USR1' USR1
kill -USR1 $$
kill -USR1 $$
--- stdout
first
second

=== a trap set in a function stays
f() { trap 'echo trapped' USR1; }
f
kill -USR1 $$
--- stdout
trapped

=== variables of an action are those of the moment when it runs
x=1
trap 'echo $x' USR1
x=2
kill -USR1 $$
--- stdout
2

## - EXIT.
=== the EXIT action runs at the end of the script
trap 'echo exit' EXIT
echo end
--- stdout
end
exit

=== its $? is the status of the shell, which it does not change
$TESTEE -c 'trap "echo \$?; false" EXIT; exit 5'
echo $?
--- stdout
5
5

=== exit in it changes the status
$TESTEE -c 'trap "exit 6" EXIT; exit 5'
echo $?
$TESTEE -c 'trap "false; exit" EXIT; exit 5'
echo $?
--- stdout
6
5

=== it runs once
trap 'echo exit; exit' EXIT
exit
--- stdout
exit

=== it may set a new one, which does not run for this exit
trap 'echo exit; trap - EXIT' EXIT
--- stdout
exit

=== a subshell has its own
trap 'echo outer' EXIT
(trap 'echo inner' EXIT; echo in)
echo on
--- stdout
in
inner
on
outer

=== a subshell does not run its parent's
trap 'echo exit' EXIT
(:)
x=$(:)
: | :
echo on
--- stdout
on
exit

=== a command substitution runs its own
x=$(trap 'echo exit' EXIT; echo in)
echo $x
--- stdout
in exit

=== exec of a command does not run it
trap 'echo exit' EXIT
exec echo command
--- stdout
command

=== it runs when set -e ends the shell
trap 'echo exit' EXIT
set -e
false
--- stdout
exit
--- status 1

=== the last command of -c does not replace a shell that has an EXIT action
$TESTEE -c 'trap "echo exit" EXIT; env true'
--- stdout
exit

## - Ignoring and resetting.
=== an empty action ignores the signal, also in commands
trap '' USR1
kill -USR1 $$
$TESTEE -c 'kill -USR1 $$; echo on'
--- stdout
on

=== - resets to the default
trap '' USR1
trap - USR1
$TESTEE -c 'kill -USR1 $$; echo no'
echo $?
--- stdout
138

=== an operand that is a number first resets all
trap 'echo no' 1 2
trap 1 2
trap
echo on
--- stdout
on

=== commands get the default for a signal that has an action
trap 'echo no' USR1
$TESTEE -c 'kill -USR1 $$; echo no'
echo $?
--- stdout
138

=== a subshell gets the default for a signal that has an action
trap 'echo no' USR1
(kill -USR1 $(exec $TESTEE -c 'echo $PPID'); echo no)
test $? -gt 128 && echo ended
--- stdout
ended

=== a subshell still ignores what is ignored
trap '' USR1
(kill -USR1 $(exec $TESTEE -c 'echo $PPID'); echo on)
--- stdout
on

=== a signal that was ignored on entry stays ignored
trap '' USR1
$TESTEE -c 'trap "echo no" USR1; kill -USR1 $$; echo on'
--- stdout
on

## - Printing.
=== trap prints what trap can read
trap 'echo "it'\''s"' USR1
trap >f
trap - USR1
. ./f
kill -USR1 $$
--- stdout
it's

=== trap prints actions and ignored signals
trap 'echo a' EXIT
trap '' HUP
trap
trap - EXIT
--- stdout
trap -- 'echo a' EXIT
trap -- '' HUP

=== a subshell prints its parent's until it sets one
trap 'echo a' HUP
(trap)
echo $(trap)
(trap 'echo b' INT; trap)
--- stdout
trap -- 'echo a' HUP
trap -- 'echo a' HUP
trap -- 'echo b' INT

=== trap -p prints the named conditions, defaults too
trap 'echo a' HUP
trap -p HUP TERM
--- stdout
trap -- 'echo a' HUP
trap -- - TERM

=== trap -p prints all conditions, defaults too
trap 'echo a' HUP
trap -p >f
grep -c . f >n
read n <n
test $n -gt 20 && echo many
grep -x "trap -- 'echo a' HUP" f
grep -x "trap -- - EXIT" f
--- stdout
many
trap -- 'echo a' HUP
trap -- - EXIT

=== what trap -p prints restores all traps
trap 'echo a' USR1
trap -p >f
trap 'echo b' USR1 USR2
. ./f
kill -USR1 $$
trap -p USR2
--- stdout
a
trap -- - USR2

## - Errors.
=== an unknown condition is an error that does not end the shell
trap 'echo no' NOSUCH 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

## - While waiting.
=== wait ends at once when a trapped signal comes, above 128, then the action runs
trap 't=trapped' USR1
mkfifo f
cat f & c=$!
$TESTEE -c 'until test -e woken; do kill -USR1 $1; sleep 0.1; done' x $$ 2>/dev/null &
wait $c
r=$?
: >woken >f
wait
echo $t $((r > 128))
--- stdout
trapped 1

=== wait's status names the signal
trap ':' USR1
mkfifo f
cat f & c=$!
$TESTEE -c 'until test -e woken; do kill -USR1 $1; sleep 0.1; done' x $$ 2>/dev/null &
wait $c
kill -l $?
: >woken >f
--- stdout
USR1
