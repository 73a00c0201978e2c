#!/usr/bin/env python3
"""The package in a Debian that has nothing else: installed, used as a login shell, upgraded, removed.

The root is made by debootstrap (by mmdebstrap, where that is installed: it is the faster), and kept as $BUILD/debian-root.tar.
"""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system"))
from fleet import TOP, check, finish, skip  # noqa: E402

BUILD = os.environ["BUILD"]
MIRROR = "http://deb.debian.org/debian"
KEPT = os.path.join(BUILD, "debian-root.tar")
SHELL = "/usr/bin/fleetsh"


def run(*words, text=None):
    done = subprocess.run(words, cwd=TOP, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def inside(root, *words):
    """Runs a command in that root, with the /proc that every system has."""
    return run("unshare", "-m", "sh", "-c", 'mount -t proc proc "$1/proc" && root=$1 && shift && exec chroot "$root" "$@"', "sh", root, *words)


def make_root(root, packages):
    """None, or why there is none."""
    if os.path.exists(KEPT):
        return None if run("tar", "-C", root, "-xf", KEPT)[0] == 0 else "the root that was kept cannot be unpacked"
    if shutil.which("mmdebstrap"):
        status, text = run("mmdebstrap", "--variant=essential", "--include=" + packages, "bookworm", root, MIRROR)
    elif shutil.which("debootstrap"):
        status, text = run("debootstrap", "--variant=minbase", "--include=" + packages, "bookworm", root, MIRROR)
    else:
        return "debootstrap is not installed"
    if status != 0:
        return "no root can be made here: " + (text.strip().splitlines() or [""])[-1]
    run("tar", "-C", root, "-cf", KEPT, ".")
    return None


def dependencies(deb):
    """The packages without which dpkg does not configure this one."""
    fields = run("dpkg-deb", "-f", deb, "Depends")[1]
    return ",".join(name.split()[0] for name in fields.strip().split(", ")) + ",passwd"


def shells(root):
    return open(os.path.join(root, "etc/shells")).read().splitlines().count(SHELL)


def files(root):
    every = {os.path.relpath(os.path.join(at, name), root) for at, _, names in os.walk(root) for name in names}
    return {name for name in every if "fleetsh" in name}


def use(root, deb):
    shutil.copy(deb, os.path.join(root, "fleetsh.deb"))
    before = files(root)
    status, text = inside(root, "dpkg", "-i", "/fleetsh.deb")
    check("the package is installed without a word of trouble", status == 0 and "warning" not in text, text)
    check("and lists the shell in /etc/shells", shells(root) == 1, open(os.path.join(root, "etc/shells")).read())
    missing = inside(root, "sh", "-c", "ldd /usr/bin/fleetsh /usr/libexec/fleetsh/vm* 2>&1 | grep 'not found'")[1]
    check("no library is missing", missing == "", missing)
    status, text = inside(root, "sh", "-c", f"useradd -m tester && chsh -s {SHELL} tester")
    check("chsh takes it", status == 0, text)
    status, text = inside(root, "su", "-", "tester", "-c", 'echo "$0 $HOME $SHELL"; cd /; pwd; for i in 1 2; do echo $i; done; id -un')
    check("it is a login shell", (status, text) == (0, f"-fleetsh /home/tester {SHELL}\n/\n1\n2\ntester\n"), (status, text))
    status, text = inside(root, "su", "-", "tester", "-c", "ls; echo $?; host uname; vm stop")
    check("without a router a command says so, and host works", "no VM" in text and "\n125\nLinux\n" in text, text)
    status, text = inside(root, "dpkg", "-i", "/fleetsh.deb")
    check("installed once more it is still listed once", status == 0 and shells(root) == 1, text)
    status, text = inside(root, "dpkg", "-P", "fleetsh")
    check("removed it is not", status == 0 and shells(root) == 0 and "warning" not in text, text)
    left = files(root) - before - {"fleetsh.deb"}
    left = {name for name in left if not name.startswith(("tmp/", "run/", "var/lib/dpkg/"))}
    check("and leaves no file", not left, left)


if os.getuid() != 0:
    skip("the package in a Debian of its own", "not root")
else:
    status, text = run("make", "--no-print-directory", "BUILD=" + BUILD, "deb")
    deb = text.strip().splitlines()[-1]
    check("make deb makes a package", status == 0 and os.path.exists(deb), text)
    with tempfile.TemporaryDirectory(prefix="fleetsh-debian-") as root:
        why = make_root(root, dependencies(deb))
        if why:
            skip("the package in a Debian of its own", why)
        else:
            use(root, deb)
finish()
