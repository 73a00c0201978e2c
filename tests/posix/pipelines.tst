## XCU 2.9.2 Pipelines
## - The standard output of each command is the standard input of the next.
=== two and more commands
echo abc | tr a-z A-Z
echo abc | cat | cat | tr a A | cat
printf '%s\n' c a b | sort | sed 1q
--- stdout
ABC
Abc
a

=== the redirections of a command come after the pipe
echo a >f | cat
cat f
echo b | cat <f
--- stdout
a
a

=== 2>&1 in a command reaches the pipe
sh -c 'echo out; echo err >&2' 2>&1 | sort
--- stdout
err
out

=== built-ins, functions and compound commands as elements
f() { echo fn; }
f | cat
{ echo a; echo b; } | { read x; read y; echo $y $x; }
(echo c) | (cat)
for i in 1 2; do echo $i; done | while read x; do echo "<$x>"; done
echo d | if read x; then echo $x; fi
case x in x) echo e;; esac | cat
--- stdout
fn
b a
c
<1>
<2>
d
e

=== a newline after | goes on
echo a |
cat |

cat
--- stdout
a

=== the commands run at the same time
i=0
while :; do echo y; done 2>/dev/null | { read x; echo $x; }
--- stdout
y

=== a large amount goes through
i=0
while [ $i -lt 20000 ]; do echo 0123456789abcdef; i=$((i + 1)); done | wc -c | tr -d ' '
--- stdout
340000

=== commands of a pipeline run in subshells
x=1
echo a | { cat >/dev/null; x=2; true; } | cat
(exit 3) | x=3
x=4 | cat
echo $x
--- stdout
1

=== exit in an element ends the element
exit 3 | cat; echo $?
{ exit 4; } | { exit 5; }; echo $?
--- stdout
0
5

=== fifty elements
c='echo deep'
i=0
while [ $i -lt 50 ]; do c="$c | cat"; i=$((i + 1)); done
eval "$c"
--- stdout
deep

## - The status is that of the last command; with pipefail that of the last one that failed (Issue 8).
=== the status of the last
true | false; echo $?
false | true; echo $?
(exit 2) | (exit 3); echo $?
nosuchcommand_x 2>/dev/null | true; echo $?
true | nosuchcommand_x 2>/dev/null; echo $?
--- stdout
1
0
3
0
127

=== the shell waits for all commands
{ sleep 0.1; echo late >f; } | true
cat f
--- stdout
late

=== pipefail: the last that failed
set -o pipefail
false | true; echo $?
(exit 2) | (exit 3) | true; echo $?
(exit 2) | true | true; echo $?
true | true; echo $?
(exit 4) | true | (exit 5); echo $?
--- stdout
1
3
2
0
5

=== pipefail off
set -o pipefail
set +o pipefail
false | true; echo $?
--- stdout
0

=== pipefail with !
set -o pipefail
! false | true; echo $?
! true | true; echo $?
--- stdout
0
1

=== pipefail that a list within the pipeline sets has no effect outside
{ set -o pipefail; false; } | true; echo $?
--- stdout
0

=== pipefail is inherited by a subshell
set -o pipefail
(false | true; echo $?)
echo $(false | true; echo $?)
--- stdout
1
1

=== pipefail with errexit
$TESTEE -c 'set -e -o pipefail; false | true; echo on'
echo $?
--- stdout
1

## - ! makes status 0 of 1 or more, and 1 of 0.
=== !
! true; echo $?
! false; echo $?
! (exit 7); echo $?
! true | false; echo $?
! nosuchcommand_x 2>/dev/null; echo $?
--- stdout
1
0
0
0
0

=== ! in lists and conditions
! false && echo a
! true || echo b
if ! false; then echo c; fi
while ! true; do :; done
{ ! true; }; echo $?
--- stdout
a
b
c
1

=== ! before a compound command
! { false; }; echo $?
! (exit 0); echo $?
! if true; then false; fi; echo $?
--- stdout
0
1
0

=== ! does not change what exit and return end
f() { ! return 3; }
f; echo $?
(! exit 4); echo $?
--- stdout
3
4

=== an element killed by SIGPIPE is no message
yes | head -n 1
--- stdout
y

=== standard input of the first and standard output of the last are the shell's
cat | cat
--- stdin
in
--- stdout
in
