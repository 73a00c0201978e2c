#!/usr/bin/env python3
"""Many commands one after the other: each has a fresh VM, nothing piles up."""

import os
import statistics
import time

import vmp
from bench import Bench, done, ok

COUNT = 60


def run(rundir, argv):
    """(ms from LEASE to GRANT, ms from EXEC to EXITED, output, VM)"""
    a = time.monotonic()
    lease = vmp.Lease(rundir)
    b = time.monotonic()
    lease.exec_resident(argv)
    how, value, out, _ = lease.wait_exit()
    c = time.monotonic()
    lease.close()
    assert (how, value) == (0, 0), (how, value)
    return (b - a) * 1e3, (c - b) * 1e3, out, lease.vm


def descriptors(bench):
    return len(os.listdir(f"/proc/{bench.daemon.pid}/fd"))


with Bench() as bench:
    r = bench.rundir
    bench.start_daemon()
    bench.warm(4)
    run(r, ["true"])
    bench.warm(4)
    results = []
    start = time.monotonic()
    for i in range(COUNT):
        results.append(run(r, ["echo", str(i)]))
    took = time.monotonic() - start
    ok([x[2] for x in results] == [b"%d\n" % i for i in range(COUNT)], "each command's output is its own")
    ok(len({x[3] for x in results}) == COUNT, "each has a VM of its own")
    print(f"# {COUNT / took:.1f} fresh VMs/s; LEASE to GRANT median {statistics.median(x[0] for x in results):.1f} ms,"
          f" EXEC to EXITED median {statistics.median(x[1] for x in results):.1f} ms")
    ok("failed" not in bench.log(), "no start fails, though neighbours end while their successors are linked", bench.log())

    idle = lambda: [v["state"] for v in vmp.vms(r)].count("warm") == len(vmp.vms(r)) > 4
    ok(vmp.until(idle, 20), "the pool has grown with the need", vmp.vms(r))
    time.sleep(1.0)  # a start that is still to come would show
    warm = len(vmp.vms(r))
    fds = descriptors(bench)
    for i in range(20):
        run(r, ["true"])
        vmp.until(lambda: len(vmp.vms(r)) == warm and idle(), 10)
    ok(vmp.until(lambda: descriptors(bench) <= fds, 5), "vmprocd's descriptors do not grow", (fds, descriptors(bench)))

    # A command in the foreground while the pool is full
    quiet = []
    for i in range(10):
        quiet.append(run(r, ["true"]))
        vmp.until(lambda: len(vmp.vms(r)) == warm and idle(), 10)
    print(f"# warm, alone: LEASE to GRANT {statistics.median(x[0] for x in quiet):.2f} ms, "
          f"EXEC to EXITED {statistics.median(x[1] for x in quiet):.2f} ms")

    total = 0
    for pid in bench.qemus():
        with open(f"/proc/{pid}/smaps_rollup") as file:
            total += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    print(f"# {total / 1024 / max(1, len(bench.qemus())):.1f} MiB PSS per warm VM, {warm} of them")

    # Each neighbour of a run reads what the one before writes.
    n = 4
    leases = vmp.lease_run(r, n)
    ok(leases, "a run of four")
    if leases:
        leases[0].exec_resident(["echo", "through", "the", "wires"])
        for lease in leases[1:]:
            lease.exec_resident(["cat"])
        ends = [lease.wait_exit() for lease in leases]
        ok([e[:2] for e in ends] == [(0, 0)] * n and ends[-1][2] == b"through the wires\n",
           "bytes go from VM to VM", ends)
        for lease in leases:
            lease.close()
done()
