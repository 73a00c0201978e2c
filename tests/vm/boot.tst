## bootable images as commands; the kernels are of tests/vm/boot

=== an image in PATH is a command, whatever protocol it is booted by
PATH="${TESTEE%/*}/boot:$PATH"
pvh show exit=1; echo $?
multiboot show exit=2; echo $?
multiboot2 show exit=3; echo $?
bzimage show exit=4; echo $?
disk.img; echo $?
--- stdout
[show exit=1]
1
[multiboot show exit=2]
2
[multiboot2 show exit=3]
3
[console=ttyS0 quiet panic=-1 -- show exit=4]
4
boot sector
times 0
times 1
7

=== each machine and each way to end has a status
for machine in microvm pc q35; do
    echo "{\"version\": 1, \"kind\": \"pvh\", \"program\": \"${TESTEE%/*}/boot/pvh\", \"machine\": \"$machine\"}" >$machine.vm
    chmod +x $machine.vm
    for end in exit=200 poweroff triple panic; do ./$machine.vm $end; echo $machine $end $?; done
done
./pc.vm reset; echo reset $?
./q35.vm halt; echo halt $?
--- stdout
microvm exit=200 200
microvm poweroff 0
microvm triple 1
microvm panic 134
pc exit=200 200
pc poweroff 0
pc triple 1
pc panic 134
q35 exit=200 200
q35 poweroff 0
q35 triple 1
q35 panic 134
reset 1
halt 0

=== a spec says what each end means
cat >e.vm <<EOF
{"version": 1, "kind": "pvh", "program": "${TESTEE%/*}/boot/pvh", "machine": "microvm",
 "exit": {"values": {"16": 0, "0x11": 1}, "power-off": 11, "reset": 12, "panic": 13, "halt": 14}}
EOF
chmod +x e.vm
for end in exit=16 exit=17 exit=18 poweroff triple panic halt; do ./e.vm $end; echo $end $?; done
--- stdout
exit=16 0
exit=17 1
exit=18 18
poweroff 11
triple 12
panic 13
halt 14

=== output is byte-exact by each console
spec() { echo "{\"version\": 1, \"kind\": \"pvh\", \"program\": \"${TESTEE%/*}/boot/pvh\", \"console\": \"$1\"}" >c.vm; chmod +x c.vm; }
awk 'BEGIN { for (i = 0; i < 64 * 16; i++) printf "line %010d\n", i }' </dev/null >lines
spec serial; ./c.vm flood=16 exit=0 | cmp - lines
spec virtio; ./c.vm hvc flood=16 exit=0 | cmp - lines
spec debugcon; ./c.vm debugcon flood=16 exit=0 >got; cmp got lines
spec virtio; ./c.vm hvc flood=16 exit=4 | { read -r first; echo "$first"; cat; } | cmp - lines
spec serial; ./c.vm bytes exit=0 | od -An -tu1 -v | tr -s ' ' '\n' | grep . | awk '$1 != n++ { print n } END { print n }'
--- stdout
256

=== lines as for a terminal can be had as Unix has them
cat >u.vm <<EOF
{"version": 1, "kind": "pvh", "program": "${TESTEE%/*}/boot/pvh", "machine": "microvm", "input": "open", "lines": "unix",
 "input-after": "]"}
EOF
chmod +x u.vm
printf 'a\r\nb\r\r\nc\rd\r\r\r\n\004' | ./u.vm show cat exit=0 | tail -n +2 | od -c
--- stdout
0000000   a  \n   b  \r  \n   c  \r   d  \r  \r  \n
0000013

=== standard input, its end told by ^D, and nothing of it taken unless the spec says so
for console in virtio serial; do
cat >$console.vm <<EOF
{"version": 1, "kind": "pvh", "program": "${TESTEE%/*}/boot/pvh", "console": "$console", "input": "eot", "input-after": "]"}
EOF
chmod +x $console.vm; done
awk 'BEGIN { for (i = 0; i < 150; i++) print "input", i }' </dev/null >in
./virtio.vm hvc show cat exit=0 <in | tail -n +2 | cmp - in
cat in | ./serial.vm show cat exit=0 | tail -n +2 | cmp - in
./virtio.vm hvc show cat exit=5 </dev/null; echo $?
printf '1\n2\n3\n' | while read -r l; do "${TESTEE%/*}/boot/pvh" exit=0; echo $l; done
--- stdout
[hvc show cat exit=5]
5
1
2
3

=== words reach the command line by the convention that the spec names
spec() { echo "{\"version\": 1, \"kind\": \"pvh\", \"program\": \"${TESTEE%/*}/boot/pvh\", \"machine\": \"microvm\",
 \"command-line\": \"show exit=0 {name}: {args};\", \"quoting\": \"$1\"}" >q.vm; chmod +x q.vm; }
spec none; ./q.vm a b=c; ./q.vm 'a b'; ./q.vm ''
spec linux; ./q.vm a 'b c' '' d; ./q.vm 'a"b'
spec quotes; ./q.vm "it's" 'a "b"'; ./q.vm "a\"b'c"
spec escapes; ./q.vm 'a "b" \c' "d'e" ä
./q.vm "$(printf 'a\001b')"; ./q.vm "$(printf 'a\377b')"
--- stdout
[show exit=0 q.vm: a b=c;]
[show exit=0 q.vm: a "b c" "" d;]
[show exit=0 q.vm: "it's" 'a "b"';]
[show exit=0 q.vm: "a \"b\" \\c" "d'e" ä;]
--- stderr
fleetsh: q.vm: its command line has no way to write the argument: a b
fleetsh: q.vm: its command line has no way to write the argument: 
fleetsh: q.vm: its command line has no way to write the argument: a"b
fleetsh: q.vm: its command line has no way to write the argument: a"b'c
fleetsh: q.vm: an argument has a byte that no command line can carry
fleetsh: q.vm: an argument has a byte that no command line can carry
--- status 126

=== a command line that is too long, or that nobody takes, starts nothing
PATH="${TESTEE%/*}/boot:$PATH"
bzimage "$(printf %01000d 0)"; echo $?
disk.img a; echo $?
echo "{\"version\": 1, \"kind\": \"pvh\", \"program\": \"${TESTEE%/*}/boot/pvh\", \"command-line\": \"fixed\"}" >f.vm; chmod +x f.vm
./f.vm x; echo $?
--- stdout
126
126
126
--- stderr
fleetsh: bzimage: its command line would be longer than the 1000 bytes that it takes
fleetsh: disk.img: it takes no arguments: a disk gets no command line
fleetsh: f.vm: it takes no arguments: its "command-line" has no {args}

=== an initrd is the first module
echo module text >m
for kind in pvh multiboot multiboot2 bzimage; do
    echo "{\"version\": 1, \"kind\": \"$kind\", \"program\": \"${TESTEE%/*}/boot/$kind\", \"initrd\": \"./m\"}" >$kind.vm
    chmod +x $kind.vm; ./$kind.vm module exit=0; echo $?
done
--- stdout
module text
0
module text
0
module text
0
module text
0

=== multiboot kernels run on a microvm, too, and are told its memory
for kind in multiboot multiboot2; do
    echo "{\"version\": 1, \"kind\": \"$kind\", \"program\": \"${TESTEE%/*}/boot/$kind\", \"machine\": \"microvm\", \"memory\": \"64M\"}" >$kind.vm
    chmod +x $kind.vm; ./$kind.vm memory exit=0; echo $?
done
--- stdout
64
0
64
0

=== what a disk's guest writes is thrown away, refused or kept
cp "${TESTEE%/*}/boot/disk.img" .; host qemu-img convert -O qcow2 disk.img disk.qcow2; cp disk.img before
for file in img qcow2; do for access in throw-away ro rw; do
    format=raw; [ $file = img ] || format=qcow2
    echo "{\"version\": 1, \"kind\": \"disk\", \"program\": \"./disk.$file\", \"disk\": {\"access\": \"$access\", \"format\": \"$format\"}}" >d.vm
    chmod +x d.vm; ./d.vm | tail -n +2 | tr '\n' ';'; ./d.vm | tail -n +2 | tr '\n' ';'; echo $access
    [ $access = rw ] || [ $file = qcow2 ] || cmp disk.img before
done; done
--- stdout
times 0;times 1;times 0;times 1;throw-away
times 0;cannot be written;times 0;cannot be written;ro
times 0;times 1;times 1;times 2;rw
times 0;times 1;times 0;times 1;throw-away
times 0;cannot be written;times 0;cannot be written;ro
times 0;times 1;times 1;times 2;rw

=== signals are the VM's: it ends, stands still, goes on
PATH="${TESTEE%/*}/boot:$PATH"
set -m
for sig in INT TERM HUP KILL; do
    pvh spin >out & p=$!
    until grep -q spinning out; do :; done 2>/dev/null
    kill -$sig $p; wait $p; echo $sig $?; rm out
done
set +m
pvh show spin >out & p=$!
until grep -q spinning out; do :; done 2>/dev/null
vm ls | grep -c 'pvh show spin'
kill -STOP $p; until vm ls | grep -q suspended; do :; done
kill -CONT $p; while vm ls | grep -q suspended; do :; done
vm kill $(vm ls | awk '/pvh show spin/ { print $1 }'); wait $p; echo killed $?
--- stdout
INT 130
TERM 143
HUP 129
KILL 137
1
killed 120
--- stderr some

=== a reader that leaves ends it as SIGPIPE does; images stand in pipelines with all else
PATH="${TESTEE%/*}/boot:$PATH"
{ pvh flood=10000 exit=0; echo $? >status; } | head -n 1; cat status
echo "{\"version\": 1, \"kind\": \"pvh\", \"program\": \"${TESTEE%/*}/boot/pvh\", \"console\": \"virtio\", \"input\": \"eot\"}" >cat.vm; chmod +x cat.vm
pvh flood=1 exit=0 | ./cat.vm hvc cat exit=0 | tail -n 1 | while read -r l; do echo "<$l>"; done
x=$(pvh show exit=9); echo "$x $?"
pvh flood=1 exit=3 >/dev/full; echo $?
pvh show exit=6 >&-; echo $?
--- stdout
line 0000000000
141
<line 0000000063>
[show exit=9] 9
120
6
--- stderr
fleetsh: pvh: cannot write standard output: No space left on device

=== probing writes a spec that runs
for kind in pvh multiboot multiboot2 bzimage; do
    vm image probe "${TESTEE%/*}/boot/$kind" >$kind.vm || echo failed
    vm image check $kind.vm && chmod +x $kind.vm && ./$kind.vm exit=5; echo $kind $?
done
vm image probe "${TESTEE%/*}/boot/disk.img" >disk.vm; vm image check disk.vm && grep -c '"kind": "disk"' disk.vm
vm image probe /bin/busybox; echo $?
vm image probe nosuch; echo $?
--- stdout
pvh 5
multiboot 5
multiboot2 5
bzimage 5
1
1
1
--- stderr
/bin/busybox: nothing that can be booted
nosuch: nosuch: No such file or directory

=== what cannot be booted says so
cp "${TESTEE%/*}/boot/disk.img" base.img
host qemu-img create -q -f qcow2 -b "$PWD/base.img" -F raw chain.qcow2; chmod +x chain.qcow2
./chain.qcow2; echo $?
host "${TESTEE%/*}/boot/disk.img" 2>&1 | sed 's|/.*/||'
--- stdout
126
fleetsh: line 4: disk.img: a bootable image: it runs in a VM only
--- stderr
fleetsh: chain.qcow2: ./chain.qcow2: a qcow2 image with a backing file: `qemu-img convert` makes one that stands alone

=== each error in an image's spec has a line and a column
boot="${TESTEE%/*}/boot"; cp "$boot/pvh" "$boot/disk.img" .
check() { printf '{"version":1,"program":"./%s",\n%b}' "$1" "$2" >s.vm; vm image check s.vm; }
check pvh '"kind":"pvh","machine":"vax"'
check pvh '"kind":"multiboot"'
check pvh '"machine":"pc"'
check pvh '"kind":"linux"'
check pvh '"kind":"pvh","files":{}'
check pvh '"kind":"pvh","limits":{"cpu":1}'
check pvh '"kind":"pvh","command-line":"{arg}"'
check pvh '"kind":"pvh","exit":{"panic":256}'
check pvh '"kind":"pvh","exit":{"port":"0x3f9"}'
check pvh '"kind":"pvh","exit":{"values":{"x":1}}'
check pvh '"kind":"pvh","console":"debugcon","input":"open"'
check pvh '"kind":"pvh","input-after":"x"'
check pvh '"kind":"pvh","initrd":"./nosuch"'
check pvh '"kind":"pvh","disk":{"access":"ro"}'
check pvh '"kind":"pvh","disk":{"file":"./disk.img","access":"rw"}'
check pvh '"kind":"pvh","machine":"microvm","disk":{"file":"./disk.img","bus":"ide"}'
check disk.img '"kind":"disk","machine":"microvm"'
check disk.img '"kind":"disk","command-line":"x"'
check disk.img '"kind":"disk","initrd":"./pvh"'
check disk.img '"kind":"disk","disk":{"format":"qcow2"}'
--- stderr
s.vm:2:24: "machine" cannot be "vax"
s.vm:2:8: ./pvh is no multiboot
s.vm:2:1: "machine" is for bootable images: say their "kind"
s.vm:1:24: ./pvh: a bootable image; say its "kind", or see `vm image probe`
s.vm:2:14: a bootable image has no "files"
s.vm:2:14: a bootable image has no "limits"
s.vm:2:29: after a { only "args}" and "name}" may come
s.vm:2:30: must be a whole number from 0 to 255
s.vm:2:29: this port and the seven after it are not free
s.vm:2:32: a value is a number from 0 to 255
s.vm:2:43: a debugcon has no input
s.vm:2:14: "input" is "none"
s.vm:2:23: ./nosuch: No such file or directory
s.vm:2:21: a "file" is missing
s.vm:2:21: a disk that is written needs its "format"
s.vm:2:68: a microvm has no IDE
s.vm:2:25: a microvm boots no disk
s.vm:2:15: a disk gets no command line
s.vm:2:15: a disk has no initrd
s.vm:2:32: the disk is no qcow2 image
--- status 1

=== a boot loader's screen and keyboard are the BIOS's: console firmware
cat >b.vm <<END
{"version": 1, "kind": "disk", "program": "${TESTEE%/*}/boot/bios.img", "console": "firmware", "input": "open",
 "input-after": "name? ", "exit": {"watch-halt": false}}
END
chmod +x b.vm
printf 'fleet\r' | ./b.vm >out; echo $?
grep -o 'name? .*]' out
sed 's/"disk",/"disk", "machine": "q35",/' b.vm >q.vm; chmod +x q.vm; printf 'a\r' | ./q.vm | grep -o '\[a]'
"${TESTEE%/*}/boot/pvh" show exit=0
sed 's/"disk"/"pvh", "machine": "microvm"/; s/bios.img/pvh/' b.vm >m.vm; chmod +x m.vm; vm image check m.vm 2>&1 | sed 's/:[0-9]*: /: /'
sed 's/"disk"/"pvh"/; s/bios.img/pvh/' b.vm >p.vm; chmod +x p.vm; ./p.vm show exit=3 >out; echo $?; grep -o '.show.*' out
--- stdout
5
name? [fleet]
[a]
[show exit=0]
m.vm:1: a microvm has no firmware with a console
3
[show exit=3]
