## XCU 2.6.5 Field splitting
## - Only the results of unquoted expansions are split, never literal text or quoted results.
=== literal text is not split
IFS=:
set -- a:b 'c:d' "e:f"
echo $#
--- stdout
3

=== parameter expansion, command substitution and arithmetic are split
IFS=:
x=a:b
set -- $x; echo $#
set -- $(echo c:d); echo $#
set -- `echo e:f:g`; echo $#
IFS=2
set -- $((1234)); echo "$#"
--- stdout
2
2
3
2

=== quoted results are not split
x='a b'
set -- "$x" "$(echo c d)" "${x}" "$x"y
echo $#
--- stdout
4

=== literal text joins the fields of the expansion beside it
x=' b c '
set -- a$x
printf '[%s]' "$@"; echo
set -- a${x}d
printf '[%s]' "$@"; echo
x='b c'
set -- a$x$x
printf '[%s]' "$@"; echo
--- stdout
[a][b][c]
[a][b][c][d]
[ab][cb][c]

=== quoted text joins as well
x='b c'
set -- "a a"$x'd d'
printf '[%s]' "$@"; echo
--- stdout
[a ab][cd d]

=== an empty quoted string beside IFS white space is a field of its own
x=' b '
set -- ""$x''
printf '[%s]' "$@"; echo
--- stdout
[][b][]

## - With IFS unset it is as if it were blank, tab and newline.
=== an unset IFS splits at blank, tab and newline
unset IFS
x='  a	b
c  '
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[a][b][c]

=== the default IFS does the same
x='  a	b
c  '
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[a][b][c]

## - With an empty IFS nothing is split.
=== an empty IFS splits nothing
IFS=
x=' a b '
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[ a b ]

=== an empty expansion with an empty IFS is still no field
IFS=
x=
set -- $x
echo $#
--- stdout
0

## - IFS white space at the ends is ignored and a sequence of it delimits one field.
=== leading, trailing and repeated white space is ignored
x='   a   b   '
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[a][b]

=== a value of white space alone is no field
x='   '
set -- $x
echo $#
set -- $x$x
echo $#
--- stdout
0
0

=== white space that is not in IFS does not split
IFS=' '
x='a	b
c d'
set -- $x
echo $#
--- stdout
2

=== a newline alone in IFS
IFS='
'
x='a b

c d
'
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[a b][c d]

## - Each other character of IFS delimits one field, with the IFS white space beside it.
=== each non-white character delimits a field, empty ones as well
IFS=:
x=a::b:::c
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[a][][b][][][c]

=== a leading delimiter makes an empty field, a trailing one does not
IFS=:
x=:a:
set -- $x
printf '[%s]' "$@"; echo
x=a::
set -- $x
printf '[%s]' "$@"; echo
x=:
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[][a]
[a][]
[]

=== white space beside a delimiter belongs to it
IFS=': '
x='a : b :c:d  :  : e'
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[a][b][c][d][][e]

=== white space around, with several delimiters
IFS=' ,;'
x='  a , b;c  ,; d  '
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[a][b][c][][d]

=== a leading delimiter after white space
IFS=' :'
x='  : a'
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[][a]

=== blanks are ordinary when they are not in IFS
IFS=:
x=' a : b '
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[ a ][ b ]

=== letters and digits as delimiters
IFS=x1
v=axb1c
set -- $v
printf '[%s]' "$@"; echo
--- stdout
[a][b][c]

=== a backslash in IFS
IFS='\'
x='a\b'
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[a][b]

=== quotes in IFS and in values are ordinary
IFS=\'
x="a'b" y='"c d"'
set -- $x $y
printf '[%s]' "$@"; echo
--- stdout
[a][b]["c d"]

=== a backslash in a value does not escape a delimiter
IFS=:
x='a\:b'
set -f
set -- $x
printf '[%s]' "$@"; echo
--- stdout
[a\][b]

=== - and ] and ^ in IFS are ordinary
IFS='-]^'
x='a-b]c^d'
set -- $x
echo $#
--- stdout
4

=== the first and the following characters of IFS are equal as delimiters
IFS='+-'
x=a+b-c
set -- $x
echo $# "$*"
--- stdout
3 a+b+c

## - Several expansions in one word are split as one sequence.
=== adjacent expansions
IFS=:
a=x: b=y
set -- $a$b
printf '[%s]' "$@"; echo
a=x b=:y
set -- $a$b
printf '[%s]' "$@"; echo
a=x: b=:y
set -- $a$b
printf '[%s]' "$@"; echo
--- stdout
[x][y]
[x][y]
[x][][y]

=== white space at the end of one and the beginning of the next
a='x ' b=' y'
set -- $a$b
printf '[%s]' "$@"; echo
--- stdout
[x][y]

=== an empty expansion between joins what is around it
e=
set -- a${e}b $e"$e" c$e
printf '[%s]' "$@"; echo
--- stdout
[ab][][c]

## - Empty fields from unquoted expansions vanish; quoted ones stay.
=== unquoted empty expansions vanish
e=
set -- $e $(true) ${e} `true` ${e:-}
echo $#
--- stdout
0

=== quoted empty expansions stay
e=
set -- "$e" "$(true)" "${e}"
echo $#
--- stdout
3

## - Splitting does not happen in assignments, the word of case, redirections and here-documents.
=== no splitting in assignments
x='a  b'
y=$x; z=$(echo 'c  d')
export w=$x
echo "$y" "$z" "$w"
--- stdout
a  b c  d a  b

=== no splitting in the word and the patterns of case
x='a  b'
case $x in 'a  b') echo 1;; esac
case 'a  b' in $x) echo 2;; esac
--- stdout
1
2

=== no splitting of the operand of a redirection
x='a b'
echo text >$x
cat 'a b'
--- stdout
text

=== no splitting in a here-document
x='a  b'
cat <<E
$x
E
--- stdout
a  b

=== for and simple commands split
x='a b'
for i in $x; do echo "$i"; done
$x 2>/dev/null || echo $?
c='echo  c'; $c
--- stdout
a
b
127
c

## - Changes of IFS hold for later expansions, also within one command's assignments.
=== IFS that a function changes
f() { IFS=:; }
x=a:b
set -- $x; echo $#
f
set -- $x; echo $#
--- stdout
1
2

=== IFS that an assignment before a command sets is not used for its words
x=a:b
IFS=: $TESTEE -c 'echo $#' x $x
IFS=: eval 'set -- $x'; echo $#
--- stdout
1
2

=== IFS is split upon as characters in a UTF-8 locale
LC_ALL=C.UTF-8 $TESTEE -c 'IFS=ä; x=1ä2ö3ä4; set -- $x; echo $# $1 $2 $3; IFS=é; set -- a b; echo "$*"'
--- stdout
3 1 2ö3 4
aéb

=== splitting 10000 fields
i=0 x=
while [ $i -lt 10000 ]; do x="$x a$i"; i=$((i + 1)); done
set -- $x
echo $# $1 ${10000}
--- stdout
10000 a0 a9999
