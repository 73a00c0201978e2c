#!/usr/bin/env python3
"""A VM whose command has ended in order is reset and used again, and nothing of that command is left in it."""

import json
import os
import re
import signal
import struct
import subprocess

import vmp
from bench import BUILD, Bench, done, ok

HERE = os.path.dirname(os.path.abspath(__file__))
PAIRS = 50
HOLD_US = 50000  # HOLD_MS of resets.c


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


def work_directory(bench):
    """Of this vmprocd: others may be at work on the machine."""
    held = (os.readlink(fd.path) for fd in os.scandir(f"/proc/{bench.daemon.pid}/fd"))
    return os.path.dirname(next(path for path in held if re.search(r"/fleetsh-vm-\w+/lock$", path)))


def ring_blocks(bench, vm):
    return os.stat(f"{work_directory(bench)}/s/{vm}.ring").st_blocks


def pipeline(bench, *commands):
    leases = vmp.lease_run(bench.rundir, len(commands))
    for lease, command in zip(leases, commands):
        lease.exec_resident(command)
    return leases


def wired(bench):
    first = pipeline(bench, ["echo", "wired"], ["cat"])
    used = [lease.vm for lease in first]
    ends = [lease.wait_exit() for lease in first]
    ok(ring_blocks(bench, used[0]) > 0, "a pipeline's bytes lie in a ring")
    first[0].done()
    ok(becomes(bench, used[0], "warm") and ring_blocks(bench, used[0]) > 0, "as long as one of its VMs is not reset")
    again = vmp.lease_run(bench.rundir, 2)
    ok(not again or not set(used) & {lease.vm for lease in again}, "the other one's is not leased till then", used)
    for lease in again or []:
        lease.close()
    first[1].done()
    ok(all(becomes(bench, vm, "warm") for vm in used), "VMs that were wired wait again")
    ok(vmp.until(lambda: ring_blocks(bench, used[0]) == 0, 10), "and their ring is emptied")
    second = pipeline(bench, ["echo", "again"], ["cat"])
    ends += [lease.wait_exit() for lease in second]
    ok([lease.vm for lease in second] == used and [end[2] for end in ends] == [b"", b"wired\n", b"", b"again\n"],
       "and carries the next pipeline", (used, [lease.vm for lease in second], ends))
    for lease in second:
        lease.close()


def begun_before_the_end(bench):
    """How many VMs of one pipeline were reset, and by how much too soon, in us: [0, ...] is well."""
    trace = os.path.join(bench.dir, "pipeline.json")
    subprocess.run([os.path.join(BUILD, "fleetsh"), "-c", f"vm trace -o {trace} 'echo a | sleep 0.01 | sleep 0.02'"],
                   cwd=bench.dir, env=bench.env, check=True, stdin=subprocess.DEVNULL, timeout=60)
    with open(trace) as file:
        events = json.load(file)
    events = events if isinstance(events, list) else events["traceEvents"]
    ends = {e["tid"]: e["ts"] + e["dur"] for e in events if e.get("name") == "leased"}
    return [max(0, min(ends[e["tid"]] + HOLD_US, max(ends.values())) - e["ts"]) for e in events if e.get("name") == "reset to READY"]


def held(bench):
    """Nobody waits, and one VM is left: the rest of the pipeline has the processors."""
    early = []
    for _ in range(5):
        assert bench.warm(4)
        early += begun_before_the_end(bench)
    ok(early and not any(early), "a pipeline's VMs are reset when all of its commands are done, or 50 ms have passed", early)


def wired_ends(bench):
    leases = pipeline(bench, ["yes"], ["head", "-n1"])
    ok(leases[1].wait_exit()[2] == b"y\n", "a reader may end first")
    for lease in leases:
        lease.close()

    assert bench.warm(4)
    leases = pipeline(bench, ["sleep", "60"], ["true"])
    leases[1].wait_exit()
    leases[1].done()
    ok(becomes(bench, leases[1].vm, "gone"), "its VM is not reset while the writer runs: that waits for its hang-up")
    leases[0].ctl.sendall(struct.pack("<IHHII", 8, vmp.CTL_SIGNAL, 0, signal.SIGTERM, 0))
    leases[0].wait_exit()
    leases[0].done()
    ok(becomes(bench, leases[0].vm, "warm"), "the writer's is")

    assert bench.warm(4)
    leases = pipeline(bench, ["sleep", "60"], ["cat"])
    while leases[0].recv_ctl()[0] != vmp.CTL_STARTED:
        pass
    leases[0].done()
    ok(becomes(bench, leases[0].vm, "gone"), "nor that of a writer which has not said that it has ended")
    how, value, out, _ = leases[1].wait_exit()
    ok((how, out) == (0, b"") and value != 0, "for its reader that is an error", (how, value, out))
    leases[1].close()


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
    st = os.stat(os.path.join(work_directory(bench), "rom"))
    ok(st.st_mode & 0o222 == 0 and st.st_uid == 0, "from a file that QEMU's user cannot write to")


def bounced(bench):
    """What a shim has put into a VM's memory is for that command alone."""
    lease = vmp.Lease(bench.rundir)
    lease.exec_resident(["true"])
    lease.wait_exit()
    vm, kept = lease.vm, os.dup(lease.bounce.fileno())
    os.pwrite(kept, b"SECRET!\n" * (vmp.BOUNCE_BYTES // 8), 0)
    ok(os.fstat(kept).st_blocks > 0, "a bounce buffer can be filled by its shim")
    lease.done()
    ok(becomes(bench, vm, "warm"), "a VM that has one is reset")
    ok(os.pread(kept, vmp.BOUNCE_BYTES + 1, 0) == bytes(vmp.BOUNCE_BYTES) and os.fstat(kept).st_blocks == 0,
       "and nothing is left in it then")
    seen = set()
    for pid in bench.qemus():
        with open(f"/proc/{pid}/maps") as file:
            seen |= {line.split()[1] for line in file if line.endswith(".bounce\n")}
    st = os.fstat(kept)
    ok(seen == {"r--s"}, "QEMU, and so its guest, can read it and no more", seen)
    ok(st.st_uid == os.geteuid() and st.st_mode & 0o137 == 0, "from a file that nobody else can write to, or see", oct(st.st_mode))
    os.close(kept)


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
    for test in (rom, bounced, wired, held, wired_ends, killed_daemon):
        assert bench.warm(4)
        test(bench)
done()
