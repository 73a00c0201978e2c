## XCU wait
## - The status is that of the last process named.
=== wait returns the status of the process
(exit 3) &
wait $!
echo $?
--- stdout
3

=== with several operands, of the last one
(exit 3) & p=$!
(exit 4) & q=$!
wait $p $q
echo $?
wait $q $p
echo $?
--- stdout
4
127

=== of a pipeline, the process of its last command is $!
(exit 3) | (exit 4) &
wait $!
echo $?
--- stdout
4

=== a process that died of a signal gives more than 128, and kill -l tells which
sh -c 'kill -TERM $$' &
wait $!
kill -l $?
--- stdout
TERM

=== wait for a process that is not a child is 127
wait 1
echo $?
--- stdout
127

=== a second wait for the same process is 127
(exit 3) &
p=$!
wait $p
wait $p
echo $?
--- stdout
127

=== the status may be asked for long after the process ended
(exit 9) &
p=$!
for i in 1 2 3; do $TESTEE -c :; done
wait $p
echo $?
--- stdout
9

=== without operands it waits for all and returns 0
(exit 3) &
(exit 4) &
wait
echo $?
--- stdout
0

=== and forgets them
(exit 3) &
p=$!
wait
wait $p
echo $?
--- stdout
127

=== without anything to wait for it returns 0
wait
echo $?
--- stdout
0

=== a subshell cannot wait for its parent's children
: &
(wait $!; echo $?)
--- stdout
127

=== a job ID that names nothing is 127
wait %5
echo $?
--- stdout
127

=== a job ID names a job
(exit 5) &
wait %1
echo $?
--- stdout
5

=== wait of many
i=0
while [ $i -lt 50 ]; do (exit $i) & p="$p $!"; i=$((i+1)); done
wait $p
echo $?
--- stdout
49

=== pipefail counts in an asynchronous pipeline
set -o pipefail
(exit 3) | true &
wait $!
echo $?
--- stdout
3
