## Pipelines of VMs, which are wired to each other where enough of them wait: each case three times, as the first may find none

=== commands in a stage's words are not the stage
echo one >f; echo f >list
for i in 1 2 3; do
cat $(cat list) | wc -c
cat $(cat list | cat) | cat | wc -c
X=$(cat f) busybox env | grep -c '^X=one$'
cat <$(cat list) | tr a-z A-Z
done
--- stdout
4
4
1
ONE
4
4
1
ONE
4
4
1
ONE

=== a here-document's commands are not the stage
echo one >f
for i in 1 2 3; do
cat <<END | wc -l
$(cat f | cat)
$(cat f)
END
done
--- stdout
2
2
2

=== commands in a stage's words read what it is to read
printf '%s\n' f rest >list; echo one >f
for i in 1 2 3; do
cat list | cat $(cat)
cat list | head -n $(read -r x; echo 1)
cat f | X=$(cat) busybox env | grep '^X='
done 2>err
grep -c rest err
--- stdout
one
rest
X=one
one
rest
X=one
one
rest
X=one
3

=== what runs on in a stage's words does not keep the stage
echo one >f
for i in 1 2 3; do
cat $(host sleep 100 >/dev/null & echo f; echo $! >pid) | wc -c
kill $(cat pid)
done 2>/dev/null
--- stdout
4
4
4

=== a stage whose redirection fails is empty input to the next
for i in 1 2 3; do
cat <none | wc -c
echo $?
cat <none | cat | wc -c
done 2>/dev/null
--- stdout
0
0
0
0
0
0
0
0
0

=== a stage whose words fail has left to the one before
set -o pipefail
for i in 1 2 3; do
yes | cat ${none?} | wc -c
echo $?
done 2>err
grep -c none: err
--- stdout
0
2
0
2
0
2
3

=== a stage with too many arguments is empty input to the next
big=$(printf %0200000d 1)
for i in 1 2 3; do
/bin/echo $big | wc -c
done 2>err
grep -c 'Argument list too long' err
set -o pipefail
/bin/echo $big 2>/dev/null | wc -c
echo $?
--- stdout
0
0
0
3
0
126
