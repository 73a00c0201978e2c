## Streams: what is read, what is written, and where it ends

=== while read sees each line though a VM runs inside the loop
printf '%s\n' one two three >f
while read -r x; do echo "$x" | tr a-z A-Z; done <f
--- stdout
ONE
TWO
THREE

=== a VM that reads nothing consumes nothing
printf '%s\n' one two three >f
while read -r x; do /bin/busybox true; echo "$x"; done <f
--- stdout
one
two
three

=== head and cat on one input behave as busybox does on the host
seq 5000 >f
{ head -n1 >/dev/null; cat; } <f >vm
{ host /bin/busybox head -n1 >/dev/null; host /bin/busybox cat; } <f >host
cmp vm host && echo same
--- stdout
same
--- only fleetsh

=== an empty input ends at once
cat </dev/null
: | cat
wc -c </dev/null
--- stdout
0

=== standard error and standard output are two streams
ls nosuchfile 2>err
echo $?
wc -l <err
--- stdout
1
1

=== both streams into one file keep their order
awk 'BEGIN { for (i = 0; i < 50; i++) { print "o" i; fflush(); print "e" i >"/dev/stderr" } }' >f 2>&1
awk 'BEGIN { for (i = 0; i < 50; i++) { print "o" i; print "e" i } }' >g
cmp f g && echo same
--- stdout
same

=== both streams into one pipe keep their order
awk 'BEGIN { for (i = 0; i < 50; i++) { print "o" i; fflush(); print "e" i >"/dev/stderr" } }' 2>&1 | cat >f
awk 'BEGIN { for (i = 0; i < 50; i++) { print "o" i; print "e" i } }' >g
cmp f g && echo same
--- stdout
same

=== output is appended
echo a >f
echo b | cat >>f
cat f
--- stdout
a
b

=== two commands share one output description
{ echo one | cat; echo two; echo three | cat; } >f
cat f
--- stdout
one
two
three

=== a here-document reaches a VM
x=world
cat <<E
hello $x
E
cat <<'E'
hello $x
E
--- stdout
hello world
hello $x

=== bytes of every value pass unchanged
i=0
while [ $i -lt 256 ]; do printf "\\$(printf %o $i)"; i=$((i + 1)); done >g
cat <g | cat | cat >h
cmp g h && wc -c <h
--- stdout
256

=== no bytes are lost at the end of a fast writer
for i in 1 2 3; do seq 20000 | tail -n 1; done
--- stdout
20000
20000
20000

=== a reader that leaves ends the writer
yes | head -n 1
--- stdout
y

=== a long pipeline of VMs
seq 100 | cat | cat | cat | cat | cat | cat | tail -n 1
--- stdout
100

=== more VMs in a pipeline than there are warm ones
seq 10 | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | cat | wc -l
--- stdout
10

=== built-in, function, loop and VM in one pipeline
f() { while read -r x; do echo "<$x>"; done; }
printf '%s\n' b a c | sort | f | tr '<>' '[]' | { read -r first; echo "first $first"; cat; }
--- stdout
first [a]
[b]
[c]

=== the status of a pipeline is its last command's
/bin/busybox false | /bin/busybox true
echo $?
/bin/busybox true | /bin/busybox false
echo $?
--- stdout
0
1

=== pipefail sees a failing VM
set -o pipefail
/bin/busybox false | cat | cat
echo $?
--- stdout
1

=== ten mebibytes arrive byte for byte
head -c 10485760 /dev/zero | tr '\0' x | cat | sha256sum
--- stdout
462a12a876c0364e4f1f3d12ed33dcae125f1198010ff78d8f4c3f4de0412d49  -

=== a descriptor above 2 is written through
exec 3>f
echo a | cat >&3
echo b >&3
ls nosuch 2>&3
exec 3>&-
wc -l <f
--- stdout
3

=== a descriptor is read through its own offset
printf '%s\n' 1 2 3 4 >f
exec 3<f
read -r x <&3
cat <&3
echo "read $x"
--- stdout
2
3
4
read 1

=== a closed standard input is not open
cat <&-
echo $?
--- stdout
1
--- stderr some

=== writing to a full device is an error
seq 3 | cat >/dev/full
echo $?
--- stdout
1
--- stderr some

=== sendfile(2) reads no more than it could write
sendfile=${TESTEE%/fleetsh*}/prog/sendfile
busybox seq 1000 >f
"$sendfile" <f >/dev/full 2>err; cat err
(trap '' XFSZ; ulimit -f 2; "$sendfile" <f >g 2>err); cat err
"$sendfile" <f 2>err >/dev/null; cat err
--- stdout
-1, No space left on device, at 0
1024, no error, at 1024
3893, no error, at 3893

=== sendfile(2) of a large file, of which it has several pieces under way, too
sendfile=${TESTEE%/fleetsh*}/prog/sendfile
busybox seq 300000 >f
(trap '' XFSZ; ulimit -f 600; "$sendfile" <f >g 2>err); cat err
"$sendfile" <f 2>err >/dev/full; cat err
{ "$sendfile" 2>err >/dev/null; busybox head -n 1; } <f; cat err
--- stdout
307200, no error, at 307200
-1, No space left on device, at 0
9
1048576, no error, at 1048576

=== cats that share a position read each byte once
busybox seq 300000 >f
exec 3<f
busybox cat <&3 >a & busybox cat <&3 >b & wait
for digit in 1 7; do
    echo $(cat a b | tr -cd $digit | wc -c) $(tr -cd $digit <f | wc -c)
done
cat a b | wc -c
--- stdout
250000 250000
150000 150000
1988895
