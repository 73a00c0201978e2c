## Commands that start commands: each in a VM of its own

=== find -exec runs a command for each file, or for all
mkdir d
echo one >d/a
echo two >d/b
find d -type f -exec cat {} ';' | sort
find d -type f -exec cat {} + | sort
find d -type f -exec false {} ';' -print
echo $?
--- stdout
one
two
one
two
0

=== xargs runs commands with arguments read from a file, a pipe, a program
echo one >a
echo two >b
printf '%s\n' a b >list
xargs cat <list
ls a b | xargs -n 1 cat
{ echo a; echo b; } | xargs -n 1 echo file
--- stdout
one
two
one
two
file a
file b

=== statuses and signals come through
find . -maxdepth 0 -exec sh -c 'exit 3' ';'
echo a | xargs sh -c 'exit 3'
echo $?
echo a | xargs false
echo $?
env sh -c 'exit 7'
echo $?
nice sh -c 'kill -TERM $$'
echo $?
nohup false
echo $?
xargs nosuchcommand </dev/null
echo $?
--- stdout
123
123
7
143
1
127
--- stderr some

=== env, nice and nohup run a program in the same process
env A=b sh -c 'echo $A'
env -i X=y env
nice -n 5 echo nice
nohup echo hup
--- stdout
b
X=y
nice
hup

=== a program that is no applet is found in PATH
mkdir sub
echo hello >sub/f
env A=1 perl -e 'print "$ENV{A}\n"'
find sub -type f -exec perl -pe '$_ = uc' {} ';'
--- stdout
1
HELLO

=== timeout ends what lasts too long, and nothing else
timeout 1 sleep 9
echo $?
timeout 9 sh -c 'exit 5'
echo $?
--- stdout
143
5
--- stderr any

=== awk runs commands, writes to them and reads from them
awk 'BEGIN { print system("echo sys; exit 3") }'
awk 'BEGIN { print "b\na" | "sort"; close("sort"); print "after" }'
awk 'BEGIN { while (("echo 1; echo 2" | getline x) > 0) s += x; print s }'
awk 'BEGIN { "cat f" | getline x; print x; for (i = 0; i < 1000; i++) print i | "tail -n 1" }'
--- stdout
sys
3
a
b
after
3

999
--- stderr some

=== sh in a VM runs lists, pipelines, subshells and substitutions
cat >script <<'end'
echo begin
(echo sub; exit 4)
echo $?
printf 'b\na\n' | sort
echo "<$(echo inner | tr a-z A-Z)>"
for i in 1 2 3; do echo $i; done | tail -n 1
cat <<x
here
x
f() { echo "f $1"; }
f arg | cat
true && false || echo or
x=1; (x=2); echo $x
echo redirected >out; cat out; cat <out
echo more >>out; wc -l <out
{ echo a; cat out; echo c; } >all; cat all
end
/bin/busybox sh script
--- stdout
begin
sub
4
a
b
<INNER>
3
here
f arg
or
1
redirected
redirected
2
a
redirected
more
c

=== sh in a VM has background jobs
cat >script <<'end'
sleep 0.1 &
one=$!
(exit 9) &
wait $!
echo $?
wait $one
echo $?
sleep 30 &
kill $!
wait $!
echo $?
end
/bin/busybox sh script
--- stdout
9
0
143
--- stderr any

=== a child's child is a VM as well
/bin/busybox sh -c '/bin/busybox sh -c "/bin/busybox sh -c \"echo deep; exit 6\"; echo \$?"'
--- stdout
deep
6

=== fifty children at once, each a VM
seq 50 | xargs -P 50 -n 1 echo n | sort -k 2n | sed -n '1p;$p'
--- stdout
n 1
n 50

=== a script with a #! line is run by what that names
mkdir bin
printf '#!/bin/sh\necho script $1\ncat bin/data\n' >bin/s
echo data >bin/data
chmod +x bin/s
find bin -name s -exec {} x ';'
--- stdout
script x
data

=== the system's interpreters run a script whatever PATH is
mkdir bin
printf '#!/usr/bin/sed -f\ns/data/read/\n' >s
echo data >d
chmod +x s
busybox=$(command -v busybox) PATH=$PWD/bin
$busybox find . -name s -exec {} d ';'
--- stdout
read

=== an interpreter that was not given is refused, and explained
mkdir given work && cp /usr/bin/sed given/prog && cd work && export TMPDIR=
printf '#!%s -f\ns/data/read/\n' "${PWD%/*}/given/prog" >s
echo data >d
chmod +x s
./s d
set -o explain
busybox find . -name s -exec {} d ';' 2>&1 | sed "s|${PWD%/*}|TOP|g" | grep 'prog\|^find'
set +o explain
with -r ../given busybox find . -name s -exec {} d ';'
printf '#!/no/such\n' >s
busybox find . -name s -exec {} d ';' 2>&1
--- stdout
read
fleetsh: busybox: explain: TOP/given/prog was not given
find: ./s: Permission denied
read
find: ./s: No such file or directory

=== a stage of a pipeline shares its ends with its children
seq 20000 | /bin/busybox sh -c 'head -n 1; tail -n 1'
seq 20000 | /bin/busybox sh -c '(cat; echo end) | cat' | tail -n 2
yes | /bin/busybox sh -c 'cat' | head -n 2
seq 5 | xargs -n 1 echo n | tail -n 1
--- stdout
1
20000
20000
end
y
y
n 5

=== a child in the background outlives the command that started it
/bin/busybox sh -c '/bin/busybox sh -c "sleep 0.3; echo late >late" & echo started'
while [ ! -s late ]; do :; done
cat late
--- stdout
started
late

=== a subshell in the background has done its work when its command is over
/bin/busybox sh -c '(sleep 0.2; echo sub >sub) & echo started; exit 3'
echo $?
cat sub
--- stdout
started
3
sub
--- only fleetsh

=== a command that data named is given nothing that the first one was not
unset TMPDIR
mkdir given kept
echo secret >kept/s
echo open >given/o
cd given
echo ../kept/s | xargs cat
echo $?
echo o | xargs cat
echo /etc/hostname | xargs cat
echo $?
find . -type f -exec cat {} ';'
ln -s ../kept/s link
echo link | xargs cat
echo $?
--- stdout
123
open
123
open
123
--- stderr some
--- only fleetsh

=== what a command's own words name, its children are given
unset TMPDIR
mkdir given kept
echo secret >kept/s
cd given
xargs cat ../kept/s </dev/null
echo ../kept/s | xargs ls ../kept/s
--- stdout
secret
../kept/s
../kept/s

=== a child's environment does not configure what runs it
echo a | env FLEETSH_LIBEXEC_DIR=/nowhere FLEETSH_TOOLBOX=/nowhere XDG_RUNTIME_DIR=/nowhere FLEETSH_GUEST_LOG=$PWD/log xargs echo b
ls log 2>/dev/null
--- stdout
b a
--- status 1

=== a child does not get descriptors that it was not to have
exec 5<>f
/bin/busybox sh -c 'exec 5>&-; exec 6>g; (exec 7>h; readlink /proc/self/fd/7 >/dev/null); ls /proc/self/fd' | tr '\n' .
echo
--- stdout
0.1.2.3.6.

=== a fleetsh in a VM runs its commands in VMs of their own
"$TESTEE" -c 'uname -v; seq 3 | tac; sh -c "exit 3"; echo $?'
echo 'echo p >p; cat p; sh -c "kill -9 \$\$"; echo $?; x=$(ls p); echo "$x"' >script
"$TESTEE" ./script
echo ./script | xargs "$TESTEE"
printf 'echo %s | cat\n' a b | "$TESTEE"
--- stdout
#1 fleetsh guest
3
2
1
3
p
137
p
p
137
p
a
b

=== it can give them no more than it has, and reach no host
"$TESTEE" -c 'host ls; echo $?; with -r / ls; echo $?; on x ls; echo $?; (exec host ls); echo $?'
--- stdout
126
2
2
127
--- stderr
fleetsh: line 1: host: this shell is in a VM itself, and reaches no host
fleetsh: line 1: with: this shell is in a VM itself, and its commands get no more than that
fleetsh: line 1: on: this shell is in a VM itself, and its commands run where that does
fleetsh: line 1: host: not found

=== a program that takes the place of a wired stage has its wire
sh -c 'exec /usr/bin/printf "a\\nb\\n"' | sh -c 'exec /usr/bin/tail -n 1'
seq 100000 | sh -c 'exec /usr/bin/cat' | sh -c 'exec /usr/bin/tail -n 1' | cat
--- stdout
b
100000

=== forks that share an open file have one position
cat >par <<'X'
{ for i in 1 2 3 4; do { j=0; while [ $j -lt 200 ]; do echo "line $i $j"; j=$((j + 1)); done; } & done; wait; } >f
X
sh par
sort -u f | wc -l
wc -l <f
seq 4000 >n
echo '{ cat & cat & cat; wait; } <n >m' >par
sh par
sort -n m | cmp - n && echo same
--- stdout
800
800
same
