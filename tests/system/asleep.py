#!/usr/bin/env python3
"""All stands still for a while, and the date jumps: nobody takes that for a failure, and guests know what time it is.

What a suspended machine does to processes is that they do not run. Here SIGSTOP does it, to all that fleetsh consists of; unlike
then CLOCK_MONOTONIC goes on, which is the harder case, and that of a frozen cgroup. The date is a preloaded one (tests/fault/clock.c).
"""
import os
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *

PATIENCE = 3  # s, vmprocd's with a libvirtd that does not answer
CLOCK = "busybox awk '{ print systime(); fflush() }'"


class Clock:
    """A program in a VM that tells the date when it is asked."""

    def __init__(self, **changes):
        self.shell = start(CLOCK, **changes)

    def is_right(self, offset=0):
        before = int(time.time()) + offset
        self.shell.stdin.write("?\n")
        self.shell.stdin.flush()
        said = int(self.shell.stdout.readline())
        return before - 1 <= said <= time.time() + offset + 1

    def end(self):
        return self.shell.communicate(timeout=30) == ("", "")


def stand_still():
    """libvirtd first, so that vmprocd has a question open when its own turn comes."""
    rest = [vmprocd(), *qemus(), *(pid for shell in processes(r"fleetsh -c") for pid in shims(shell))]
    os.kill(router_pid("libvirtd"), signal.SIGSTOP)
    time.sleep(PATIENCE / 2)
    for pid in rest:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(PATIENCE * 2)
    for pid in [*rest, router_pid("libvirtd")]:
        os.kill(pid, signal.SIGCONT)


def freeze():
    clock, ring = Clock(), start("sleep 1; echo rings")
    pipeline = start("cat | cat | cat")
    assert clock.is_right() and until(lambda: len(leased()) == 5, 20), vms()
    pool = int(os.environ["FLEETSH_POOL"])
    assert until(lambda: sum(vm["state"] == "warm" for vm in vms()) == pool, 30), vms()
    there = {vm["domain"] for vm in vms()}
    stand_still()
    check("all stood still: what the time is", clock.is_right())
    check("a timer that was due meanwhile rings", ring.communicate(timeout=30) == ("rings\n", ""))
    check("a pipeline goes on", pipeline.communicate("on\n", timeout=30) == ("on\n", ""))
    check("no VM was ended for it", there >= {vm["domain"] for vm in vms()} and len(vms()) >= pool, (there, vms()))
    log = run("vm log")[1]
    check("nobody took it for a failure", "lost" not in log and "fail" not in log, log)
    check("the clock's program ends", clock.end())


def jumps(directory):
    parts, shim = dynamic_shim(directory)
    fifo, offset = os.path.join(directory, "jumps"), os.path.join(directory, "offset")
    os.mkfifo(fifo)
    with open(offset, "w") as file:
        file.write("0")
    clock = Clock(FLEETSH_LIBEXEC_DIR=parts, LD_PRELOAD=os.path.join(os.path.dirname(FLEETSH), "clock.so"), CLOCK_EXE=shim, CLOCK_OFFSET=offset,
                  CLOCK_FIFO=fifo)
    check("a preloaded date", clock.is_right())
    for seconds in (3600, -7200, 86400 * 365, 0):
        with open(offset, "w") as file:
            file.write(f"{seconds}        ")
        with open(fifo, "w") as file:
            file.write("!")
        check(f"the date jumps by {seconds} s: the program sees it", until(lambda: clock.is_right(seconds), 10))
    check("and ends", clock.end())


with tempfile.TemporaryDirectory(prefix="fleetsh-asleep-") as top:
    os.chmod(top, 0o700)
    os.environ.update(XDG_RUNTIME_DIR=top, FLEETSH_POOL="4")
    run("/bin/busybox true")
    freeze()
    run("vm stop")
    jumps(top)
    run("vm stop", FLEETSH_LIBEXEC_DIR=os.path.join(top, "libexec"))
finish()
