## XCU 2.2 Quoting
## - Each of the characters that have a meaning to the shell stands for itself when quoted.
=== every special character stands for itself after a backslash
echo \|\&\;\<\>\(\)\$\`\\\"\'\ \*\?\[\#\~\=\%
--- stdout
|&;<>()$`\"' *?[#~=%

=== every special character stands for itself in single quotes
echo '|&;<>()$`\" *?[#~=%!{}'
--- stdout
|&;<>()$`\" *?[#~=%!{}

=== every special character but $ ` " and backslash stands for itself in double quotes
echo "|&;<>()' *?[#~=%!{}"
--- stdout
|&;<>()' *?[#~=%!{}

=== a quoted newline in single and in double quotes is kept
printf '[%s]\n' 'a
b' "c
d"
--- stdout
[a
b]
[c
d]

=== a quoted reserved word is a word
\if 2>/dev/null || echo status $?
'while' 2>/dev/null || echo status $?
"{" 2>/dev/null || echo status $?
--- stdout
status 127
status 127
status 127

=== quoted parts of a word are joined
a=x
echo a'b'"c"\d$a'$a'"$a"
--- stdout
abcdx$ax

=== an empty quoted string is a field
set -- '' "" ''""
echo $#
--- stdout
3

## XCU 2.2.1 Escape character (backslash)
## - A backslash that is not quoted keeps the literal value of the following character.
=== a backslash before an ordinary character is removed
echo \a\b\n\0
--- stdout
abn0

=== a backslash keeps a blank in a word
set -- a\ b c\	d
echo $#
--- stdout
2

=== a backslash keeps $ from expansion
x=1
printf '%s\n' \$x \\$x \\\$x
--- stdout
$x
\1
\$x

## - A backslash and a newline that follows it are removed before the input is divided into tokens.
=== a line continuation joins two parts of a word
echo ab\
cd
--- stdout
abcd

=== a line continuation is no blank
set -- a\
 b\

echo $# "$1$2"
--- stdout
2 ab

=== a line continuation stands within operators
true &\
& echo and; false |\
| echo or
cat <\
<E
here
E
case x in x) echo semi ;\
; esac
echo x >\
>f; cat f
--- stdout
and
or
here
semi
x

=== a line continuation stands within reserved words
i\
f true; t\
hen echo yes; f\
i
--- stdout
yes

=== a line continuation stands within ${ }, $(( )) and $( )
x=5
echo $\
{x} ${\
x} ${x\
} ${x:\
-y} $\
((1+\
2)) $(\
(4)\
) $\
(echo s)
--- stdout
5 5 5 5 3 4 s

=== a line continuation stands in the name of a parameter
xy=v
echo $x\
y ${x\
y} $\
xy
--- stdout
v v v

=== a line continuation stands in an assignment word
a\
b\
=\
c
echo $ab
--- stdout
c

=== a line continuation stands within double quotes
echo "a\
b"
--- stdout
ab

=== a line continuation is not seen in single quotes
printf '[%s]\n' 'a\
b'
--- stdout
[a\
b]

=== a line continuation is not seen in a comment
# comment \
echo seen
--- stdout
seen

=== several line continuations in a row vanish
ec\
\
\
ho a
--- stdout
a

=== a line continuation stands before an I/O number's operator
echo x 1\
>&2 2>f
exec 3\
>f; echo y >&3; cat f
--- stdout
y
--- stderr
x

=== a line continuation stands within a special parameter
set -- a b
echo $\
# $\
@ ${\
#} ${#\
}
--- stdout
2 a b 2 2

## XCU 2.2.2 Single-quotes
## - Single quotes keep the literal value of every character, and cannot hold a single quote.
=== a backslash in single quotes is literal
printf '%s\n' 'a\b\'c
--- stdout
a\b\c

=== nothing is expanded in single quotes
echo '$HOME ${x} $(echo) `echo` $((1)) ~ *'
--- stdout
$HOME ${x} $(echo) `echo` $((1)) ~ *

=== a single quote comes from outside the single quotes
echo 'it'\''s' 'it'"'"'s'
--- stdout
it's it's

=== double quotes in single quotes are literal
echo '"a"' '"'
--- stdout
"a" "

=== a single quote that does not end is a syntax error
$TESTEE -c "echo 'abc" 2>/dev/null
test $? -ne 0 && echo failed
--- stdout
failed

## XCU 2.2.3 Double-quotes
## - In double quotes the $ introduces expansions, and their results are neither split nor taken as patterns.
=== parameters are expanded in double quotes without splitting
x='a  b *'
printf '[%s]\n' "$x" "${x}" "-$x-"
--- stdout
[a  b *]
[a  b *]
[-a  b *-]

=== commands are substituted in double quotes without splitting
printf '[%s]\n' "$(echo 'a  b')" "`echo 'c  d'`"
--- stdout
[a  b]
[c  d]

=== arithmetic is expanded in double quotes
echo "$((1 + 2))"
--- stdout
3

=== a $ that begins no expansion is literal in double quotes
echo "$" "a$" "$ a" "$%" "$'a'" "$="
--- stdout
$ a$ $ a $% $'a' $=

=== a tilde in double quotes is literal
echo "~" "~/x"
--- stdout
~ ~/x

=== a pathname pattern in double quotes is literal
>abc
echo "*" "a*" a"*" "?bc"
--- stdout
* a* a* ?bc

## - In double quotes a backslash escapes only $ ` " backslash and newline; before others it is literal.
=== the backslash in double quotes escapes $ ` " and backslash
echo "\$x \`x\` \"x\" \\x"
--- stdout
$x `x` "x" \x

=== the backslash in double quotes is literal before others
printf '%s\n' "\a\b\'\*\ \~\}\&\;"
--- stdout
\a\b\'\*\ \~\}\&\;

=== two backslashes in double quotes are one
printf '%s\n' "\\" "\\\\" "\\n"
--- stdout
\
\\
\n

## - Quotes within $( ) in double quotes begin quoting anew.
=== double quotes nest through $( )
x='a  b'
echo "$(echo "$x" "$(echo "$x")")"
--- stdout
a  b a  b

=== single quotes quote within $( ) in double quotes
echo "$(echo 'a  $x')"
--- stdout
a  $x

=== a parenthesis in quotes does not end $( )
echo "$(echo ")" ')' \))"
--- stdout
) ) )

## - In double quotes, a single quote within ${ } of the forms other than # and % is literal.
=== single quotes in the word of "${x-...}" are literal
unset x
echo "${x-'a'}" "${x-it's}"
--- stdout
'a' it's

=== single quotes in the pattern of "${x#...}" quote
x="a*bc"
echo "${x#'a*'}" "${x%'c'}"
--- stdout
bc a*b

=== a backslash escapes } in the word of "${x-...}"
unset x
printf '%s\n' "${x-a\}b}" "${x-a\\}" "${x-\$}" "${x-\a}"
--- stdout
a}b
a\
$
\a

=== double quotes that do not end are a syntax error
$TESTEE -c 'echo "abc' 2>/dev/null
test $? -ne 0 && echo failed
--- stdout
failed

## XCU 2.2.4 Dollar-single-quotes
## - $'...' is one quoted string in which escape sequences are replaced (Issue 8).
=== $'...' quotes
printf '[%s]\n' $'a b' $'$x `x` "x" \\ *' a$'b'c
--- stdout
[a b]
[$x `x` "x" \ *]
[abc]

=== \" \' and \\ in $'...' are those characters
printf '[%s]\n' $'\"' $'\'' $'\\' $'a\'b'
--- stdout
["]
[']
[\]
[a'b]

=== \a \b \e \f \n \r \t \v in $'...' are control characters
printf '%s' $'\a\b\e\f\n\r\t\v' | od -An -tx1
--- stdout
 07 08 1b 0c 0a 0d 09 0b

=== \cX in $'...' is a control character
printf '%s' $'\cA\ca\cZ\c[\c]\c^\c_\c?\c\\' | od -An -tx1
--- stdout
 01 01 1a 1b 1d 1e 1f 7f 1c

=== \xHH in $'...' is a byte
printf '%s' $'\x41\x7e\xe9' | od -An -tx1
--- stdout
 41 7e e9

=== \ooo in $'...' is a byte of one, two or three octal digits
printf '%s' $'\1\12\101\1018\7z' | od -An -tx1
--- stdout
 01 0a 41 41 38 07 7a

=== $'...' holds newlines
printf '[%s]\n' $'a
b'
--- stdout
[a
b]

=== an empty $'' is an empty field
set -- $''
echo $#
--- stdout
1

=== $'...' is not special in double quotes
printf '%s\n' "$'a\tb'"
--- stdout
$'a\tb'

=== $'...' is not special in a here-document
cat <<E
$'a\tb'
E
--- stdout
$'a\tb'

=== a newline from $'\n' in an assignment is kept
x=$'a\nb'
echo "$x"
--- stdout
a
b

=== what $'...' produces is not expanded
echo $'\x24HOME' $'\52' $'\x60'
--- stdout
$HOME * `

=== $'...' is special in the word of ${x-...}
unset x
printf '[%s]\n' ${x-$'a\tb'}
--- stdout
[a	b]

=== $'...' works as a pattern's quoting in case
case 'a*' in $'a\x2a') echo literal;; esac
case ab in $'a\x2a') echo pattern;; *) echo no;; esac
--- stdout
literal
no

=== $'...' is the delimiter of a here-document whose body is not expanded
cat <<$'E'
$HOME
E
--- stdout
$HOME

=== an escaped $ does not begin $'...'
printf '%s\n' \$'a\tb'
--- stdout
$a\tb
