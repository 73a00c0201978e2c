## XCU 2.3 Token recognition
## - Operators are recognised as the longest sequence that is one, wherever they are not quoted.
=== operators need no blanks around them
true&&echo and;false||echo or
(echo sub);{ echo brace;}
--- stdout
and
or
sub
brace

=== && is not two asynchronous commands
true&&echo yes
--- stdout
yes

=== ;; ends the clause without a blank
case x in x)echo 1;;y)echo 2;;esac
--- stdout
1

=== >> << <& >& <> >| <<- are single operators
echo a>f;echo b>>f;cat<f;cat<<E;cat<<-F
h
E
	i
	F
exec 3<>f 4>&1;echo c>&4;set -C;echo d>|f;cat<f
--- stdout
a
b
h
i
c
d

=== a redirection needs no blanks around it
echo a>f b
cat<f
--- stdout
a b

=== = and ! and { and } are not operators
echo a=b !x {a} }b{ !
--- stdout
a=b !x {a} }b{ !

=== a parenthesis ends a word
(echo a)
f()(echo b)
f
--- stdout
a
b

## - A # at the place where a token begins starts a comment to the end of the line; elsewhere it is an ordinary character.
=== a comment ends at the newline
echo a # b ' " ` $( (
# whole line
echo c #
--- stdout
a
c

=== a # within a word is literal
echo a#b a# \#c '#d' "#e" $((1))#f
--- stdout
a#b a# #c #d #e 1#f

=== a comment follows an operator directly
echo a;#comment
(#comment
echo b)
--- stdout
a
b

=== a comment may stand between the lines of a compound command
if #1
true #2
then #3
echo yes #4
fi #5
--- stdout
yes

=== a comment may follow && || and |
true && # one
echo a | # two
cat || # three
echo b
--- stdout
a

=== a comment after a here-document operator
cat <<E # comment
x # no comment
E
--- stdout
x # no comment

=== a comment within $( ) ends before the next line
echo $(echo a # b )
echo c)
--- stdout
a c

## - Blanks separate tokens and are not part of them; a newline ends a command.
=== tabs and blanks separate words
	echo 	a  	 b	
--- stdout
a b

=== empty lines and lines of blanks do nothing
(exit 3)

  	
echo $?
--- stdout
3

=== a newline within a compound command's list separates commands
{
echo a

echo b
}
--- stdout
a
b

=== a carriage return is an ordinary character
printf 'printf "[%%s]" a\r\n' >f
$TESTEE ./f | od -An -c
--- stdout
   [   a  \r   ]

=== a form feed and a vertical tab are no blanks in the POSIX locale
printf 'set -- a\fb\vc; echo $#\n' >f
$TESTEE ./f
--- stdout
1

## - An expansion is read as one token up to its matching end, including nested expansions and quotes.
=== blanks and operators within expansions do not end the word
unset x
printf '[%s]\n' a"${x-b c}"d a"$(echo 1; echo 2 | cat)"b $((1 + (2 * 3)))
--- stdout
[ab cd]
[a1
2b]
[7]

=== a case pattern's parenthesis within $( ) does not end it
echo $(case x in x) echo yes;; esac) $(case x in (x) echo too;; esac)
--- stdout
yes too

=== a comment with a parenthesis or a quote within $( ) does not end it
echo $(echo a # )'"
)
--- stdout
a

=== a here-document within $( ) may hold a parenthesis
echo $(cat <<E
) " '
E
)
--- stdout
) " '

=== } in quotes does not end ${ }
unset x
echo ${x-'}'} ${x-"}"} ${x-\}} "${x-"}"}"
--- stdout
} } } }

=== nested ${ } are matched
unset x y
echo ${x-${y-${z-1}}} "${x-"${y-"${z-2}"}"}"
--- stdout
1 2

=== a back-quoted substitution spans lines
echo `echo a
echo b`
--- stdout
a b

=== $( ) spans lines
echo $(
echo a

echo b
)
--- stdout
a b

## - An unfinished quotation, expansion or compound command at the end of the input is a syntax error.
=== an unfinished construct is a syntax error
for script in 'echo $(' 'echo ${x' 'echo `x' 'echo $((1' 'if true' 'while true; do' 'for i in a' 'case x in' '{ echo' \
    '( echo' 'f() {' 'true &&' 'true |' 'true ||' '!' "\$'a"; do
    $TESTEE -c "$script" >out 2>err
    test $? -gt 0 && test -s err && test ! -s out || echo "accepted: $script"
done
--- stdout

=== a syntax error in a script does not run the command that it is in
cat >f <<'E'
echo before
echo wrong; fi
echo after
E
$TESTEE ./f 2>/dev/null
test $? -ne 0 && echo failed
--- stdout
before
failed

=== operators in the wrong place are a syntax error
for script in ';' '& true' '| cat' '&& true' '|| true' ';; ' ')' '}' 'fi' 'done' 'esac' 'then' 'else' 'elif' 'do' \
    'true ; ;' 'true & &' 'true | | cat' '(' '()' '( )' '{ }' 'echo >' 'echo <' 'echo 2>' 'echo a (b)' \
    'if ; then :; fi' 'if true; fi' 'if true; then fi' 'while true; done' 'while do done' 'for' \
    'for i in a; done' 'case' 'case x' 'case x in x' 'case x in x) :;; ' 'f() ' 'true <<' '! ! &' 'echo a;; ' \
    'if true then :; fi' 'for a.b in x; do :; done' '{ :; ' 'true >&' 'until :; do done' '>' 'x=('; do
    $TESTEE -c "$script" >out 2>err
    test $? -gt 0 && test -s err && test ! -s out || echo "accepted: $script"
done
--- stdout

## XCU 2.4 Reserved words
## - A reserved word is recognised as the first word of a command, and after another reserved word but for, case and in.
=== a reserved word is recognised after a newline, ; & && || | ( { and !
if
if true; then true; fi; then echo 1; fi
true; if true; then echo 2; fi
true && if true; then echo 3; fi
false || if true; then echo 4; fi
true | if true; then echo 5; fi
(if true; then echo 6; fi)
{ if true; then echo 7; fi; }
! if true; then echo 8; fi
true & if true; then echo 9; fi
wait
--- status 0
--- stdout
1
2
3
4
5
6
7
8
9

=== a reserved word as an argument is a word
echo if then else elif fi do done case esac while until for in { } !
--- stdout
if then else elif fi do done case esac while until for in { } !

=== a reserved word after an assignment is no reserved word
x=1 if 2>/dev/null || echo $?
--- stdout
127

=== a reserved word after a redirection is no reserved word
2>/dev/null if || echo $?
--- stdout
127

=== a reserved word that an expansion produces is no reserved word
x=if
$x 2>/dev/null || echo $?
--- stdout
127

=== a reserved word with a quoted part is no reserved word
i"f" 2>/dev/null || echo $?
--- stdout
127

=== { and } are words only when they stand alone
{ echo a; }
echo {x }x {} {
--- stdout
a
{x }x {} {

=== in is recognised as the third word of for and case
for in in in; do echo $in; done
case in in in) echo yes;; esac
--- stdout
in
yes

=== a reserved word may name a variable of for
for if in a; do echo $if; done
for do in b; do echo $do; done
--- stdout
a
b

=== do is recognised as the third word of for
set -- p q
for i do echo $i; done
--- stdout
p
q

=== esac after in ends an empty case
case x in esac
echo $?
--- stdout
0

=== reserved words are patterns in case
case if in if) echo 1;; esac
case esac in (esac) echo 2;; esac
case do in while|do) echo 3;; esac
--- stdout
1
2
3

=== ! must be a word of its own
!true 2>/dev/null || echo $?
! true || echo not
--- stdout
127
not

=== nested compound commands close in order
if true; then while true; do case x in x) for i in 1; do { (echo deep); }; done;; esac; break; done; fi
--- stdout
deep

=== reserved words may follow each other without separators where the grammar allows
if { true; } then echo a; fi
while (false) do echo no; done
if (true) then (echo b) else (echo c) fi
{ { echo d; } }
--- stdout
a
b
d
