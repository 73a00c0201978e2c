## XCU 2.7 Redirection
## - A redirection may stand anywhere in a simple command and after a compound command; the number before it is the descriptor.
=== redirections before, between and after the words
>f1 echo a
echo >f2 b
echo c >f3
echo >f4 d e
cat f1 f2 f3 f4
--- stdout
a
b
c
d e

=== the descriptor's number stands directly before the operator
echo a 1>f; echo b 2 >g; echo c 2>h
cat f g; ls h
--- stdout
c
a
b 2
h

=== a number that is quoted or separated is an argument
echo a \2>f; echo b '2'>>f; echo c "2" >>f
cat f
--- stdout
a 2
b 2
c 2

=== a number from an expansion is an argument
n=2
echo a $n>f
cat f
--- stdout
a 2

=== a number of several digits before the operator
echo a 10>f 2>&1
exec 10>g; echo b >&10; exec 10>&-
exec 23>h; echo c >&23; exec 23>&-
cat g h
--- stdout
a
b
c

=== descriptor numbers up to 255
exec 100>f 255>g
echo a >&100; echo b >&255
exec 100>&- 255>&-
cat f g
--- only fleetsh
--- stdout
a
b

=== a word that ends in digits before the operator is no descriptor number
echo a1>f; echo b2>>f
cat f
--- stdout
a1
b2

=== redirections of compound commands
{ echo a; echo b; } >f
(echo c) >>f
if true; then echo d; fi >>f
for i in 1 2; do echo $i; done >>f
while read x; do echo "<$x>"; done <f
case x in x) echo e;; esac >g
until true; do :; done >h
cat g
--- stdout
<a>
<b>
<c>
<d>
<1>
<2>
e

=== several redirections are done from left to right
sh -c 'echo out; echo err >&2' >f 2>&1
sh -c 'echo out; echo err >&2' 2>&1 >g
cat f; echo -; cat g
--- stdout
err
out
err
-
out

=== the last redirection of a descriptor wins, and all files are made
echo a >f >g >h
wc -c <f | tr -d ' '; wc -c <g | tr -d ' '; cat h
--- stdout
0
0
a

=== a redirection alone makes the file
>f
ls f
wc -c <f | tr -d ' '
--- stdout
f
0

=== the operand undergoes expansion
f=file; mkdir d
echo a >$f; echo b >"d/$f"; echo c >$(echo g)
echo d >~/h; echo e >f$((1 + 1))
cat file d/file g h f2
--- stdout
a
b
c
d
e

=== a blank in an expanded operand stays one name
f='a b'
echo x >$f
ls
--- stdout
a b

=== the number stays in the shell's own descriptors only for the command
echo a >f
cat <&3 2>/dev/null && echo open
cat 3<f <&3
cat <&3 2>/dev/null && echo open
echo end
--- stderr any
--- stdout
a
end

## XCU 2.7.1 Redirecting input
## - <word opens the file for reading on descriptor 0 or n.
=== <
echo text >f
cat <f
read x <f; echo $x
cat 0<f
cat <&7 7<f 2>/dev/null; cat 7<f <&7
--- stderr any
--- stdout
text
text
text
text

=== < of a file that does not exist fails
cat <nosuch 2>/dev/null
echo $(($? > 0))
{ echo no; } <nosuch || echo failed
--- stderr some
--- stdout
1
failed

=== a failed redirection leaves the command undone
echo no <nosuch 2>/dev/null || echo failed
x=1
x=2 cat <nosuch || echo $x
--- stderr some
--- stdout
failed
1

=== the position in an input file is shared by commands that the shell starts
printf 'a\nb\nc\nd\n' >f
{ read x; read y; cat; } <f
--- stdout
c
d

=== a loop and its commands share the input
printf 'a\nb\nc\nd\n' >f
while read x; do read y; echo "$x-$y"; done <f
--- stdout
a-b
c-d

=== read leaves what follows the line to other commands
printf 'one\ntwo\nthree\n' | { read x; sh -c 'read y; echo $y'; cat; }
printf 'one\ntwo\nthree\n' >f
{ read x; sh -c 'read y; echo $y'; cat; } <f
--- stdout
two
three
two
three

## XCU 2.7.2 Redirecting output
## - >word truncates or creates, unless noclobber is set and the file is a regular one that exists.
=== > creates and truncates
echo long text >f
echo a >f
cat f
--- stdout
a

=== > creates with the mode that the umask leaves
umask 027
>f
ls -l f | cut -c1-10
--- stdout
-rw-r-----

=== noclobber protects a regular file
echo old >f
set -C
(echo new >f) 2>/dev/null; echo $(($? > 0))
cat f
echo more >>f; cat f
echo other >g; cat g
--- stdout
1
old
old
more
other

=== noclobber does not protect what is no regular file
set -C
echo a >/dev/null && echo ok
mkfifo p
cat p & echo b >p
wait
--- stdout
ok
b

=== noclobber protects a regular file behind a symbolic link, and lets a link to nowhere...
echo old >f; ln -s f l
set -C
(echo new >l) 2>/dev/null || echo kept
cat f
--- stdout
kept
old

=== >| ignores noclobber
echo old >f
set -o noclobber
echo new >|f
cat f
--- stdout
new

=== >| without noclobber is >
echo a >|f
echo b 1>|f
cat f
--- stdout
b

=== > to a directory fails
mkdir d
(echo a >d) 2>/dev/null || echo failed
(: >nosuch/f) 2>/dev/null || echo failed
--- stdout
failed
failed

## XCU 2.7.3 Appending redirected output
## - >>word opens for appending, and creates the file.
=== >>
echo a >>f; echo b >>f
cat f
--- stdout
a
b

=== each write goes to the end of the file
exec 3>>f 4>>f
echo a >&3; echo b >&4; echo c >&3
cat f
--- stdout
a
b
c

=== >> with a descriptor number
sh -c 'echo e1 >&2' 2>>f; sh -c 'echo e2 >&2' 2>>f
cat f
--- stdout
e1
e2

## XCU 2.7.5 Duplicating an input file descriptor
## - n<&m makes n a copy of m, n<&- closes n.
=== <& duplicates
echo text >f
exec 3<f
cat <&3
exec 3<&-
--- stdout
text

=== <& from an expansion
echo text >f
exec 3<f
n=3
cat <&$n
cat 0<&"-" 2>/dev/null || echo closed
--- stdout
text
closed

=== <& shares the position
printf 'a\nb\n' >f
exec 3<f 4<&3
read x <&3; read y <&4
echo $x $y
--- stdout
a b

=== <&- closes
exec 3</dev/null
exec 3<&-
(: <&3) 2>/dev/null || echo closed
exec 3<&- && echo twice
--- stdout
closed
twice

=== <& of a closed descriptor fails
(cat <&5) 2>/dev/null || echo failed
--- stdout
failed

## XCU 2.7.6 Duplicating an output file descriptor
## - n>&m makes n a copy of m, n>&- closes n.
=== >& duplicates
echo a >&2
{ echo b >&2; } 2>&1
exec 3>&1
echo c >&3
--- stderr
a
--- stdout
b
c

=== >&- closes
exec 3>f
exec 3>&-
(echo a >&3) 2>/dev/null || echo closed
(echo a >&-) 2>/dev/null || echo failed
--- stdout
closed
failed

=== standard output and error can be swapped
{ sh -c 'echo out; echo err >&2' 3>&1 1>&2 2>&3 3>&-; } 2>f
cat f
--- stdout
err
out

=== a descriptor that was closed for one command is open for the next
echo a >&- 2>/dev/null
echo b
--- stderr any
--- stdout
b

=== >& with a descriptor for reading only
exec 3</dev/null
(echo a >&3) 2>/dev/null || echo failed
--- stdout
failed

## XCU 2.7.7 Open file descriptors for reading and writing
## - n<>word opens for both, creates the file and does not truncate it.
=== <> reads and writes at one position
printf 'abc\ndef\n' >f
{ read x; echo XYZ >&0; } <>f
cat f
--- stdout
abc
XYZ

=== <> creates
exec 3<>f
ls f
echo a >&3
cat f
--- stdout
f
a

=== <> opens descriptor 0 unless told otherwise
echo text >f
cat <>f
echo new! 1<>f
cat f
--- stdout
text
new!

## - A redirection of exec without a command stays; all others end with their command.
=== exec keeps its redirections
exec 3>f
echo a >&3
exec >g
echo b
exec >&2
cat f g >&2
--- stderr
a
b

=== a redirection of a function call holds during the call
f() { echo in; echo err >&2; }
f >g 2>&1
echo out
cat g
--- stdout
out
in
err

=== a redirection of a function's definition holds at each call
f() { echo $1; } >>g
f a; f b
echo out
cat g
--- stdout
out
a
b

=== a function's redirection is expanded at the call
f() { echo x; } >$name
name=g1; f
name=g2; f
cat g1 g2
--- stdout
x
x

=== a redirection of a built-in utility is undone
cd . >f
read x <<E
here
E
echo $x
eval 'echo a' >g
. ./g 2>/dev/null
cat g
--- stderr any
--- stdout
here
a

=== a redirection of a subshell
(echo a; echo b >&2) >f 2>g
cat f g
--- stdout
a
b

=== nested redirections
{ { echo a; echo b >&3; } 3>f; echo c >&4; } 4>g >h
cat f g h
--- stdout
b
c
a

=== a redirection within a loop reopens the file each time
for i in 1 2; do echo $i >f; done
for i in 1 2; do echo $i >>g; done
cat f g
--- stdout
2
1
2

=== exec with a failing redirection ends a shell that is not interactive
$TESTEE -c 'exec <nosuch; echo on' 2>/dev/null
echo $(($? > 0))
--- stdout
1

=== a file is closed for the next command and may be removed
echo a >f; rm f; echo b >f; cat f
--- stdout
b

=== descriptors above 2 pass to commands
exec 3>f
sh -c 'echo x >&3'
cat f
--- stdout
x

=== a very large descriptor number is an error, not a crash
(echo a 99999>f) 2>/dev/null
(echo a 99999999999999999999>f) 2>/dev/null
(: >&99999999999999999999) 2>/dev/null || echo failed
echo on
--- stderr any
--- stdout
failed
on

=== ulimit -n bounds the descriptor number with a clear error
(ulimit -n 20; echo a 30>f) 2>err || echo failed
test -s err && echo message
--- stdout
failed
message

## - {location} before an operator (optional): a new descriptor, above 9, whose number the variable gets.
=== a descriptor is opened for a name, used, and closed by it
exec {fd}>f
echo a >&$fd
test "$fd" -ge 10 && echo ten
exec {fd}>&-
cat f
(echo b >&$fd) 2>/dev/null || echo closed
exec {in}<f
read -r line <&$in; echo "$line"
--- stdout
ten
a
closed
a

=== a name is one only directly before the operator, alone, unquoted and in braces
echo {x} >f; cat f
echo y{x}>f; cat f
echo \{x}>f; cat f
--- stdout
{x}
y{x}
{x}

=== a here-document and a copy for a name
cat {h}<<E <&$h
here
E
exec {copy}>&1
echo copied >&$copy
--- only fleetsh
--- stdout
here
copied

=== a name that is readonly
$TESTEE -c 'readonly r; echo no {r}>f; echo $?' 2>/dev/null
$TESTEE -c 'readonly r; cat f {r}<f' 2>/dev/null || echo failed
--- only fleetsh
--- stdout
1
failed
