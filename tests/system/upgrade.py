#!/usr/bin/env python3
"""A new vmprocd, guest or shim is installed while shells and commands run: nobody has to do anything.

Commands that run finish, with what they start; the next command has the new vmprocd; the old one ends with its last command.
"""
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *

BUILD = os.path.dirname(FLEETSH)
PARTS = ("vmproc-run", "vmprocd", "guest.elf", "vmproc-spec")


def listener(rundir):
    """Process that takes new commands."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sock:
        sock.connect(os.path.join(rundir, "fleetsh", "vmprocd.sock"))
        return struct.unpack("iII", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]


def install(parts, part, source=None):
    """As a package manager does: beside it, then in its place."""
    new = os.path.join(parts, part + ".new")
    shutil.copy(source or os.path.join(BUILD, part), new)
    os.rename(new, os.path.join(parts, part))


def lives(pid):
    return os.path.exists(f"/proc/{pid}")


def say(shell, line):
    shell.stdin.write(line + "\n")
    shell.stdin.flush()


def result(shell):
    try:
        return shell.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(shell.pid, 9)
        return shell.communicate()


def started(shell, command):
    assert until(lambda: any(vm["command"].startswith(command) for vm in leased()), 30), vms()


def upgrades(parts, rundir):
    status, out, err = run("echo first | cat")
    old = listener(rundir)
    check("a command before", (status, out) == (0, "first\n"), (status, out, err))

    # Two shells whose commands wait: one that only reads, one that starts other commands afterwards.
    quiet = start("cat; echo \"ended $?\"")
    busy = start("sh -c 'read x; env echo \"child $x\"; echo grandchild | env cat'; echo \"ended $?\"; cat; echo last | cat")
    started(quiet, "cat")
    started(busy, "sh -c")
    for part in PARTS:
        install(parts, part)
    crowd = [start(f"echo {n} | cat; /bin/busybox true") for n in range(6)]
    outs = [result(shell) for shell in crowd]
    check("six shells at once after an upgrade: each has its command", [out for out, _ in outs] == [f"{n}\n" for n in range(6)] and
          not any(err for _, err in outs), outs)
    new = listener(rundir)
    started_now = [pid for pid in processes(r"^\S*vmprocd\b") if f"XDG_RUNTIME_DIR={rundir}" in environ(pid)]
    check("they have one new vmprocd, and the old one is still there", new != old and sorted(started_now) == sorted((old, new)),
          (old, new, started_now))

    say(busy, "of the old")
    check("a command of before goes on, and so does what it starts now", until(lambda: len(leased()) == 1, 30), vms())
    busy.stdin.close()
    busy.stdin = None
    out, err = result(busy)
    check("it ends in order, and its shell goes on", (out, err) == ("child of the old\ngrandchild\nended 0\nlast\n", ""), (out, err))
    check("the old vmprocd stays while a command of its runs", lives(old))
    quiet.stdin.write("bytes")
    quiet.stdin.close()
    quiet.stdin = None
    out, err = result(quiet)
    check("the last of them ends in order", (out, err) == ("bytesended 0\n", ""), (out, err))
    check("and the old vmprocd with it", until(lambda: not lives(old), 10))
    check("the new one takes commands still", listener(rundir) == new and run("echo x | cat")[1] == "x\n")
    return new


def environ(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return file.read().decode("utf-8", "replace").split("\0")
    except OSError:
        return []


def failing(parts, rundir, current):
    with open(os.path.join(parts, "broken"), "w") as file:
        file.write("#!/bin/sh\nexit 1\n")
    os.chmod(file.name, 0o755)
    install(parts, "vmprocd", file.name)
    status, out, err = run("echo x | cat; /bin/busybox true; echo $?")
    check("a new vmprocd that does not start: the old one goes on", (out, err, listener(rundir)) == ("x\n0\n", "", current), (out, err))
    os.unlink(os.path.join(parts, "vmprocd"))
    status, out, err = run("/bin/busybox true; echo $?")
    check("while it is away, too", (out, err, listener(rundir)) == ("0\n", "", current), (out, err))
    install(parts, "vmprocd")
    status, out, err = run("/bin/busybox true; echo $?")
    check("until one is there that does", (out, err) == ("0\n", "") and listener(rundir) != current, (out, err))


def stopping(parts, rundir):
    shell = start("cat; echo \"ended $?\"")
    started(shell, "cat")
    old = listener(rundir)
    install(parts, "guest.elf")
    run("/bin/busybox true")
    check("a new guest is a new vmprocd's", listener(rundir) != old and lives(old))
    run("vm stop")
    out, err = result(shell)
    check("vm stop ends the old ones, too, and their commands", out == "ended 120\n" and until(lambda: not lives(old), 10), (out, err))


with tempfile.TemporaryDirectory(prefix="fleetsh-upgrade-") as directory:
    os.chmod(directory, 0o700)
    parts = os.path.join(directory, "libexec")
    os.mkdir(parts)
    for part in PARTS:
        install(parts, part)
    os.symlink(os.path.join(BUILD, "toolbox"), os.path.join(parts, "toolbox"))
    os.environ.update(XDG_RUNTIME_DIR=directory, FLEETSH_LIBEXEC_DIR=parts, FLEETSH_POOL="2")
    try:
        current = upgrades(parts, directory)
        failing(parts, directory, current)
        stopping(parts, directory)
    finally:
        run("vm stop")
finish()
