## XCU fc; with a history: tests/tty/history.py
=== a script has no history
fc -l
echo $?
fc -s
echo $?
--- only fleetsh
--- stderr some
--- stdout
0
1

=== options that exclude each other are refused
fc -s -l
echo $?
fc -n
echo $?
fc 1 2 3
echo $?
--- only fleetsh
--- stderr some
--- stdout
2
2
2
