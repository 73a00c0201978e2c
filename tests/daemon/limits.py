#!/usr/bin/env python3
"""Limits and stops: who is refused, who comes first, what a vmprocd without descriptors says, whose VM is paused."""

import os
import resource
import signal
import struct
import subprocess
import sys

import vmp
from bench import Bench, done, ok


def lease_as(rundir, shell):
    """A LEASE of that shell, sent and not waited for."""
    conn = vmp.Connection(rundir)
    conn.send(vmp.LEASE, vmp.lease(shell=shell))
    return conn


def waits(conn):
    """Nothing has come there yet."""
    try:
        conn.recv(0.0001)
    except (TimeoutError, BlockingIOError):
        return True
    return False


def refusal(conn, seconds=5):
    kind, body, _ = conn.recv(seconds)
    return vmp.Refused(body) if kind == vmp.ERROR else None


def listed(rundir):
    """None: refused."""
    try:
        return vmp.vms(rundir)
    except (AssertionError, BrokenPipeError):
        return None


def state_of(bench, vm):
    return next((v["state"] for v in vmp.vms(bench.rundir) if v["vm"] == vm), "gone")


def virsh_state(bench, domain):
    done = subprocess.run(["virsh", "-c", bench.env["FLEETSH_ROUTER"], "domstate", domain], stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


with Bench(FLEETSH_POOL="0") as bench:
    r = bench.rundir

    # one shell's share
    bench.start_daemon(FLEETSH_MAX_VMS="6", FLEETSH_MAX_SHELL_VMS="2")
    mine = [vmp.Lease(sock=lease_as(r, 11).sock) for _ in range(2)]
    error = refusal(lease_as(r, 11))
    ok(error and error.code == vmp.E_LIMIT and "2 VMs of this shell" in error.text and "FLEETSH_MAX_SHELL_VMS" in error.text,
       "a shell that has its share is refused, and told which limit", error)
    other = vmp.Lease(sock=lease_as(r, 22).sock)
    ok(other, "another shell is served")
    conn = vmp.Connection(r)
    kind, body, fds = conn.ask(vmp.LEASE_RUN, vmp.lease(2, shell=22))
    ok(kind == vmp.RUN and not fds, "a run beyond the share is not granted", (kind, fds))
    mine.pop().close()
    again = vmp.Lease(sock=lease_as(r, 11).sock)
    ok(again, "when one has ended there is room again")
    many = [lease_as(r, 33) for _ in range(5)]
    granted = refused = 0
    for conn in many:
        kind, body, _ = conn.recv(20)
        granted += kind == vmp.GRANT
        refused += kind == vmp.ERROR and vmp.Refused(body).code == vmp.E_LIMIT
    ok((granted, refused) == (2, 3), "of five at once the share is granted, and nobody waits for what is forbidden", (granted, refused))
    for lease in [other, again, *mine, *many]:
        lease.close()
    bench.end_daemon()

    # turns: no VM is ready before all have asked, since libvirtd stands still
    bench.start_daemon(FLEETSH_MAX_VMS="40", FLEETSH_POOL="1")
    bench.warm(1)
    first = vmp.Lease(sock=lease_as(r, 11).sock)
    libvirtd = bench.pid_of("libvirtd")
    os.kill(libvirtd, signal.SIGSTOP)
    greedy = [lease_as(r, 11) for _ in range(8)]
    modest = lease_as(r, 22)
    vmp.until(lambda: vmp.vms(r) is not None, 5)  # the requests before it have been read
    os.kill(libvirtd, signal.SIGCONT)
    kind, _, _ = modest.recv(20)
    ok(kind == vmp.GRANT and sum(waits(conn) for conn in greedy) >= 6,
       "a shell that asks for one VM does not wait behind one that asks for many", kind)
    for conn in [first, modest, *greedy]:
        conn.close()
    bench.end_daemon()

    # a crowd: bounded, and vmprocd answers all the while
    bench.start_daemon(FLEETSH_MAX_VMS="40", FLEETSH_POOL="0")
    os.kill(libvirtd, signal.SIGSTOP)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    crowd = [lease_as(r, 11) for _ in range(1000)]
    error = refusal(lease_as(r, 11))
    ok(error and error.code == vmp.E_LIMIT and "wait" in error.text, "so many commands of one shell may wait, and no more", error)
    for conn in crowd:
        conn.close()
    os.kill(libvirtd, signal.SIGCONT)
    ok(vmp.until(lambda: not [v for v in vmp.vms(r) if v["state"] == "leased"], 10), "and when they give up nothing is left", vmp.vms(r))
    bench.end_daemon()

    # stops that nobody can catch
    bench.start_daemon(FLEETSH_POOL="0")
    shim = subprocess.Popen(["sleep", "1000"])
    lease = vmp.Lease(r)
    lease.send(vmp.STARTED, struct.pack("IIII256s256s", shim.pid, shim.pid, 0, 0, b"stopped", b"/bin/x"))
    shim.send_signal(signal.SIGSTOP)
    ok(vmp.until(lambda: state_of(bench, lease.vm) == "suspended", 5), "SIGSTOP to a shim pauses its VM", vmp.vms(r))
    ok(virsh_state(bench, lease.domain) == "paused", "as libvirt sees it", virsh_state(bench, lease.domain))
    shim.send_signal(signal.SIGCONT)
    kind, _, _ = lease.ask(vmp.RESUME)
    ok(kind == vmp.OK and state_of(bench, lease.vm) == "leased" and virsh_state(bench, lease.domain) == "running",
       "RESUME brings it back", (kind, state_of(bench, lease.vm)))
    kind, _, _ = lease.ask(vmp.RESUME)
    ok(kind == vmp.OK, "RESUME of a VM that runs is nothing")
    for _ in range(20):
        shim.send_signal(signal.SIGSTOP)
        vmp.until(lambda: state_of(bench, lease.vm) == "suspended", 0.26)
        shim.send_signal(signal.SIGCONT)
        kind, _, _ = lease.ask(vmp.RESUME)
        if kind != vmp.OK or virsh_state(bench, lease.domain) != "running":
            break
    else:
        kind = "always"
    ok(kind == "always", "whatever the order of stop, pause and RESUME, it runs in the end", kind)
    shim.send_signal(signal.SIGSTOP)
    vmp.until(lambda: state_of(bench, lease.vm) == "suspended", 5)
    lease.close()
    ok(vmp.until(lambda: state_of(bench, lease.vm) == "gone", 5), "a VM paused so ends with its lease", vmp.vms(r))
    shim.kill()
    shim.wait()

    # two for one: the last warm VM goes to one of them, a fresh one to the other
    bench.end_daemon()
    bench.start_daemon(FLEETSH_POOL="1")
    bench.warm(1)
    both = [vmp.Lease(sock=lease_as(r, shell).sock) for shell in (11, 22)]
    ok(both[0].vm != both[1].vm and sorted(x.warm for x in both) == [0, 1], "two that race for the last warm VM get one each",
       [(x.vm, x.warm) for x in both])
    for lease in both:
        lease.exec_resident(["sh", "-c", f"echo {lease.vm}"])
    ok(all(x.wait_exit()[2] == f"{x.vm}\n".encode() for x in both), "and each hears its own")
    for lease in both:
        lease.close()

    # versions
    conn = vmp.Connection(r)
    conn.send(vmp.SHUTDOWN, version=9)
    kind, _, _ = conn.recv(10)
    ok(kind == vmp.OK, "SHUTDOWN is understood of any version, so that another vmprocd can follow", kind)
    bench.daemon.wait(10)
    bench.daemon = None

    # no descriptors
    bench.start_daemon(FLEETSH_POOL="0")
    vmp.until(lambda: vmp.router(r)["state"] == "connected", 10)
    resource.prlimit(bench.daemon.pid, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{bench.daemon.pid}/fd")) + 3,) * 2)
    taken = [vmp.Connection(r) for _ in range(40)]
    error = None
    for conn in taken:
        try:
            error = error or refusal(conn, 0.2)
        except (TimeoutError, BlockingIOError):
            pass
    ok(error and "too many files" in error.text, "a vmprocd without descriptors says so to who comes", error)
    for conn in taken[:20]:
        conn.close()
    ok(vmp.until(lambda: listed(r) == [], 5), "and serves again when some have gone")
    ok(0 < bench.log().count("are refused") < 10, "with few lines in its log", bench.log()[-1000:])
    for conn in taken:
        conn.close()
    bench.end_daemon()
done()
