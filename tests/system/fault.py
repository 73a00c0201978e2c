#!/usr/bin/env python3
"""Calls of the shim and of vmprocd that fail one by one, or one and all after it: no memory, descriptors, sockets, threads.

Whatever fails: no hang; the shell goes on; a status of 0 means that all is there, another one comes with a line that says why; when
calls succeed again the next command works; nothing is left. POINTS=100 tries so many of each kind instead of a few, POINTS=0 all.
"""
import mmap
import os
import struct
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *

BUILD = os.path.dirname(FLEETSH)
POINTS = int(os.environ.get("POINTS", "4"))
KINDS = [("memory", 1, 12), ("open", 2, 24), ("dup", 3, 24), ("pipe", 5, 24), ("socket", 8, 24), ("send", 9, 105), ("thread", 10, 11)]
SCRIPT = 'busybox cat f - </dev/null >g; echo "status $?"; read x <g; echo "$x"; echo alive'
TEXT = "what the file says"


class Plan:
    """failnth.c's, shared with every process that counts in it."""

    def __init__(self, path):
        with open(path, "w+b") as file:
            file.write(bytes(24))
            file.flush()
            self.map = mmap.mmap(file.fileno(), 24)

    def set(self, kind, error=0, n=0, all_after=False):
        self.map[:] = struct.pack("6i", kind, error, n, all_after, 0, 0)

    def counts(self):
        return struct.unpack("2i", self.map[16:24])


def judge(status, out, err):
    """What is wrong with a run of SCRIPT in which calls failed; None: nothing."""
    lines = [line for line in err.splitlines() if line]
    if status is None:
        return "hung"
    if not out.endswith("alive\n"):
        return "the shell did not go on"
    first = out.splitlines()[0] if out.startswith("status ") else "status none"
    if first == "status 0":
        return None if TEXT in out else "status 0, and the output is not there"
    if first.split()[1] not in ("1", "120", "125", "126", "127"):
        return "no status of ours or cat's: " + first
    if first != "status 1" and len([line for line in lines if line.startswith("fleetsh: busybox: ")]) != 1:
        return "not one line that says why"
    return None if lines else "no line that says why"


def points(calls):
    step = max(1, calls // POINTS) if POINTS else 1
    return range(1, calls + 1, step)


def attempt(plan, changes, *what):
    plan.set(*what)
    with open("f", "w") as file:
        file.write(TEXT + "\n")
    if os.path.exists("g"):
        os.unlink("g")
    return run_in(".", SCRIPT, **changes)


def inject(party, plan, changes, fresh):
    """fresh: vmprocd is started anew for each attempt."""
    for name, kind, error in KINDS:
        problems, tried = [], 0
        if fresh:
            run("vm stop")
        attempt(plan, changes, kind, error, 0)
        calls = plan.counts()[0]
        for n in points(calls):
            for all_after in (False, True):
                if fresh:
                    run("vm stop")
                result = attempt(plan, changes, kind, error, n, all_after)
                tried += plan.counts()[1] > 0
                wrong = judge(*result)
                plan.set(0)
                again = run_in(".", "echo again | cat", **changes)
                if not wrong and again[:2] != (0, "again\n"):
                    wrong, result = "the next command does not work", again
                if wrong:
                    problems.append(f"call {n}{' and later' if all_after else ''}: {wrong}: {result}")
        if tried:
            check(f"{party}: {name} fails, {tried} ways of {calls} calls", not problems, "\n".join(problems))
    check(f"{party}: nothing is left", until(lambda: not leased(), 10), leased())
    run("vm stop")


with tempfile.TemporaryDirectory(prefix="fleetsh-fault-") as directory:
    os.chmod(directory, 0o700)
    parts, shim = dynamic_shim(directory)
    os.mkdir(os.path.join(directory, "work"))
    os.chdir(os.path.join(directory, "work"))
    os.environ.update(XDG_RUNTIME_DIR=directory, FLEETSH_LIBEXEC_DIR=parts, FLEETSH_POOL="1")
    plan = Plan(os.path.join(directory, "plan"))
    changes = dict(LD_PRELOAD=os.path.join(BUILD, "failnth.so"), FAILNTH_FILE=os.path.join(directory, "plan"))
    try:
        run("/bin/busybox true")
        inject("shim", plan, dict(changes, FAILNTH_EXE=shim), False)
        inject("vmprocd", plan, dict(changes, FAILNTH_EXE=os.path.join(BUILD, "vmprocd")), True)
    finally:
        plan.set(0)
        run("vm stop")
        os.chdir("/")
finish()
