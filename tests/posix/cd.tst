## XCU cd
=== cd changes the directory and sets PWD and OLDPWD
mkdir d
old=$PWD
cd d
[ "$PWD" = "$old/d" ] && [ "$OLDPWD" = "$old" ] && echo good
--- stdout
good

=== cd without an operand goes to HOME
mkdir h
HOME=$PWD/h
cd
echo "${PWD##*/}"
--- stdout
h

=== cd without an operand fails when HOME is unset
unset HOME
cd 2>/dev/null || echo failed
--- stdout
failed

=== cd - goes back and writes the directory
mkdir a b
cd a
cd ../b
x=$(cd -)
echo "${x##*/}"
cd - >/dev/null
echo "${PWD##*/}"
--- stdout
a
a

=== cd - fails without OLDPWD
unset OLDPWD
cd - 2>/dev/null || echo failed
--- stdout
failed

=== an empty operand is an error
## Austin Group defect 1047
cd '' && echo changed
--- only fleetsh
--- stderr some
--- status 1

=== dot-dot goes up the logical path
mkdir -p real/sub
ln -s real/sub link
here=$PWD
cd link
cd ..
[ "$PWD" = "$here" ] && echo logical
--- stdout
logical

=== cd -P dot-dot goes up the physical path
mkdir -p real/sub
ln -s real/sub link
cd link
cd -P ..
echo "${PWD##*/}"
--- stdout
real

=== cd -P sets PWD without symbolic links
mkdir real
ln -s real link
cd -P link
echo "${PWD##*/}"
--- stdout
real

=== the last of -L and -P wins
mkdir real
ln -s real link
here=$PWD
cd -P -L link
echo "${PWD#"$here"}"
cd ..
cd -LP link
echo "${PWD##*/}"
--- stdout
/link
real

=== dot components and double slashes are removed
mkdir -p a/b
here=$PWD
cd ./a/.//b/./
echo "${PWD#"$here"}"
--- stdout
/a/b

=== a component before dot-dot must be a directory
mkdir d
: >file
cd file/../d 2>/dev/null || echo failed
cd nothing/../d 2>/dev/null || echo failed
--- stdout
failed
failed

=== dot-dot beyond the root stays there
cd /
cd ../..
pwd
cd /../usr/..
pwd
--- stdout
/
/

=== cd to a file or to nothing fails and stays
: >file
here=$PWD
cd file 2>/dev/null && echo changed
cd nothing 2>/dev/null && echo changed
[ "$PWD" = "$here" ] && [ "$(pwd -P)" = "$(cd . && pwd -P)" ] && echo stayed
--- stdout
stayed

=== a directory found by CDPATH is written
mkdir -p p/q
CDPATH=$PWD/p
here=$PWD
cd q >out
cd "$here"
x=$(cat out)
echo "${x#"$here"}"
--- stdout
/p/q

=== an empty pathname in CDPATH is the working directory and writes nothing
mkdir -p p/q q
here=$PWD
CDPATH=:$PWD/p
cd q
echo "${PWD#"$here"}"
--- stdout
/q

=== CDPATH is not used for operands that begin with dot or slash
mkdir -p p/q q
here=$PWD
CDPATH=$PWD/p
cd ./q
echo "${PWD#"$here"}"
cd ../q
echo "${PWD#"$here"}"
--- stdout
/q
/q

=== the working directory is tried after CDPATH
mkdir -p p only
here=$PWD
CDPATH=$PWD/p
cd only
echo "${PWD#"$here"}"
--- stdout
/only

=== cd -- takes a directory that begins with a hyphen
mkdir ./-d
cd -- -d
echo "${PWD##*/}"
--- stdout
-d

=== cd with too many operands fails
mkdir a b
cd a b
echo "status $?"
--- only fleetsh
--- stderr some
--- stdout
status 2

=== an unknown option is an error and the shell goes on
cd -x /
[ $? -gt 0 ] && echo failed
--- only fleetsh
--- stderr some
--- stdout
failed

=== cd -P -e has status 0 when PWD could be set
cd -P -e /
echo "$? $PWD"
--- only fleetsh
--- stdout
0 /

=== cd -P -e has a status above 1 when the directory did not change
cd -P -e ./nosuch
[ $? -gt 1 ] && echo good
--- only fleetsh
--- stderr some
--- stdout
good

=== cd in a subshell does not change the shell
mkdir d
here=$PWD
(cd d)
[ "$PWD" = "$here" ] && echo same
--- stdout
same

=== cd sets the environment variables PWD and OLDPWD
mkdir d
cd d
env >out
grep '^PWD=.*/d$' out >/dev/null && echo good
--- stdout
good

=== a symbolic link in the middle is kept by the logical path
mkdir -p real/x
ln -s real link
here=$PWD
cd link/x
echo "${PWD#"$here"}"
cd ..
echo "${PWD#"$here"}"
--- stdout
/link/x
/link

=== cd works when PWD was given a wrong value
mkdir d
here=$(pwd -P)
PWD=/nonsense
cd d
[ "$(pwd -P)" = "$here/d" ] && echo good
--- stdout
good

=== cd climbs out of a directory deeper than PATH_MAX
name=dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
i=0
top=$PWD
while [ $i -lt 40 ]; do mkdir $name && cd $name || exit 9; i=$((i + 1)); done
[ ${#PWD} -gt 4500 ] && echo deep
cd ..
cd "$top" && echo back
cd $name && echo again
--- only fleetsh
--- stdout
deep
back
again
