## XCU 2.6.2 Parameter expansion
## - $name takes the longest name; a $ that no name, brace or parenthesis follows is literal.
=== the longest name is taken
a=1 ab=2 ab_3=3
echo $a $ab $ab_3 $ab-3 $a.b ${a}b
--- stdout
1 2 3 2-3 1.b 1b

=== a $ that introduces nothing is literal
echo $ a$ $% $= $.x $/ $,
--- stdout
$ a$ $% $= $.x $/ $,

=== braces delimit the name
x=v
echo ${x}y ${x}${x} "${x}"1
--- stdout
vy vv v1

=== a bad name in braces is an error that ends a shell that is not interactive
for w in '${}' '${a.b}' '${ a}' '${a-' '${a!}' '${1a}' '${-}}x${+}'; do
    $TESTEE -c "echo $w; echo survived" 2>err | grep survived
    test -s err || echo "no message: $w"
done
--- stdout

=== an unset variable is the null string, and no field when unquoted
unset x
set -- $x "$x" a$x
echo $# "[$1][$2]"
--- stdout
2 [][a]

## - ${x:-w}, ${x:=w}, ${x:?w}, ${x:+w}: tested for unset or null; without the colon for unset only.
=== ${x-w} and ${x:-w}
unset u; n= v=val
echo "[${u-w}][${n-w}][${v-w}][${u:-w}][${n:-w}][${v:-w}]"
--- stdout
[w][][val][w][w][val]

=== ${x+w} and ${x:+w}
unset u; n= v=val
echo "[${u+w}][${n+w}][${v+w}][${u:+w}][${n:+w}][${v:+w}]"
--- stdout
[][w][w][][][w]

=== ${x=w} and ${x:=w} assign
unset u; n= v=val
echo "[${u=w1}][${n=w2}][${v=w3}]" "[$u][$n][$v]"
unset u
echo "[${u:=w1}][${n:=w2}][${v:=w3}]" "[$u][$n][$v]"
--- stdout
[w1][][val] [w1][][val]
[w1][w2][val] [w1][w2][val]

=== ${x?w} and ${x:?w} pass a value
n= v=val
echo "[${n?w}][${v?w}][${v:?w}]"
--- stdout
[][val][val]

=== ${x?w} writes the word to standard error and ends the shell
$TESTEE -c 'unset u; echo ${u?my message}; echo on' 2>err
test $? -gt 0 && echo failed
grep -c 'u.*my message' err
--- stdout
failed
1

=== ${x:?} writes a default message
$TESTEE -c 'n=; echo ${n:?}; echo on' 2>err
test $? -gt 0 && echo failed
test -s err && echo message
--- stdout
failed
message

=== ${x?w} in a subshell ends the subshell only
(: ${u?m}) 2>/dev/null
test $? -gt 0 && echo on
--- stdout
on

=== ${1:-w} and ${#...} forms of positional parameters
set -- a ''
echo ${1:-x} "${2:-y}" "${2-y}" ${3:-z} ${3+w}.
--- stdout
a y  z .

=== the special parameters take the forms too
set -f -- a b
echo ${#:-x} ${?:-y} ${$:+z} ${-:+q} ${0:+r} ${@:+s} ${*:+t} "${!:-none}"
--- stderr any
--- stdout
2 0 z q r s t none

=== ${1=w} cannot assign a positional parameter
$TESTEE -c 'set --; echo ${1=x}; echo on' 2>/dev/null
test $? -gt 0 && echo failed
--- stdout
failed

=== ${x=w} of a readonly variable is an error
$TESTEE -c 'readonly r; echo ${r=x}; echo on' 2>/dev/null
test $? -gt 0 && echo failed
--- stdout
failed

## - The word is expanded only when it is used.
=== the word that is not needed is not expanded
x=1
echo ${x-$(echo no >&2)} ${x=$(echo no >&2)} ${x?$(echo no >&2)} ${y+$(echo no >&2)} "${y+${z?}}"
i=0
: ${x:-$((i = i + 1))} ${y-$((i = i + 10))}
echo $i
--- stdout
1 1 1 
10

=== the word may be empty
unset x
echo "[${x-}][${x:-}][${x+}][${x:=}]"
--- stdout
[][][][]

=== the word is expanded with all expansions
unset x; HOME=/h y=v
echo ${x-~/a} ${x-$y} ${x-$(echo c)} ${x-`echo b`} ${x-$((1+1))} ${x-${z-n}}
--- stdout
/h/a v c b 2 n

=== an unquoted expansion of the word is split, quoted parts are not
unset x
set -- ${x-a b "c d" 'e f' g\ h}
printf '[%s]' "$@"; echo
--- stdout
[a][b][c d][e f][g h]

=== a quoted expansion of the word is not split
unset x
set -- "${x-a b  c}"
printf '[%s]' "$@"; echo
--- stdout
[a b  c]

=== double quotes within "${x-...}" are removed
unset x
set -- "${x-a "b  c" d}"
printf '[%s]' "$@"; echo
--- stdout
[a b  c d]

=== a pattern in the word of ${x-...} is a pathname pattern when unquoted
>f1; >f2
unset x
echo ${x-f*} "${x-f*}" ${x-'f*'} ${x-f\*}
--- stdout
f1 f2 f* f* f*

=== ${x=w} assigns the word without splitting, and splits what it yields
unset x
set -- ${x=a b  c}
echo $# "$x"
--- stdout
3 a b  c

=== ${x=w} removes the quotes before it assigns
unset x y
: ${x='a b'} "${y=a\$b}"
echo "$x" "$y"
--- stdout
a b a$b

=== } in the word must be escaped, quoted or nested
unset x
echo ${x-a\}b} ${x-'a}b'} ${x-"a}b"} ${x-${y-a}b} "${x-"a}b"}"
--- stdout
a}b a}b a}b ab a}b

=== nested expansions to the depth of ten
echo ${a-${b-${c-${d-${e-${f-${g-${h-${i-${j-deep}}}}}}}}}}
--- stdout
deep

=== the word holds newlines
unset x
printf '[%s]\n' "${x-a
b}"
--- stdout
[a
b]

=== the word holds # and operators literally
unset x
echo "${x-#a}" ${x-#b} ${x-a;b} ${x-(c)} ${x-<d>} ${x-a&b|c}
--- stdout
#a #b a;b (c) <d> a&b|c

## - ${#x} is the length of the value in characters.
=== ${#x} is the length
x=hello y= z=$(printf %0300d 0)
unset u
echo ${#x} ${#y} ${#z} ${#u} "${#x}"
--- stdout
5 0 300 0 5

=== ${#1} and ${#10}
set -- abc b c d e f g h i jk
echo ${#1} ${#10} ${#11}
--- stdout
3 2 0

=== ${#x} counts characters, not bytes, in a UTF-8 locale
LC_ALL=C.UTF-8 $TESTEE -c 'x=äöü€; echo ${#x}'
--- stdout
4

=== ${#x} counts bytes in the POSIX locale
x=ä
echo ${#x}
--- stdout
2

=== ${#?} ${#-} ${#$} ${#!} are lengths
(exit 10); echo ${#?}
test ${#$} -gt 0 && echo yes
--- stdout
2
yes

=== ${##x} and ${#%x}: patterns on the number of parameters
set -- a b c d e f g h i j k l
echo ${##1} ${#%2} ${##}
--- stdout
2 1 2

## - ${x%w} and ${x%%w} remove the shortest and longest suffix that matches, ${x#w} and ${x##w} prefix.
=== the four forms
x=a.b.c.d
echo ${x%.*} ${x%%.*} ${x#*.} ${x##*.}
--- stdout
a.b.c a b.c.d d

=== a pattern that does not match leaves the value
x=abc
echo ${x%z} ${x%%z*} ${x#z} ${x##*z}
--- stdout
abc abc abc abc

=== the whole value may go
x=abc
echo "[${x%%*}][${x##*}][${x%abc}][${x#???}][${x%*}][${x#*}]"
--- stdout
[][][][][abc][abc]

=== an empty pattern removes nothing
x=abc
echo ${x%} ${x%%} ${x#} ${x##} "${x#''}"
--- stdout
abc abc abc abc abc

=== quoting a pattern's characters makes them literal
x='a*b*c' y='[x]'
echo "${x#a\*}" "${x%'*c'}" "${x%%"*"*}" "${y#[}" "${y#"["}" "${y#\[x}"
--- stdout
b*c a*b a x] x] ]

=== the value of an expansion in the pattern is a pattern unless quoted
x=abcabc p='*b'
echo ${x#$p} ${x##$p} ${x#"$p"} "${x#$p}" "${x#"$p"}"
--- stdout
cabc c abcabc cabc abcabc

=== double quotes around ${x#...} do not quote the pattern
x=a.b.c
echo "${x#*.}" "${x%%.*}"
--- stdout
b.c a

=== bracket expressions and ? in patterns
x=file123.txt
echo ${x%%[0-9]*} ${x#????} ${x##*[!a-z]} ${x%.???}
--- stdout
file 123.txt txt file123

=== the pattern itself may hold expansions of every kind
x=/usr/local/bin d=local
echo ${x#*/${d%l}} ${x%/$(echo bin)} ${x#/$((1+1))} ${x%${x#/usr}}
--- stdout
l/bin /usr/local /usr/local/bin /usr

=== a slash is an ordinary character for these patterns
x=/a/b/c
echo ${x##*/} ${x%/*} ${x%%/*}. ${x#/*/}
--- stdout
c /a/b . b/c

=== a leading dot is an ordinary character for these patterns
x=.profile
echo ${x#?} ${x#*o}
--- stdout
profile file

=== a backslash in the value of a variable used as a pattern
x='a\b' p='\\'
printf '%s\n' "${x#a\\}" "${x%\\b}" "${x#*"\\"}"
--- stdout
b
a
b

=== the forms on positional parameters
set -- a.b c.d
echo ${1%.*} ${2#*.}
--- stdout
a d

=== the result of an unquoted form is split
x='a b c'
set -- ${x%c}
echo $#
set -- "${x%c}"
echo $# "[$1]"
--- stdout
2
1 [a b ]

=== characters, not bytes, are removed in a UTF-8 locale
LC_ALL=C.UTF-8 $TESTEE -c 'x=äöü; echo ${x#?} ${x%?} ${x##?ö}'
--- stdout
öü äö ü

=== } in the pattern must be quoted
x='a}b}'
echo "${x%\}}" "${x%'}'}" "${x#*"}"}"
--- stdout
a}b a}b b}

=== a # or % after the operator is part of the pattern
x=##a%%
echo "${x#\#}" "${x%\%}" "${x#'##'}" "${x%%%*}" 
--- stdout
#a%% ##a% a%% ##a

=== the suffix forms are linear enough for a long value
x=$(printf %020000d 0)
y=${x%%1*}
z=${x##*1}
echo ${#y} ${#z}
--- stdout
20000 20000

## - In the words of the : forms a colon is part of the operator only before -=?+ .
=== ${x:+w} and ${x+:w}
x=1
echo ${x:+:w} ${x+:w} ${y-:-} ${y:--}
--- stdout
:w :w :- -

=== a here-document expands parameters like double quotes
unset x; y='a  b'
cat <<E
$y ${x-"q"} ${y#a} ${#y}
E
--- stderr any
--- stdout
a  b q   b 4

=== an assignment's value expands without splitting
x='a  b' 
y=$x z=${u-c  d}
echo "$y" "$z"
--- stdout
a  b c  d

## - With set -u an unset parameter is an error, but not $@ and $* (Issue 8), nor within the forms that test.
=== set -u makes an unset variable an error
$TESTEE -uc 'echo $x; echo on' 2>err
test $? -gt 0 && echo failed
grep -c x err
--- stdout
failed
1

=== set -u applies to positional parameters, ${#x}, ${x%w} and arithmetic
for w in '$1' '${1}' '${#x}' '${x%a}' '${x#a}' '$((x))' '$((1 + x))' '"$x"' '$!'; do
    $TESTEE -uc "echo $w; echo survived" 2>err | grep survived && echo "$w"
    test -s err || echo "no message: $w"
done
--- stdout

=== set -u allows $@ and $* without parameters
$TESTEE -uc 'echo "$@" "$*" $@ $* $#; echo on'
--- stdout
 0
on

=== set -u allows the forms that test
$TESTEE -uc 'echo ${x-a} ${x:-b} ${x+c} ${x:+d} ${x=e} ${y:=f}'
--- stdout
a b e f

=== set -u in a subshell ends the subshell
set -u
(echo $x) 2>/dev/null || echo on
--- stdout
on
