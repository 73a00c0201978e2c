#!/usr/bin/env python3
"""Which wires go through shared memory, and that both ends of one share the same."""

import struct

import vmp
from bench import Bench, done, ok

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
done()
