## XCU 2.8.1 Consequences of shell errors
## - Row by row of the table: which errors end a shell that is not interactive, and which only the command.
=== shell language syntax error: exits
$TESTEE -c 'echo one
fi
echo two' 2>err
s=$?
test $s -gt 0 && test $s -le 125 && test -s err && echo exited
--- stdout
one
exited

=== syntax error in eval: exits
$TESTEE -c 'eval fi; echo survived' 2>err
test $? -gt 0 && test -s err && echo exited
--- stdout
exited

=== syntax error in a dot script: exits
echo 'if' >f
$TESTEE -c '. ./f; echo survived' 2>err
test $? -gt 0 && test -s err && echo exited
--- stdout
exited

=== syntax error in eval within a subshell: ends the subshell
(eval fi; echo no) 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

=== special built-in utility error: exits
for c in 'break x' 'set -o nosuchoption' 'set -~' 'export 1a=b' 'readonly a-b=1' 'unset -@' 'shift x' '. ./nosuch' 'exec ./nosuch' 'trap -@ x' 'export -@' \
    'return x' 'exit x' 'shift 99' 'times @' 'unset a-b'; do
    case $c in
    'break x') p='for i in 1; do'; q='; done' ;;
    'return x') p='f() {' q='; }; f' ;;
    'unset a-b' | 'times @' | 'shift 99') continue ;;
    *) p= q= ;;
    esac
    $TESTEE -c "$p $c $q; echo survived \"$c\"" 2>err
    test -s err || echo "no message: $c"
done
--- stdout

=== other utility error: goes on
cd /nosuch 2>err && echo no
test -s err && echo on 1
read 1a 2>err </dev/null
test -s err && echo on 2
kill -NOSUCH $$ 2>err
test -s err && echo on 3
umask 9 2>err
test -s err && echo on 4
cat nosuch 2>err
test -s err && echo on 5
getopts 2>err
test -s err && echo on 6
--- stdout
on 1
on 2
on 3
on 4
on 5
on 6

=== redirection error with a special built-in: exits
for c in ':' 'eval true' 'set a' 'export x' 'unset x' 'shift 0' 'exec' '. /dev/null' 'times' 'trap' 'readonly y'; do
    $TESTEE -c "$c <nosuch; echo survived \"$c\"" 2>err
    test $? -gt 0 && test -s err || echo "no error: $c"
done
--- stdout

=== redirection error with a compound command: goes on
for c in '{ :; }' '( : )' 'if true; then :; fi' 'while false; do :; done' 'for i in 1; do :; done' 'case x in x) ;; esac' 'until true; do :; done'; do
    $TESTEE -c "$c <nosuch; echo \$((\$? > 0))" 2>err
    test -s err || echo "no message: $c"
done
--- stdout
1
1
1
1
1
1
1

=== redirection error with a function: goes on
f() { echo no; }
f <nosuch 2>/dev/null
{ f <nosuch; } 2>/dev/null; echo $(($? > 0))
g() { echo no; } <nosuch
g 2>/dev/null; echo $(($? > 0))
--- stderr any
--- stdout
1
1

=== redirection error with another utility: goes on
true <nosuch; echo $(($? > 0))
cat <nosuch; echo $(($? > 0))
read x <nosuch; echo $(($? > 0))
<nosuch; echo $(($? > 0))
echo a >/nosuch/f; echo $(($? > 0))
--- stderr some
--- stdout
1
1
1
1
1

=== variable assignment error: exits
$TESTEE -c 'readonly r=1; r=2; echo survived' 2>err
test $? -gt 0 && test -s err && echo exited
--- stdout
exited

=== variable assignment error before a special built-in: exits
$TESTEE -c 'readonly r=1; r=2 :; echo survived' 2>err
test $? -gt 0 && test -s err && echo exited
--- stdout
exited

=== variable assignment error before another utility: exits
$TESTEE -c 'readonly r=1; r=2 true; echo survived' 2>err
test $? -gt 0 && test -s err && echo exited 1
$TESTEE -c 'readonly r=1; r=2 /bin/echo no; echo survived' 2>err
test $? -gt 0 && test -s err && echo exited 2
--- stdout
exited 1
exited 2

=== variable assignment error in for, ${x=...}, $((x = ...)), getopts and read
$TESTEE -c 'readonly r=1; for r in a; do :; done; echo survived' 2>err
test $? -gt 0 && test -s err && echo 1
$TESTEE -c 'readonly r; : ${r=x}; echo survived' 2>err
test $? -gt 0 && test -s err && echo 2
$TESTEE -c 'readonly r=1; : $((r = 2)); echo survived' 2>err
test $? -gt 0 && test -s err && echo 3
$TESTEE -c 'readonly r=1; echo x | { read r; echo $(($? > 1)); }' 2>err
test -s err && echo 4
--- stdout
1
2
3
1
4

=== expansion error: exits
for w in '${x?}' '${x:?m}' '${x!y}' '$((1 /))' '$((1 / 0))' '${}'; do
    $TESTEE -c "echo $w; echo survived" 2>err
    test $? -gt 0 && test -s err || echo "no error: $w"
done
--- stdout

=== expansion error in each place: exits
for c in 'x=${u?}' 'cat <${u?}' 'case ${u?} in x) ;; esac' 'for i in ${u?}; do :; done' 'case x in ${u?}) ;; esac' 'x=1 true ${u?}' \
    'f() { echo ${u?}; }; f' '{ echo ${u?}; }' 'if echo ${u?}; then :; fi' 'eval "echo \${u?}"' ': <${u?}' 'command echo ${u?}'; do
    case $c in 'cat <'*) continue ;; esac
    $TESTEE -c "$c; echo survived \"$c\"" 2>err
    test $? -gt 0 && test -s err || echo "no error: $c"
done
--- stdout

=== expansion error in a subshell: ends the subshell
for c in '(echo ${u?}; echo no)' 'x=$(echo ${u?}; echo no)' 'echo ${u?} | cat' '{ echo ${u?}; echo no; } & wait $!'; do
    $TESTEE -c "$c; echo on" 2>err
    test -s err || echo "no message: $c"
done
--- stdout
on
on
on
on

=== command not found: goes on
nosuchcommand_x 2>err
echo $?
test -s err && echo on
--- stdout
127
on

=== unrecoverable read error of the script: status over 128 or an error
mkdir d
$TESTEE ./d 2>err
test $? -gt 0 && test -s err && echo failed
--- stdout
failed

=== command makes a special built-in's error go on (XCU command)
command set -o nosuchoption 2>/dev/null; echo $(($? > 0))
command export 1a=b 2>/dev/null; echo $(($? > 0))
command . ./nosuch 2>/dev/null; echo $(($? > 0))
command shift 99 2>/dev/null; echo $(($? > 0))
{ command : <nosuch; } 2>/dev/null; echo $(($? > 0))
command exec <nosuch 2>/dev/null; echo $(($? > 0))
command exec ./nosuch 2>/dev/null; echo no
--- stderr any
--- status 127
--- stdout
1
1
1
1
1
1

=== an interactive shell goes on after each error
cat >in <<'E'
fi
echo 1
echo ${u?}
echo 2
readonly r=1; r=2
echo 3
set -o nosuchoption
echo 4
: <nosuch
echo 5
. ./nosuch
echo 6
shift 99
echo 7
E
$TESTEE -i <in 2>err
test -s err && echo messages
--- stderr any
--- stdout
1
2
3
4
5
6
7
messages

=== the status of the exit after an error is from 1 to 125
for c in fi 'echo ${u?}' 'readonly r=1; r=2' 'set -o nosuch' ': <nosuch' '. ./nosuch' 'echo $((1/0))'; do
    $TESTEE -c "$c" 2>/dev/null
    s=$?
    test $s -ge 1 && test $s -le 125 || echo "$c: $s"
done
--- stdout

=== the exit trap runs after an error that ends the shell
for c in 'echo ${u?}' 'set -o nosuch' ': <nosuch' 'readonly r=1; r=2'; do
    $TESTEE -c "trap 'echo trap' EXIT; $c" 2>/dev/null || :
done
--- stdout
trap
trap
trap
trap

=== an error message goes to standard error, with nothing on standard output
for c in fi 'echo ${u?}' 'nosuchcommand_x' 'cd /nosuch' 'set -o nosuch' ': <nosuch' 'readonly r=1; r=2' 'unset -@'; do
    $TESTEE -c "$c" >out 2>err
    test -s out && echo "out: $c"
    test -s err || echo "no err: $c"
done
--- stdout
