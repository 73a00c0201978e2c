## with

=== with -r gives a file to one command, to read
mkdir given && echo secret >given/f && mkdir work && cd work
f=../given/f awk 'BEGIN { print (getline l <ENVIRON["f"]) }'
f=../given/f TMPDIR= with -r ../given/f awk 'BEGIN { getline l <ENVIRON["f"]; print l }'
f=../given/f TMPDIR= awk 'BEGIN { print (getline l <ENVIRON["f"]) }'
--- stdout
1
secret
-1

=== what is given to read cannot be changed
mkdir given && echo old >given/f && mkdir work && cd work && export TMPDIR=
with -r ../given sh -c 'read -r x <../given/f; echo $x; echo new >../given/f'
with -r ../given sh -c 'echo new >../given/g'
echo ../given/*
--- stderr
sh: can't create ../given/f: Read-only file system
sh: can't create ../given/g: Read-only file system
--- stdout
old
../given/f

=== with -w gives a directory to write, and a name that can be made
mkdir given && mkdir work && cd work && export TMPDIR=
f=../given/f with -w ../given awk 'BEGIN { print "one" >ENVIRON["f"] }'
f=../new with -w ../new awk 'BEGIN { print "two" >ENVIRON["f"] }'
cat <../given/f; cat <../new
--- stdout
one
two

=== in a directory that is given to read, something is given to write
mkdir -p given/a/b && echo 1 >given/a/b/f && echo 2 >given/a/g && mkdir work && cd work && export TMPDIR=
with -r ../given -w ../given/a/b sh -c 'cd ../given; echo *; echo a/*; read -r x <a/g; echo $x; read -r x <a/b/f; echo $x; echo 3 >a/b/f'
with -r ../given -w ../given/a/b sh -c 'echo 4 >../given/a/g'
with -r ../given -w ../given/a/new sh -c 'echo 5 >../given/a/new'
cat ../given/a/b/f ../given/a/g ../given/a/new
--- stdout
a
a/b a/g
2
1
3
2
5
--- stderr
sh: can't create ../given/a/g: Read-only file system

=== more given about a directory does not take the directory's own away
mkdir -p top/work && cd top/work && export TMPDIR=
with -r ../../top sh -c 'echo mine >f; echo theirs >../g'
cat f; [ -e ../g ] || echo none
--- stdout
mine
none
--- stderr some

=== with refuses what is not there, scripts, and to do nothing
with -r nosuch cat
with -w /nosuch/x cat
with -e 1x cat
with cat
with -r .
echo : >s && chmod +x s && with -r . ./s
--- stderr
fleetsh: line 1: with: cannot give nosuch: No such file or directory
fleetsh: line 2: with: cannot give /nosuch/x: No such file or directory
fleetsh: line 3: with: 1x: not a name
fleetsh: line 4: with: usage: with [-r path]... [-w path]... [-n grant]... [-e name]... command [argument...]
fleetsh: line 5: with: usage: with [-r path]... [-w path]... [-n grant]... [-e name]... command [argument...]
fleetsh: line 6: ./s: is a script: use `with` inside it, for the command that needs it
--- status 126

## set -o pola

=== what a command starts is given what that command was given
mkdir given work && echo secret >given/f && cd work && export TMPDIR=
with -r ../given sh -c 'cat ../given/f; f=../given/f awk "BEGIN { print (getline l <ENVIRON[\"f\"]) }"'
sh -c 'cat ../given/f' 2>/dev/null || echo none
set -o pola; echo a >a
sh -c 'cat "$0"' a
sh -c 'cat a' 2>/dev/null || echo none
--- stdout
secret
1
none
a
none

=== set -o pola gives arguments and redirections, and nothing else
echo in >a; mkdir d; echo x >d/f
set -o pola
cat a
awk 'BEGIN { print (getline l <"a") }'
awk '{ print $1, "of", FILENAME }' a
cat <a
cat <a >b
wc -c b
ls
ls d
f=$(mktemp "$PWD/t.XXXXXX") || echo no mktemp
--- stdout
in
-1
in of a
in
3 b
f
no mktemp
--- stderr some

=== a script that is run from a narrow shell is as narrow
echo in >a
printf '%s\n' 'awk "BEGIN { print (getline l <\"a\") }"' >s; chmod +x s
set -o pola; ./s
set +o pola; ./s
--- stdout
-1
1

## set -o ambient

=== set -o ambient gives all files
mkdir given work && echo secret >given/f && cd work && export TMPDIR=
f=../given/f awk 'BEGIN { print (getline l <ENVIRON["f"]) }'
set -o ambient
f=../given/f awk 'BEGIN { print (getline l <ENVIRON["f"]); close(ENVIRON["f"]); print "new" >ENVIRON["f"] }'
cat ../given/f
set -o pola; set +o | grep ambient
--- stdout
-1
1
new
set +o ambient

## set -o explain

=== set -o explain tells what was refused and what has been given
mkdir given work && echo secret >given/f && echo a >work/a && cd work && export TMPDIR=
set -o explain
{ f=../given/f awk 'BEGIN { getline l <ENVIRON["f"] }' a
with -r ../given sh -c 'echo x >../given/f'; } 2>&1 | sed "s|${PWD%/*}|TOP|g" | grep 'TOP\|are:\|^sh:'
--- stdout
fleetsh: awk: explain: TOP/given was not given
fleetsh: awk: explain: given are:
fleetsh: awk: explain:   write TOP/work and all below it
fleetsh: sh: explain: TOP/given/f is given for reading only
fleetsh: sh: explain: given are:
fleetsh: sh: explain:   write TOP/work and all below it
fleetsh: sh: explain:   read  TOP/given and all below it
sh: can't create ../given/f: Read-only file system

## the environment

=== secrets that the shell inherited are handed on only by name
SSH_AUTH_SOCK=/sock A_TOKEN=t PLAIN=p host $TESTEE -c '
show() { grep "SSH_AUTH\|_TOKEN\|PLAIN" | sort | tr "\n" " "; echo; }
env | show
with -e A_TOKEN env | show
SSH_AUTH_SOCK=/other env | show
export A_TOKEN; env | show
set -o ambient; env | show
host env | show'
--- stdout
PLAIN=p 
A_TOKEN=t PLAIN=p 
PLAIN=p SSH_AUTH_SOCK=/other 
A_TOKEN=t PLAIN=p 
A_TOKEN=t PLAIN=p SSH_AUTH_SOCK=/sock 
A_TOKEN=t PLAIN=p SSH_AUTH_SOCK=/sock 

=== the script's own variables are handed on, whatever their names
MY_SECRET=s; export MY_SECRET; env | grep MY_SECRET
--- stdout
MY_SECRET=s

## idioms

=== mktemp, mktemp -d, a lock and a trap that removes
unset TMPDIR; mkdir tmp work; export TMPDIR="$PWD/tmp"; cd work
t=$(mktemp) && echo x >"$t" && cat "$t"
d=$(mktemp -d) && cd "$d" && echo y >f && cat f && ls
if mkdir lock; then mkdir lock 2>/dev/null || echo locked; fi
cat "$t"
host $TESTEE -c 'e=$(mktemp -d); trap "rm -rf \"$e\"" EXIT; touch "$e/1"; ls "$e"'
rm -rf "$t" "$d"
ls "$TMPDIR"
--- stdout
x
y
f
locked
x
1

=== a temporary file in /tmp is made in the session's TMPDIR, and no other file is
cd "$HOME" && mkdir -p work && cd work
TMPDIR=$HOME; export TMPDIR
echo b >input
echo a | diff - input | host tail -n 1
mktemp /tmp/fleetsh-test-XXXXXX >name; host test -e "$(cat name)" && echo there
host ls "$HOME" | host grep -c '^fleetsh-test-'
sh -c 'echo lost >/tmp/fleetsh-test-$$' 2>/dev/null || echo refused
--- stdout
> b
1
refused
