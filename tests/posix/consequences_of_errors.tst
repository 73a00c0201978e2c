## XCU 2.8.1 Consequences of shell errors
## - A syntax error ends a non-interactive shell.
=== a syntax error in the script ends it with a status above 0
$TESTEE -c 'echo a
if; echo b' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
a
above

=== a syntax error in eval ends the shell
$TESTEE -c 'eval "if"; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== a syntax error in a dot script ends the shell
echo 'if' >f
$TESTEE -c '. ./f; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== a syntax error in a command substitution ends the shell
$TESTEE -c 'eval "x=\$(if)"; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== a syntax error within a subshell's eval ends only the subshell
(eval 'if'; echo no) 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

## - An error of a special built-in utility ends the shell.
=== shift by more than there is ends the shell
$TESTEE -c 'set -- a; shift 2; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== an unknown option of set ends the shell
$TESTEE -c 'set -o nosuchoption; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== a dot script that is not there ends the shell
$TESTEE -c '. ./nosuch; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== unset of a readonly variable ends the shell
$TESTEE -c 'readonly x=1; unset x; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== export of a readonly variable with a value ends the shell
$TESTEE -c 'readonly x=1; export x=2; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== readonly of a readonly variable with a value ends the shell
$TESTEE -c 'readonly x=1; readonly x=2; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== exec of a command that is not found ends the shell with 127
$TESTEE -c 'exec nosuchcommand; echo survived' 2>/dev/null
echo $?
--- stdout
127

=== exec of a file that cannot be run ends the shell with 126
>f
$TESTEE -c 'exec ./f; echo survived' 2>/dev/null
echo $?
--- stdout
126

## - By way of command it does not.
=== command keeps the shell when shift fails
set -- a
command shift 2 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

=== command keeps the shell when set fails
command set -o nosuchoption 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

=== command keeps the shell when a dot script is not there
command . ./nosuch 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

=== command keeps the shell when export meets a readonly variable
readonly x=1
command export x=2 2>/dev/null
test $? -gt 0 && echo on $x
--- stdout
on 1

=== command keeps the shell when unset meets a readonly variable
readonly x=1
command unset x 2>/dev/null
test $? -gt 0 && echo on $x
--- stdout
on 1

=== command exec keeps the shell when a redirection fails
{ command exec 3<nosuch; } 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

=== what command eval runs may still end the shell
$TESTEE -c 'command eval "x=\${nosuch?}"; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== a special built-in within what command eval runs may still end the shell
$TESTEE -c 'command eval "shift 3"; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

## - An error of another utility does not end the shell.
=== a usage error of an ordinary built-in utility does not end the shell
cd -Z 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

=== a command that is not found does not end the shell
nosuchcommand 2>/dev/null
echo $?
--- stdout
127

## - A redirection error ends the shell only with a special built-in utility.
=== a redirection error with a special built-in utility ends the shell
$TESTEE -c ': <nosuch; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== a redirection error with exec ends the shell
$TESTEE -c 'exec 3<nosuch; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== a redirection error with command and a special built-in utility does not
{ command : <nosuch; } 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

=== a redirection error with an ordinary built-in utility does not
{ echo no <nosuch; } 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

=== a redirection error with an external utility does not
{ cat <nosuch; } 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

=== a redirection error with a function does not, nor is the function run
f() { echo no; }
{ f <nosuch; } 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

=== a redirection error with a compound command does not, nor is it run
{ { echo no; } <nosuch; } 2>/dev/null
test $? -gt 0 && echo on
{ if :; then echo no; fi <nosuch; } 2>/dev/null
test $? -gt 0 && echo on
{ while :; do echo no; done <nosuch; } 2>/dev/null
test $? -gt 0 && echo on
{ (echo no) <nosuch; } 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on
on
on
on

=== a redirection error without a command does not
{ <nosuch; } 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

## - A variable assignment error ends the shell.
=== an assignment to a readonly variable ends the shell
$TESTEE -c 'readonly x=1; x=2; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== an assignment before a special built-in utility, likewise
$TESTEE -c 'readonly x=1; x=2 :; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== an assignment before an ordinary utility, likewise
$TESTEE -c 'readonly x=1; x=2 true; echo survived' 2>/dev/null
test $? -gt 0 && echo above
$TESTEE -c 'readonly x=1; x=2 ls /; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above
above

=== an assignment before a function, likewise
$TESTEE -c 'f() { echo no; }; readonly x=1; x=2 f; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== a for loop over a readonly variable ends the shell
$TESTEE -c 'readonly x=1; for x in a; do echo no; done; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== in a subshell it ends the subshell
readonly x=1
(x=2; echo no) 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

## - An expansion error ends the shell.
=== ${x?} of an unset variable ends the shell
$TESTEE -c 'echo ${nosuch?}; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== set -u and an unset variable end the shell
$TESTEE -c 'set -u; echo $nosuch; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== a bad substitution ends the shell
$TESTEE -c 'echo ${x!y}; echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== a division by zero ends the shell
$TESTEE -c 'echo $((1/0)); echo survived' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
above

=== an expansion error in a subshell ends the subshell
(echo ${nosuch?}; echo no) 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

=== an expansion error in a command substitution ends that
x=$(echo ${nosuch?}; echo no) 2>/dev/null
test $? -gt 0 && echo "on [$x]"
--- stdout
on []

=== an expansion error in a command substitution that needs no process ends that
x=$(echo a ${nosuch?}) 2>/dev/null
echo "on [$x]"
--- stdout
on []

## - The EXIT trap is run.
=== the EXIT trap runs when an error ends the shell
$TESTEE -c 'trap "echo bye" EXIT; readonly x=1; x=2; echo no' 2>/dev/null
$TESTEE -c 'trap "echo bye" EXIT; set -o nosuchoption; echo no' 2>/dev/null
test $? -gt 0 && echo above
--- stdout
bye
bye
above
