#!/usr/bin/env python3
"""Disk full, descriptors used up, hard limits: a clear error and the right status, nothing lost, and all works when there is room again.

Full is a tmpfs of 256 KiB and 60 inodes, in a mount namespace of this test's own. Calls that fail one by one: fault.py.
"""
import contextlib
import os
import pty
import re
import resource
import select
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *

if os.geteuid() != 0:
    skip("disk full", "a file system of one's own needs root")
    finish()
if "FULL_APART" not in os.environ:
    os.environ["FULL_APART"] = "1"
    os.execvp("unshare", ["unshare", "-m", sys.executable, *sys.argv])

BIG = b"".join(b"%d\n" % n for n in range(1, 50001))  # 282 KiB
NO_SPACE = "No space left on device"


class Small:
    """A file system that is small."""

    def __init__(self, where):
        self.where = where
        os.makedirs(where, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,nr_inodes=60,mode=700", "full", where], check=True)

    def path(self, name):
        return os.path.join(self.where, name)

    def fill(self):
        """No block and no inode is free."""
        try:
            with open(self.path("filler"), "wb", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
        except OSError:
            pass
        try:
            for n in range(100):
                open(self.path(f"filler.{n}"), "x").close()
        except OSError:
            return
        raise AssertionError("it does not become full")

    def clear(self):
        for name in os.listdir(self.where):
            if name.startswith("filler"):
                os.unlink(self.path(name))

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def unmount(self):
        subprocess.run(["umount", "-l", self.where], check=True)


def lines_of_ours(err):
    return [line for line in err.splitlines() if line.startswith("fleetsh: ")]


def output_files(small):
    here = small.where
    with open(small.path("out"), "w") as file:
        file.write("before\n")
    small.fill()
    for what, script in (("by a redirection", "cat ../big >>out"), ("by the last stage of a pipeline", "cat ../big | cat | cat >>out"),
                         ("by name", "dd if=../big of=out bs=8k oflag=append conv=notrunc")):
        status, out, err = run_in(here, script)
        check(f"a file {what}: status 1, an error of the program that says why", status == 1 and NO_SPACE in err and not lines_of_ours(err),
              (status, out, err))
        written = small.read("out")
        check(f"a file {what}: what was there before is, then a beginning of what was to come",
              written.startswith(b"before\n") and BIG.startswith(written[7:]), written[:200])
        os.truncate(small.path("out"), 7)
        small.fill()
    for script in (">new", "cat ../big >new", "cat <../big | tee new >/dev/null", "cp ../big new", "sort ../big -o new"):
        status, out, err = run_in(here, script)
        check(f"{script}: another status than 0, or tee's line, and no file", (status != 0 or "tee" in script) and err and
              not os.path.exists(small.path("new")), (status, out, err))
    small.clear()
    status, out, err = run_in(here, "head -c 100000 ../big | cat >>out; echo $?")
    check("room again: it is written", (status, out, err) == (0, "0\n", "") and small.read("out") == b"before\n" + BIG[:100000],
          (status, out, err))
    os.unlink(small.path("out"))


def temporary_files(small):
    small.fill()
    script = os.path.join(os.path.dirname(small.where), "here")
    with open(script, "wb") as file:
        file.write(b"cat <<E | cksum\n" + BIG + b"E\necho $?; x=$(echo a | cat); echo \"$x\"; mktemp; echo $?\n")
    status, out, err = run_in("/", f". {script}", TMPDIR=small.where)
    sum_of = subprocess.run(["cksum"], input=BIG, stdout=subprocess.PIPE).stdout.decode()
    check("TMPDIR full: here-documents and $( ) work, mktemp in a VM says why not", out == sum_of + "0\na\n1\n" and NO_SPACE in err,
          (status, out, err))
    small.clear()
    status, out, err = run_in("/", "f=$(mktemp) && echo x >\"$f\" && cat \"$f\"", TMPDIR=small.where)
    check("TMPDIR has room again: mktemp works", (status, out, err) == (0, "x\n", ""), (status, out, err))


def runtime_directory(small):
    changes = dict(XDG_RUNTIME_DIR=small.where)
    small.fill()
    status, out, err = run("echo x | cat; echo $?", **changes)
    check("runtime directory full: 125 and one line", out == "125\n" and len(err.splitlines()) == 1 and NO_SPACE in err, (status, out, err))
    small.clear()
    check("room again: vmprocd starts", run("echo x | cat", **changes) == (0, "x\n", ""))
    small.fill()
    check("full under vmprocd, whose log stands there: commands work",
          [run("echo x | cat | cat; echo $?", **changes) for _ in range(5)] == [(0, "x\n0\n", "")] * 5)
    small.clear()
    check("and its log goes on when there is room", until(lambda: run("sh -c 'kill -KILL $$'; vm log", **changes)[1], 10))
    daemon = vmprocd(small.where)
    small.fill()
    run("vm stop", **changes)
    check("vm stop works when it is full", until(lambda: not lives(daemon), 10))
    small.clear()


def work_directory():
    """vmprocd's own, with copies of the guest and the resident program, below /run."""
    with tempfile.TemporaryDirectory(prefix="fleetsh-full-run-") as directory:
        os.chmod(directory, 0o700)
        small = Small("/run")
        status, out, err = run("echo x | cat; echo $?", XDG_RUNTIME_DIR=directory)
        check("no room for the guest: 125 and one line that says so", out == "125\n" and len(err.splitlines()) == 1 and NO_SPACE in err and
              "make" not in err, (status, out, err))
        run("vm stop", XDG_RUNTIME_DIR=directory)
        small.unmount()
        check("room again: commands work", run("echo x | cat", XDG_RUNTIME_DIR=directory) == (0, "x\n", ""))
        run("vm stop", XDG_RUNTIME_DIR=directory)


def session(histfile, commands):
    """An interactive shell on a terminal; all that it printed."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(FLEETSH, ["fleetsh", "-i"], environment(HISTFILE=histfile, PS1="ready> ", TERM="dumb", ENV=None))
    seen = b""
    for command in commands + ["exit"]:
        count = seen.count(b"ready> ")
        os.write(fd, command.encode() + b"\r")
        until(lambda: select.select([fd], [], [], 0.1)[0] == [], 5)
        while select.select([fd], [], [], 2)[0]:
            try:
                seen += os.read(fd, 65536)
            except OSError:
                break
            if command != "exit" and seen.count(b"ready> ") > count + 1:
                break
    os.waitpid(pid, 0)
    os.close(fd)
    return seen.decode("utf-8", "replace")


def history(small):
    histfile = small.path("history")
    session(histfile, ["echo earlier"])
    before = small.read("history")
    small.fill()
    # Fill what is left of the history's own last page, too.
    with open(histfile, "ab", buffering=0) as file:
        with contextlib.suppress(OSError):
            while file.write(b"#" * 64 + b"\n"):
                pass
    full = small.read("history")
    said = session(histfile, ["echo now-$((1 + 1))", "echo x | cat; echo st-$?"])
    check("history's disk full: commands work", "now-2" in said and "st-0" in said, said)
    check("history's disk full: what was in it is", small.read("history").startswith(full) and full.startswith(before), small.read("history")[:200])
    small.clear()
    session(histfile, ["echo later"])
    check("room again: the history goes on", b"echo later" in small.read("history")[len(full):], small.read("history")[-200:])
    os.unlink(histfile)


def images(small):
    changes = dict(HOME=small.where, XDG_DATA_HOME=small.path("data"))
    status, out, err = run("vm image add -n small /bin/true", **changes)
    check("the store on a small disk: an image is added", status == 0, err)
    small.fill()
    status, out, err = run("vm image add -n more /bin/echo", **changes)
    check("the store's disk full: vm image add says so", status == 1 and NO_SPACE in err and len(err.splitlines()) == 1, (status, out, err))
    listed = run("vm image ls; vm image verify", **changes)
    small.clear()
    check("the store's disk full: what is in it is whole", listed[0] == 0 and run("vm image ls; vm image verify", **changes) == listed, listed)
    status, out, err = run("vm image add -n more /bin/echo && vm image verify", **changes)
    check("room again: an image is added", status == 0, (status, out, err))


def descriptors():
    """vmprocd has none left: who asks then is told, who comes later is served."""
    daemon = vmprocd()
    old = resource.prlimit(daemon, resource.RLIMIT_NOFILE)
    resource.prlimit(daemon, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{daemon}/fd")), old[1]))
    results = [run("echo x | cat | cat; echo $?") for _ in range(3)]
    resource.prlimit(daemon, resource.RLIMIT_NOFILE, old)
    check("vmprocd without a descriptor: 0 and all there, or 125 and a line", all(
        (out == "x\n0\n" and not err) or (out.endswith("125\n") and lines_of_ours(err)) for status, out, err in results), results)
    check("descriptors again: commands work", until(lambda: run("echo x | cat | cat") == (0, "x\n", ""), 10))
    check("it is the same vmprocd", vmprocd() == daemon)


def hard_limits():
    """A script that sets limits first starts vmprocd under them, which serves all the user's shells."""
    for limits in ("ulimit -f 100", "ulimit -v 400000", "ulimit -n 100", "ulimit -d 300000"):
        with tempfile.TemporaryDirectory(prefix="fleetsh-full-run-") as directory:
            os.chmod(directory, 0o700)
            script = f"{limits}; for i in 1 2 3; do echo $i | cat; done; echo $?"
            done = subprocess.run(["setpriv", "--bounding-set", "-sys_resource", FLEETSH, "-c", script], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60,
                                  env=environment(XDG_RUNTIME_DIR=directory))
            check(f"{limits} before the first command: it works", (done.stdout, done.stderr) == ("1\n2\n3\n0\n", ""), done)
            with open(f"/proc/{vmprocd(directory)}/limits") as file:
                check(f"{limits}: vmprocd has not got it", not re.search(r"\b(51200|409600000|307200000)\b", file.read()))
            run("vm stop", XDG_RUNTIME_DIR=directory)


with tempfile.TemporaryDirectory(prefix="fleetsh-full-") as top:
    os.chmod(top, 0o700)
    os.environ["XDG_RUNTIME_DIR"] = top
    with open(os.path.join(top, "big"), "wb") as big:
        big.write(BIG)
    disk = Small(os.path.join(top, "small"))
    run("/bin/busybox true")
    try:
        for part in (output_files, temporary_files, history, images, runtime_directory):
            part(disk)
    finally:
        disk.unmount()
    descriptors()
    work_directory()
    hard_limits()
    run("vm stop")
finish()
