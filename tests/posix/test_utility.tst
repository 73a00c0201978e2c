## XCU test
## - The number of arguments decides how they are read.
=== none, one and two arguments
s() { echo "$? $*"; }
[ ]; s none
[ a ]; s a
[ '' ]; s empty
[ ! ]; s '!'
[ -n ]; s -n
[ ! '' ]; s '! empty'
[ ! a ]; s '! a'
--- stdout
1 none
0 a
1 empty
0 !
0 -n
0 ! empty
1 ! a

=== three arguments
s() { echo "$? $*"; }
[ a = a ]; s 1
[ ! = ! ]; s 2
[ '(' = ')' ]; s 3
[ = = = ]; s 4
[ -n = -n ]; s 5
[ ! -n '' ]; s 6
[ '(' '' ')' ]; s 7
--- stdout
0 1
0 2
1 3
0 4
0 5
0 6
1 7

=== four arguments
s() { echo "$? $*"; }
[ ! a = b ]; s 1
[ ! '(' a ')' ]; s 2
[ '(' -n a ')' ]; s 3
--- stdout
0 1
1 2
0 3

=== longer expressions
s() { echo "$? $*"; }
[ '(' a = a ')' -a '(' b = c -o d = d ')' ]; s 1
[ a = a -a ! b = b ]; s 2
[ a = b -o b = b -a c = d ]; s 3
--- only fleetsh
--- stdout
0 1
1 2
1 3

## - Primaries.
=== numbers
s() { echo "$? $*"; }
[ 1 -eq 01 ]; s eq
[ -1 -gt -2 ]; s gt
[ 3 -le 3 ]; s le
[ ' 5' -ne 5 ]; s ne
[ 5 -lt 10 ]; s lt
[ 10 -ge 9 ]; s ge
--- stdout
0 eq
0 gt
0 le
1 ne
0 lt
0 ge

=== what is no number is an error
[ a -eq 1 ]; echo $?
[ 1x -eq 1 ]; echo $?
[ 99999999999999999999 -gt 1 ]; echo $?
--- only fleetsh
--- stderr some
--- stdout
2
2
2

=== strings in collation order
s() { echo "$? $*"; }
[ a '<' b ]; s 1
[ a '>' b ]; s 2
--- stdout
0 1
1 2

=== files
s() { echo "$? $*"; }
: >empty; echo x >full; mkdir dir; ln -s nowhere dangling; mkfifo fifo; ln full other
[ -e empty ]; s -e
[ -e dangling ]; s '-e dangling'
[ -L dangling ]; s -L
[ -h full ]; s -h
[ -f full ]; s -f
[ -f dir ]; s '-f dir'
[ -d dir ]; s -d
[ -s empty ]; s -s
[ -p fifo ]; s -p
[ -c /dev/null ]; s -c
[ full -ef other ]; s -ef
[ full -ef empty ]; s '-ef other file'
chmod 700 full; [ -r full ] && [ -w full ] && [ -x full ]; s -rwx
--- stdout
0 -e
1 -e dangling
0 -L
1 -h
0 -f
1 -f dir
0 -d
1 -s
0 -p
0 -c
0 -ef
1 -ef other file
0 -rwx

=== newer and older, and files that are not there
s() { echo "$? $*"; }
touch -t 202001010000 old; touch -t 202101010000 new
[ new -nt old ]; s 1
[ old -nt new ]; s 2
[ old -ot new ]; s 3
[ old -nt none ]; s 4
[ none -ot old ]; s 5
[ none -nt old ]; s 6
--- stdout
0 1
1 2
0 3
0 4
0 5
1 6

=== errors are status 2
[ a b ]; echo $?
[ a = a; echo $?
--- stderr some
--- stdout
2
2
