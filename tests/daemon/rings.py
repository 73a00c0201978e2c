#!/usr/bin/env python3
"""Which wires go through shared memory, and that both ends of one share the same."""

import os
import struct

import vmp
from bench import BUILD, Bench, done, ok

IN, OUT = 1, 2


def run_pair(bench, leases):
    """seq | tail over the wire of two neighbours: (rings of the grants, what came out)."""
    leases[0].exec_resident(["seq", "20000"])
    leases[1].exec_resident(["tail", "-n1"])
    ends = [lease.wait_exit() for lease in leases]
    for lease in leases:
        lease.close()
    return [lease.rings for lease in leases], ends[1][2]


def warm_vms(bench):
    assert bench.warm(2)
    return [v["vm"] for v in vmp.vms(bench.rundir) if v["state"] == "warm"]


def second_successor(bench):
    """Kills the second of two until the one that takes its place is linked to the first. The pair; None: never."""
    for _ in range(20):
        first, *_, last = warm_vms(bench)
        assert vmp.Connection(bench.rundir).ask(vmp.KILL, struct.pack("Q", last))[0] == vmp.OK
        assert vmp.until(lambda: last not in [v["vm"] for v in vmp.vms(bench.rundir)], 10)
        now = warm_vms(bench)
        leases = vmp.lease_run(bench.rundir, 2) if now[0] == first else None
        if leases:
            return leases
    return None


def without_rom(bench, parts, when):
    bench.start_daemon(FLEETSH_POOL="2", FLEETSH_LIBEXEC_DIR=parts)
    warm_vms(bench)
    seen = run_pair(bench, vmp.lease_run(bench.rundir, 2))
    ok(seen == ([0, 0], b"20000\n"), f"{when} QEMU loads the guest, and wires are ports", seen)
    bench.end_daemon()


with Bench() as bench:
    bench.start_daemon(FLEETSH_POOL="2")
    warm_vms(bench)
    seen = run_pair(bench, vmp.lease_run(bench.rundir, 2))
    ok(seen == ([OUT, IN], b"20000\n"), "the wire of a run goes through a ring", seen)

    leases = second_successor(bench)
    if ok(leases, "a VM may get a second successor"):
        seen = run_pair(bench, leases)
        ok(seen == ([OUT, IN], b"20000\n"), "which shares memory with it as the first did", seen)

    lease = vmp.Lease(bench.rundir)
    ok(lease.rings == 0, "a VM that is leased alone has none")
    lease.close()
    bench.end_daemon()

    bench.start_daemon(FLEETSH_POOL="2", FLEETSH_RINGS="0")
    warm_vms(bench)
    seen = run_pair(bench, vmp.lease_run(bench.rundir, 2))
    ok(seen == ([0, 0], b"20000\n"), "FLEETSH_RINGS=0: the same through ports", seen)
    bench.end_daemon()

    parts = os.path.join(bench.dir, "parts")
    os.mkdir(parts)
    for name in ("guest.elf", "toolbox", "reset.rom"):
        os.symlink(os.path.join(BUILD, name), os.path.join(parts, name))
    without_rom(bench, parts, "without a ROM")
    with open(os.path.join(BUILD, "guest.rom"), "rb") as file:
        rom = bytearray(file.read())
    rom[4096:4098] = b"\xe7\xf4"  # the first instruction ends QEMU
    with open(os.path.join(parts, "guest.rom"), "wb") as file:
        file.write(rom)
    without_rom(bench, parts, "where a ROM does not boot")
done()
