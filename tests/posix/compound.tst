## XCU 2.9.4.1 Grouping commands
## - ( ) runs its list in a subshell, { } in the shell itself.
=== braces run in the shell
x=1
{ x=2; cd /; }
echo $x $PWD
--- stdout
2 /

=== parentheses run in a subshell
x=1
(x=2; cd /; set -f; f() { echo no; }; exit 3)
echo $? $x
f 2>/dev/null || echo $?
test "$PWD" != / && echo same
--- stdout
3 1
127
same

=== the status is the list's
{ true; false; }; echo $?
(true; exit 4); echo $?
{ false; true; }; echo $?
--- stdout
1
4
0

=== they nest
{ { { echo a; }; }; }
( ( ( echo b ) ) )
({ (echo c); })
--- stdout
a
b
c

=== newlines and separators within
{
echo a
}
{ echo b
}
(
echo c
)
(echo d;)
{ echo e & wait; }
--- stdout
a
b
c
d
e

=== } needs a separator before it, ) does not
(echo a)
{ echo b }
}
--- stdout
a
b }

=== a subshell has the parent's variables, functions, options and positional parameters
x=v
f() { echo fn; }
set -- p
set -f
(echo $x $(f) $1; case $- in *f*) echo f;; esac)
--- stdout
v fn p
f

=== exit in braces exits the shell
$TESTEE -c '{ exit 3; }; echo no'; echo $?
--- stdout
3

=== changes of the directory in a subshell
mkdir d
(cd d && pwd | sed 's|.*/||')
test -d d && echo here
--- stdout
d
here

## XCU 2.9.4.2 The for loop
## - for runs its list once for each word; without in for each positional parameter.
=== for over words
for i in a b c; do echo $i; done
--- stdout
a
b
c

=== the first command of a for loop finds $? as the command before the loop left it
f() { return 42; }
f; for i in 1 2; do echo $?; done
set -- a
f; for i do echo $?; done
f; for i in; do :; done; echo $?
--- stdout
42
0
42
0

=== for over the results of expansions
x='a b'
set -- p 'q r'
for i in $x "$x" $(echo c) "$@"; do echo "[$i]"; done
--- stdout
[a]
[b]
[a b]
[c]
[p]
[q r]

=== for without in
set -- a 'b c'
for i do echo "[$i]"; done
for i; do echo "<$i>"; done
for i
do echo "{$i}"
done
--- stdout
[a]
[b c]
<a>
<b c>
{a}
{b c}

=== for over no words
for i in; do echo no; done; echo $?
e=
for i in $e; do echo no; done; echo $?
set --
for i do echo no; done; echo $?
--- stdout
0
0
0

=== the variable keeps its last value
for i in a b; do :; done
echo $i
--- stdout
b

=== without a turn the variable is unchanged
i=old
for i in; do :; done
echo $i
--- stdout
old

=== the words are expanded once, before the first turn
x='a b'
for i in $x; do x=c; echo $i; done
set -- p q
for i do set -- r s t; echo $i; done
--- stdout
a
b
p
q

=== the status is the last command's
for i in 1 2; do test $i = 1; done; echo $?
for i in 1 2; do test $i = 2; done; echo $?
--- stdout
1
0

=== newlines in the places that the grammar allows
for i

in a b

do

echo $i

done
--- stdout
a
b

=== an assignment to the variable within the loop
for i in 1 2; do echo $i; i=x; echo $i; done
--- stdout
1
x
2
x

=== a readonly variable
$TESTEE -c 'readonly i=1; for i in a; do echo $i; done; echo on' 2>/dev/null
echo $(($? > 0))
--- stdout
1

=== nested loops
for i in a b; do for j in 1 2; do echo $i$j; done; done
--- stdout
a1
a2
b1
b2

=== many words
i=0 w=
while [ $i -lt 5000 ]; do w="$w $i"; i=$((i + 1)); done
n=0
for j in $w; do n=$((n + 1)); done
echo $n $j
--- stdout
5000 4999

## XCU 2.9.4.3 Case conditional construct
## - The first pattern that matches decides; ;; ends the case, ;& goes on with the next list (Issue 8).
=== the first match wins
case abc in
a) echo no;;
a*) echo first;;
abc) echo second;;
esac
--- stdout
first

=== alternatives
for x in a b c d; do
    case $x in
    a | b) echo ab;;
    (c|d) echo cd;;
    esac
done
--- stdout
ab
ab
cd
cd

=== the last clause needs no ;;
case a in a) echo a; esac
case b in b) echo b
esac
case c in c)
esac
echo $?
--- stdout
a
b
0

=== no match: status 0; an empty list: status 0
false
case x in y) false;; esac; echo $?
false
case x in x) ;; esac; echo $?
case x in x) (exit 5);; esac; echo $?
--- stdout
0
0
5

=== a substitution in the word does not make the status of an empty clause
case $(exit 3) in *) ;; esac
echo $?
--- stdout
0

=== ;& falls through
case a in
a) echo a ;&
b) echo b ;;
c) echo c ;;
esac
--- stdout
a
b

=== ;& several times and to the end
case b in
a) echo a ;&
b) echo b ;&
c) echo c ;&
d) echo d
esac
--- stdout
b
c
d

=== ;& at the last clause
case a in a) echo a ;& esac
--- stdout
a

=== ;& does not match the patterns that it passes
case a in
a) echo a ;&
$(echo no >&2)) echo b ;;
esac
--- stdout
a
b

=== the status with ;&
case a in a) true ;& b) (exit 4) ;; esac; echo $?
--- stdout
4

=== the word is expanded without splitting; patterns are expanded when they are tried
x='a  b'
case $x in 'a  b') echo 1;; esac
case "$x" in $x) echo 2;; esac
case a in a) echo 3;; $(echo no >&2)) ;; esac
case $((1 + 1)) in $(echo 2)) echo 4;; esac
case ~ in "$HOME") echo 5;; esac
--- stdout
1
2
3
4
5

=== an empty word and an empty pattern
case '' in '') echo 1;; esac
case $unset in "") echo 2;; esac
case x in '') echo no;; *) echo 3;; esac
--- stdout
1
2
3

=== newlines and comments between clauses
case b in # comment

a) echo no
;;
# comment
b)

echo yes
;;

esac
--- stdout
yes

=== patterns that are reserved words and operators in quotes
case '|' in '|') echo 1;; esac
case ')' in \)) echo 2;; esac
case esac in (esac) echo 3;; esac
case 'a b' in a\ b) echo 4;; esac
--- stdout
1
2
3
4

=== nested cases
case a in a) case b in b) echo ab;; esac;; esac
--- stdout
ab

=== ;; without blanks, ;;esac
case a in a)echo 1;;esac
case a in b|a)echo 2;;esac
--- stdout
1
2

=== break and continue in a case act on the loop
for i in 1 2 3; do case $i in 2) continue;; 3) break;; esac; echo $i; done
--- stdout
1

## XCU 2.9.4.4 The if conditional construct
## - The list after then of the first condition with status 0 runs, else that after else.
=== if
if true; then echo a; fi
if false; then echo no; fi
if true; then echo b; else echo no; fi
if false; then echo no; else echo c; fi
--- stdout
a
b
c

=== elif
for i in 1 2 3 4; do
    if test $i = 1; then echo one
    elif test $i = 2; then echo two
    elif test $i = 3; then echo three
    else echo other
    fi
done
--- stdout
one
two
three
other

=== the condition may be a list
if false; true; then echo a; fi
if true && false; then echo no; else echo b; fi
if echo c | grep -q d; then echo no; else echo c; fi
if false
true
then
echo d
fi
--- stdout
a
b
c
d

=== the status
if true; then (exit 3); fi; echo $?
if false; then :; fi; echo $?
if (exit 5); then :; else (exit 6); fi; echo $?
if false; then :; elif false; then :; fi; echo $?
if ! true; then false; fi; echo $?
--- stdout
3
0
6
0
0

=== later conditions are not tried
if true; then echo a; elif echo no; then :; fi
--- stdout
a

## XCU 2.9.4.5 The while loop
## - The list runs as long as the condition has status 0.
=== while
i=0
while [ $i -lt 3 ]; do echo $i; i=$((i + 1)); done
--- stdout
0
1
2

=== the condition may be a list
i=0
while i=$((i + 1)); [ $i -lt 3 ]; do echo $i; done
--- stdout
1
2

=== the status is the last command's of the list, 0 without a turn
while false; do :; done; echo $?
i=0
while [ $i -lt 1 ]; do i=1; (exit 4); done; echo $?
false; while false; do false; done; echo $?
--- stdout
0
4
0

=== a while loop in a pipeline and with a redirection
printf '1\n2\n' | while read x; do echo "<$x>"; done
printf '3\n4\n' >f
while read x; do echo "<$x>"; done <f
--- stdout
<1>
<2>
<3>
<4>

=== 100000 turns
i=0
while [ $i -lt 100000 ]; do i=$((i + 1)); done
echo $i
--- stdout
100000

## XCU 2.9.4.6 The until loop
## - The list runs as long as the condition has another status than 0.
=== until
i=0
until [ $i -ge 3 ]; do echo $i; i=$((i + 1)); done
until true; do echo no; done; echo $?
--- stdout
0
1
2
0

=== the status of until
i=0
until [ $i = 1 ]; do i=1; (exit 6); done; echo $?
--- stdout
6

## XCU break
## - break n leaves the n-th enclosing loop, the outermost when there are fewer.
=== break
for i in 1 2 3; do test $i = 2 && break; echo $i; done; echo after
while true; do break; done; echo $?
until false; do break; done; echo $?
--- stdout
1
after
0
0

=== break n
for i in a b; do for j in 1 2; do echo $i$j; break 2; done; done
for i in a b; do for j in 1 2; do echo $i$j; break 1; done; done
for i in a b; do for j in 1 2; do echo $i$j; break 99; done; done
--- stdout
a1
a1
b1
a1

=== break in a condition
while break; do echo no; done; echo $?
until break; do echo no; done; echo a
for i in 1 2; do while break 2; do :; done; echo no; done; echo b
--- stdout
0
a
b

=== break within if, case, braces and lists
for i in 1 2; do if true; then { case x in x) true && break;; esac; }; fi; echo no; done; echo a
--- stdout
a

=== break in a subshell does not leave the parent's loop
for i in 1 2; do (break 2>/dev/null); echo $i; done
--- stderr any
--- stdout
1
2

=== break with a bad operand is an error
$TESTEE -c 'for i in 1; do break 0; done; echo on' 2>err
test -s err && echo message
$TESTEE -c 'for i in 1; do break x; done; echo on' 2>err
test -s err && echo message
--- stdout
message
message

=== break in an eval and in a dot script
for i in 1 2; do eval break; echo no; done; echo a
echo break >f
for i in 1 2; do . ./f; echo no; done; echo b
--- stdout
a
b

## XCU continue
## - continue n goes on with the next turn of the n-th enclosing loop.
=== continue
for i in 1 2 3; do test $i = 2 && continue; echo $i; done
i=0
while [ $i -lt 3 ]; do i=$((i + 1)); [ $i = 2 ] && continue; echo $i; done
--- stdout
1
3
1
3

=== continue n
for i in a b; do for j in 1 2; do echo $i$j; continue 2; done; echo no; done
for i in a b; do for j in 1 2; do echo $i$j; continue 99; done; echo no; done
--- stdout
a1
b1
a1
b1

=== continue has status 0
for i in 1; do false; continue; done; echo $?
--- stdout
0

=== continue in an until loop's list
i=0
until [ $i -ge 2 ]; do i=$((i + 1)); continue; echo no; done; echo $i
--- stdout
2
