## XCU pwd
=== pwd writes the logical path
mkdir real
ln -s real link
here=$PWD
cd link
x=$(pwd)
echo "${x#"$here"}"
x=$(pwd -L)
echo "${x#"$here"}"
--- stdout
/link
/link

=== pwd -P writes the physical path
mkdir real
ln -s real link
cd link
x=$(pwd -P)
echo "${x##*/}"
--- stdout
real

=== the last of -L and -P wins
mkdir real
ln -s real link
cd link
x=$(pwd -P -L)
echo "${x##*/}"
x=$(pwd -LP)
echo "${x##*/}"
--- stdout
link
real

=== PWD that does not name the working directory is not believed
mkdir a b
cd a
PWD=${PWD%/a}/b
x=$(pwd)
echo "${x##*/}"
--- only fleetsh
--- stdout
a

=== PWD with dot components is not believed
mkdir a
cd a
PWD=$PWD/../a
x=$(pwd)
case $x in *..*) echo dots;; *) echo "${x##*/}";; esac
--- only fleetsh
--- stdout
a

=== PWD from the environment is believed when it is right
mkdir real
ln -s real link
here=$PWD
cd link
$TESTEE -c 'echo "${PWD##*/}"; pwd' >../out
cd ..
read x <out
echo "$x"
--- stdout
link

=== PWD from the environment is replaced when it is wrong
mkdir real
cd -P real
PWD=/nowhere $TESTEE -c 'echo "${PWD##*/}"'
--- stdout
real
