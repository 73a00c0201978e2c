#!/usr/bin/env python3
"""Leases: a VM for each, neighbours for runs, ended with the connection."""

import os
import struct
import time

import vmp
from bench import Bench, done, ok


def refused(call):
    try:
        call()
    except vmp.Refused as refusal:
        return refusal
    return None


def gone(bench, vm):
    return lambda: all(v["vm"] != vm for v in vmp.vms(bench.rundir))


with Bench(FLEETSH_POOL="5") as bench:
    r = bench.rundir
    bench.start_daemon()
    lease = vmp.Lease(r)
    ok(not lease.warm, "the first lease is granted a VM that starts for it")
    ok(lease.domain.startswith("fsh-"), "a grant names the domain")
    now = time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
    ok(1e8 < lease.tsc_hz < 1e10, "a grant says how fast the counter runs", lease.tsc_hz)
    st = os.stat("/bin/busybox")
    ok((lease.res_dev, lease.res_ino, lease.res_size, lease.res_mtime) ==
       (st.st_dev, st.st_ino, st.st_size, st.st_mtime_ns), "a grant says which file is resident")
    listed = [v for v in vmp.vms(r) if v["vm"] == lease.vm]
    ok(listed and listed[0]["state"] == "leased", "LIST shows it as leased", listed)
    lease.started("sort -n")
    ok(vmp.until(lambda: [v for v in vmp.vms(r) if v["command"] == "sort -n"]), "LIST shows what runs there")

    kind, _, _ = lease.ask(vmp.SUSPEND)
    ok(kind == vmp.OK, "SUSPEND is answered")
    ok([v for v in vmp.vms(r) if v["vm"] == lease.vm][0]["state"] == "suspended", "LIST shows it as suspended")
    kind, _, _ = lease.ask(vmp.RESUME)
    ok(kind == vmp.OK and [v for v in vmp.vms(r) if v["vm"] == lease.vm][0]["state"] == "leased", "RESUME too")
    number = lease.vm
    lease.close()
    ok(vmp.until(gone(bench, number), 5), "closing the connection and the ports ends the VM", vmp.vms(r))
    ok("has not powered itself off" not in bench.log(), "by itself", bench.log())

    ok(bench.warm(5), "a pool of warm VMs is kept", vmp.vms(r))
    start = time.monotonic()
    lease = vmp.Lease(r)
    took = time.monotonic() - start
    ok(lease.warm, "then a lease is granted a warm VM")
    print(f"# LEASE to GRANT with a warm VM: {took * 1e3:.2f} ms")
    number = lease.vm
    os.close(os.dup(lease.ctl.fileno()))
    lease.sock.close()
    ok(vmp.until(gone(bench, number), 5), "closing the connection alone ends the VM")
    lease.close_ports()

    lease = vmp.Lease(r)
    lease.ask(vmp.SUSPEND)
    number = lease.vm
    lease.close()
    ok(vmp.until(gone(bench, number), 5), "a suspended VM ends with its lease")

    bench.warm(5)
    run = vmp.lease_run(r, 3)
    ok(run is not None, "LEASE_RUN grants three neighbours", vmp.vms(r))
    ok(run[0].key_in == 0 and run[0].key_out == run[1].key_in != 0 and run[1].key_out == run[2].key_in != 0 and
       run[2].key_out == 0 and run[0].key_out != run[1].key_out, "each edge has a key of its own")
    ok(vmp.lease_run(r, 16) is None, "a run that is not there is refused without waiting")
    for lease in run:
        lease.close()

    # Protocol
    conn = vmp.Connection(r)
    error = refused(lambda: conn.ask(99))
    ok(error and error.code == vmp.E_PROTOCOL and conn.recv()[0] is None, "an unknown request ends the connection")
    conn = vmp.Connection(r)
    error = refused(lambda: conn.ask(vmp.LEASE, b"xx"))
    ok(error and error.code == vmp.E_PROTOCOL and conn.recv()[0] is None, "so does one of the wrong size")
    conn = vmp.Connection(r)
    conn.send(vmp.LIST, version=vmp.VERSION - 1)
    kind, body, _ = conn.recv()
    ok(kind == vmp.ERROR and vmp.Refused(body).code == vmp.E_VERSION, "an older version is told so")
    conn = vmp.Connection(r)
    conn.send(vmp.LIST, version=9)
    kind, body, _ = conn.recv()
    ok(kind == vmp.ERROR and vmp.Refused(body).code == vmp.E_REPLACED, "to a newer one vmprocd has to make room")
    conn = vmp.Connection(r)
    error = refused(lambda: conn.ask(vmp.SUSPEND))
    ok(error and error.code == vmp.E_PROTOCOL, "SUSPEND without a lease is refused")
    error = refused(lambda: vmp.Connection(r).ask(vmp.KILL, struct.pack("Q", 10**9)))
    ok(error and error.code == vmp.E_NO_VM, "KILL of no VM says so")
    error = refused(lambda: vmp.Lease(r, memory=1 << 60))
    ok(error and error.code == vmp.E_LIMIT, "more memory than the machine has is refused")

    lease = vmp.Lease(r)
    usual = lease.memory
    lease.close()
    lease = vmp.Lease(r, memory=64 << 20)
    ok(lease.memory == usual, "less memory than a warm VM has is for its guest to keep to")
    lease.close()
    lease = vmp.Lease(r, memory=usual + (64 << 20))
    ok(lease.memory == usual + (64 << 20), "a lease may ask for more memory")
    error = refused(lambda: vmp.Connection(r).ask(vmp.DEBUG, struct.pack("QII", 10**9, 0, 0)))
    ok(error and error.code == vmp.E_NO_VM, "DEBUG of no VM says so")
    for _ in range(3):  # whoever asks may go before the answer
        conn = vmp.Connection(r)
        conn.send(vmp.DEBUG, struct.pack("QII", lease.vm, 0, 0))
        conn.close()

    def stub():
        try:
            return vmp.Connection(r).ask(vmp.DEBUG, struct.pack("QII", lease.vm, 0, 0))
        except vmp.Refused:  # the one before is under way
            return None
    kind, body, _ = vmp.until(stub)
    path = body.split(b"\0")[0].decode()
    ok(kind == vmp.STUB and os.path.exists(path), "DEBUG tells a socket", path)
    kind, _, _ = vmp.Connection(r).ask(vmp.KILL, struct.pack("Q", lease.vm))
    ok(kind == vmp.OK, "KILL is answered")
    kind, body, _ = lease.recv()
    ok(kind == vmp.LOST and "kill" in vmp.Refused(body).text, "and the lease is told", vmp.Refused(body).text)
    ok(vmp.until(gone(bench, lease.vm), 5) and not os.path.exists(path), "and the VM goes, with its sockets")
    lease.close()

    info = vmp.router(r)
    ok(info["state"] == "connected" and info["found_by"] == "FLEETSH_ROUTER" and info["accelerator"] in ("tcg", "kvm"),
       "ROUTER tells of the router", info)
    print(f"# cold start {info['cold_us'] / 1e3:.1f} ms, warm grant {info['grant_us']} us, started {info['started']}")

    kind, _, _ = vmp.Connection(r).ask(vmp.SHUTDOWN)
    ok(kind == vmp.OK, "SHUTDOWN is answered")
    bench.daemon.wait(10)
    bench.daemon = None
    ok(bench.qemus() == [], "when no VM is left", bench.qemus())
    ok(not os.path.exists(os.path.join(r, "vmprocd.sock")), "and no socket")

    bench.start_daemon(FLEETSH_MAX_VMS="2", FLEETSH_MAX_SHELL_VMS="3", FLEETSH_POOL="0")
    a, b = vmp.Lease(r), vmp.Lease(r)
    error = refused(lambda: vmp.Lease(r))
    ok(error and error.code == vmp.E_LIMIT and "FLEETSH_MAX_VMS" in error.text, "the limit of VMs is named")
    a.close()
    c = vmp.Lease(r)
    ok(c.vm not in (a.vm, b.vm), "and when one has gone there is room again")
    b.close()
    c.close()
    bench.end_daemon()

    bench.start_daemon(FLEETSH_IDLE_EXIT="1", FLEETSH_POOL="1")
    lease = vmp.Lease(r)
    time.sleep(2.5)
    ok(bench.daemon.poll() is None, "vmprocd stays while a VM is leased")
    lease.close()
    ok(vmp.until(lambda: bench.daemon.poll() is not None, 10), "and ends when nobody needs it")
    bench.daemon = None
    ok(bench.qemus() == [] and not [d for d in os.listdir("/run") if d.startswith("fleetsh-vm-") and
                                    not os.path.exists(f"/run/{d}/lock")], "leaving nothing")
done()
