## XCU ulimit
=== a soft limit can be lowered and read
ulimit -S -n 100
ulimit -S -n
ulimit -n
--- stdout
100
100

=== without -H and -S both limits are set
ulimit -n 120
ulimit -H -n
ulimit -S -n
--- stdout
120
120

=== -f is meant without a letter
ulimit -f 1000
ulimit
--- stdout
1000

=== unlimited is a limit
ulimit -S -c 0
ulimit -S -c
ulimit -S -s unlimited 2>/dev/null
ulimit -S -c 0 && echo good
--- stdout
0
good

=== all letters of the standard are known
for letter in c d f n s t v; do ulimit -$letter >/dev/null || echo "no -$letter"; done
--- stdout

=== -a lists them all
ulimit -a >out
for letter in c d f n s t v; do grep -e "-$letter" out >/dev/null || echo "no -$letter"; done
--- only fleetsh
--- stdout

=== -H -a shows the hard limits
ulimit -S -n 77
ulimit -a | grep -e -n: | grep -w 77 >/dev/null && echo soft
ulimit -H -a | grep -e -n: | grep -w 77 >/dev/null || echo hard
--- only fleetsh
--- stdout
soft
hard

=== a word that is no limit is refused
ulimit -n many
echo "status $?"
ulimit -n 99999999999999999999999
echo "status $?"
ulimit -n -5
echo "status $?"
--- only fleetsh
--- stderr some
--- stdout
status 2
status 2
status 2

=== the file size limit holds for what the shell writes
trap '' XFSZ
ulimit -f 1
i=0
while [ $i -lt 600 ]; do echo x; i=$((i + 1)); done >f 2>/dev/null
wc -c <f | tr -d ' '
--- only fleetsh
--- stderr any
--- stdout
512

=== a limit in a subshell is not the shell's
ulimit -S -n 200
(ulimit -S -n 100)
ulimit -S -n
--- stdout
200
