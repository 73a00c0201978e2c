## local, no part of the standard, as in dash
=== a local variable ends with its function
f() { local x; x=inner; echo "$x"; }
x=outer
f
echo "$x"
--- stdout
inner
outer

=== local takes values
f() { local x=1 y='a b'; echo "$x $y"; }
f
echo "${x-unset}"
--- stdout
1 a b
unset

=== the value is expanded as an assignment
f() { local x=$1; echo "$x"; }
f 'a  *  b'
--- only fleetsh
--- stdout
a  *  b

=== a called function sees it
g() { echo "$x"; }
f() { local x=inner; g; }
x=outer
f
g
--- only fleetsh
--- stdout
inner
outer

=== unset of a local variable brings back the outer one at the end
f() { local x=1; unset x; echo "${x-unset}"; }
x=outer
f
echo "$x"
--- only fleetsh
--- stdout
unset
outer

=== recursion has a variable for each call
f() { local n=$1; [ "$n" -gt 0 ] && f $((n - 1)); echo "$n"; }
f 3
--- only fleetsh
--- stdout
0
1
2
3

=== an attribute made in the function ends with it
f() { local x=1; export x; }
x=2
f
$TESTEE -c 'echo "${x-unset}"'
--- only fleetsh
--- stdout
unset

=== outside of a function it is an error
local x=1
echo "status $?"
--- only fleetsh
--- stderr some
--- stdout
status 1

=== a name that is none is refused
f() { local 1x=2; echo "status $?"; }
f
--- only fleetsh
--- stderr some
--- stdout
status 1
