## XCU getopts
=== options, arguments and OPTIND
while getopts ab:c o -a -b arg -c -barg2 -- x; do echo "$o ${OPTARG-unset} $OPTIND"; done
echo "$? $o $OPTIND"
--- stdout
a unset 2
b arg 4
c unset 5
b arg2 6
0 ? 7

=== letters in one operand
while getopts abc o -abc -ca rest; do echo "$o"; done; echo $OPTIND
--- stdout
a
b
c
c
a
3

=== unknown options and missing arguments, reported
getopts a o -x; echo "$o ${OPTARG-unset}"
OPTIND=1
getopts b: o -b; echo "$o ${OPTARG-unset}"
--- stderr some
--- stdout
? unset
? unset

=== unknown options and missing arguments, silent
getopts :a o -x; echo "$o $OPTARG"
OPTIND=1
getopts :b: o -b; echo "$o $OPTARG"
--- stdout
? x
: b

=== OPTIND=1 starts anew, functions with it
f() { OPTIND=1; while getopts xy o "$@"; do printf '%s ' "$o"; done; echo $OPTIND; }
f -x -y; f -yx a; f a -x; f - -x; f -- -x
--- stdout
x y 3
y x 2
1
1
2

=== the positional parameters by default
set -- -a -b
getopts ab o; getopts ab o; echo "$o $OPTIND"
getopts ab o; echo "$? $o"
--- stdout
b 3
1 ?

=== a readonly name is an error
readonly o
getopts a o -a; test $? -gt 1 && echo failed
--- only fleetsh
--- stderr some
--- stdout
failed
