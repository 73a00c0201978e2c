## XCU sh
## - Commands come from -c, a file or standard input; options and operands follow the synopsis.
=== -c takes the command string, then $0, then positional parameters
$TESTEE -c 'echo $0 $1 $#' name a b
--- stdout
name a 2

=== -- may follow -c
$TESTEE -c -- 'echo a'
--- stdout
a

=== options may stand between -c and the command string
$TESTEE -c -e 'false; echo no'
echo $?
$TESTEE -ce 'false; echo no'
echo $?
--- stdout
1
1

=== a command file gets the operands
echo 'echo $# $1 $2' >f
$TESTEE f a b
$TESTEE -- f a
$TESTEE - f a
--- stdout
2 a b
1 a
1 a

=== a command file that is not there is 127, one that cannot be read 126 or 127
$TESTEE ./nosuch 2>/dev/null
echo $?
--- stdout
127

=== a command file without a slash is looked for here first
mkdir d
echo 'echo here' >f
echo 'echo path' >d/f
echo 'echo path' >d/g
chmod +x d/g
PATH=$PWD/d:$PATH
$TESTEE f
$TESTEE g
--- stdout
here
path

=== -s reads standard input and takes operands
echo 'echo $# $1' | $TESTEE -s a b
--- stdout
2 a

=== without operands standard input is read
echo 'echo $#' | $TESTEE
--- stdout
0

=== commands in standard input share it with what they run
printf 'read x\nline\necho "[$x]"\ncat\nrest\n' | $TESTEE
printf 'read x\nline\necho "[$x]"\ncat\nrest\n' >f
$TESTEE <f
--- stdout
[line]
rest
[line]
rest

=== an unknown option is an error
$TESTEE -o nosuch -c : 2>/dev/null
test $? -gt 0 && echo error
$TESTEE -Z -c : 2>/dev/null
test $? -gt 0 && echo error
$TESTEE -c 2>/dev/null
test $? -gt 0 && echo error
--- stdout
error
error
error

=== + turns an option off
$TESTEE -f +f -c 'echo /et[c]'
--- stdout
/etc

=== -o with names
$TESTEE -o noglob -o nounset -c 'echo /et[c]; echo $nosuch' 2>/dev/null
test $? -gt 0 && echo error
--- stdout
/et[c]
error

=== options show in $-
$TESTEE -efu -c 'case $- in *e*) echo e;; esac; case $- in *f*) echo f;; esac; case $- in *u*) echo u;; esac'
--- stdout
e
f
u

=== the status of the shell is that of its last command
$TESTEE -c 'exit 300'
echo $?
$TESTEE -c false
echo $?
$TESTEE -c ''
echo $?
--- stdout
44
1
0

=== an empty script has status 0
>f
$TESTEE f
echo $?
--- stdout
0

=== ENV is for interactive shells only
echo 'echo env' >e
ENV=$PWD/e $TESTEE -c 'echo c'
--- stdout
c

=== ENV is expanded and read by an interactive shell
echo 'x=env' >e
ENV='$HOME/e' $TESTEE -i -c 'echo $x'
--- stderr any
--- stdout
env

=== a login shell reads ~/.profile
echo 'x=profile' >.profile
$TESTEE -l -c 'echo $x'
--- stdout
profile

=== the last command of -c takes the shell's place
$TESTEE -c 'echo $$; exec $0 -c "echo \$\$"' "${TESTEE%% *}" >f
{ read a; read b; } <f
test "$a" = "$b" && echo same
--- stdout
same

=== --version and --help
$TESTEE --version | grep -c '^fleetsh '
$TESTEE --help | grep -c '^usage'
--- only fleetsh
--- stdout
1
1
