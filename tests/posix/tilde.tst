## XCU 2.6.1 Tilde expansion
## - An unquoted ~ at the beginning of a word, up to a / or the word's end, is the value of HOME.
=== ~ alone and before a slash is HOME
HOME=/h
echo ~ ~/ ~/x ~//y
--- stdout
/h /h/ /h/x /h//y

=== a ~ elsewhere in a word is literal
HOME=/h
echo a~ a/~ x=~ a:~ ~~
--- stdout
a~ a/~ x=~ a:~ ~~

=== a quoted ~ is literal
HOME=/h
echo \~ '~' "~" "~"/x \~/x ""~ ''~/x
--- stdout
~ ~ ~ ~/x ~/x ~ ~/x

=== a quoted character in the login name makes the prefix literal
HOME=/h
echo ~"" ~\root ~'root' ~"/"
--- stdout
~ ~root ~root ~/

=== an expansion in the login name is not used as a name
HOME=/h
x=root
echo ~$x
--- stdout
~root

=== ~ is not expanded in the result of an expansion
HOME=/h
x='~' y='~/a'
echo $x $y $(echo '~')
--- stdout
~ ~/a ~

=== the result of a tilde expansion is neither split nor a pattern
mkdir 'a b' ab
HOME='a b'
set -- ~
echo $# "$1"
HOME='a*'
echo ~
IFS=a
echo ~
--- stdout
1 a b
a*
a*

=== ~name is the home directory of the user
echo ~root ~root/x
--- stdout
/root /root/x

=== ~ with an unknown name stays
echo ~nosuchuser_ ~nosuchuser_/x
--- stdout
~nosuchuser_ ~nosuchuser_/x

## - ~ in an assignment is expanded at the beginning of the value and after each colon.
=== ~ begins the value of an assignment
HOME=/h
a=~ b=~/x
echo "$a $b"
--- stdout
/h /h/x

=== ~ after each colon in an assignment
HOME=/h
a=~:~/x:y:~:/~:\~:~
echo "$a"
--- stdout
/h:/h/x:y:/h:/~:~:/h

=== a quoted colon does not begin a tilde prefix
HOME=/h
a=x\:~ b=x':'~ c="x:"~
echo "$a $b $c"
--- stdout
x:~ x:~ x:~

=== a quoted = is no assignment
HOME=/h
echo x\=~ x'='~
--- stdout
x=~ x=~

=== ~ in an assignment before a command
HOME=/h
x=~:~ $TESTEE -c 'echo "$x"'
--- stdout
/h:/h

=== ~ in the words of export, readonly and command export as in assignments (Issue 8)
HOME=/h
export a=~:~/x
readonly b=~:~
command export c=~:~
command command readonly d=~
echo "$a $b $c $d"
--- stdout
/h:/h/x /h:/h /h:/h /h

=== ~ after the = of an ordinary command's argument is literal
HOME=/h
echo a=~ --prefix=~/x
--- stdout
a=~ --prefix=~/x

=== ~ in the word of ${x=...} and its other forms
HOME=/h
unset x y
echo ${y-~} ${y:-~/a} ${x=~}
x=1
echo ${x+~/b}
--- stdout
/h /h/a /h
/h/b

=== ~ is literal in "${x-~}"
HOME=/h
unset x
echo "${x-~}" "${x:-~/a}"
--- stdout
~ ~/a

=== ~ in the pattern of ${x#...}
HOME=/h
x=/h/file
echo ${x#~} ${x#~/} ${x%~}
--- stdout
/file file /h/file

=== ~ in redirections
HOME=$PWD
echo text >~/f
cat <~/f
--- stdout
text

=== ~ in the word and the patterns of case
HOME=/h
case ~ in /h) echo 1;; esac
case /h/x in ~/x) echo 2;; esac
case '~' in ~) echo no;; *) echo 3;; esac
--- stdout
1
2
3

=== ~ in the words of for
HOME=/h
for i in ~ ~/x; do echo $i; done
--- stdout
/h
/h/x

=== ~ as a command name
HOME=$PWD
printf '#!/bin/sh\necho ran\n' >f; chmod +x f
~/f
--- stdout
ran

=== ~ is literal in a here-document
HOME=/h
cat <<E
~ ~/x
E
--- stdout
~ ~/x

=== ~ ends at a colon only in an assignment
HOME=/h
echo ~:x
--- stdout
~:x

## - With an empty HOME the result is an empty field; with a trailing slash in HOME no double slash is made (Issue 8).
=== ~ with HOME empty is one empty field
HOME=
set -- ~
echo $# "[$1]"
a=~
echo "[$a]"
--- stdout
1 []
[]

=== ~/x with HOME=/ is /x
HOME=/
echo ~/x ~
--- stdout
/x /

=== HOME with a trailing slash and ~/x makes one slash
HOME=/a/
echo ~/x
--- stdout
/a/x
