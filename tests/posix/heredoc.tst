## XCU 2.7.4 Here-document
## - The lines after the next newline up to the delimiter's line are the input; their expansions are those of double quotes.
=== a here-document is the input
cat <<E
line 1
line 2
E
--- stdout
line 1
line 2

=== parameters, commands and arithmetic are expanded
x=val
cat <<E
$x ${x} ${x#v} ${u-d} $(echo sub) `echo back` $((1 + 2))
E
--- stdout
val val al d sub back 3

=== results are not split or matched
x='a  *'
cat <<E
$x	$(echo 'b  *')
E
--- stdout
a  *	b  *

=== a backslash escapes $ ` and backslash, and joins lines
x=val
cat <<E
\$x \`x\` \\ \\\\ \a \" \'
joined \
line
E
--- stdout
$x `x` \ \\ \a \" \'
joined line

=== quotes are ordinary characters
x=val
cat <<E
"$x" '$x' "a
'
E
--- stdout
"val" 'val' "a
'

=== an empty here-document
cat <<E
E
echo $?
--- stdout
0

=== blank lines and lines of blanks are kept
cat <<E | tr '\n ' '$.'
 
a

  b  
E
echo
--- stdout
.$a$$..b..$

=== a line that only begins or ends with the delimiter is text
cat <<E
EE
E 
 E
xE
E
--- stdout
EE
E 
 E
xE

=== the delimiter may be any word
cat <<'end of text'
1
end of text
cat <<!
2
!
cat <<a-b.c
3
a-b.c
cat <<"}"
4
}
cat <<$x
5
$x
--- stdout
1
2
3
4
5

=== an empty quoted delimiter ends at an empty line
cat <<''
text

echo after
--- stdout
text
after

=== an expanded line that equals the delimiter does not end it
x=E
cat <<E
$x
more
E
--- stdout
E
more

=== a delimiter line that is continued
cat <<E
a\
E
b
E
--- stdout
aE
b

## - When any part of the delimiter is quoted, the lines are not expanded.
=== quoted delimiters of every kind
x=1
cat <<'E'
$x `x` $(x) \$x \\ a\
b
E
cat <<"F"
$x
F
cat <<\G
$x
G
cat <<H''
$x
H
cat <<I\
J
$x
IJ
--- stdout
$x `x` $(x) \$x \\ a\
b
$x
$x
$x
1

## - <<- removes leading tabs from the lines and the delimiter's line.
=== <<- removes tabs
cat <<-E
	one
		two
	 three
  four
	E
--- stdout
one
two
 three
  four

=== <<- removes tabs with a quoted delimiter
cat <<-'E'
	$x
		\t	y
	E
--- stdout
$x
\t	y

=== <<- does not remove tabs that an expansion yields
x='	tab'
cat <<-E
	$x
	E
--- stdout
	tab

=== << keeps tabs, and a tab before the delimiter is text
cat <<E
	a
	E
E
--- stdout
	a
	E

=== <<- removes tabs after a continued line's beginning only
cat <<-E
	a\
	b
	E
--- stdout
a	b

## - Several here-documents on a line follow each other.
=== two on one command
cat <<A <<B
a
A
b
B
--- stdout
b

=== two on descriptors
{ cat; cat <&3; } <<A 3<<B
a
A
b
B
--- stdout
a
b

=== three on one line in several commands
cat <<A; cat <<B && cat <<'C'
a
A
b
B
$c
C
--- stdout
a
b
$c

=== in a pipeline
cat <<A | tr a-z A-Z
abc
A
cat <<A |
def
A
tr a-z A-Z
--- stdout
ABC
DEF

=== with a descriptor number
cat 3<<E <&3
three
E
--- stdout
three

=== in an and-or list that goes on at the next line
cat <<A &&
a
A
cat <<B
b
B
--- stdout
a
b

## - A here-document may stand in every compound command, in functions and substitutions.
=== in each compound command
if cat <<A; then cat <<B; fi
a
A
b
B
for i in 1 2; do cat <<C; done
c$i
C
while read x; do echo "<$x>"; done <<D
d1
d2
D
case $(cat <<E
e
E
) in e) cat <<F;; esac
f
F
{ cat <<G; }
g
G
(cat <<H)
h
H
--- stdout
a
b
c1
c2
<d1>
<d2>
f
g
h

=== in a function, expanded at each call
f() { cat <<E
$1 $x
E
}
x=1; f a
x=2; f b
--- stdout
a 1
b 2

=== as the redirection of a function
f() { cat; } <<E
$x
E
x=1; f
x=2; f
--- stdout
1
2

=== in a loop, expanded in each turn
for i in 1 2 3; do
    cat <<E
$i
E
done
--- stdout
1
2
3

=== in $( ), ` ` and in a nested substitution
echo $(cat <<E
a
E
) `cat <<E
b
E
` $(echo $(cat <<E
c
E
))
--- stdout
a b c

=== in eval and in a dot script
eval 'cat <<E
ev
E'
printf 'cat <<E\ndot\nE\n' >f
. ./f
--- stdout
ev
dot

=== in a background command
cat <<E &
bg
E
wait
--- stdout
bg

=== an exported variable and a positional parameter are expanded
set -- pos
cat <<E
$1 $# $@
E
--- stdout
pos 1 pos

=== assignments within a here-document's expansions
unset x
cat <<E
${x=assigned}
E
cat <<E
$((y = 5))
E
cat <<E >/dev/null
${z:=1}
E
echo done
--- stdout
assigned
5
done

=== the command's status is its own, not the here-document's substitutions'
cat <<E
$(exit 5)
E
echo $?
false <<E
$(true)
E
echo $?
--- stdout

0
1

=== a failing expansion in a here-document is an expansion error
$TESTEE -c ': <<E
${u?msg}
E
echo on' 2>/dev/null
echo $(($? > 0))
--- stdout
1

=== a here-document that does not end before the end of the file
printf 'cat <<E\ntext\n' >f
$TESTEE ./f 2>/dev/null
echo ended
--- stderr any
--- stdout
text
ended

=== a here-document larger than a pipe
i=0 t=
while [ $i -lt 3000 ]; do t="$t 0123456789012345678901234567890123456789"; i=$((i + 1)); done
cat <<E | wc -c | tr -d ' '
$t
E
: <<E
$t
E
echo not blocked
--- stdout
123001
not blocked

=== here-documents are read with shared position
{ read a; read b; cat; } <<E
1
2
3
4
E
echo $a $b
--- stdout
3
4
1 2

=== a nested here-document in a substitution of a here-document
cat <<A
x $(cat <<B
y $(cat <<C
z
C
)
B
)
A
--- stdout
x y z

=== " within ${ } of a here-document quotes
unset x
cat <<E
${x-"a  b"} ${x+"no"} "${x-c}"
E
--- stdout
a  b  "c"

=== a here-document with a NUL-free megabyte
x=$(printf %0100000d 0)
x=$x$x$x$x$x$x$x$x$x$x
wc -c <<E | tr -d ' '
$x
E
--- stdout
1000001

=== a read-only body is not changed by the reader
cat <<'E' >f
a
E
cat f
--- stdout
a
