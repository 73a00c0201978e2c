## Each command is a VM: status, arguments, environment, directory

=== a command's status is the shell's status
/bin/busybox false
echo $?
/bin/busybox true
echo $?
awk 'BEGIN { exit 7 }'
echo $?
--- stdout
1
0
7

=== an unknown command is 127
nosuchcommand
--- status 127
--- stderr some

=== arguments arrive unchanged
awk 'BEGIN { for (i = 1; i < ARGC; i++) printf "[%s]\n", ARGV[i] }' 'x  y' '' '$HOME' '`id`' 'é' "it's" '"q"' 'a\b'
--- stdout
[x  y]
[]
[$HOME]
[`id`]
[é]
[it's]
["q"]
[a\b]

=== the environment is what was exported
export A='one two' B=
C=hidden
D=only env | grep '^[ABCD]=' | sort
--- stdout
A=one two
B=
D=only

=== the current directory is the shell's
mkdir sub
cd sub
[ "$(/bin/busybox pwd)" = "$PWD" ] && echo same
--- stdout
same

=== a command inside a substitution is a VM as well
x=$(echo a b c | cut -d ' ' -f 2)
echo "<$x>"
--- stdout
<b>

=== a thousand arguments arrive
set -- $(seq 1000)
awk 'BEGIN { print ARGC - 1, ARGV[1], ARGV[1000] }' "$@"
--- stdout
1000 1 1000

=== an argument of 100 kB arrives
x=$(awk 'BEGIN { for (i = 0; i < 100000; i++) printf "x" }')
awk 'BEGIN { print length(ARGV[1]) }' "$x"
--- stdout
100000

=== a function, a loop and a VM compose
f() { grep "$1"; }
for i in 1 2 3; do echo line $i; done | f 2
--- stdout
line 2

=== exec replaces the shell by the VM
exec awk 'BEGIN { exit 9 }'
echo not reached
--- status 9

=== a background command is waited for by its number
awk 'BEGIN { exit 5 }' &
wait $!
echo $?
--- stdout
5

=== background commands run at the same time
for i in 1 2 3; do { sleep 0; echo $i | cat; } >out$i & done
wait
cat out1 out2 out3
--- stdout
1
2
3

=== without PATH programs find what they find without it elsewhere
unset PATH
/bin/busybox which ls
--- stdout
/bin/ls

=== the toolbox stands in nobody's way who makes archives
echo member >m
ar rc lib.a m && ar p lib.a m
make -s -f - <<'END'
all: ; @ar rc made.a m && ar t made.a
END
sh -c 'ar p made.a m; ar t made.a; exec ar t made.a'
--- stdout
member
m
member
m
m
