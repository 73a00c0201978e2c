## Hostile input
## - Whatever the input is, the shell does what it says or fails with a message; it never crashes.
=== a word of 1 MiB
x=$(printf %01048576d 0)
echo ${#x}
set -- $x a$x "$x"
echo ${#1} ${#2} $#
case $x in 0*0) echo match;; esac
--- stdout
1048576
1048576 1048577 3
match

=== a script with a line, a quoted string, a comment and a name of 1 MiB
x=$(printf %01048576d 0)
{ echo "echo $x | wc -c"; echo "printf %s '$x' | wc -c"; echo "# $x"; echo "v$x=1; echo \$v$x"; echo "printf %s \"$x\" | wc -c"; } >f
$TESTEE ./f | tr -d ' '
--- stdout
1048577
1048576
1
1048576

=== an argument that is too long for a command is an error with status 126
x=$(printf %0200000d 0)
/bin/true $x; echo $?
--- stderr some
--- stdout
126
--- only fleetsh

=== 100000 levels of each construct end in an error
deep() { # OPEN CORE CLOSE
    awk -v o="$1" -v c="$2" -v e="$3" 'BEGIN { for (i = 0; i < 100000; i++) printf "%s", o; printf "%s", c
        for (i = 0; i < 100000; i++) printf "%s", e; print "" }' >f
    $TESTEE ./f >out 2>err
    s=$?
    test $s -gt 0 && test $s -lt 126 && test -s err && test "$(wc -l <err)" -le 2 || echo "$1: status $s, $(head -c 200 err)"
}
deep '(' 'echo x' ')'
deep '( ' 'echo x' ' ) '
deep '{ ' 'echo x;' ' }; '
deep 'echo $(' 'echo x' ')'
deep 'echo "$(' 'echo x' ')"'
deep 'echo ${x-' x '}'
deep 'echo "${x-' x '}"'
deep 'if ' 'true;' ' then :; fi; '
deep 'if true; then ' 'true;' ' fi; '
deep 'while ' 'false;' ' do :; done; '
deep 'for i in 1; do ' 'true;' ' done; '
deep 'case x in x) ' 'true' ';; esac '
deep 'f() { ' 'true;' ' }; '
deep '$((' 1 '))'
deep 'until ' 'true;' ' do :; done; '
--- stdout
--- only fleetsh

=== 100000 parentheses and operators in arithmetic end in a value or an error
arith() {
    awk -v o="$1" -v c="$2" -v e="$3" 'BEGIN { printf "echo $(("; for (i = 0; i < 100000; i++) printf "%s", o; printf "%s", c
        for (i = 0; i < 100000; i++) printf "%s", e; print "))" }' >f
    $TESTEE ./f >out 2>err
    s=$?
    test $s -lt 126 || echo "$1$3: status $s"
    test -s out || test -s err || echo "$1$3: silent"
}
arith '(' 1 ')'
arith '- ' 1 ''
arith '!' 1 ''
arith '~' 1 ''
arith '1+' 1 ''
arith '1?' 1 ':2'
arith '0?1:' 1 ''
arith 'x=' 1 ''
arith '1&&' 1 ''
arith '' 1 '*(1'
--- stdout
--- only fleetsh

=== 100000 commands in a list, words in a command and patterns in a case are no nesting
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "true && "; print "echo and"
    for (i = 0; i < 100000; i++) printf "true; "; print "echo sequence"
    printf "set --"; for (i = 0; i < 100000; i++) printf " %d", i; print "; echo $#"
    printf "case x in "; for (i = 0; i < 100000; i++) printf "%d | ", i; print "x) echo case;; esac"
    printf "if false; then :; "; for (i = 0; i < 10000; i++) printf "elif false; then :; "; print "else echo else; fi"
    for (i = 0; i < 10000; i++) printf "x%d=%d ", i, i; print ""; print "echo $x9999"
    }' >f
$TESTEE ./f
--- stdout
and
sequence
100000
case
else
9999
--- only fleetsh

=== 100001 negations
awk 'BEGIN { for (i = 0; i < 100001; i++) printf "! "; print "true"; print "echo $?" }' >f
$TESTEE ./f >out 2>err; s=$?
test $s -lt 126 && { test -s err || cat out; } | sed 's/1/ok/'
test -s err && echo ok
--- stderr any
--- stdout
ok
--- only fleetsh

=== a deeply nested pattern and bracket expression
x=$(printf %050000d 0)
case $x in *[[:digit:]]*[[:digit:]]*[[:digit:]]*0) echo yes;; esac
p=$(awk 'BEGIN { for (i = 0; i < 50000; i++) printf "[a-z]" }')
case aaa in $p) echo no;; *) echo no match;; esac
--- stdout
yes
no match

=== NUL bytes in a script are passed over
printf 'ec\000ho a\000b\n' | $TESTEE
--- stdout
ab
--- only fleetsh

=== NUL bytes in the input of read and of a substitution
printf 'a\000b\n' | { read x; echo "${#x}"; }
x=$(printf 'a\000b')
echo "${#x}"
--- stdout
2
2
--- stderr any
--- only fleetsh

=== a binary file is no script
head -c 300 /bin/sh >f
chmod +x f
$TESTEE ./f 2>/dev/null
echo $(($? > 0))
--- stdout
1

=== random bytes as a script
i=0
while [ $i -lt 20 ]; do
    head -c 3000 /dev/urandom >f
    $TESTEE -n ./f >/dev/null 2>&1
    test $? -lt 128 || { echo crash; od -An -tx1 f; }
    i=$((i + 1))
done
--- stdout
--- only fleetsh

=== invalid UTF-8 in words, patterns, lengths and IFS
cat >s <<'E'
x=$(printf 'a\377\303b\200')
echo ${#x}
case $x in a???b* | a*b?) echo match;; esac
printf %s "${x#?}" | od -An -tx1
printf %s "${x%?}" | od -An -tx1
IFS=$(printf '\377'); set -- $x; echo $#
>"$x"; for f in a*; do test "$f" = "$x" && echo same; done
E
LC_ALL=C.UTF-8 $TESTEE ./s
--- stdout
5
match
 ff c3 62 80
 61 ff c3 62
2
same
--- only fleetsh

=== aliases that produce each other without end
alias a='b ' b='c ' c='a '
a a b c a 2>/dev/null; echo $?
i=0
while [ $i -lt 10000 ]; do alias x$i="x$((i + 1))"; i=$((i + 1)); done
alias x10000='echo end'
x0
--- stdout
127
end

=== aliases that double
i=0
while [ $i -lt 60 ]; do alias d$i="d$((i + 1)) d$((i + 1)) "; i=$((i + 1)); done
alias d60=:
(ulimit -t 10; eval d0) >/dev/null 2>&1
echo $(($? < 128))
--- stdout
1
--- only fleetsh

=== recursion without end is an error that says so
for s in 'f() { f; }; f' 'f() { f a; echo; }; f' 'f() { { f; }; :; }; f' 'x='\''eval "$x"'\''; eval "$x"' 'f() { if f; then :; fi; }; f' \
    'f() { eval f; }; f' 'f() { for i in 1; do f; done; }; f' 'f() { case x in x) f; esac; }; f' 'x='\''eval "$x"; :'\''; eval "$x"' \
    'f() { command eval f; }; f' 'trap "kill -USR1 $$" USR1; f() { f; }; f' 'f() { local x; f; }; f'; do
    $TESTEE -c "$s" >out 2>err
    s1=$?
    test $s1 -gt 0 && test $s1 -lt 126 && test -s err && test "$(wc -l <err)" -le 2 || echo "$s: status $s1, $(head -c 200 err)"
done
--- stdout
--- only fleetsh

=== a dot script that reads itself
echo '. ./f' >f
$TESTEE ./f 2>err
s=$?
test $s -gt 0 && test $s -lt 126 && test -s err && echo error
--- stdout
error
--- only fleetsh

=== an arithmetic variable that names itself
x=x y=z z=y
(echo $((x))) 2>err
test -s err && echo error
(echo $((y + 1))) 2>err
test -s err && echo error
--- stdout
error
error

=== with all descriptors in use each construct is an error with a message
try() {
    $TESTEE -c 'i=3; while command eval "command exec $i</dev/null"; do i=$((i + 1)); done 2>/dev/null
        '"$1"'; echo "went on: $?"' >out 2>err
    s=$?
    test $s -lt 126 && { test -s err || grep -q 'went on: 0' out; } || echo "$1: status $s, $(cat out err)"
}
ulimit -n 20
try ': | :'
try 'x=$(/bin/echo a)'
try 'echo a >f'
try '. /dev/null'
try 'cat <<E
text
E'
try '{ echo a; } 2>&1'
try 'x=1 /bin/echo $(/bin/echo y)'
--- stdout
--- only fleetsh

=== without memory the shell ends with a message
$TESTEE -c 'ulimit -v 100000; x=0123456789; while :; do x=$x$x; done' >out 2>err
s=$?
test $s -gt 0 && test $s -lt 126 && test -s err && echo error
--- stdout
error
--- only fleetsh

=== a full device makes each utility that prints fail with a message
export EXPORTED=1
readonly READONLY=1
alias al=x
trap : USR1
f() { :; }
sleep 30 & pid=$!
for c in 'echo a' 'printf a' 'pwd' 'type cd' 'command -v cd' 'command -V cd' 'set' 'export -p' 'readonly -p' 'trap' 'trap -p' 'alias' \
    'umask' 'umask -S' 'ulimit -a' 'ulimit -n' 'times' 'jobs' 'jobs -p' 'kill -l' 'kill -l 15' 'set -o' 'set +o' 'alias al' 'hash'; do
    case $c in hash) ls >/dev/null ;; esac
    (eval "$c") >/dev/full 2>err
    s=$?
    case $c in jobs*) test $s -eq 0 && continue ;; esac
    test $s -gt 0 && test $s -lt 126 && test -s err || echo "$c: status $s"
done
jobs >/dev/full 2>err; echo $(($? > 0))
kill $pid
--- stderr any
--- stdout
1
--- only fleetsh

=== a closed standard output makes each utility that prints fail with a message
for c in 'echo a' 'printf a' 'pwd' 'type cd' 'set' 'export -p' 'umask' 'ulimit -n' 'times' 'kill -l' 'cd -P .; pwd'; do
    (eval "$c") >&- 2>err
    s=$?
    test $s -gt 0 && test $s -lt 126 && test -s err || echo "$c: status $s"
done
--- stdout

=== a closed standard error is no crash
(nosuchcommand_x) 2>&-; echo $?
$TESTEE -c 'fi' 2>&-; echo $(($? > 0 && $? < 126))
--- stdout
127
1

=== all of descriptors 0, 1 and 2 closed
$TESTEE -c 'exec 3>f; echo ok >&3; x=$(echo sub); echo "$x" >&3; : | :; echo $? >&3' <&- >&- 2>&-
cat f
--- stdout
ok
sub
0

=== numbers beyond 2^63 are errors or wrap, never a crash
echo $((9223372036854775807)) $((-9223372036854775808)) 2>/dev/null
for e in 9223372036854775808 99999999999999999999 -9223372036854775809 0xffffffffffffffff 0x10000000000000000 02000000000000000000000; do
    ($TESTEE -c ": \$(($e))") 2>/dev/null
    test $? -lt 126 || echo "$e"
done
--- stdout
9223372036854775807 -9223372036854775808
--- only fleetsh

=== numbers beyond 2^63 as operands of utilities
for c in 'shift 99999999999999999999' 'exit 99999999999999999999' 'f() { return 99999999999999999999; }; f' 'for i in 1; do break 99999999999999999999; done' \
    'kill -99999999999999999999 $$' 'kill -0 99999999999999999999' 'wait 99999999999999999999' 'ulimit -n 99999999999999999999999' \
    'umask 99999999999999999999' 'printf %d 99999999999999999999' 'test 99999999999999999999 -gt 1' 'trap : 99999999999999999999' \
    'echo ${99999999999999999999}' 'printf %99999999999999999999d 1' 'jobs %99999999999999999999' 'set -- ${#99999999999999999999}'; do
    $TESTEE -c "$c" >/dev/null 2>&1
    test $? -lt 128 || test "${c#exit}" != "$c" || echo "$c: $?"
done
--- stdout
--- only fleetsh

=== an environment of odd strings
env -i "PATH=$PATH" 'A=1' '1=2' '=x' 'B C=3' $TESTEE -c 'echo $A' 2>/dev/null
--- stdout
1
