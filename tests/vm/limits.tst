## Limits that ulimit sets hold in the VM.
=== ulimit -S -t: a program that computes for longer gets SIGXCPU, once a second
ulimit -S -t 1
busybox sh -c 'while :; do :; done' 2>/dev/null
kill -l $?
busybox sh -c 'n=0; trap "n=\$((n + 1)); echo \$n; test \$n -lt 2 || exit 7" XCPU; while :; do :; done'
echo $?
--- stdout
XCPU
1
2
7

=== ulimit -t with a hard limit ends it, and sleeping costs nothing
(ulimit -t 1; busybox sleep 2; echo $?; busybox sh -c 'trap : XCPU; while :; do :; done' 2>/dev/null; kill -l $?)
--- stdout
0
KILL

=== a program sees the limits and can lower them
ulimit -S -t 1234; ulimit -S -n 56; ulimit -S -v 300000
busybox sh -c 'ulimit -t; ulimit -n; ulimit -v; ulimit -t 77; ulimit -t'
--- stdout
1234
56
300000
77

=== ulimit -S -v: what a program asks for beyond it is ENOMEM
(ulimit -S -v 30000; busybox dd if=/dev/zero of=/dev/null bs=40M count=1)
echo $?
busybox dd if=/dev/zero of=/dev/null bs=40M count=1 2>/dev/null; echo $?
--- stdout
1
0
--- stderr
dd: out of memory

=== ulimit -v counts what a program has mapped, not what its stack may grow to
ulimit -v 4000
echo one two | busybox wc -w
--- stdout
2

=== ulimit -n: EMFILE in the program, also below what the VM needs itself
ulimit -S -n 8
busybox sh -c 'exec 3</dev/null 4</dev/null 5</dev/null 6</dev/null 7</dev/null; echo five; exec 8</dev/null' 2>/dev/null
echo $?
busybox ls / >/dev/null; echo $?
--- stdout
five
1
0

=== a hard limit of descriptors that is too low for a VM is told before the command begins
told='fleetsh: busybox: no VM: too many open files: the VM itself takes some sixty: see `ulimit -H -n`
125'
(ulimit -n 100; ulimit -n 200) 2>/dev/null && told=0 # who may raise it is not limited by it
for n in 9 12 24 63
do
    [ "$( (ulimit -n $n; busybox touch made; echo $?) 2>&1)" = "$told" ] && echo $n
    [ "$( (ulimit -n $n; busybox sh -c 'busybox true'; echo $?) 2>&1)" = "$told" ] && echo $n
    [ "$told" = 0 ] || [ ! -e made ] || echo made
done
--- stdout
9
9
12
12
24
24
63
63

=== ulimit -f: SIGXFSZ at the byte, and EFBIG for who ignores that
ulimit -f 8
busybox cat /dev/zero >big 2>/dev/null
kill -l $?
busybox wc -c <big
trap '' XFSZ
busybox dd if=/dev/zero of=big bs=1k count=100 2>&1 | busybox grep -c 'File too large'
busybox wc -c <big
busybox sh -c 'echo more >>big' 2>/dev/null || echo refused
--- stdout
XFSZ
4096
1
4096
refused
