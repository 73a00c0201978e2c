#!/usr/bin/env python3
"""Three routers on the network: one whose libvirtd stands still, one that the network loses, one that is started anew, all at once.
Commands on the others notice nothing."""

import os
import signal
import time

import net
import vmp
from bench import done, ok
from net import Client, Host, shell

net.apart()
if os.path.exists("/run/libvirt/libvirt-sock"):
    net.run("mount", "-t", "tmpfs", "none", "/run/libvirt")  # this machine's own router is none of the test's

with Host(1) as one, Host(2) as two, Host(3) as three, Client(FLEETSH_POOL="1") as client:
    r, hosts = client.rundir, {"host1": one, "host2": two, "host3": three}
    client.start_bus()
    client.start_avahi()
    for host in hosts.values():
        host.admit(client)
    client.start_daemon()

    def states():
        return {i["name"]: i["state"] for i in vmp.routers(r) if i["name"]}

    def connected(*names):
        return vmp.until(lambda: {n for n, s in states().items() if s == "connected"} == set(names), 60)

    def lease_on(name):
        vmp.choose(r, vmp.USE, name)
        lease = vmp.Lease(r)
        vmp.choose(r, vmp.USE, "")
        assert net.where(r, lease) == name
        return lease

    def is_lost(lease, sentence):
        began = time.monotonic()
        kind, body, _ = lease.recv(30)
        ok(kind == vmp.LOST, sentence, (kind, body))
        print(f"# after {time.monotonic() - began:.1f} s")
        lease.close()

    def run_on(*names):
        """Commands run, and only there; how many did not."""
        bad = 0
        for name in names:
            ran = shell(client, f"on {name} /bin/busybox echo {name}")
            bad += ran.stdout != name + "\n"
        return bad

    ok(vmp.until(lambda: len(states()) == 3, 30), "three routers are found", states())
    for name, host in hosts.items():
        trusted = shell(client, f"vm router trust {name} --yes {host.fingerprint}")
        assert trusted.returncode == 0, trusted.stderr
    ok(connected(*hosts), "and used once they are trusted", vmp.routers(r))
    ok(run_on(*hosts) == 0, "commands run on each")
    ran = shell(client, "for i in 1 2 3 4 5 6; do /bin/busybox echo $i & done; wait")
    ok(sorted(ran.stdout.split()) == list("123456"), "and at the same time on all", ran.stdout + ran.stderr)

    # ---- a libvirtd that does not answer
    still, kept = lease_on("host1"), lease_on("host2")
    stopped = one.pid_of("libvirtd")
    os.kill(stopped, signal.SIGSTOP)
    ok(run_on("host2", "host3") == 0, "one whose libvirtd stands still holds up nobody else")
    is_lost(still, "its commands are lost")
    ok(shell(client, "/bin/busybox echo on").stdout == "on\n", "and new ones go elsewhere")
    os.kill(stopped, signal.SIGCONT)
    ok(connected(*hosts), "when it goes on it is used again", states())
    ok(run_on("host1") == 0, "for commands, too")

    # ---- the network loses one
    cut = kept
    two.cut()
    ok(run_on("host1", "host3") == 0, "one that the network has lost holds up nobody else")
    is_lost(cut, "its commands are lost")
    two.heal()
    ok(connected(*hosts), "when the network is back it is used again", states())

    # ---- one is started anew
    kept, gone = lease_on("host1"), lease_on("host3")
    three.script("stop")
    is_lost(gone, "one that ends takes its commands with it")
    ok(run_on("host1", "host2") == 0, "and nobody else's")
    three.script("start")
    three.join()
    ok(connected(*hosts), "when it is back it is used again", states())

    # ---- all of them
    for host in hosts.values():
        host.cut()
    is_lost(kept, "without a network all is lost")
    vmp.until(lambda: "connected" not in states().values(), 30)
    refused = shell(client, "/bin/busybox echo no")
    ok(refused.returncode == 125 and refused.stderr.count("\n") == 1, "a command is refused in one line", refused)
    for host in hosts.values():
        host.heal()
    ok(connected(*hosts) and run_on(*hosts) == 0, "with it all is as before", states())
done()
