## Reads of all sizes: by the port, from what was read ahead, by the bounce buffer

=== a file of data and holes is read as it is, however it is read
bigreads=${TESTEE%/fleetsh*}/prog/bigreads
host "$bigreads" make f 1234567
for seed in 1 2 3; do "$bigreads" read $seed f; "$bigreads" read $seed - <f; done
{ "$bigreads" read 4 + && "$bigreads" read 5 +; } <f
--- stdout
as it is
as it is
as it is
as it is
as it is
as it is
as it is
as it is

=== several programs at once have each its own
bigreads=${TESTEE%/fleetsh*}/prog/bigreads
host "$bigreads" make f 1000003
host "$bigreads" make g 300001
"$bigreads" read 1 f >1 & "$bigreads" read 2 g >2 & "$bigreads" read 3 f >3 &
wait
cat 1 2 3
--- stdout
as it is
as it is
as it is

=== large reads of what is no file in a directory end where that ends
head -c 500000 /dev/zero | tr '\0' x >f
cat f | dd bs=400000 iflag=fullblock 2>/dev/null | wc -c
mkfifo p
cat f >p &
dd if=p bs=300000 iflag=fullblock 2>/dev/null | wc -c
wait
dd if=/dev/zero bs=300000 count=2 2>/dev/null | wc -c
dd if=. bs=300000 2>&1 | sed -n '/irectory/s/.*: //p'
--- stdout
500000
500000
600000
Is a directory

=== a large read sees what was written just before it, by whomever
head -c 600000 /dev/zero >f
exec 3<>f
dd bs=300000 count=1 iflag=fullblock <&3 2>/dev/null | tr -d '\0' | wc -c
host sh -c 'printf changed | dd of=f bs=1 seek=300000 conv=notrunc 2>/dev/null'
dd bs=300000 count=1 iflag=fullblock <&3 2>/dev/null | tr -d '\0'; echo
echo more >>f
dd bs=300000 <&3 2>/dev/null
--- stdout
0
changed
more
