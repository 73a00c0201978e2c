#!/usr/bin/env python3
"""The memory of VMs grows by need, within the user's limit, and is given back."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *

GROW = os.path.join(os.path.dirname(FLEETSH), "prog", "grow")
MIB = 1 << 20


def resident():
    """Of the VM that runs grow, as `vm top` sees it; 0: there is none."""
    done = subprocess.run([FLEETSH, "-c", "vm top --json"], stdout=subprocess.PIPE, text=True, env=environment())
    return max((vm["resident_bytes"] for vm in json.loads(done.stdout or "[]") if "grow" in vm["command"]), default=0)


def grows():
    shell = start(f"{GROW} 2048; echo \"status $?\"")
    line = shell.stdout.readline()
    check("a program that needs 2 GiB runs, and nobody had to say so", line == "2048\n", (line, vms()))
    used = resident()
    check("its VM uses that much", 2048 * MIB < used < 2200 * MIB, used)
    before = qemus()
    out, err = shell.communicate("\n", timeout=60)
    check("it ends in order", (out, err) == ("status 0\n", ""), (out, err))
    check("the VM that had grown is ended, and its memory free", until(lambda: set(before) - set(qemus()), 10), (before, qemus()))
    status, out, err = run(f"echo | {GROW} 4000; echo $?")
    check("what no VM has is ENOMEM", out == "2\n" and "memory" in err, (out, err))


def bounded():
    os.environ["FLEETSH_MAX_MEMORY"] = "800"
    quiet = start("cat; echo \"status $?\"")
    check("one command waits", until(lambda: [vm for vm in leased() if vm["command"] == "cat"], 30), vms())
    status, out, err = run(f"{GROW} 2048; echo $?")
    lines = err.splitlines()
    check("beyond the limit of all VMs the greatest is ended, with one line that names the limit", out == "120\n" and
          len(lines) == 1 and lines[0].startswith("fleetsh: grow: all VMs together use ") and "FLEETSH_MAX_MEMORY" in lines[0],
          (out, err))
    status, out, err = run(f"echo | {GROW} 500; echo $?")
    check("what is within it runs then", (out, err) == ("500\n0\n", ""), (out, err))
    out, err = quiet.communicate("still here\n", timeout=30)
    check("and nobody else has noticed", (out, err) == ("still here\nstatus 0\n", ""), (out, err))


def crowd():
    """What QEMUs share counts once: the sum of their resident sets is beyond the limit, what they use is not."""
    os.environ.update(FLEETSH_MAX_MEMORY="420", FLEETSH_MAX_VMS="20")
    shell = start("exec 4<&0; for n in 1 2 3 4 5 6 7 8 9 10 11 12; do cat <&4 & done; exec 4<&-; wait; echo \"status $?\"")
    check("twelve idle VMs run", until(lambda: len(leased()) == 12, 60), vms())
    asked = subprocess.run([FLEETSH, "-c", "vm top --json"], stdout=subprocess.PIPE, text=True, env=environment())
    total = sum(vm["resident_bytes"] for vm in json.loads(asked.stdout))
    check("their resident sets are more than the limit", total > 420 * MIB, total)
    out, err = shell.communicate("", timeout=60)
    check("none was ended for it", (out, err) == ("status 0\n", ""), (out, err))


with tempfile.TemporaryDirectory(prefix="fleetsh-memory-") as directory:
    os.chmod(directory, 0o700)
    os.environ.update(XDG_RUNTIME_DIR=directory, FLEETSH_POOL="1")
    for part in (grows, bounded, crowd):
        try:
            part()
        finally:
            run("vm stop")
finish()
