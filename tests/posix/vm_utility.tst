## vm without a running vmprocd; with one: tests/vm
=== vm ls lists nothing and starts nothing
mkdir -m 700 run
export XDG_RUNTIME_DIR=$PWD/run
vm ls
echo $?
vm ls --json
ls run/fleetsh/vmprocd.sock 2>/dev/null || :
--- only fleetsh
--- stdout
0
[]

=== vm stop has nothing to do
mkdir -m 700 run
export XDG_RUNTIME_DIR=$PWD/run
vm stop
--- only fleetsh

=== vm top shows nothing once, and starts nothing
mkdir -m 700 run
export XDG_RUNTIME_DIR=$PWD/run
vm top --once
echo $?
vm top --json
vm top </dev/null
ls run/fleetsh/vmprocd.sock 2>/dev/null || :
--- only fleetsh
--- stdout
0
[]

=== vm top refuses what it does not know
vm top --nonsense
echo $?
vm top extra
echo $?
vm top -d 0
echo $?
--- only fleetsh
--- stderr some
--- stdout
2
2
2

=== vm log says where else the log may be when there is none
vm log
echo $?
vm log x
echo $?
vm log -n
echo $?
vm log -n 0 7
echo $?
vm log 7 8
echo $?
--- only fleetsh
--- stderr some
--- stdout
1
2
2
2
2

=== vm log shows the end of the log, or what it says of one VM
mkdir -m 700 fleetsh
echo 'D T vmprocd[9]: fsh-aaaaaaaa-12: one' >fleetsh/vmprocd.log.old
printf 'D T vmprocd[9]: fsh-aaaaaaaa-%s\n' '2: two' '112: three' '12 failed: four' '1: fsh-aaaaaaaa-12: five' >fleetsh/vmprocd.log
vm log -n 2
vm log 12
vm log -n 1 12
vm log 3
--- only fleetsh
--- stdout
D T vmprocd[9]: fsh-aaaaaaaa-12 failed: four
D T vmprocd[9]: fsh-aaaaaaaa-1: fsh-aaaaaaaa-12: five
D T vmprocd[9]: fsh-aaaaaaaa-12: one
D T vmprocd[9]: fsh-aaaaaaaa-12 failed: four
D T vmprocd[9]: fsh-aaaaaaaa-12 failed: four

=== vm debug refuses what is no VM
mkdir -m 700 run
export XDG_RUNTIME_DIR=$PWD/run
for operands in '' '-d' '7 8' '-x 7' '--socket' '-d --socket s 7' 7 x %1 '-d 7' '--socket s 7'; do
	vm debug $operands
	echo "$operands: $?"
done
ls run
--- only fleetsh
--- stderr some
--- stdout
: 2
-d: 2
7 8: 2
-x 7: 2
--socket: 2
-d --socket s 7: 2
7: 1
x: 1
%1: 1
-d 7: 1
--socket s 7: 1

=== vm info and vm kill fail
mkdir -m 700 run
export XDG_RUNTIME_DIR=$PWD/run
vm info 7
echo $?
vm kill 7
echo $?
vm kill x
echo $?
--- only fleetsh
--- stderr some
--- stdout
1
1
1

=== vm help lists the subcommands
vm help | cut -d' ' -f1,2
--- only fleetsh
--- stdout
vm ls
vm info
vm top
vm trace
vm strace
vm debug
vm log
vm router
vm kill
vm image
vm policy
vm stop
vm help

=== usage errors have status 2
vm
echo $?
vm nonsense
echo $?
vm ls extra
echo $?
vm info
echo $?
vm stop --json
echo $?
--- only fleetsh
--- stderr some
--- stdout
2
2
2
2
2

=== a file that is no socket is told
mkdir -m 700 run run/fleetsh
: >run/fleetsh/vmprocd.sock
export XDG_RUNTIME_DIR=$PWD/run
vm ls
echo $?
--- only fleetsh
--- stdout
0

=== help describes each built-in utility
for name in $(help | cut -d' ' -f1); do command -v "$name" >/dev/null || echo "no $name"; done
help cd | head -n1
help nonsense 2>/dev/null || echo failed
--- only fleetsh
--- stdout
cd [-L | -P [-e]] [directory | -]
failed
