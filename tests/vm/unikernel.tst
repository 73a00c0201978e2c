## programs that scripts/mkunikernel has linked with the guest

=== a linked program is a command: words, output, input, status
mk="${TESTEE%/build*}/scripts/mkunikernel"; [ -x "$mk" ] || mk="$PWD/nosuch"
BUILD="${TESTEE%/*}" host "$mk" /bin/busybox -o bb
./bb echo one "two  words" 'a"b\c' ''; echo $?
printf 'b\na\n' | ./bb sort; echo $?
./bb sh -c 'echo $0 $#; exit 7' name x y; echo $?
./bb sh -c 'kill -TERM $$'; echo $?
./bb cat /nosuch; echo $?
./bb head -c 100000 /dev/zero | wc -c
./bb nosuch 2>&1; echo $?
vm image probe bb | grep -c 'mkunikernel'
--- stdout
one two  words a"b\c 
0
a
b
0
name 2
7
143
cat: can't open '/nosuch': No such file or directory
1
100000
nosuch: applet not found
127
1

=== it boots under plain QEMU, too, with the status that isa-debug-exit makes
mk="${TESTEE%/build*}/scripts/mkunikernel"
BUILD="${TESTEE%/*}" host "$mk" /bin/busybox -o bb
host qemu-system-x86_64 -M microvm -accel tcg -nodefaults -display none -no-reboot -serial file:out \
    -device isa-debug-exit,iobase=0xf4,iosize=4 -kernel bb -append 'sh -c "echo plain \$((6*7)); exit 3"'
echo $?; cat out
--- stdout
7
plain 42

=== what cannot be linked is refused, and leaves no file
mk="${TESTEE%/build*}/scripts/mkunikernel"; export BUILD="${TESTEE%/*}"
host "$mk" /usr/bin/env -o x; echo $?
echo text >t; host "$mk" t -o x; echo $?
host "$mk" nosuch -o x; echo $?
host "$mk" /bin/busybox -o x -n a-name-of-more-than-thirty-one-bytes; echo $?
host "$mk" /bin/busybox; echo $?
ls x*
--- stdout
1
1
1
1
2
--- stderr
mkunikernel: /usr/bin/env: is linked dynamically; link it with -static
mkunikernel: t: no ELF program for x86-64
mkunikernel: nosuch: no file that can be read
mkunikernel: a-name-of-more-than-thirty-one-bytes: a name has 31 bytes at most
usage: mkunikernel PROGRAM -o FILE [-n NAME]
ls: x*: No such file or directory
--- status 1
