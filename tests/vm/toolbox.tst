## The toolbox's applets stand in for programs only where they do the same (vmproc/toolbox.h)

=== diff is the machine's: its format is the standard's
printf '1\n2\n' >a; printf '1\n3\n' >b
diff a b
--- stdout
2c2
< 2
---
> 3
--- status 1

=== a name's command is found where it will be run from
for name in diff patch sed; do case $(command -v $name) in */toolbox/*) echo toolbox ;; *) echo PATH ;; esac; done
--- stdout
PATH
PATH
toolbox

=== an option that an applet does not know is the program's
date -d '2020-02-29 12:00 UTC tomorrow' -u +%F
date +%s%N | grep -c '^[0-9]*$'
printf 'b 10K\na 2M\n' | sort -k2,2h
printf 'a\0b\0' | sed -z 's/a/c/' | tr '\0' '\n'
--- stdout
2020-03-01
1
b 10K
a 2M
c
b

=== in a wired pipeline, too
printf '10K\n2M\n1G\n' >f
sort -rh <f | head -n 1 | sed 's/.*/\U&x/'
--- stdout
1GX

=== what a program executes is chosen likewise
printf '1\n' >a; printf '2\n' >b
echo a b | xargs diff
env diff a b
sh -c 'diff a b; echo $?'
sh -c 'exec diff a b'
--- stdout
1c1
< 1
---
> 2
1c1
< 1
---
> 2
1c1
< 1
---
> 2
1
1c1
< 1
---
> 2
--- status 1

=== where PATH has nothing else, it is the applet
printf '1\n' >a; printf '2\n' >b
PATH=${PATH%%:*}
diff a b | tail -n 2
sh -c 'diff a b' | tail -n 2
--- stdout
-1
+2
-1
+2

=== busybox by its name is asked for
printf '1\n' >a; printf '2\n' >b
busybox diff a b | tail -n 2
--- stdout
-1
+2

=== the local time is what the machine, or TZ, says
test "$(date +%z)" = "$(host date +%z)" && TZ=Europe/Berlin date -r / +%Z | grep -c 'CES*T'
TZ=America/New_York /bin/ls -ld / >/dev/null
--- stdout
1

=== a program that closes its standard error has its line in the trace
{ (set -o vmtrace; /bin/ls -d /); } 2>&1 | sed 's/^\(vmtrace:\).* \(command=[a-z]*\).*/\1 \2/' | sort
--- stdout
/
vmtrace: command=ls
