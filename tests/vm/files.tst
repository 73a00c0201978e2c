## Files: a command sees the current directory, what its arguments name, and TMPDIR

=== files are made, copied, moved and removed in the current directory
mkdir d
echo text >d/a
cp d/a d/b
mv d/b d/c
ls d
rm -r d
ls
--- stdout
a
c

=== a path named in an argument is given
mkdir one two
echo hello >one/f
cd two
cat ../one/f
--- stdout
hello

=== a file that no argument names is not there
mkdir one two
echo secret >one/f
cd two
unset TMPDIR
F=$HOME/one/f awk 'BEGIN { r = getline line <ENVIRON["F"]; print r, line }'
--- stdout
-1 

=== names of users and groups are seen, passwords are not
unset TMPDIR
[ "$(id -u root)" = 0 ] && awk 'BEGIN { s = "/etc/sh"; print (getline l <(s "adow")), (getline l <(s "adow-")) }'
--- stdout
-1 -1

=== a program with shared libraries sees the system's directories, to read
unset TMPDIR
/usr/bin/perl -e 'for (qw(/usr/share/common-licenses/GPL-3 /etc/nsswitch.conf /etc/shadow /var/lib/dpkg)) { print -e $_ && (-d $_ ? opendir(D, $_) : open(F, "<", $_)) ? "yes" : "no", "\n" }
print open(F, ">", "/usr/x") ? "made" : "$!", "\n"'
--- stdout
yes
yes
no
no
Read-only file system

=== a symlink does not lead out of what was given
mkdir one two
echo secret >one/f
ln -s "$PWD/one/f" two/link
cd two
unset TMPDIR
awk 'BEGIN { f = "li" "nk"; r = getline line <f; print r, line }'
--- stdout
-1 

=== dot-dot ends where the grant ends
mkdir -p one two
echo secret >one/f
cd two
unset TMPDIR
awk 'BEGIN { p = "."; r = getline line <(p "./one/f"); print r }'
--- stdout
-1

=== the umask is the shell's
umask 027
touch f
mkdir d
stat -c %a f d
--- stdout
640
750

=== a program file in the current directory runs
cp /bin/busybox ./cat
echo ran | ./cat
--- stdout
ran

=== a file that cannot be run is 126
printf '\177ELF rubbish' >f
chmod +x f
./f
echo $?
head -c 3000 /bin/busybox >g
chmod +x g
./g
echo $?
printf '\0\1\2\3\4' >i
chmod +x i
./i
echo $?
echo alive
--- stdout
126
126
126
alive
--- stderr some

=== a directory and a file without permission are 126
mkdir d
./d
echo $?
echo : >f
./f
echo $?
--- stdout
126
126
--- stderr some

=== a script without a first line is run by the shell
printf 'echo "script $1"; exit 4\n' >s
chmod +x s
./s x
echo $?
--- stdout
script x
4

=== a script is run by the interpreter that it names
printf '#!/bin/busybox cat\nits own text\n' >s
chmod +x s
./s
printf '#!/bin/sh\necho sh $1 | cat\n' >t
chmod +x t
./t y
--- stdout
#!/bin/busybox cat
its own text
sh y

=== find walks the directory
mkdir -p a/b/c
touch a/1 a/b/2 a/b/c/3
find a -type f | sort
--- stdout
a/1
a/b/2
a/b/c/3

=== a long listing of many files is complete
i=0
while [ $i -lt 500 ]; do : >"file$i"; i=$((i + 1)); done
ls | wc -l
ls -l | tail -n +2 | wc -l
--- stdout
500
500

=== mktemp makes its file in TMPDIR
f=$(mktemp) && echo x | cat >"$f" && cat "$f" && rm "$f"
d=$(mktemp -d) && cd "$d" && touch a && ls && rm a
--- stdout
x
a

=== a shell that was given no TMPDIR has one of its own for the session
unset TMPDIR
host "$TESTEE" -c 'f=$(mktemp) && echo x | cat >"$f" && cat "$f" && rm "$f" && echo "$TMPDIR" >where
[ "$(stat -c %a "$TMPDIR")" = 700 ] && [ "$(sh -c "echo \$TMPDIR")" = "$TMPDIR" ] && echo given'
[ -e "$(cat where)" ] || echo gone
--- stdout
x
given
gone

=== what a command leaves in the directory of the session outlives the shell
unset TMPDIR
f=$(host "$TESTEE" -c 'mktemp') && [ -f "$f" ] && host rm "$f" && host rmdir "${f%/*}" && echo kept
--- stdout
kept

=== the directory of the session goes with the command that the shell became
unset TMPDIR
d=$(host "$TESTEE" -c 'sh -c "echo \$TMPDIR; [ -d \$TMPDIR ] && echo there >&2"' 2>err)
cat err
[ -n "$d" ] && [ ! -e "$d" ] && echo gone
d=$(host "$TESTEE" -c 'sleep 0.3 & exec sh -c "echo \$TMPDIR"')
[ -d "$d" ] && echo "kept for the job" && host rmdir "$d"
--- stdout
there
gone
kept for the job

=== a session may do without a temporary directory
unset TMPDIR
host "$TESTEE" -c 'unset TMPDIR; echo "${TMPDIR-unset}"; mktemp 2>/dev/null || echo none'
--- stdout
unset
none

=== times and sizes are the host's
printf 12345 >f
touch -d '2001-02-03 04:05:06' f
stat -c '%s' f
TZ=UTC0 date -r f '+%Y-%m-%d %H:%M:%S'
--- stdout
5
2001-02-03 04:05:06

=== a PWD that names another directory gives nothing
mkdir mine other
echo secret >other/f
cd mine
here=$PWD
(PWD=$here/../other; export PWD; TMPDIR=; export TMPDIR; sh -c 'read -r x <../other/f && echo "$x"')
[ $? -ne 0 ] && echo refused
--- stdout
refused
--- stderr some
--- only fleetsh

=== flock locks the description: the shell's, which others find locked until it is closed
exec 9>lck
flock -n 9; echo $?
flock -n lck true; echo $?
host flock -n lck true; echo $?
exec 9>&-
flock -n lck true; echo $?
--- stdout
0
1
1
0

=== VMs that write to a file's mapping under its locks lose nothing of each other's
printf '%4096s' >c
cat >count.py <<'EE'
import fcntl, mmap, struct, sys
f = open("c", "r+b")
m = mmap.mmap(f.fileno(), 4096)
lock = fcntl.flock if sys.argv[2] == "flock" else fcntl.lockf
at = 8 * int(sys.argv[1])
for i in range(30):
    lock(f, fcntl.LOCK_EX)
    m[0:4] = struct.pack("<I", struct.unpack("<I", m[0:4])[0] + 1)
    m[at:at + 4] = struct.pack("<I", i + 1)
    lock(f, fcntl.LOCK_UN)
EE
python3 -c 'open("c", "r+b").write(b"\0" * 32)'
python3 count.py 1 flock & python3 count.py 2 flock & wait
python3 count.py 2 lockf & python3 count.py 3 lockf & wait
od -An -td4 -N 32 c
--- stdout
         120           0          30           0
          30           0          30           0

=== locks of descriptions (F_OFD_SETLK) are what they are on the host
cat >ofd.pl <<'EE'
use Fcntl;
$| = 1;
($GET, $SET, $WAIT) = (36, 37, 38);
sub ask {
    my ($f, $what, $type, $start, $len, $pid) = @_;
    my $lock = pack "ssx4qqix4", $type, 0, $start, $len, $pid || 0;
    fcntl($f, $what, $lock) or return "$!";
    my ($found, undef, $at, $n, $who) = unpack "ssx4qqi", $lock;
    return ("read", "write", "none")[$found] . " $at+$n $who";
}
sub show { print join("; ", @_), "\n" }
if (@ARGV) { # another VM, with description 0 or its own
    sysopen my $own, "c", O_RDWR;
    show "child", ask(*STDIN, $SET, F_WRLCK, 0, 4), ask($own, $SET, F_WRLCK, 0, 4);
    exit;
}
sysopen $_, "c", O_RDWR | O_CREAT for my ($a, $b, $c);
show ask($a, $SET, F_WRLCK, 0, 10), ask($b, $SET, F_WRLCK, 5, 10), ask($b, $SET, F_WRLCK, 10, 5);
show ask($b, $GET, F_WRLCK, 0, 0), ask($c, $GET, F_RDLCK, 12, 1), ask($a, $GET, F_WRLCK, 0, 10);
show ask($a, $SET, F_WRLCK, 0, 10, 1), ask($a, $SET, 9, 0, 0);
show ask($c, F_SETLK, F_WRLCK, 2, 2), ask($c, F_GETLK, F_WRLCK, 2, 2); # a process's against a description's
sysopen my $again, "c", O_RDONLY;
close $again; # drops nothing
open my $d, "+<&", $a;
close $a;
show ask($b, $SET, F_WRLCK, 0, 1), ask($d, $SET, F_UNLCK, 4, 2), ask($b, $SET, F_WRLCK, 4, 2);
open STDIN, "+<&", $d;
system $^X, $0, "child";
close STDIN;
pipe my $r, my $w;
if (!fork) {
    close $d;
    close $b;
    syswrite $w, "x";
    show "waited", ask($c, $WAIT, F_WRLCK, 0, 20);
    exit;
}
sysread $r, my $x, 1;
close $d;
close $b;
wait;
EE
perl ofd.pl | tee out; host perl ofd.pl | cmp - out
--- stdout
write 0+10 0; Resource temporarily unavailable; write 10+5 0
write 0+10 -1; write 10+5 -1; none 0+10 0
Invalid argument; Invalid argument
Resource temporarily unavailable; write 0+10 -1
Resource temporarily unavailable; none 4+2 0; write 4+2 0
child; write 0+4 0; Resource temporarily unavailable
waited; write 0+20 0

=== record locks of one guest's processes are theirs, and go when a descriptor is closed
python3 -c '
import fcntl, os
f = open("c", "w+b")
g = open("c", "w+b")
r, w = os.pipe()
fcntl.lockf(f, fcntl.LOCK_EX, 10, 0)
fcntl.lockf(f, fcntl.LOCK_UN, 2, 4)
if os.fork() == 0:
    for start in 0, 4, 5, 9, 10:
        try:
            fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, start)
            print(start, "free", flush=True)
        except BlockingIOError:
            print(start, "taken", flush=True)
    os.write(w, b"x")
    fcntl.lockf(f, fcntl.LOCK_EX, 1, 9)
    print("got it", flush=True)
    os._exit(0)
os.read(r, 1)
g.close()
os.wait()
'
--- stdout
0 taken
4 free
5 free
9 taken
10 free
got it

=== sqlite: several VMs write to one database in WAL mode
sqlite3 w.db 'pragma journal_mode=wal; create table t(a);'
for i in 1 2; do (for j in 1 2 3; do sqlite3 -cmd '.timeout 60000' w.db "insert into t values($i$j);"; done) & done
wait
sqlite3 w.db 'select count(*), sum(a) from t; pragma integrity_check;'
--- stdout
wal
6|102
ok

=== a current directory that was removed is empty, and nothing can be made in it
mkdir gone kept
echo x >kept/f
cd gone
rmdir ../gone
ls -A
echo $?
for command in 'touch new' 'cat ../kept/f' /bin/pwd 'mkdir d'; do $command 2>/dev/null || echo "$command: failed"; done
sh -c 'ls -A; env ls -A; find .'
echo a | xargs echo b
cd "$HOME"
mkdir "d (deleted)"
cd "d (deleted)"
/bin/pwd | tail -c 12
--- stdout
0
touch new: failed
cat ../kept/f: failed
/bin/pwd: failed
mkdir d: failed
.
b a
d (deleted)

=== what stat tells of files, directories, links and FIFOs is what the host has
echo hello >f
ln f hard
mkdir d d/e
mkfifo p
ln -s f l
ln -s d dl
ln -s nowhere dangling
chmod 4750 f
chmod 700 d
form='%n %f %s %h %u %g %i %b %Y %Z %N'
set -- f hard d d/e p l dl dl/e dangling . .. d/.. d/e/../../f dl/
stat -c "$form" "$@" >vm
host stat -c "$form" "$@" | tr "'" ' ' >host
tr "'" ' ' <vm | diff - host && echo the same
stat -L -c '%n %f %s %i' l dl p >vm
host stat -L -c '%n %f %s %i' l dl p | diff vm - && echo the same
--- stdout
the same
the same

=== a path that leads nowhere has the host's reason
echo hello >f
mkdir d
ln -s loop loop
ln -s nowhere dangling
for path in f/x f/.. f/. f/ d/x x/y loop loop/x dangling d/../x; do
    said=$(cat "$path" 2>&1)
    echo "$path:${said##*:}"
done
mkdir new/x || tee new/x d/ </dev/null
--- stdout
f/x: Not a directory
f/..: Not a directory
f/.: Not a directory
f/: Not a directory
d/x: No such file or directory
x/y: No such file or directory
loop: Too many levels of symbolic links
loop/x: Too many levels of symbolic links
dangling: No such file or directory
d/../x: No such file or directory
--- status 1
--- stderr some

=== what is not there is made, by the way of links too, and nothing twice
ln -s target link
echo one | tee link >/dev/null
cat target
sh -C -c 'echo two >target' 2>/dev/null || echo refused
echo three | tee target link >/dev/null
cat link
ls
--- stdout
one
refused
three
link
target

=== a file that another process has changed is seen as it is once that was heard of
: >f
mkfifo p
sh -c '[ -s f ] || echo empty; read go; [ -s f ] && echo full' <p | while read line; do
    echo "$line"
    if [ "$line" = empty ]; then
        echo x >f
        echo go >&3
    fi
done 3>p
--- stdout
empty
full
