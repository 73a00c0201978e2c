## XCU 2.6.4 Arithmetic expansion
## - $((expression)) is the decimal value of the expression, in signed integers of at least long; fleetsh has 64 bits.
=== constants are decimal, octal and hexadecimal
echo $((0)) $((10)) $((010)) $((0x1f)) $((0XaB)) $((0777)) $((00))
--- stdout
0 10 8 31 171 511 0

=== the binary operators + - * / %
echo $((7 + 3)) $((7 - 3)) $((7 * 3)) $((7 / 3)) $((7 % 3))
--- stdout
10 4 21 2 1

=== division truncates toward zero, and the remainder has the dividend's sign
echo $((-7 / 2)) $((7 / -2)) $((-7 / -2)) $((-7 % 2)) $((7 % -2)) $((-7 % -2))
--- stdout
-3 -3 3 -1 1 -1

=== the unary operators + - ~ !
echo $((+5)) $((-5)) $((~5)) $((!5)) $((!0)) $((- -5)) $((~~5)) $((!!7)) $((-+-3))
--- stdout
5 -5 -6 0 1 5 5 1 3

=== the shifts
echo $((1 << 4)) $((256 >> 4)) $((1 << 0)) $((-16 >> 2)) $((1<<62))
--- stdout
16 16 1 -4 4611686018427387904

=== the comparisons
echo $((1 < 2)) $((2 < 1)) $((2 <= 2)) $((3 > 2)) $((2 >= 3)) $((2 == 2)) $((2 != 2)) $((-1 < 0))
--- stdout
1 0 1 1 0 1 0 1

=== the bitwise operators
echo $((12 & 10)) $((12 | 10)) $((12 ^ 10))
--- stdout
8 14 6

=== the logical operators give 0 or 1
echo $((2 && 3)) $((2 && 0)) $((0 || 5)) $((0 || 0))
--- stdout
1 0 1 0

=== the conditional operator
echo $((1 ? 2 : 3)) $((0 ? 2 : 3)) $((1 ? 0 ? 4 : 5 : 6)) $((0 ? 1 : 0 ? 2 : 3))
--- stdout
2 3 5 3

=== parentheses
echo $(( (1 + 2) * 3 )) $((2 * (3 + 4) * 2)) $((((1)))) $(( ( ( 1 ) + ( 2 ) ) ))
--- stdout
9 28 1 3

=== precedence as in C
echo $((2 + 3 * 4)) $((1 << 2 + 1)) $((1 | 2 & 3)) $((6 ^ 3 & 1)) $((1 || 0 && 0)) $((5 & 3 == 3)) $((2 - 1 - 1)) \
    $((64 / 4 / 2)) $((1 < 2 == 1)) $((!1 + 1)) $((-2 * -3)) $((~1 & 3)) $((1 ? 2 : 3 + 4)) $((100 >> 2 >> 1))
--- stdout
14 8 3 7 1 1 0 8 1 1 6 2 2 12

=== blanks, tabs and newlines are allowed anywhere
echo $((	1
 +
 2 )) $((1+2)) $((  3  ))
--- stdout
3 3 3

## - A variable's name in the expression is the value of the variable, with or without $.
=== variables by name and by expansion
x=5 y=7
echo $((x + y)) $(($x + $y)) $((${x} * y)) $((x+$y))
--- stdout
12 12 35 12

=== a variable may hold octal, hexadecimal and signed constants
a=010 b=0x10 c=-3 d=+4
echo $((a)) $((b)) $((c)) $((d)) $((1 - c))
--- stdout
8 16 -3 4 4

=== an unset or null variable is 0
unset u; n=
echo $((u)) $((n)) $((u + 1)) $((n + 1))
--- stdout
0 0 1 1

=== $x is text of the expression
x='1 + 2'
echo $(($x * 3))
op=+
echo $((1 $op 2))
--- stdout
7
3

=== positional and special parameters and substitutions
set -- 4 5
echo $(($1 * $2)) $(($#)) $(($(echo 3) + `echo 4`)) $((${#1} + 1)) $((${z-9}))
--- stdout
20 2 7 2 9

=== blanks around the value of a variable are ignored
x=' 5 '
echo $((x + 1)) $(($x + 1))
--- stdout
6 6

## - The assignment operators change the variables of the shell.
=== =
echo $((x = 5)) $x
echo $((x = y = 3)) $x $y
--- stdout
5 5
3 3 3

=== each compound assignment
x=20
echo $((x += 5)) $((x -= 1)) $((x *= 2)) $((x /= 4)) $((x %= 7)) $((x <<= 3)) $((x >>= 1)) $((x |= 3)) $((x &= 6)) $((x ^= 5))
echo $x
--- stdout
25 24 48 12 5 40 20 23 6 3
3

=== an assignment to an unset variable counts from 0
unset u
echo $((u += 2)) $u
--- stdout
2 2

=== assignments are right associative and bind least
x=1
echo $((x = 1 ? 2 : 3)) $((x = 2 + 3)) $((1 + (x = 4))) $x
--- stdout
2 5 5 4

=== an assigned variable is exported when it was
export x=1
: $((x = 7))
sh -c 'echo $x'
--- stdout
7

=== an assignment within a subshell or substitution stays there
x=1
echo $(: $((x = 2)); echo $x) $x
--- stdout
2 1

=== && || and ?: evaluate only what they need
x=1
echo $((0 && (x = 2))) $((1 || (x = 3))) $((1 ? 5 : (x = 4))) $((0 ? (x = 6) : 7)) $x
--- stdout
0 1 5 7 1

=== a division by zero that is not evaluated is no error
echo $((0 && 1 / 0)) $((1 || 1 / 0)) $((1 ? 2 : 1 / 0)) $((0 ? 1 % 0 : 3))
--- stdout
0 1 2 3

=== a readonly variable cannot be assigned
$TESTEE -c 'readonly r=1; echo $((r = 2)); echo on' 2>err
test $? -gt 0 && test -s err && echo failed
--- stdout
failed

=== an assignment to what is no variable is an error
for e in '1 = 2' 'x + 1 = 2' '(x) + = 2' '= 2' '1 += 1'; do
    $TESTEE -c "x=1; echo \$(($e)); echo survived" 2>err | grep survived
    test -s err || echo "no message: $e"
done
--- stdout

## - A syntax error or a division by zero is an expansion error.
=== syntax errors
for e in '1 +' '* 2' '1 2' '(1' '1)' '1 ? 2' '1 ? : 3' '08' '1 &&' '! ' '1 ++ ' '@' '1 # 2' '1.5' 'a b' '&& 1' '0xg' \
    '1 = = 2' '()' '1,'; do
    $TESTEE -c "echo \$(($e)); echo survived" 2>err | grep survived
    test -s err || echo "no message: $e"
done
--- stdout

=== a division by zero
for e in '1 / 0' '1 % 0' '1 / (2 - 2)' '0 / 0'; do
    $TESTEE -c "echo \$(($e)); echo survived" 2>err | grep survived
    test -s err || echo "no message: $e"
done
$TESTEE -c 'x=1; : $((x /= 0)); echo survived' 2>/dev/null
test $? -gt 0 && echo failed
--- stdout
failed

=== a variable that holds no number
$TESTEE -c 'x=3a; echo $((x + 1)); echo survived' 2>err
test $? -gt 0 && test -s err && echo failed
--- stdout
failed

## - The result takes part in field splitting when unquoted, and stands wherever parameters are expanded.
=== the result is split by an IFS of digits
IFS=0
set -- $((10203))
echo $#
set -- "$((10203))"
echo $#
--- stdout
3
1

=== a negative result in a word
echo a$((1 - 2))b "$((-5))"
--- stdout
a-1b -5

=== in a here-document, an assignment, a redirection and a case
x=$((1 + 1))
cat <<E
$((x * 2)) $(( x+1 ))
E
echo out >f$((x)); cat f2
case $((x)) in 2) echo two;; esac
--- stdout
4 3
out
two

=== expansions nest
x=2
echo $((1 + $((2 + $((3 + x)))))) $(($(echo $((4)))))
--- stdout
8 4

=== quotes within the expression
x=3
echo $(("x" + 1)) "$((x + "1"))"
--- stderr any
--- stdout
4 4

=== a comparison and shift are no redirection
echo $((1 > 0)) $((1 < 2)) $((1 << 1)) $((4 >> 1))
ls
--- stdout
1 1 2 2

=== a long expression
e=0 i=0
while [ $i -lt 2000 ]; do e="$e+1"; i=$((i + 1)); done
echo $(($e))
--- stdout
2000

## - The limits of the type: 2^63-1 is the greatest constant; overflow wraps in two's complement (the standard leaves it undefined).
=== the greatest and the least value
echo $((9223372036854775807)) $((-9223372036854775807 - 1)) $((0x7fffffffffffffff)) $((0777777777777777777777))
--- stdout
9223372036854775807 -9223372036854775808 9223372036854775807 9223372036854775807

=== overflow wraps
echo $((9223372036854775807 + 1)) $((-9223372036854775807 - 2)) $((9223372036854775807 * 2))
--- stdout
-9223372036854775808 9223372036854775807 -2

=== the least value divided by -1 does not kill the shell
x=$((-9223372036854775807 - 1))
echo $((x / -1)) $((x % -1)) $((-x))
--- only fleetsh
--- stdout
-9223372036854775808 0 -9223372036854775808

=== shift counts beyond 63 do not kill the shell
: $((1 << 64)) $((1 << -1)) $((1 >> 100)) $((1 << 63))
echo on
--- stdout
on

=== a variable with the least value
x=-9223372036854775808
echo $((x)) $((x + 1))
--- stdout
-9223372036854775808 -9223372036854775807
