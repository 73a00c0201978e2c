#!/usr/bin/env python3
"""Two routers of one vmprocd on this machine: where commands go, use, drain, and one of them lost."""

import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "daemon"))
import vmp
from bench import BUILD, Bench, done, ok


def shell(bench, script):
    return subprocess.run([os.path.join(BUILD, "fleetsh"), "-c", script], env=bench.env, text=True, capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=60)


def where(rundir, lease):
    return next(v["router"] for v in vmp.vms(rundir) if v["vm"] == lease.vm)


def states(rundir):
    return {i["name"]: i["state"] for i in vmp.routers(rundir)}


with Bench(FLEETSH_POOL="2") as one, Bench() as two:
    r = one.rundir
    one.env["FLEETSH_ROUTER"] = one.env["FLEETSH_ROUTER"] + ", " + two.env["FLEETSH_ROUTER"]
    one.start_daemon()
    ok(vmp.until(lambda: states(r) == {"local": "connected", "local-2": "connected"}, 20),
       "both are connected to, and have short names of their own", states(r))
    ok(vmp.until(lambda: [i["warm"] for i in vmp.routers(r)] == [2, 2], 40), "each keeps VMs ready", vmp.routers(r))

    leases = [vmp.Lease(r) for _ in range(4)]
    ok(sorted(where(r, lease) for lease in leases) == ["local", "local", "local-2", "local-2"],
       "commands go to where VMs are ready", [where(r, lease) for lease in leases])
    numbers = [v["vm"] for v in vmp.vms(r)]
    ok(len(numbers) == len(set(numbers)), "each VM has a number of its own", numbers)
    for lease in leases:
        lease.close()

    ok(vmp.choose(r, vmp.USE, "local-2"), "USE")
    leases = [vmp.Lease(r) for _ in range(3)]
    ok([where(r, lease) for lease in leases] == ["local-2"] * 3, "the one that was chosen gets all commands")
    ok(vmp.until(lambda: vmp.routers(r)[1]["warm"] == 2, 30), "and keeps VMs ready")
    run = vmp.lease_run(r, 2)
    ok(run and [where(r, stage) for stage in run] == ["local-2"] * 2, "a pipeline stays on one router")
    for lease in leases + (run or []):
        lease.close()

    ok(vmp.choose(r, vmp.DRAIN, "local-2"), "DRAIN")
    ok(vmp.until(lambda: vmp.routers(r)[1]["warm"] == 0, 20), "a drained one has no waiting VMs", vmp.routers(r))
    lease = vmp.Lease(r)
    ok(where(r, lease) == "local", "and gets no command")
    lease.close()
    table = shell(one, "vm router ls")
    ok(table.returncode == 0 and [line[2:].split()[:2] for line in table.stdout.splitlines()[1:]] ==
       [["local", "connected"], ["local-2", "drained"]], "vm router ls shows both", table.stdout + table.stderr)
    vmp.choose(r, vmp.DRAIN, "local")
    try:
        vmp.Lease(r)
        ok(False, "nothing is leased where all are drained")
    except vmp.Refused as refused:
        ok("drained" in str(refused), "where all are drained the refusal says so", refused)
    nobody = shell(one, "vm router drain nobody")
    ok(nobody.returncode == 1 and "no such router" in nobody.stderr, "a name that no router has is an error", nobody.stderr)

    for name in ("local-2", "local"):
        ok(shell(one, f"vm router use {name}").returncode == 0, f"vm router use {name}")
    shell(one, "vm router use any")
    ok(not any(i["chosen"] or i["drained"] for i in vmp.routers(r)), "use takes it back, any leaves the choice to vmprocd")
    vmp.until(lambda: [i["warm"] for i in vmp.routers(r)] == [2, 2], 40)
    vmp.choose(r, vmp.USE, "local-2")
    lease = vmp.Lease(r)
    os.kill(two.pid_of("libvirtd"), signal.SIGKILL)
    ok(vmp.until(lambda: states(r)["local-2"] == "failed", 5), "a router that is lost is noticed", states(r))
    ok(lease.works(), "a command there goes on")
    lease.close()
    lease = vmp.Lease(r)
    ok(where(r, lease) == "local", "the next one goes to the other router")
    kept = vmp.vms(r)
    two.router("start")
    ok(vmp.until(lambda: states(r)["local-2"] == "connected", 30), "the lost one is connected to again")
    ok(vmp.until(lambda: not two.qemus() or vmp.routers(r)[1]["warm"] == 2, 30), "and has new VMs")
    numbers = {v["vm"] for v in kept if v["router"] == "local" and v["state"] in ("leased", "warm")}
    ok(numbers <= {v["vm"] for v in vmp.vms(r)}, "sweeping there leaves the other router's VMs alone")
    lease.close()

    unreachable = shell(one, "vm router use qemu+unix:///system?socket=/nowhere; echo $?; /bin/busybox echo ran")
    ok(unreachable.stdout == "1\nran\n" and "/nowhere" in unreachable.stderr,
       "vm router use tells at once that a router cannot be reached, and commands go on elsewhere",
       unreachable.stdout + unreachable.stderr)
done()
