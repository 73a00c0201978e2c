## XCU 2.6.6 Pathname expansion
## - A field with an unquoted pattern is replaced by the sorted pathnames that match, or stays when none does.
=== * matches the names in the directory, sorted
>b; >a; >c
echo *
--- stdout
a b c

=== a pattern that matches nothing stays
echo *.none ?x [z]
--- stdout
*.none ?x [z]

=== a quoted pattern stays and loses its quotes
>a
echo '*' "*" \* "a"'*' a\*
--- stdout
* * * a* a*

=== a pattern with quoted and unquoted parts
>'a*b'; >axb; >'a*c'
echo a'*'* "a"*"b" a\*?
--- stdout
a*b a*c a*b axb a*b a*c

=== ? matches one character
>a; >ab; >abc
echo ? ?? ???
--- stdout
a ab abc

=== [ ] matches one of its characters
>a1; >b1; >c1; >d1
echo [abc]1 [!abc]1 [a-c]1 [!b-d]1
--- stdout
a1 b1 c1 d1 a1 b1 c1 a1

=== a pattern from an expansion matches when unquoted
>f1; >f2
p='f*'
echo $p "$p" $(echo 'f?') ${u-f[12]}
--- stdout
f1 f2 f* f1 f2 f1 f2

=== each field of a split expansion is a pattern
>a1; >b1
p='a* b* c*'
echo $p
--- stdout
a1 b1 c*

=== the result is not split or expanded again
>'a b'; >'a*'; >'$x'
set -- a*
printf '[%s]' "$@"; echo
set -- *x
printf '[%s]' "$@"; echo
--- stdout
[a b][a*]
[$x]

=== matches include directories and files of every kind
mkdir d; >f; ln -s nowhere l; mkfifo p
echo *
--- stdout
d f l p

=== the results are sorted by the collating sequence
>B; >a; >C; >b; >10; >9
echo *
--- stdout
10 9 B C a b

## - A slash is matched by a slash in the pattern only.
=== * and ? and [ do not match a slash
mkdir d; >d/f
echo d*f d?f d[/]f
--- stdout
d*f d?f d[/]f

=== patterns in several components
mkdir d1 d2 e; >d1/f1; >d1/g1; >d2/f2; >e/f3
echo d*/f* */f? d1/* */*
--- stdout
d1/f1 d2/f2 d1/f1 d2/f2 e/f3 d1/f1 d1/g1 d1/f1 d1/g1 d2/f2 e/f3

=== a trailing slash matches directories only
mkdir d1 d2; >f; ln -s d1 l
echo */ f*/
--- stdout
d1/ d2/ l/ f*/

=== several slashes are kept
mkdir d; >d/f
echo d//* .//d/f* d/*
--- stdout
d//f .//d/f d/f

=== an absolute pattern
mkdir d; >d/f
echo "$PWD"/d/* | sed "s|$PWD|PWD|"
echo /et[c]
--- stdout
PWD/d/f
/etc

=== . and .. as components
mkdir d; >d/f; >g
cd d
echo ./* ../g* ./../g*
--- stdout
./f ../g ./../g

=== a component without pattern characters must exist
mkdir d; >d/f
echo */f */nosuch
--- stdout
d/f */nosuch

=== a directory that cannot be read matches nothing
mkdir d
echo d/* nosuch/*
--- stdout
d/* nosuch/*

=== a file in place of a directory matches nothing
>f
echo f/* */x
--- stdout
f/* */x

=== quoted slashes and components
mkdir 'd*'; mkdir dx; >'d*/f1'; >dx/f2
echo 'd*'/f* "d*"'/'f* d\*/f?
--- stdout
d*/f1 d*/f1 d*/f1

## - A leading dot is matched by a dot in the pattern only.
=== * ? and [ do not match a leading dot
mkdir d; cd d
>.hidden; >shown
echo * ?hidden [.]hidden [!a]hidden [a.]hidden
--- stdout
shown ?hidden [.]hidden [!a]hidden [a.]hidden

=== a dot in the pattern matches a leading dot
mkdir d; cd d
>.hid; >.hod
echo .h* .?id .[h]od
--- stdout
.hid .hod .hid .hod

=== a leading dot in a later component
mkdir -p d/.h; >d/.h/f; >d/.g
echo d/*  */.g d/.h/* d/.?/f
--- stdout
d/* d/.g d/.h/f d/.h/f

=== a dot elsewhere is ordinary
>a.b; >a..c
echo a* a?b a[.]b *.c
--- stdout
a..c a.b a.b a.b a..c

## - set -f switches it off.
=== set -f
>a
set -f
echo *
set +f
echo *
--- stdout
*
a

=== set -o noglob
>a
set -o noglob
echo * $(echo '?')
--- stdout
* ?

## - It happens in the words of simple commands and of for, not in assignments, case, here-documents.
=== in for
>a; >b
for i in *; do echo "[$i]"; done
--- stdout
[a]
[b]

=== as the name of a command
printf '#!/bin/sh\necho ran $1\n' >cmd; chmod +x cmd
./cm* 1
--- stdout
ran 1

=== not in assignments
>a
x=* y=$(echo '*')
echo "$x" "$y"
export z=*
echo "$z"
--- stdout
* *
*

=== not in case and here-documents
>a
case * in '*') echo star;; esac
cat <<E
*
E
--- stdout
star
*

=== not in a redirection of a shell that is not interactive when several match
>a1; >a2
(echo x >a*) 2>/dev/null
ls
--- stdout
a*
a1
a2

## - A backslash that comes from an expansion escapes the next character of a pattern.
=== a backslash in an expanded pattern escapes, and leaves no pattern when nothing else is special
>'a*'; >ab; >'a*c'
p='a\*' q='a\**'
printf '%s\n' $p $q
--- stdout
a\*
a*
a*c

=== a quoted backslash is literal
>'a\b'
printf '%s\n' a\\* a'\'b*
--- stdout
a\b
a\b

=== a field with a backslash and no pattern stays as it is
p='a\bc'
printf '%s\n' $p
--- stdout
a\bc

=== a pattern with a backslash that matches nothing stays as it is
p='no\such*'
printf '%s\n' $p
--- stdout
no\such*

## - [ without ] and other broken bracket expressions are literal.
=== an open bracket is literal
>'[a'; >'a['
echo [a* a[ [ [a
--- stdout
[a a[ [ [a

=== [! without an end, and a ] alone
>'a]'; >'[!'
echo *] [! ]
--- stdout
a] [! ]

=== a bracket expression that a slash interrupts is literal
mkdir 'x[a'; >'x[a/b]'
echo x[a/b] x[a/*
--- stdout
x[a/b] x[a/b]

=== many files
i=0
while [ $i -lt 500 ]; do >file$i; i=$((i + 1)); done
set -- file*
echo $# $1 ${500}
--- stdout
500 file0 file99

=== many components
mkdir -p a/b/c/d/e/f/g; >a/b/c/d/e/f/g/h
echo */*/*/*/*/*/*/*
echo a/*/c/*/e/*/g/h
--- stdout
a/b/c/d/e/f/g/h
a/b/c/d/e/f/g/h

=== names with newlines and blanks and other odd characters
mkdir d; cd d
>'a
b'; >' '; >'-n'
for i in *; do printf '[%s]' "$i"; done; echo
--- stdout
[ ][-n][a
b]

=== names that are not valid UTF-8
mkdir d; cd d
>"$(printf 'a\377b')"
LC_ALL=C.UTF-8 $TESTEE -c 'for i in a*b; do printf %s "$i"; done' | od -An -tx1
--- stdout
 61 ff 62

=== characters, not bytes, in a UTF-8 locale
mkdir d; cd d
>ä; >é; >ab
LC_ALL=C.UTF-8 $TESTEE -c 'echo ? ?? [äö]'
--- stdout
ä é ab ä
