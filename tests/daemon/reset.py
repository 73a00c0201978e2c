#!/usr/bin/env python3
"""A VM whose command has ended in order is reset and used again, and nothing of that command is left in it."""

import os
import re
import subprocess

import vmp
from bench import BUILD, Bench, done, ok

HERE = os.path.dirname(os.path.abspath(__file__))
PAIRS = 50


def state_of(bench, vm):
    return next((v["state"] for v in vmp.vms(bench.rundir) if v["vm"] == vm), "gone")


def becomes(bench, vm, state, seconds=10):
    return vmp.until(lambda: state_of(bench, vm) == state, seconds)


def run(bench, argv):
    lease = vmp.Lease(bench.rundir)
    lease.exec_resident(argv)
    how, value, out, log = lease.wait_exit()
    assert (how, value) == (0, 0), (how, value, log)
    return lease, out


def single_leases(bench):
    lease, out = run(bench, ["echo", "first"])
    vm = lease.vm
    lease.done()
    ok(becomes(bench, vm, "warm"), "a VM whose command is done waits again")
    lease, again = run(bench, ["echo", "second"])
    ok((lease.vm, out, again) == (vm, b"first\n", b"second\n"), "and runs the next command", (vm, lease.vm, again))
    lease.close()
    ok(becomes(bench, vm, "gone"), "without DONE it ends")

    lease, _ = run(bench, ["true"])
    lease.done(rss=64 << 20)
    ok(becomes(bench, lease.vm, "gone"), "one whose program was large ends")

    lease = vmp.Lease(bench.rundir)
    lease.exec_resident(["sleep", "60"])
    while lease.recv_ctl()[0] != vmp.CTL_STARTED:
        pass
    vm = lease.vm
    lease.done()
    ok(becomes(bench, vm, "warm"), "a reset ends what still runs, whatever was promised")
    lease, out = run(bench, ["echo", "clean"])
    ok((lease.vm, out) == (vm, b"clean\n"), "and leaves nothing of it", (lease.vm, out))
    lease.ctl.sendall(b"\1\0\0\0\2\0\0\0")  # bytes that the guest has no time to make sense of
    lease.done()
    ok(becomes(bench, vm, "warm") or becomes(bench, vm, "gone"), "nonsense in port ctl harms only that VM")


def oldest(bench):
    used = []
    while not used or used[-1] == used[0]:
        lease, _ = run(bench, ["true"])
        used.append(lease.vm)
        lease.done()
        assert becomes(bench, lease.vm, "warm") or becomes(bench, lease.vm, "gone")
        assert len(used) < 60, used
    ok(len(used) > 40, "a VM is reset many times, but not for ever", len(used))


def wired(bench):
    leases = vmp.lease_run(bench.rundir, 2)
    leases[0].exec_resident(["echo", "wired"])
    leases[1].exec_resident(["cat"])
    for lease in leases:
        lease.wait_exit()
        lease.done()
    ok(all(becomes(bench, lease.vm, "gone") for lease in leases), "VMs that were wired end")


def secrets(bench):
    program = os.path.join(bench.dir, "secret")
    subprocess.run(["gcc", "-static", "-O1", "-o", program, os.path.join(HERE, "secret.c")], check=True)
    trace = os.path.join(bench.dir, "trace")
    script = f"i=0; while [ $i -lt {PAIRS} ]; do ./secret fill; ./secret scan; i=$((i+1)); done"
    shell = subprocess.run([os.path.join(BUILD, "fleetsh"), "-o", "vmtrace", "-c", script], cwd=bench.dir, text=True,
                           env={**bench.env, "FLEETSH_VMTRACE_FILE": trace}, capture_output=True, timeout=300)
    ok(shell.stdout == "full\nclean\n" * PAIRS, "fresh memory is zero, though the command before filled it",
       shell.stdout.replace("full\nclean\n", "") + shell.stderr)
    with open(trace) as file:
        vms = re.findall(r"vm=(\d+)", file.read())
    same = sum(a == b for a, b in zip(vms[::2], vms[1::2]))
    ok(same > PAIRS / 2, "and that was the same VM", f"{same} of {PAIRS}")


def rom(bench):
    """Nobody can change what a VM begins with."""
    seen = set()
    for pid in bench.qemus():
        with open(f"/proc/{pid}/maps") as file:
            seen |= {line.split()[1] for line in file if line.endswith("/rom\n")}
    ok(seen == {"r--s"}, "guest and resident program are mapped read-only", seen)
    modes = [os.stat(os.path.join(d.path, "rom")) for d in os.scandir("/run")
             if d.name.startswith("fleetsh-vm-") and os.path.exists(os.path.join(d.path, "rom"))]
    ok(modes and all(st.st_mode & 0o222 == 0 and st.st_uid == 0 for st in modes), "from a file that QEMU's user cannot write to")


def killed_daemon(bench):
    lease, _ = run(bench, ["true"])
    lease.done()
    bench.daemon.kill()
    bench.daemon.wait()
    bench.daemon = None
    ok(vmp.until(lambda: not bench.qemus(), 10), "vmprocd killed while a VM is reset: none is left", bench.qemus())


with Bench() as bench:
    bench.start_daemon(FLEETSH_POOL="1", FLEETSH_MAX_VMS="1")  # so that each command has to take the same VM
    assert bench.warm(1)
    single_leases(bench)
    so_far = len(bench.log())  # the guest that was told nonsense may have ended before its reset
    for test in (oldest, secrets):
        assert bench.warm(1)
        test(bench)
    ok("failed" not in bench.log()[so_far:], "no reset fails", bench.log()[-2000:])
    bench.end_daemon()
    bench.start_daemon()
    for test in (rom, wired, killed_daemon):
        assert bench.warm(4)
        test(bench)
done()
