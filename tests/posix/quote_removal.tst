## XCU 2.6.7 Quote removal
## - The quoting characters that were in the word are removed, those that an expansion produced stay.
=== quotes of the word are removed
printf '[%s]' \a 'b' "c" d\e'f'"g" ''; echo
--- stdout
[a][b][c][defg][]

=== quotes that come from an expansion stay
x='"a" '\''b'\'' \c'
printf '[%s]' "$x"; echo
set -f
printf '[%s]' $x; echo
--- stdout
["a" 'b' \c]
["a"]['b'][\c]

=== quotes that come from a command substitution stay
printf '[%s]' $(echo "'a' \"b\""); echo
--- stdout
['a']["b"]

=== quotes in the value of an assignment are removed
a='b c'"d"\e
printf '[%s]\n' "$a"
--- stdout
[b cde]

=== quotes in the operand of a redirection are removed
echo text >'a b'\c"d"
cat 'a bcd'
--- stdout
text

=== quotes in a pattern of case are removed
case abc in a'b'"c") echo yes;; esac
--- stdout
yes

=== quotes in the name of a command are removed
ec'h'o a
"echo" b
\echo c
--- stdout
a
b
c

=== a backslash-newline within a word leaves nothing
printf '[%s]' a\
b \
c; echo
--- stdout
[ab][c]

=== the order: parameters expand before quotes are removed
x='\$HOME'
printf '%s\n' $x "$x"
--- stdout
\$HOME
\$HOME

## XCU 2.6 Word expansions
## - Tilde, parameter, command and arithmetic expansion happen from the beginning of the word to its end, and from the first word to the last.
=== expansions happen from left to right
x=1
echo $x$((x = 2))$x $((x = 3)) $x ${u:=$x} $((x = 4)) $u
--- stdout
122 3 3 3 4 3

=== an expansion that yields an operator or reserved word yields an ordinary word
x='>' y=';' z='|' w='&'
echo a $x f $y b $z c $w
ls
--- stdout
a > f ; b | c &

=== no field at all is left without command
e=
$e
echo $?
$e $e echo a
--- stdout
0
a

=== an assignment that an expansion yields is a word
x=a=b
$x 2>/dev/null || echo $?
--- stdout
127
