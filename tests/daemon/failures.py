#!/usr/bin/env python3
"""Bad days: each party is killed, stopped or missing; who used it is told within 5 s, nothing is left after 10."""

import os
import shutil
import signal
import subprocess
import sys
import time

import vmp
from bench import BUILD, Bench, done, ok


def refusal(rundir, within=5.0):
    try:
        vmp.Lease(rundir, timeout=within).close()
        return None
    except vmp.Refused as refused:
        return refused


def wait_lost(lease, seconds=5.0):
    start = time.monotonic()
    try:
        kind, body, _ = lease.recv(seconds)
    except TimeoutError:
        return None, time.monotonic() - start
    return (vmp.Refused(body) if kind == vmp.LOST else None), time.monotonic() - start


def qemu_of(bench, domain):
    for pid in bench.qemus():
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            if f"guest={domain},".encode() in file.read():
                return pid


with Bench(FLEETSH_POOL="3") as bench:
    r = bench.rundir
    bench.start_daemon()
    lease = vmp.Lease(r)
    bench.warm(3)

    os.kill(qemu_of(bench, lease.domain), signal.SIGKILL)
    lost, took = wait_lost(lease)
    ok(lost and lost.code == vmp.E_GONE, "QEMU killed under a lease: the lease is told", took)
    lease.close()
    victim = [v for v in vmp.vms(r) if v["state"] == "warm"][0]
    os.kill(qemu_of(bench, victim["domain"]), signal.SIGKILL)
    ok(vmp.until(lambda: all(v["vm"] != victim["vm"] for v in vmp.vms(r)), 5), "QEMU of a warm VM killed: it is replaced")
    ok(bench.warm(3), "and the pool is full again", vmp.vms(r))
    vmp.Lease(r).close()

    lease = vmp.Lease(r)
    os.kill(bench.pid_of("libvirtd"), signal.SIGKILL)
    ok(vmp.until(lambda: vmp.router(r)["state"] != "connected", 5), "libvirtd killed: that is noticed", vmp.router(r))
    start = time.monotonic()
    refused = refusal(r)
    ok(refused and refused.code == vmp.E_NO_ROUTER, "libvirtd killed: new leases are refused", refused)
    ok(lease.works(), "but those that have a VM go on")
    lease.close()
    print(f"# refused after {time.monotonic() - start:.2f} s: {refused}")
    ok(vmp.until(lambda: not bench.qemus(), 10), "no VM is left", bench.qemus())
    bench.router("start")
    start = time.monotonic()
    lease = vmp.Lease(r)
    ok(lease, "libvirtd is there again: so are the VMs")
    print(f"# granted {time.monotonic() - start:.2f} s after its return")
    lease.close()

    # killed while VMs start: their QEMUs stand paused, and nobody but the sweep can end them
    bench.end_daemon()
    bench.start_daemon(FLEETSH_POOL="8")
    vmp.until(lambda: bench.qemus(), 10)
    os.kill(bench.pid_of("libvirtd"), signal.SIGKILL)
    ok(vmp.until(lambda: not bench.qemus(), 10), "libvirtd killed while VMs start: none is left after 10 s", bench.qemus())
    bench.router("start")
    bench.end_daemon()

    # both vmprocd and libvirtd killed: the next vmprocd sweeps
    bench.start_daemon()
    bench.warm(2)
    libvirtd = bench.pid_of("libvirtd")
    os.kill(libvirtd, signal.SIGSTOP)
    time.sleep(0.2)
    os.kill(libvirtd, signal.SIGKILL)
    bench.end_daemon(signal.SIGKILL)
    bench.router("start")
    bench.start_daemon()
    bench.warm(3)
    names = {v["domain"] for v in vmp.vms(r)}
    ok(vmp.until(lambda: len(bench.qemus()) == len(names), 10), "vmprocd and libvirtd killed: what they left is swept",
       (bench.qemus(), names))

    lease = vmp.Lease(r)
    bench.end_daemon(signal.SIGKILL)
    kind, _, _ = lease.recv(5)
    ok(kind is None, "vmprocd killed: its leases see the connection close")
    lease.close()
    ok(vmp.until(lambda: not bench.qemus(), 10), "and no VM is left", bench.qemus())

    bench.start_daemon()
    lease = vmp.Lease(r)
    os.kill(bench.pid_of("libvirtd"), signal.SIGSTOP)
    ok(vmp.until(lambda: vmp.router(r)["state"] != "connected", 5), "libvirtd hangs: that is noticed within 5 s", vmp.router(r))
    ok(lease.works(), "a lease that has a VM goes on")
    start = time.monotonic()
    refused = refusal(r, 8)
    ok(refused and refused.code == vmp.E_NO_ROUTER, "and new ones are refused", refused)
    lease.close()
    print(f"# refused after {time.monotonic() - start:.2f} s: {refused}")
    os.kill(bench.pid_of("libvirtd"), signal.SIGCONT)
    ok(vmp.until(lambda: refusal(r) is None, 10), "and served when it goes on")

    # a shim that is killed
    pid = os.fork()
    if pid == 0:
        child = vmp.Lease(r)
        os.write(1, f"# a shim leased {child.domain}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    ok(vmp.until(lambda: all(v["state"] in ("warm", "starting") for v in vmp.vms(r)), 5),
       "shim killed: its VM ends", vmp.vms(r))
    bench.end_daemon()
    ok(bench.qemus() == [], "SIGTERM ends vmprocd and all VMs", bench.qemus())

    # guest.elf missing
    parts = os.path.join(bench.dir, "parts")
    os.mkdir(parts)
    bench.start_daemon(FLEETSH_LIBEXEC_DIR=parts)
    refused = refusal(r)
    ok(refused and "guest" in refused.text and "make" in refused.text, "no guest.elf: the error says so", refused)
    bench.end_daemon()
    # a guest that is none
    with open(os.path.join(parts, "guest.elf"), "wb") as file:
        file.write(b"\177ELF" + bytes(100))
    bench.start_daemon(FLEETSH_LIBEXEC_DIR=parts)
    refused = refusal(r, 20)
    ok(refused and refused.code == vmp.E_START, "a guest that does not boot: the error says so", refused)
    print(f"# {refused}")
    bench.end_daemon()

    bench.start_daemon(FLEETSH_ROUTER="qemu+unix:///system?socket=/nonexistent")
    start = time.monotonic()
    refused = refusal(r)
    took = time.monotonic() - start
    ok(refused and refused.code == vmp.E_NO_ROUTER and took < 3, "no router: refused within 3 s", (took, refused))
    print(f"# refused after {took:.3f} s: {refused}")
    bench.end_daemon()
    ok(not [d for d in os.listdir("/run") if d.startswith("fleetsh-vm-") and vmp.until(
        lambda: os.path.exists(f"/run/{d}") and subprocess.run(["flock", "-n", f"/run/{d}/lock", "true"]).returncode == 0, 0)],
       "no directory is left")
done()
