## XCU trap
## - The action runs when the signal arrives, between commands; $? is kept.
=== an action runs on the signal
trap 'echo got' USR1
kill -USR1 $$
echo after
--- stdout
got
after

=== names with and without numbers, and by number
trap 'echo usr1' USR1
trap 'echo int' 2
trap 'echo term' 15
kill -USR1 $$; kill -INT $$; kill -TERM $$
--- stdout
usr1
int
term

=== one action for several conditions
trap 'echo got' USR1 USR2 EXIT
kill -USR1 $$; kill -USR2 $$
--- stdout
got
got
got

=== $? before the action is $? after it
trap 'false' USR1
(exit 3)
kill -USR1 $$
echo $?
trap 'true' USR1
sh -c "kill -USR1 $$; exit 4"
echo $?
--- stdout
0
4

=== $? in the action is that of the last command before
trap 'echo $?' USR1
sh -c "kill -USR1 $$; exit 5"
--- status 5
--- stdout
5

=== the action is expanded when it runs
x=1
trap 'echo $x' USR1
trap "echo $x" USR2
x=2
kill -USR1 $$; kill -USR2 $$
--- stdout
2
1

=== an empty action ignores the signal
trap '' USR1
kill -USR1 $$
echo on
--- stdout
on

=== - resets
trap 'echo no' USR1
trap - USR1
trap
sh -c 'kill -USR1 $PPID; sleep 5' 2>/dev/null
echo no
--- status 138
--- stderr any

=== numbers as first operand reset
trap 'echo no' USR1 INT
trap 2 10 2>/dev/null
trap
--- stdout

=== a trap may be set anew within its action
trap 'echo one; trap "echo two" USR1' USR1
kill -USR1 $$; kill -USR1 $$; kill -USR1 $$
--- stdout
one
two
two

=== a signal while a foreground command runs is acted upon when it has ended
trap 'echo trapped' USR1
sh -c "kill -USR1 $$; echo command"
echo after
--- stdout
command
trapped
after

=== an action may exit
trap 'echo bye; exit 7' USR1
kill -USR1 $$
echo no
--- status 7
--- stdout
bye

=== exit without an operand in an action has the status from before the action
trap 'true; exit' USR1
sh -c "kill -USR1 $$; exit 9"
echo no
--- status 9

=== break and continue in an action act on the loop around
trap 'break' USR1
for i in 1 2 3; do echo $i; kill -USR1 $$; done
echo end
--- stderr any
--- stdout
1
end

=== return in an action returns from the function
trap 'return 3' USR1
f() { kill -USR1 $$; echo no; }
f
echo $?
--- stdout
3

=== an action is run in a function, a loop and a subshell's parent
trap 'echo got' USR1
f() { kill -USR1 $$; echo f; }
f
for i in 1; do kill -USR1 $$; echo loop; done
(kill -USR1 $$)
echo end
--- stdout
got
f
got
loop
got
end

=== a trap with several lines and quotes
trap 'echo "a  b"
echo '\''c'\''' USR1
kill -USR1 $$
--- stdout
a  b
c

=== traps within an action
trap 'kill -USR2 $$; echo usr1' USR1
trap 'echo usr2' USR2
kill -USR1 $$
--- stdout
usr2
usr1

=== several pending signals are all acted upon
trap 'echo usr1' USR1
trap 'echo usr2' USR2
sh -c "kill -USR1 $$; kill -USR2 $$"
--- stdout
usr1
usr2

## - EXIT's action runs when the shell exits, whatever the way, but not when it is killed.
=== EXIT at the end of the script
trap 'echo bye' EXIT
echo last
--- stdout
last
bye

=== EXIT is also 0
trap 'echo bye' 0
--- stdout
bye

=== EXIT with exit, and its status
$TESTEE -c 'trap "echo bye" EXIT; exit 3'; echo $?
$TESTEE -c 'trap "echo bye; false" EXIT; exit 3'; echo $?
$TESTEE -c 'trap "exit 4" EXIT; exit 3'; echo $?
$TESTEE -c 'trap "echo \$?; exit" EXIT; exit 5'; echo $?
--- stdout
bye
3
bye
3
4
5
5

=== EXIT runs once
trap 'echo bye; exit 0' EXIT
exit 3
--- stdout
bye

=== EXIT of a subshell
(trap 'echo sub' EXIT; echo in)
(trap 'echo sub2' EXIT; exit 3); echo $?
--- stdout
in
sub
sub2
3

=== EXIT of a substitution and of a background list
echo $(trap 'echo bye' EXIT; echo hi)
{ trap 'echo bg' EXIT; echo in; } & wait
--- stdout
hi bye
in
bg

=== EXIT does not run on exec
trap 'echo no' EXIT
exec echo replaced
--- stdout
replaced

=== EXIT does not run when a signal kills the shell by its default action, but an action may make it
$TESTEE -c 'trap "echo no" EXIT; kill -KILL $$' 2>/dev/null
$TESTEE -c 'trap "echo bye" EXIT; trap "exit 1" TERM; kill -TERM $$'; echo $?
--- stderr any
--- stdout
bye
1

=== EXIT runs after set -e ended the shell
$TESTEE -c 'trap "echo bye \$?" EXIT; set -e; (exit 6); echo no'; echo $?
--- stdout
bye 6
6

=== EXIT set within a function runs at the end of the shell
f() { trap 'echo bye' EXIT; }
f
echo last
--- stdout
last
bye

=== EXIT's last command with -c is still run in the shell
$TESTEE -c 'trap "echo bye" EXIT; /bin/echo last'
--- stdout
last
bye

## - trap without operands lists the traps so that the shell can read them; -p also the defaults (Issue 8).
=== the list is fit to be read again
trap 'echo "it'\''s"' USR1
trap '' USR2
t=$(trap)
trap - USR1 USR2
eval "$t"
kill -USR1 $$; kill -USR2 $$
echo on
--- stdout
it's
on

=== the list has one line for a condition
trap 'echo a' USR1 EXIT
trap | sed 's/SIG//' | sort
trap - EXIT
--- stdout
trap -- 'echo a' EXIT
trap -- 'echo a' USR1

=== the list in a subshell shows the parent's until a trap is set
trap 'echo a' USR1
(trap) | sed 's/SIG//'
echo "$(trap)" | sed 's/SIG//'
(trap 'echo b' USR2; trap) | sed 's/SIG//'
--- stdout
trap -- 'echo a' USR1
trap -- 'echo a' USR1
trap -- 'echo b' USR2

=== trap -p with conditions
trap 'echo a' USR1
trap -p USR1 | sed 's/SIG//'
trap '' USR2
trap -p USR2 USR1 | sed 's/SIG//'
--- stdout
trap -- 'echo a' USR1
trap -- '' USR2
trap -- 'echo a' USR1

=== trap -p shows defaults as -
trap -p USR1 | sed 's/SIG//'
trap -p | grep -c 'trap -- - '  | sed 's/[1-9][0-9]*/many/'
--- stdout
trap -- - USR1
many

=== trap -p can save and restore
trap 'echo old' USR1
save=$(trap -p USR1 USR2)
trap 'echo new' USR1 USR2
eval "$save"
kill -USR1 $$
trap -p USR2 | sed 's/SIG//'
--- stdout
old
trap -- - USR2

=== trap with a wrong condition
trap 'echo' NOSUCH 2>err; echo $(($? > 0))
test -s err && echo on
--- stdout
1
on

=== trap on KILL and STOP is not possible, and no crash
trap 'echo no' KILL 2>/dev/null
trap 'echo no' STOP 2>/dev/null
echo on
--- stderr any
--- stdout
on

## XCU wait
## - wait waits for children; a trapped signal ends it with a status over 128, and then its action runs.
=== wait without operands has status 0
(exit 3) & (exit 4) &
wait; echo $?
--- stdout
0

=== wait with process IDs has the status of the last
(exit 3) & a=$!
(exit 4) & b=$!
wait $a $b; echo $?
--- stdout
4

=== wait for an unknown process has status 127
wait 1 2>/dev/null; echo $?
wait 999999 2>/dev/null; echo $?
--- stdout
127
127

=== wait for a child that a signal killed
sleep 60 & kill -TERM $!
wait $!
test $? -gt 128 && echo killed
--- stderr any
--- stdout
killed

=== wait is ended by a trapped signal
trap '>hit' USR1
sleep 60 & p=$!
while [ ! -e over ]; do kill -USR1 $$; sleep 0.01; done & # the first ones may come before wait
wait $p
s=$?
>over
test $s -gt 128 && kill -l $s
test -e hit && echo trapped
kill $p
--- stderr any
--- stdout
USR1
trapped

=== the child is still there after wait was ended
trap '>hit' USR1
{ while [ ! -e go ]; do sleep 0.01; done; exit 6; } & p=$!
while [ ! -e over ]; do kill -USR1 $$; sleep 0.01; done &
q=$!
wait $p
>over
while wait $q; test $? -gt 128; do :; done
>go
wait $p; echo $?
--- stdout
6

=== an ignored signal does not end wait
trap '' USR1
{ kill -USR1 $$; exit 7; } &
wait $!; echo $?
--- stdout
7

=== wait for a job by %
{ exit 8; } &
wait %1; echo $?
--- stdout
8

=== wait -- pid
(exit 5) & wait -- $!; echo $?
--- stdout
5

=== wait with a bad operand
wait nosuch 2>/dev/null; echo $(($? > 0))
--- stdout
1

## XCU kill
## - kill sends a signal; -l lists names and translates numbers and statuses.
=== kill by -s, -name and -number
trap 'echo got' USR1
kill -s USR1 $$; kill -USR1 $$; kill -10 $$
--- stdout
got
got
got

=== kill -0 tests for existence
kill -0 $$; echo $?
kill -s 0 $$; echo $?
sleep 0 & p=$!
wait $p
kill -0 $p 2>/dev/null; echo $(($? > 0))
--- stdout
0
0
1

=== kill of several processes
sleep 60 & a=$!
sleep 60 & b=$!
kill $a $b
wait $a; echo $(($? > 128)); wait $b; echo $(($? > 128))
--- stderr any
--- stdout
1
1

=== kill -l with a number and with a status
kill -l 15; kill -l 9; kill -l 143; kill -l 137; kill -l 1
--- stdout
TERM
KILL
TERM
KILL
HUP

=== kill -l lists the names
set -- $(kill -l)
for n in HUP INT QUIT KILL TERM USR1 USR2 CHLD CONT STOP TSTP ALRM PIPE; do
    case " $* " in *" $n "* | *"$n)"* | *" SIG$n "*) ;; *) echo "no $n";; esac
done
--- stdout

=== kill with a wrong signal or process
kill -NOSUCH $$ 2>/dev/null; echo $(($? > 0))
kill -TERM 99999999 2>/dev/null; echo $(($? > 0))
kill nosuch 2>/dev/null; echo $(($? > 0))
kill 2>/dev/null; echo $(($? > 0))
--- stdout
1
1
1
1

=== kill -- with a negative process ID
sh -c 'trap "" TERM; kill -0 -- -0 2>/dev/null; exit 0'
kill -s 0 -- $$ && echo ok
--- stdout
ok

=== kill %job
sleep 60 &
kill %1
wait $!
echo $(($? > 128))
--- stderr any
--- stdout
1
