#!/usr/bin/env python3
"""The store of images on bad days: changed bytes, killed adds, two shells at once, a full disk, somebody else's files."""
import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile

TOP = os.environ.setdefault("TOP", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
os.environ.setdefault("FLEETSH", os.path.join(os.environ.get("BUILD", os.path.join(TOP, "build")), "fleetsh"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import FLEETSH, check, environment, finish, leased, run, skip, start, until

TOOL = os.path.join(os.path.dirname(FLEETSH), "vmproc-store")
ROOT = tempfile.mkdtemp(prefix="fleetsh-store-")
DATA = os.path.join(ROOT, "fleetsh")
os.environ["XDG_DATA_HOME"] = ROOT
os.environ["PATH"] = os.environ["PATH"] + ":" + os.path.join(DATA, "profile", "bin")


def blob(name):
    return os.path.realpath(os.path.join(DATA, "profile", "bin", name))


def change(path, how):
    """Changes a file's bytes and sets its times back, as one does who wants it not to be seen."""
    st = os.stat(path)
    os.chmod(path, 0o755)
    with open(path, "r+b") as file:
        how(file)
    os.chmod(path, st.st_mode & 0o7777)
    os.utime(path, ns=(st.st_atime_ns, st.st_mtime_ns))


def flip(file):
    file.seek(600)
    byte = file.read(1)
    file.seek(600)
    file.write(bytes([byte[0] ^ 1]))


def begin():
    shutil.rmtree(DATA, ignore_errors=True)


def changed_bytes():
    begin()
    run("vm image add -n say /bin/echo && vm image add -n list /bin/true")
    good = run("say hello")
    change(blob("say"), flip)
    status, out, err = run("say hello")
    check("an image whose bytes were changed does not run", good[:2] == (0, "hello\n") and status == 126 and out == "", (good, status, err))
    check("and says which digest it has", "has digest sha256:" in err and err.count("\n") == 1, err)
    status, out, err = run("vm image verify")
    check("verify names it", status == 1 and "say (" in err and "4 files, 1 bad" in out, (status, out, err))
    status, out, err = run(f"{blob('say')} hello")
    check("nor does it when its file is named", status == 126 and out == "", (status, out, err))
    status, out, err = run("printf 'a\\n' | busybox xargs say")
    check("nor for a program in a VM", status == 123 and out == "", (status, out, err))
    run("vm image add -n say /bin/echo")
    good = run("say hello; printf 'a\\n' | busybox xargs say")
    check("adding it again mends it", good[:2] == (0, "hello\na\n"), good)
    change(blob("say.vm"), lambda file: (file.seek(1), file.write(b" ")))
    status, out, err = run("say hello")
    check("a spec whose bytes were changed counts no more", status == 126 and "its bytes have been changed" in err, (status, err))
    os.unlink(blob("list"))
    status, out, err = run("vm image verify")
    check("verify tells of a file that is gone", status == 1 and "its file is missing" in err, err)


def moved():
    begin()
    run("vm image add -n say /bin/echo")
    shutil.move(DATA, DATA + ".old")
    shutil.copytree(DATA + ".old", DATA, symlinks=True)
    shutil.rmtree(DATA + ".old")
    old = open(os.path.join(DATA, "verified", os.path.basename(blob("say")))).read()
    first = run("say one")
    os.utime(blob("say"), (1, 1))
    until(lambda: (run("say two"), open(os.path.join(DATA, "verified", os.path.basename(blob("say")))).read())[1] != old, 20)
    new = open(os.path.join(DATA, "verified", os.path.basename(blob("say")))).read()
    check("a store that was copied is hashed once, and then known", first[:2] == (0, "one\n") and new != old, (first, old, new))


def running():
    begin()
    run("vm image add -n nap /bin/sleep; vm image add -n other /bin/true; vm image add -n say /bin/echo")
    shell = start("nap 100")
    up = until(lambda: any(vm["command"].endswith("nap 100") for vm in leased()), 20)
    held = blob("nap")
    status, out, err = run("vm image rm nap; vm image gc -k 1")
    check("gc keeps what runs", up and status == 0 and "kept, as they run: 1" in out and os.path.exists(held), (out, err))
    os.killpg(shell.pid, signal.SIGTERM)
    shell.communicate(timeout=30)
    gone = until(lambda: run("vm image gc")[0] == 0 and not os.path.exists(held), 20)
    check("and removes it when it has ended", gone, os.listdir(os.path.join(DATA, "store")))


def together():
    begin()
    shells = [start(f"for n in 1 2 3 4 5; do vm image add -n p{i}.$n /bin/true; vm image add -n q{i}.$n /bin/echo; done") for i in range(6)]
    ends = [shell.communicate(timeout=120) and shell.returncode for shell in shells]
    status, out, err = run("vm image ls --json; vm image verify")
    check("adds of six shells at once are all there", ends == [0] * 6 and out.count('"name"') == 60 and out.endswith("4 files, 0 bad\n"), (ends, out[-200:], err))
    numbers = sorted(int(os.path.basename(path)[8:]) for path in glob.glob(os.path.join(DATA, "profile-*")))
    check("each in a generation of its own", numbers == list(range(1, 61)), numbers)


CHANGES = "openat,write,linkat,unlinkat,renameat,mkdirat,symlinkat,fchmod,fchmodat,fsync,flock"


def end_behind(number, name):
    """Adds an image; the number-th call that can change a file is the last that is made. The status of the add."""
    arguments = ["strace", "-qq", "-o", "/dev/null", "-e", "trace=" + CHANGES, "-e", f"inject={CHANGES}:signal={name}:when={number}"]
    return subprocess.run(arguments + [TOOL, "add", "-n", "new", "/bin/echo"], stdout=subprocess.DEVNULL, env=environment()).returncode


def names():
    """The names in the store's directories."""
    return {name: sorted(os.listdir(os.path.join(DATA, name))) for name in (".", "store", "verified")}


def killed():
    """An add is ended behind each such call, by KILL or by INT: the first image is always there, the new one when its generation counts."""
    begin()
    run("vm image add -n first /bin/true")
    before = names()
    broken, left, number, wholes = [], [], 0, 0
    for name in ("KILL", "INT"):
        number = 0
        while number < 1000:
            number += 1
            if end_behind(number, name) == 0:
                break
            status, out, err = run("vm image verify")
            images = os.listdir(os.path.join(DATA, "profile", "bin"))
            if status != 0 or "first" not in images:
                broken.append((number, name, out, err))
            wholes += "new" in images
            run("vm image gc")
            after = names()
            if after == before:
                continue
            if "profile-2" not in after["."] or [part for part in after["."] if part[0] == "."]:
                left.append((number, name, after))
            shutil.rmtree(DATA)
            run("vm image add -n first /bin/true")
    check("an add that is killed changes nothing or all", not broken and 20 < number < 1000 and wholes > 0, (broken[:2], number, wholes))
    check("and the next removes what it has left", not left, left[:2])


ATTACKS = """
printf x >>fleetsh/store/$1
chmod 777 fleetsh/store/$1
touch fleetsh/store/$1
ln fleetsh/store/$1 mine
rm -f fleetsh/store/$1
mv fleetsh/store/$1 fleetsh/store/x
cp /bin/busybox fleetsh/store/new
mkdir fleetsh/store/dir
ln -sf /bin/busybox fleetsh/profile/bin/say
printf 1 >fleetsh/verified/$1
rm -rf fleetsh
mv fleetsh away
cd fleetsh/store && printf x >>$1
"""


def programs():
    """What runs in a VM has the directory above the store, and is root on a machine where that may write anything."""
    begin()
    run("vm image add -n say /bin/echo")
    before = tree(DATA)
    done = []
    for attack in ATTACKS.strip().splitlines():
        name = os.path.basename(blob("say"))
        script = f"cd {ROOT} && busybox sh -c '{attack}' sh {name} 2>/dev/null"
        done.append((run(script)[0], attack))
    kept = tree(DATA) == before and run("vm image verify")[0] == 0
    check("programs in VMs can change nothing in the store", kept and all(status for status, _ in done), done)
    status, out, err = run(f"cd {ROOT} && mkdir -p fleetsh/../own/x && echo ok >own/x/f && cat own/x/f fleetsh/profile/bin/say.vm && say hi")
    check("but read it, and change what is beside it", status == 0 and out.startswith("ok\n{") and out.endswith("hi\n"), (status, out, err))


def tree(path):
    found = {}
    for base, names, files in os.walk(path):
        for name in names + files:
            full = os.path.join(base, name)
            st = os.lstat(full)
            found[full] = (st.st_mode, st.st_ino, st.st_ctime_ns, os.path.islink(full) and os.readlink(full))
    return found


FULL = """
mount -t tmpfs -o size=3m none "$1" || exit 77
export XDG_DATA_HOME="$1"
"$2" add -n first /bin/busybox || exit 78
head -c 2000000 /bin/busybox >"$1/../other"; printf x >>"$1/../other"; chmod +x "$1/../other"
"$2" add -n other "$1/../other" 2>"$1/../err" && exit 79
"$2" verify || exit 80
"$2" ls
ls "$1/fleetsh/store" | wc -l
ls -d "$1"/fleetsh/profile-*
cat "$1/../err"
"""


def full_disk():
    name = "a full disk loses nothing"
    with tempfile.TemporaryDirectory(prefix="fleetsh-full-") as top:
        os.mkdir(os.path.join(top, "disk"))
        done = subprocess.run(["unshare", "-m", "sh", "-c", FULL, "sh", os.path.join(top, "disk"), TOOL],
                              capture_output=True, text=True)
        if done.returncode in (1, 77):
            skip(name, "no file system can be mounted here")
            return
        lines = done.stdout.splitlines()
        check(name, done.returncode == 0 and "2" in lines and "No space left on device" in done.stdout and
              sum("profile-" in line for line in lines) == 1, (done.returncode, done.stdout, done.stderr))


def refuse(name, prepare, says):
    begin()
    run("vm image add -n first /bin/true")
    undo = prepare()
    status, out, err = run("vm image add -n second /bin/false")
    check(name, status == 1 and says in err, (status, out, err))
    undo()


def others():
    def writable():
        os.chmod(DATA, 0o777)
        return lambda: os.chmod(DATA, 0o755)

    def link():
        os.rename(os.path.join(DATA, "store"), os.path.join(ROOT, "elsewhere"))
        os.symlink("../elsewhere", os.path.join(DATA, "store"))
        return lambda: shutil.rmtree(os.path.join(ROOT, "elsewhere"))

    def foreign():
        os.chown(DATA, 65534, -1)
        return lambda: os.chown(DATA, 0, -1)

    def stray():
        os.unlink(os.path.join(DATA, "profile"))
        os.symlink("/etc", os.path.join(DATA, "profile"))
        return lambda: None

    refuse("a store that others may change is refused", writable, "others may change it")
    refuse("a link in place of the store is refused", link, "Not a directory")
    refuse("a profile that is no generation is refused", stray, "not a link to a generation")
    if os.geteuid() == 0:
        refuse("a store of another user is refused", foreign, "belongs to another user")
    else:
        skip("a store of another user is refused", "needs root")


try:
    for test in (changed_bytes, programs, moved, running, together, killed, full_disk, others):
        test()
finally:
    shutil.rmtree(ROOT)
finish()
