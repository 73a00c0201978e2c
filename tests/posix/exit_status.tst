## XCU 2.8.2 Exit status for commands
## - A command that is not found has status 127, one that cannot be executed 126.
=== 127 for a command that is not found
nosuchcommand_x; echo $?
./nosuch; echo $?
/nosuch/x; echo $?
PATH=/nonexistent nosuch; echo $?
--- stderr some
--- stdout
127
127
127
127

=== 126 for a file that is not executable
echo 'echo x' >f
./f; echo $?
mkdir d
./d; echo $?
--- stderr some
--- stdout
126
126

=== 126 for a file in PATH that is not executable
mkdir bin
echo x >bin/noexec
PATH=$PWD/bin
noexec
s=$?
echo $(($s == 126 || $s == 127))
--- stderr some
--- stdout
1

=== an executable file without #! runs as a script
echo 'echo script $1 $#' >f; chmod +x f
./f a
PATH=$PWD:$PATH
f b
--- stdout
script a 1
script b 1

=== the message names the command
nosuchcommand_x 2>err
grep -c nosuchcommand_x err
--- stdout
1

## - Each command has a status from 0 to 255; a command that a signal ends has one above 128.
=== statuses are kept
for i in 0 1 2 100 125 126 127 128 200 255; do (exit $i); printf '%s ' $?; done; echo
for i in 0 1 2 200 255; do sh -c "exit $i"; printf '%s ' $?; done; echo
--- stdout
0 1 2 100 125 126 127 128 200 255 
0 1 2 200 255 

=== a command that a signal ends
sh -c 'kill -9 $$'; s=$?; test $s -gt 128 && kill -l $s
sh -c 'kill -15 $$'; s=$?; test $s -gt 128 && kill -l $s
sh -c 'kill -1 $$'; s=$?; test $s -gt 128 && kill -l $s
(kill -USR1 $(sh -c 'echo $PPID')); s=$?; test $s -gt 128 && kill -l $s
--- stderr any
--- stdout
KILL
TERM
HUP
USR1

=== a shell that a signal ended is told by wait
sh -c 'kill -TERM $$' & wait $!
kill -l $?
--- stderr any
--- stdout
TERM

=== the last command's status is the shell's
$TESTEE -c 'false'; echo $?
$TESTEE -c 'exit 7'; echo $?
$TESTEE -c '(exit 9)'; echo $?
echo 'sh -c "exit 11"' >f; $TESTEE ./f; echo $?
$TESTEE -c ''; echo $?
$TESTEE -c 'nosuchcommand_x' 2>/dev/null; echo $?
--- stdout
1
7
9
11
0
127

=== an empty script and one of comments have status 0
>f; $TESTEE ./f; echo $?
echo '# comment' >f; $TESTEE ./f; echo $?
--- stdout
0
0

=== a script that cannot be found has status 127
$TESTEE ./nosuch 2>/dev/null; echo $?
--- stdout
127

=== status 0 of an if without a branch, of a loop without a turn, of a case without a match
if false; then :; fi; echo $?
false; while false; do :; done; echo $?
false; for i in; do :; done; echo $?
false; case x in y) ;; esac; echo $?
false; until true; do :; done; echo $?
--- stdout
0
0
0
0
0

=== the operand of exit is taken modulo 256 by the system
(exit 256) 2>/dev/null
test $? -lt 256 && echo ok
--- stdout
ok
