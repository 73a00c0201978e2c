## XCU 2.14 Pattern matching notation
## - An ordinary character matches itself, ? any character, * any string, the empty one as well.
=== ordinary characters
t() { case $1 in $2) echo yes;; *) echo no;; esac; }
t abc abc; t abc ab; t ab abc; t '' ''; t a ''; t '' a
--- stdout
yes
no
no
yes
no
no

=== ? matches exactly one
t() { case $1 in $2) echo yes;; *) echo no;; esac; }
t a '?'; t ab '?'; t '' '?'; t abc 'a?c'; t / '?'; t . '?'
--- stdout
yes
no
no
yes
yes
yes

=== * matches any string
t() { case $1 in $2) echo yes;; *) echo no;; esac; }
t '' '*'; t abc '*'; t abc 'a*'; t abc '*c'; t abc 'a*c'; t ac 'a*c'; t abc '*b*'; t abc '*d*'; t a/b 'a*b'; t .a '*'
--- stdout
yes
yes
yes
yes
yes
yes
yes
no
yes
yes

=== several * in a pattern
t() { case $1 in $2) echo yes;; *) echo no;; esac; }
t abcabcabd '*abd'; t aXbXc 'a*X*c'; t abc '***'; t abab '*a*b*a*b*'; t aba '*a*b*a*b*'; t mississippi 'm*iss*ip*i'
--- stdout
yes
yes
yes
yes
no
yes

=== a newline is matched as any character
nl='
'
case "a${nl}b" in a?b) echo 1;; esac
case "a${nl}b" in *b) echo 2;; esac
case "a${nl}b" in a[!x]b) echo 3;; esac
--- stdout
1
2
3

## - A quoted character of a pattern, or one after a backslash, matches itself.
=== quoted characters match themselves
case '*' in \*) echo 1;; esac
case x in \*) echo no;; *) echo 2;; esac
case 'a?b' in "a?b") echo 3;; esac
case axb in "a?b") echo no;; *) echo 4;; esac
case '[a]' in '[a]') echo 5;; esac
case a in '[a]') echo no;; *) echo 6;; esac
case 'a\b' in a\\b) echo 7;; esac
--- stdout
1
2
3
4
5
6
7

=== a backslash from an expansion escapes
p='\*'
case '*' in $p) echo 1;; esac
case x in $p) echo no;; *) echo 2;; esac
p='a\b'
case ab in $p) echo 3;; esac
case 'a\b' in $p) echo no;; *) echo 4;; esac
case 'a\b' in "$p") echo 5;; esac
--- stdout
1
2
3
4
5

=== an expansion is a pattern unquoted and a string quoted
p='a*'
case abc in $p) echo 1;; esac
case abc in "$p") echo no;; *) echo 2;; esac
case 'a*' in "$p") echo 3;; esac
case abc in ${u-a*}) echo 4;; esac
case abc in "${u-a*}") echo no;; *) echo 5;; esac
--- stdout
1
2
3
4
5

## XCU 2.14.1 Patterns matching a single character: bracket expressions
## - [list] matches one character of the list; ! first in it matches one that is not.
=== lists and their complements
t() { case $1 in $2) echo yes;; *) echo no;; esac; }
t a '[abc]'; t d '[abc]'; t a '[!abc]'; t d '[!abc]'; t '' '[abc]'; t '' '[!abc]'; t ab '[abc]'
--- stdout
yes
no
no
yes
no
no
no

=== ranges
t() { case $1 in $2) echo yes;; *) echo no;; esac; }
t m '[a-z]'; t M '[a-z]'; t 5 '[0-9a-f]'; t e '[0-9a-f]'; t g '[0-9a-f]'; t g '[!0-9a-f]'; t b '[a-a]'; t a '[a-a]'
--- stdout
yes
no
yes
yes
no
yes
no
yes

=== ] first in the list is an ordinary character
t() { case $1 in $2) echo yes;; *) echo no;; esac; }
t ']' '[]]'; t ']' '[]a]'; t a '[]a]'; t ']' '[!]]'; t a '[!]]'; t 'a]' '[a]]'
--- stdout
yes
yes
yes
no
yes
yes

=== - at the ends of the list is an ordinary character
t() { case $1 in $2) echo yes;; *) echo no;; esac; }
t - '[-a]'; t - '[a-]'; t - '[!-a]'; t b '[a-]'; t - '[a-c-]'
--- stdout
yes
yes
no
no
yes

=== ! and ^ elsewhere than first are ordinary
t() { case $1 in $2) echo yes;; *) echo no;; esac; }
t '!' '[a!]'; t '^' '[a^]'; t a '[a!]'
--- stdout
yes
yes
yes

=== * ? [ and $ are ordinary in a list
t() { case $1 in $2) echo yes;; *) echo no;; esac; }
t '*' '[*]'; t x '[*]'; t '?' '[?]'; t '[' '[[]'; t '$' '[$]'; t a '[*?]'
--- stdout
yes
no
yes
yes
yes
no

=== quoted characters in a list are ordinary
case - in [a"-"z]) echo 1;; esac
case m in [a"-"z]) echo no;; *) echo 2;; esac
case ']' in [a\]b]) echo 3;; esac
case ']' in [a"]"b]) echo 4;; esac
case '!' in ["!"a]) echo 5;; esac
case b in ["!"a]) echo no;; *) echo 6;; esac
case '\' in [\\a]) echo 7;; esac
--- stdout
1
2
3
4
5
6
7

=== an expansion within a list
l=abc
case b in [$l]) echo 1;; esac
case d in [!$l]) echo 2;; esac
r=a-c
case b in [$r]) echo 3;; esac
case b in ["$r"]) echo no;; *) echo 4;; esac
case - in ["$r"]) echo 5;; esac
--- stdout
1
2
3
4
5

=== a bracket without an end is literal
t() { case $1 in $2) echo yes;; *) echo no;; esac; }
t '[' '['; t '[a' '[a'; t a '[a'; t '[!' '[!'; t '[]' '[]'; t 'x[y' 'x[*'; t '[abc' '[*'
--- stdout
yes
yes
no
yes
yes
yes
yes

=== the twelve character classes
t() { case $1 in $2) printf y;; *) printf n;; esac; }
t a '[[:alpha:]]'; t 1 '[[:alpha:]]'; t 1 '[[:digit:]]'; t a '[[:digit:]]'; t a '[[:alnum:]]'; t - '[[:alnum:]]'
t A '[[:upper:]]'; t a '[[:upper:]]'; t a '[[:lower:]]'; t A '[[:lower:]]'; t ' ' '[[:space:]]'; t a '[[:space:]]'
t ' ' '[[:blank:]]'; t a '[[:blank:]]'; t . '[[:punct:]]'; t a '[[:punct:]]'; t a '[[:print:]]'; t ' ' '[[:print:]]'
t a '[[:graph:]]'; t ' ' '[[:graph:]]'; t "$(printf '\1')" '[[:cntrl:]]'; t a '[[:cntrl:]]'; t f '[[:xdigit:]]'
t g '[[:xdigit:]]'; echo
--- stdout
ynynynynynynynynyyynynyn

=== classes beside other elements and in complements
t() { case $1 in $2) printf y;; *) printf n;; esac; }
t _ '[[:alpha:]_]'; t a '[_[:alpha:]]'; t 1 '[![:alpha:]]'; t a '[![:alpha:]]'; t 5 '[[:alpha:][:digit:]]'
t - '[[:alpha:]-]'; echo
--- stdout
yyynyy

=== the colon and the bracket without a class are ordinary
t() { case $1 in $2) printf y;; *) printf n;; esac; }
t : '[:alpha:]'; t a '[:alpha:]'; t b '[:alpha:]'; echo
--- stdout
yyn

## - [.x.] is a collating symbol and [=x=] an equivalence class.
=== a collating symbol of one character
t() { case $1 in $2) printf y;; *) printf n;; esac; }
t a '[[.a.]]'; t b '[[.a.]]'; t - '[[.-.]a]'; t ']' '[[.].]]'; t b '[![.a.]]'; t b '[[.a.]-c]'; t b '[a-[.c.]]'; echo
--- stdout
ynyyyyy

=== an equivalence class of one character
t() { case $1 in $2) printf y;; *) printf n;; esac; }
t a '[[=a=]]'; t b '[[=a=]]'; t b '[![=a=]]'; t b '[[=a=]b]'; echo
--- stdout
ynyy

=== multi-byte characters match as one in a UTF-8 locale
cat >f <<'E'
t() { case $1 in $2) printf y;; *) printf n;; esac; }
t ä '?'; t ä '[ä]'; t ö '[ä]'; t ö '[!ä]'; t ö '[ä-ü]'; t äö '??'; t € '[[:alpha:]]'; t ä '[[:alpha:]]'; t ä '*'; echo
E
LC_ALL=C.UTF-8 $TESTEE ./f
--- stdout
yynyyynyy

=== bytes that are no characters match ? and *
cat >f <<'E'
x=$(printf '\377') y=$(printf 'a\377b')
case $x in ?) printf 1;; esac
case $y in a*b) printf 2;; esac
case $y in a?b) printf 3;; esac
case $y in "$y") printf 4;; esac
E
LC_ALL=C.UTF-8 $TESTEE ./f
echo
--- stdout
1234

## XCU 2.14.2 Patterns matching multiple characters
## - Matching a pattern with many asterisks takes no exponential time.
=== many asterisks
x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
case $x in *a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b) echo no;; *) echo done;; esac
--- stdout
done

=== a long string against a long pattern
x=$(printf %05000d 0)
case $x in *0*0*0*00) echo yes;; esac
case $x in "$x") echo same;; esac
--- stdout
yes
same
