## XCU kill
## - Signals are named by -s, -NAME or -NUMBER; processes by number or job ID; -l tells names.
=== -l names the signal of a number and of a status
kill -l 15
kill -l 143
kill -l 9
--- stdout
TERM
TERM
KILL

=== -l without operand lists names
kill -l >f
grep -q TERM f && grep -q USR1 f && echo on
--- stdout
on

=== -s takes a name, -NAME and -NUMBER too
trap 'echo usr1' USR1
kill -s USR1 $$
kill -USR1 $$
kill -10 $$
kill -s usr1 $$
--- stdout
usr1
usr1
usr1
usr1

=== without a signal it is TERM
trap 'echo term' TERM
kill $$
kill -- $$
--- stdout
term
term

=== signal 0 only asks
kill -0 $$
echo $?
kill -s 0 $$
echo $?
--- stdout
0
0

=== a process that is not there is an error
: & p=$!
wait
kill -0 $p 2>/dev/null
test $? -gt 0 && echo error
--- stdout
error

=== one of several failing is an error, the others are signalled
trap 'echo usr1' USR1
: & p=$!
wait
kill -USR1 $p $$ 2>/dev/null
echo $?
--- stdout
usr1
1

=== an unknown signal is an error
kill -s NOSUCH $$ 2>/dev/null
test $? -gt 0 && echo error
--- stdout
error

=== a job ID names a job
cat f 2>/dev/null &
wait
mkfifo f
cat f &
kill %1
wait $!
kill -l $?
--- stdout
TERM

=== no operand is a usage error
kill 2>/dev/null
test $? -gt 0 && echo error
--- stdout
error

=== a job without a process group: each process of it
mkfifo f g
cat f | cat g &
kill %%
wait $!
kill -l $?
--- only fleetsh
--- stdout
TERM
