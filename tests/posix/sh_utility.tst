## XCU sh OPTIONS and OPERANDS
## - sh file runs the file; sh -c runs a string; sh -s and sh alone read standard input.
=== a file with arguments
echo 'echo $0 $# "$1"' >f
$TESTEE ./f 'a b' c
--- stdout
./f 2 a b

=== a file without a slash is sought in the working directory
echo 'echo here' >f
$TESTEE f
--- stdout
here

=== -c
$TESTEE -c 'echo a'
$TESTEE -c 'echo $0 $# $1' name arg
$TESTEE -c ''
echo $?
--- stdout
a
name 1 arg
0

=== -c with several lines and a missing operand
$TESTEE -c 'echo a
echo b'
$TESTEE -c 2>/dev/null
echo $(($? > 0))
--- stdout
a
b
1

=== -c -- string
$TESTEE -c -- 'echo a'
--- stdout
a

=== -s with arguments
echo 'echo $# $1' | $TESTEE -s a b
echo 'echo $#' | $TESTEE -s
echo 'echo $# $1' | $TESTEE -s -- -x
--- stdout
2 a
0
1 -x

=== no operands: standard input
echo 'echo a; echo $#' | $TESTEE
--- stdout
a
0

=== - is the end of the options
echo 'echo a' >f
$TESTEE - ./f
$TESTEE -- ./f
--- stdout
a
a

=== options by letter before the operands
$TESTEE -e -u -c 'case $- in *e*u* | *u*e*) echo both;; esac'
$TESTEE -eu -c 'case $- in *e*u* | *u*e*) echo both;; esac'
$TESTEE -ceu 'case $- in *e*u* | *u*e*) echo both;; esac'
$TESTEE -f -c 'echo *'
$TESTEE +f -c 'echo +'
--- stdout
both
both
both
*
+

=== -o name
$TESTEE -o noglob -c 'echo *'
$TESTEE -o nounset -c 'echo $nosuch; echo no' 2>/dev/null
echo $(($? > 0))
--- stdout
*
1

=== an unknown option is an error
$TESTEE -@ -c : 2>err; echo $(($? > 0))
test -s err && echo message
$TESTEE -o nosuch -c : 2>err; echo $(($? > 0))
--- stdout
1
message
1

## - Standard input is read so that a command finds what follows its own line.
=== a command reads the next line of the script from standard input
printf 'read x\nthis line\necho "got $x"\n' | $TESTEE
--- stdout
got this line

=== an external command reads the rest
printf 'echo a\ncat\nrest 1\nrest 2\n' | $TESTEE
printf 'echo a\nhead -n 1\nline\necho b\n' >f
$TESTEE <f | head -n 2
--- stdout
a
rest 1
rest 2
a
line

=== exec of a redirection changes where commands come from
cat >a <<'E'
echo one
exec <b
echo no
E
echo 'echo two' >b
$TESTEE <a
--- stdout
one
two

=== each line is executed before the next is read
printf 'echo a\nfi\n' | $TESTEE 2>/dev/null
echo $(($? > 0))
--- stdout
a
1

=== a script may be changed while it runs... by appending
printf 'echo a\necho "echo b" >>f\n' >f
$TESTEE ./f
--- stdout
a
b

=== the last line needs no newline
printf 'echo a\necho b' >f
$TESTEE ./f
printf 'echo c' | $TESTEE
--- stdout
a
b
c

=== a script with a #! line is a comment to the shell
printf '#!/nonexistent\necho a\n' >f
$TESTEE ./f
--- stdout
a

## - The exit status is 0, that of the last command, 126 or 127 for the file, or more than 0 after an error.
=== the status of the shell
$TESTEE -c 'exit 9'; echo $?
$TESTEE ./nosuch 2>/dev/null; echo $?
$TESTEE -c 'nosuchcommand_x' 2>/dev/null; echo $?
$TESTEE -c 'if' 2>/dev/null; echo $(($? > 0 && $? < 126))
echo 'false' | $TESTEE; echo $?
--- stdout
9
127
127
1
1

=== a shell that a signal kills
$TESTEE -c 'kill -TERM $$' 2>/dev/null
test $? -gt 128 && echo killed
--- stderr any
--- stdout
killed

## - -i makes the shell interactive: prompts on standard error, ENV, errors that do not end it.
=== prompts
printf 'echo a\n' | PS1='p1>' PS2='p2>' ENV= $TESTEE -i 2>err
grep -c 'p1>' err | sed 's/[1-9]/yes/'
printf 'if true\nthen echo b\nfi\n' | PS1='p1>' PS2='p2>' ENV= $TESTEE -i 2>err
grep -c 'p2>' err | sed 's/[1-9]/yes/'
--- stdout
a
yes
b
yes

=== PS1 is expanded
printf ': x\nx=2\n: y\n' | x=1 PS1='<$x>' ENV= $TESTEE -i 2>err
grep -c '<1>' err | sed 's/[1-9]/yes/'; grep -c '<2>' err | sed 's/[1-9]/yes/'
--- stdout
yes
yes

=== $- holds i
$TESTEE -ic 'case $- in *i*) echo i;; esac' 2>/dev/null
--- stdout
i

=== the status of an interactive shell at the end of its input
printf '(exit 3)\n' | ENV= $TESTEE -i 2>/dev/null; echo $?
printf 'exit 4\n' | ENV= $TESTEE -i 2>/dev/null; echo $?
printf 'false\n. ./nosuch\n' | ENV= $TESTEE -i 2>/dev/null; echo $(($? > 0))
--- stdout
3
4
1

## XCU command
## - command runs a utility and not a function, and keeps a special built-in's error from ending the shell.
=== functions are passed over
echo() { printf 'fn\n'; }
command echo a
--- stdout
a

=== command -v
f() { :; }
alias al='echo x'
command -v f; command -v set; command -v al; command -v if; command -v nosuchcommand_x; echo $(($? > 0))
command -v sh | grep -c '^/'
command -v /bin/sh
--- stdout
f
set
alias al='echo x'
if
1
1
/bin/sh

=== command -V
command -V if | grep -c if
command -V set | grep -c set
command -V nosuchcommand_x >out 2>&1; echo $(($? > 0))
--- stdout
1
1
1

=== command -p finds the standard utilities whatever PATH is
PATH=/nonexistent
command -p cat </dev/null && echo found
--- stdout
found

=== the status is the utility's
command false; echo $?
command sh -c 'exit 5'; echo $?
command nosuchcommand_x 2>/dev/null; echo $?
command; echo $?
--- stdout
1
5
127
0

=== command -- and command command
command -- echo a
command command echo b
--- stdout
a
b

=== command exec keeps redirections
command exec 3>f
echo a >&3
cat f
--- stdout
a

=== assignments before command are undone
x=1
x=2 command eval 'echo $x'
echo $x
--- stdout
2
1

## XCU true, false
## - true has status 0, false more than 0, whatever their arguments are.
=== true and false
true; echo $?; true a -b; echo $?
false; echo $(($? > 0)); false a; echo $(($? > 0))
--- stdout
0
0
1
1

## XCU jobs, bg, fg
## - jobs lists the jobs; without job control fg and bg are errors.
=== jobs lists a running job
sleep 60 &
jobs | grep -c 'Running.*sleep 60'
jobs -p | grep -c "^$!\$"
jobs -l | grep -c "$!"
kill $!
--- stderr any
--- stdout
1
1
1

=== jobs lists nothing without jobs
jobs
jobs -p
echo $?
--- stdout
0

=== fg and bg without job control are errors
sleep 0 &
fg 2>/dev/null >&2; echo $(($? > 0))
bg 2>/dev/null >&2; echo $(($? > 0))
wait
--- stdout
1
1

=== jobs of an unknown job is an error
jobs %99 2>/dev/null; echo $(($? > 0))
--- stdout
1

=== a job is named by %n, %%, %+, %-, %string and %?string
sleep 61 & a=$!
sleep 62 & b=$!
test "$(jobs -p %1)" = $a && echo 1
test "$(jobs -p %2)" = $b && echo 2
test "$(jobs -p %%)" = $b && echo %%
test "$(jobs -p %+)" = $b && echo %+
test "$(jobs -p %-)" = $a && echo %-
test "$(jobs -p '%?61')" = $a && echo '%?'
kill $a $b
--- stderr any
--- stdout
1
2
%%
%+
%-
%?

## XCU time
## - time reports the times of a pipeline on standard error, -p in the POSIX form.
=== time -p
time -p true 2>err
{ time -p true; } 2>err
sed 's/[0-9][0-9.,]*/N/' err
--- stderr any
--- stdout
real N
user N
sys N

=== the status is the command's
{ time -p sh -c 'exit 3'; } 2>/dev/null; echo $?
--- stdout
3
