## Programs with handlers, masks and timers (prog/sig.c)

=== a program's handlers run, one signal after the other
sig=${TESTEE%/fleetsh*}/prog/sig
mkfifo f
"$sig" count 4 1 2 10 15 >f &
exec 3<f
read -r x <&3; echo "$x"
for s in HUP INT USR1 TERM; do
    kill -$s $!
    read -r x <&3; echo "$x"
done
wait $!
echo $?
--- stdout
ready
got 1
got 2
got 10
got 15
0
--- only fleetsh

=== ignored signals are ignored, and the program's input goes on
sig=${TESTEE%/fleetsh*}/prog/sig
mkfifo f g
"$sig" ignore 2 3 15 <g >f &
exec 4>g 3<f
read -r x <&3; echo "$x"
kill -INT $!; kill -QUIT $!; kill -TERM $!
echo still here >&4
read -r x <&3; echo "$x"
exec 4>&-
wait $!
echo $?
--- stdout
ready
still here
0
--- only fleetsh

=== SA_RESTART: a read goes on after the handler
sig=${TESTEE%/fleetsh*}/prog/sig
mkfifo f g
"$sig" read 1 <g >f &
exec 4>g 3<f
read -r x <&3; echo "$x"
kill -USR1 $!
echo abc >&4
read -r x <&3; echo "$x"
wait $!
--- stdout
ready
read 4 after 1
--- only fleetsh

=== without SA_RESTART a handler interrupts a read
sig=${TESTEE%/fleetsh*}/prog/sig
mkfifo g
: >out
"$sig" read 0 <g >out &
exec 4>g
said=
until [ "$said" = ready ]; do read -r said <out; done
until [ "$said" = interrupted ]; do # the first ones may come before it reads
    kill -USR1 $!
    { read -r said; read -r said; } <out
done
wait $!
--- stdout
--- stderr any
--- only fleetsh

=== a blocked signal waits until it is let in
sig=${TESTEE%/fleetsh*}/prog/sig
mkfifo f g
"$sig" mask <g >f &
exec 4>g 3<f
read -r x <&3; echo "$x"
kill -USR1 $!
echo >&4
read -r x <&3; echo "$x"
read -r x <&3; echo "$x"
wait $!
--- stdout
ready
pending, 0 came
got 10
--- only fleetsh

=== interval timers tick and alarm ends a sleep
"${TESTEE%/fleetsh*}/prog/sig" timer 3
"${TESTEE%/fleetsh*}/prog/sig" alarm
--- stdout
got 14
got 14
got 14
1 left
--- only fleetsh

=== a signal that the shell ignores is ignored by the program
sig=${TESTEE%/fleetsh*}/prog/sig
trap '' USR1
mkfifo f g
cat <g >f &
exec 4>g 3<f
kill -USR1 $!
echo still here >&4
read -r x <&3; echo "$x"
exec 4>&-
wait $!
echo $?
--- stdout
still here
0
--- only fleetsh

=== a signal to the process group reaches each VM of the job
set -m
sleep 100 | sleep 100 | sleep 100 &
kill -TERM -- %1
wait %1
echo $?
--- stdout
143
--- stderr any

=== USR1 and USR2 that come while nothing runs are not lost
sig=${TESTEE%/fleetsh*}/prog/sig
mkfifo f
set -m
"$sig" count 2 10 12 >f &
exec 3<f
read -r x <&3
kill -STOP %1
kill -USR1 %1
kill -USR2 %1
kill -CONT %1
wait %1
echo $?
cat <&3
--- stdout
0
got 10
got 12
--- stderr any
--- only fleetsh

=== nohup protects a VM from HUP
nohup sleep 0 >/dev/null 2>&1
echo $?
nohup cat /dev/null >/dev/null 2>&1 </dev/null
echo $?
--- stdout
0
0

=== set -m in a script: a stopped job is told, continued, and ends
set -m
sleep 100 | cat &
kill -STOP %1
until jobs | grep Stopped >/dev/null; do :; done
kill -TERM %1
kill -CONT %1
wait %1
[ $? -gt 128 ] && echo ended
--- stdout
ended
--- stderr any

=== time and times count the CPU of the VM
{ time -p awk 'BEGIN { for (i = 0; i < 20000; i++) x = x i }' ; } 2>t
{ read -r _ real; read -r _ user; } <t
awk "BEGIN { exit !($user > 0 && $user <= $real + 0.1) }" && echo counted
times >t
awk 'NR == 2 { split($1, a, "m"); exit !(a[2] > 0) }' t && echo counted
(times) >t
awk 'NR == 2 { exit $1 != "0m0.000000s" }' t && echo "not in a subshell"
--- stdout
counted
counted
not in a subshell
--- only fleetsh
