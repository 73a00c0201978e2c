## Signals reach the program, and its end is the command's

=== TERM ends a VM
sleep 100 &
kill $!
wait $!
echo $?
--- stdout
143
--- stderr any

=== a pipeline whose clock has run out
set -o pipefail
timeout 1 sleep 100 | cat
echo $?
--- stdout
143

=== KILL ends a VM
sleep 100 &
kill -9 $!
wait $!
echo $?
--- stdout
137
--- stderr any

=== HUP and USR1 end a program that does not catch them
sleep 100 &
kill -HUP $!
wait $!
echo $?
sleep 100 &
kill -USR1 $!
wait $!
echo $?
--- stdout
129
138
--- stderr any

=== kill -0 finds a running VM
sleep 100 &
kill -0 $! && echo there
kill $!
wait $!
kill -0 $! 2>/dev/null || echo gone
--- stdout
there
gone
--- stderr any

=== a writer whose reader left dies of SIGPIPE
set -o pipefail
yes | /bin/busybox true
echo $?
--- stdout
141

=== a stopped VM goes on after CONT
sleep 1 &
kill -STOP $!
kill -CONT $!
wait $!
echo $?
--- stdout
0
