## XCU 2.9.3 Lists
## - && and || have equal precedence and associate to the left; ; and newline run in sequence.
=== AND lists
true && echo a
false && echo no
true && true && echo b
true && false && echo no
echo $?
--- stdout
a
b
1

=== OR lists
false || echo a
true || echo no
false || false || echo b
--- stdout
a
b

=== equal precedence, from the left
true || echo no && echo a
false && echo no || echo b
false || true && echo c
true && false || echo d
false && false || false || true && echo e
--- stdout
a
b
c
d
e

=== the status is that of the last command executed
true && false; echo $?
false && true; echo $?
(exit 3) || (exit 4); echo $?
true || false; echo $?
(exit 5) && true; echo $?
--- stdout
1
1
4
0
5

=== newlines after && and ||
true &&

echo a
false ||

echo b
--- stdout
a
b

=== pipelines and compound commands in lists
echo a | grep -q a && { echo b; false; } || (echo c)
if false; then :; fi && echo d
--- stdout
b
c
d

=== a sequence
echo a; echo b
echo c;echo d;
false; echo $?
--- stdout
a
b
c
d
1

=== a long list
l=true i=0
while [ $i -lt 1000 ]; do l="$l && true || false"; i=$((i + 1)); done
eval "$l" && echo ok
--- stdout
ok

## XCU 2.9.3.1 Asynchronous lists
## - & runs the list in a subshell and does not wait; its status is 0; $! is its process ID.
=== the status of starting is 0
false & echo $?
wait
(exit 7) & wait $!; echo $?
--- stdout
0
7

=== a background command's changes do not reach the shell
x=1
x=2 & wait
{ x=3; cd /; } & wait
echo $x
test "$PWD" != / && echo same
--- stdout
1
same

=== the whole and-or list is in the background
true && { echo a; false; } || echo b &
wait $!
echo $?
--- stdout
a
b
0

=== several on a line
echo a >f & echo b >g & echo c
wait
cat f g
--- stdout
c
a
b

=== standard input is /dev/null without job control
cat &
wait
echo end
--- stdin
data
--- stdout
end

=== an explicit redirection of the background command's input wins
echo text >f
cat <f &
wait
{ cat; } <f &
wait
--- stdout
text
text

=== within a background list the input of a pipe is the pipe
echo a | cat &
wait
--- stdout
a

=== a background command ignores INT and QUIT without job control
sh -c 'kill -INT $$; kill -QUIT $$; echo survived' &
wait $!
(kill -INT $(sh -c 'echo $PPID'); echo survived) &
wait $!
--- stdout
survived
survived

=== a background list within a function and a loop
f() { echo in & wait; }
f
for i in 1 2; do echo $i & wait; done
--- stdout
in
1
2

=== $! is known in a subshell that follows
sleep 0 & p=$!
(test "$!" = $p && echo same)
wait
--- stdout
same

=== a background compound command
if true; then echo a; fi & wait
while true; do echo b; break; done & wait
case x in x) echo c;; esac & wait
for i in d; do echo $i; done & wait
--- stdout
a
b
c
d

=== wait for several children
(exit 1) & a=$!
(exit 2) & b=$!
(exit 3) & c=$!
wait $b; echo $?
wait $a; echo $?
wait $c; echo $?
--- stdout
2
1
3

=== wait for a child of which the status is taken is 127 the second time
(exit 3) & p=$!
wait $p; echo $?
wait $p 2>/dev/null; echo $?
--- stdout
3
127
