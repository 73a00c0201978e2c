## /proc as a program in a VM sees it: itself, and nobody else

=== /proc can be listed, entered, and has one process
ls /proc/self | tr '\n' ' '
echo
sh -c 'cd /proc && pwd && read -r x <self/comm && echo $x && cd self && pwd && read -r x <comm && echo $x && cd fd/.. && pwd'
ps | wc -l
--- stdout
cmdline comm cwd environ exe fd maps mounts root stat statm status 
/proc
sh
/proc/self
sh
/proc/self
2
--- only fleetsh
--- stderr any

=== /proc/self is a link to the directory of the process
sh -c 'test -L /proc/self && test -d /proc/self && echo link'
readlink -f /proc/self | grep -c '^/proc/[1-9][0-9]*$'
sh -c 'test "$(exec readlink /proc/self)" -gt 0 && exec ls -l /proc/self' | grep -c '/proc/self -> [1-9][0-9]*$'
ls -l /proc | grep -c '^l.* self -> [1-9][0-9]*$'
--- stdout
link
1
1
1

=== top has what it needs
top -b -n 1 | grep -c 'top -b'
--- stdout
1
--- only fleetsh

=== what the host has below /proc is not there
cat /proc/1/cmdline /proc/sys/kernel/hostname 2>/dev/null
echo $?
--- stdout
1

=== a directory cannot be written
echo x | tee /proc/x /proc >/dev/null 2>&1
echo $?
--- stdout
1

=== /proc/self/exe is absolute, however the program was named
mkdir dir; ln -s /bin/busybox dir/readlink
case $(dir/readlink /proc/self/exe) in /*busybox) echo right ;; *) echo wrong ;; esac
--- stdout
right
