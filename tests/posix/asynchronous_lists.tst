## XCU 2.9.3.1 Asynchronous AND-OR lists, 2.11 Job control
## - An asynchronous list runs in a subshell, with empty input, INT and QUIT ignored unless job control is on.
=== an asynchronous list's status is 0 and $! is its process
false &
echo $?
test -n "$!" && echo set
wait
--- stdout
0
set

=== standard input of an asynchronous list is empty without job control
echo text | { cat & wait; }
echo on
--- stdout
on

=== a redirection of its own wins
echo text >f
cat <f &
wait
--- stdout
text

=== a later command of an asynchronous pipeline reads the pipe
echo text | cat &
wait
--- stdout
text

=== INT and QUIT are ignored in an asynchronous list without job control
$TESTEE -c 'kill -INT $$; kill -QUIT $$; echo on' &
wait $!
echo $?
--- stdout
on
0

=== not so with job control
set -m
$TESTEE -c 'kill -INT $$; echo no' &
wait $!
kill -l $?
--- stdout
INT

=== a whole AND-OR list runs in the background
true && echo a || echo b &
wait
--- stdout
a

=== & ends a command within a list
: & echo on
wait
--- stdout
on

=== variables of an asynchronous list are its own
x=1
x=2 &
wait
echo $x
--- stdout
1

=== with job control a background job has a process group of its own
set -m
$TESTEE -c 'ps -o pgid= -p $$; ps -o pid= -p $$' >f &
wait
read a <f
{ read a; read b; } <f
test "$a" = "$b" && echo own
--- stdout
own

=== without job control it has not
$TESTEE -c 'ps -o pgid= -p $$' >f &
wait
ps -o pgid= -p $$ >g
read a <f
read b <g
test "$a" = "$b" && echo shared
--- stdout
shared
