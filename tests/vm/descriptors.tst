## Every descriptor that the shell can open reaches the program, and what it does to it

=== descriptors 0 to 9 are read, each its own file
for n in 0 3 4 5 6 7 8 9; do echo "line $n" >f$n; done
cat 0<f0 3<f3 4<f4 5<f5 6<f6 7<f7 8<f8 9<f9 - /dev/fd/3 /dev/fd/4 /dev/fd/5 /dev/fd/6 /dev/fd/7 /dev/fd/8 /dev/fd/9
--- stdout
line 0
line 3
line 4
line 5
line 6
line 7
line 8
line 9

=== descriptors 3 to 9 are written, each its own file
echo x | tee /dev/fd/3 /dev/fd/4 /dev/fd/5 /dev/fd/6 /dev/fd/7 /dev/fd/8 /dev/fd/9 3>f3 4>f4 5>f5 6>f6 7>f7 8>f8 9>f9 >/dev/null
cat f3 f4 f5 f6 f7 f8 f9 | wc -l
--- stdout
7

=== a descriptor above 9 reaches the program
echo deep >f
exec 12<f
cat <&12
exec 12<&-
--- stdout
deep

=== a stage may use any number, those of the shell's own descriptors too
echo x | cat 3</dev/null 4</dev/null 5</dev/null 6</dev/null 7</dev/null 8</dev/null 9</dev/null | cat 10</dev/null 11</dev/null 12</dev/null 13</dev/null 14</dev/null 15</dev/null | cat 16>/dev/null 17>/dev/null 18>/dev/null 19>/dev/null
--- stdout
x

=== 3<&0 reads the same input on
printf '%s\n' a b c >f
{ read -r x; cat 3<&0 <&3; } <f
--- stdout
b
c

=== what a command reads of its own file is read for the children that it shares it with
seq 3000 >f
busybox sh -c 'read -r a; read -r b; echo $a $b; busybox head -n 1; busybox dd bs=1 count=2; read -r c; echo $c; busybox tail -n 1' <f 2>/dev/null
busybox sh -c 'busybox dd bs=6 count=1; busybox sh -c "read -r a; echo $a"; read -r b; echo $b; exec busybox tail -n 1' <f 2>/dev/null
busybox sh -c 'dd bs=512 count=5 of=/dev/null; busybox cat' <f 2>/dev/null | wc -c
--- stdout
1 2
3
4
5
3000
1
2
3

5
3000
11333

=== of several redirections those count that are the last, and what a word starts has those before it
seq 9 >f
seq 11 19 >g
busybox head -n 1 <f 0<g
busybox head -n 1 <f 3<g 0<&3
busybox sh -c 'read -r a <&3; read -r b; echo $a $b; busybox head -n 1 <&3; read -r b; echo $b' <f 3<&0
busybox head -n 1 <f 3<<END
$(head -n 2 <&0)
END
{ busybox sh -c 'read -r a; echo $a'; busybox head -n 1; } <f
busybox dd bs=3 skip=1 count=2 <f 2>/dev/null; echo
busybox tail -n 2 <f
--- stdout
11
11
1 2
3
4
3
1
2

3
4
5
8
9

=== a closed standard output is an error, a closed standard error is silent
echo x | cat >&-
echo $?
ls nosuch 2>&-
echo $?
--- stdout
1
1
--- stderr some

=== <> reads and writes at one offset
printf 'abcdef' >f
{ dd bs=2 count=1 <&3 2>/dev/null; printf XY | cat >&3; cat <&3; } 3<>f
echo
cat f; echo
--- stdout
abef
abXYef

=== one description, read and written by several commands
exec 3>f
echo 1 | cat >&3
echo 2 >&3
host /bin/busybox echo 3 >&3
echo 4 | tee /dev/fd/3 >/dev/null
exec 3>&-
cat f
--- stdout
1
2
3
4
--- only fleetsh

=== appended lines of several VMs do not overwrite each other
for i in 1 2 3; do seq 100 >>f & done
wait
wc -l <f
--- stdout
300

=== O_APPEND writes at the end wherever the offset is
printf 'first\n' >f
exec 3>>f
echo second | cat >f2 && cat f2 >&3
: >f
echo third | cat >&3
cat f
--- stdout
third

=== a FIFO joins a VM and a host process
mkfifo p
seq 20000 >p &
host /bin/busybox tail -n 1 p
wait
host /bin/busybox seq 20000 >p &
tail -n 1 p
wait
tail -n 1 <p &
seq 20000 | cat >p
wait
--- stdout
20000
20000
20000
--- only fleetsh

=== FIFO opened by the program itself blocks until the other end is there
mkfifo p
cat p &
seq 3 | tee p >/dev/null
wait
--- stdout
1
2
3

=== files larger than 4 GiB: seek, read at the end, size
dd if=/dev/null of=f bs=1 seek=5368709120 2>/dev/null
printf 'the end' | dd of=f bs=1 seek=5368709120 conv=notrunc 2>/dev/null
tail -c 7 f; echo
dd if=f bs=1048576 skip=5120 2>/dev/null; echo
stat -c %s f
dd bs=1 skip=5368709124 2>/dev/null <f; echo
[ "$(stat -c %b f)" -lt 1000 ] && echo sparse
--- stdout
the end
the end
5368709127
end
sparse

=== an append behind 4 GiB
truncate -s 4294967296 f
echo tail | cat >>f
tail -c 5 f
stat -c %s f
--- stdout
tail
4294967301

=== writes leave holes where dd seeks
printf abc | dd of=f bs=4096 seek=3 2>/dev/null
stat -c %s f
tail -c 3 f; echo
tr -d '\0' <f; echo
--- stdout
12291
abc
abc

=== here-document, its own descriptor and standard input together
cat - /dev/fd/3 3<<X <<Y
three
X
zero
Y
--- stdout
zero
three

=== 2>&1 | carries both streams in order
awk 'BEGIN { for (i = 0; i < 5; i++) { print "o" i; fflush(); print "e" i >"/dev/stderr" } }' 2>&1 | cat
--- stdout
o0
e0
o1
e1
o2
e2
o3
e3
o4
e4

=== stdout and stderr exchanged
ls nosuch 3>&1 1>&2 2>&3 3>&- | wc -l
--- stdout
1

=== a device is read and written
dd if=/dev/zero bs=1000 count=3 2>/dev/null | wc -c
echo x | cat >/dev/null
echo $?
head -c 5 </dev/zero | wc -c
--- stdout
3000
0
5

=== the reader's early end does not cost the rest of a shared input
seq 10000 >f
{ head -n 1 | cat; dd bs=1 count=0 2>/dev/null; } <f
{ sed 3q; } <f
--- stdout
1
1
2
3
