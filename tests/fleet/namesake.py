#!/usr/bin/env python3
"""Somebody on another of the client's networks advertises a router's service and answers to its host's name, with a libvirtd of his own and
a certificate of the user's own authority: the known router is kept, or refused when it is not there; it is never taken for him."""

import os
import shutil
import subprocess

import net
import vmp
from bench import done, ok
from net import Client, Host, shell

net.apart()
if os.path.exists("/run/libvirt/libvirt-sock"):
    net.run("mount", "-t", "tmpfs", "none", "/run/libvirt")  # this machine's own router is none of the test's

NAME, SERVICE = "host1", "fleetsh on host1"


class Namesake(Host):
    """A machine on the other network that calls itself host1, too, and has got hold of host1's authority."""

    def __init__(self, host):
        super().__init__(2)
        pki = os.path.join(self.dir, "router.pki")
        shutil.copytree(os.path.join(host.dir, "router.pki"), pki)
        for name in ("serverkey.pem", "servercert.pem"):
            os.unlink(os.path.join(pki, name))
        self.calls_itself = host.named()

    def named(self):
        return self.calls_itself

    def join(self, bridge="lan2"):
        super().join(bridge)


def browsed(client, address):
    listed = subprocess.run(["avahi-browse", "-rpt", "_libvirt._tcp"], env=client.env, text=True, capture_output=True).stdout
    return any(line.startswith("=") and address in line and SERVICE.replace(" ", "\\032") in line for line in listed.splitlines())


with Host(1) as one, Client(FLEETSH_POOL="1") as client:
    r = client.rundir
    known = os.path.join(client.env["XDG_STATE_HOME"], "fleetsh", "known_routers")
    one.admit(client)
    client.start_bus()
    client.start_avahi()
    client.start_daemon()

    def found():
        return {i["name"]: i for i in vmp.routers(r) if i["found_by"] == "DNS-SD"}

    def connected():
        return [i for i in vmp.routers(r) if i["state"] == "connected"]

    def is_kept():
        """Whatever is connected to is the router that the user has accepted."""
        return all(i["fingerprint"] == "sha256:" + one.fingerprint for i in connected())

    def runs():
        return shell(client, "/bin/busybox echo here").stdout == "here\n"

    # It may have been seen by IPv6 alone, with an address that counts on its link only.
    taken = vmp.until(lambda: NAME in found() and shell(client, f"vm router trust {NAME} --yes {one.fingerprint}").returncode == 0, 60)
    ok(taken and vmp.until(connected, 30) and runs(), "the router is known and used", vmp.routers(r))
    with open(known) as file:
        line = file.read()

    with Namesake(one) as other:
        ok(other.fingerprint != one.fingerprint and vmp.until(lambda: browsed(client, "10.78.0.12"), 40),
           "another machine advertises the same service, of the same host name, on another network")
        sign = subprocess.Popen(["avahi-publish", "-s", "sign", "_libvirt._tcp", "16599"], env=other.env, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
        ok(vmp.until(lambda: any(":16599/" in i["uri"] for i in found().values()), 40), "vmprocd has heard of him", vmp.routers(r))
        ok(is_kept() and runs() and is_kept(), "the known router is kept", vmp.routers(r))
        client.end_daemon()
        client.start_daemon()
        ok(runs() and is_kept(), "by a new vmprocd, too", vmp.routers(r))
        client.end_daemon()
        client.start_daemon(FLEETSH_ROUTER=SERVICE)
        ok(runs() and is_kept(), "and where the service's name is what the user has given", vmp.routers(r))
        client.end_daemon()

        # ---- he alone is there
        one.script("stop")
        client.start_daemon()
        refused = shell(client, "/bin/busybox echo no")
        ok(refused.returncode == 125 and refused.stdout == "" and not connected(), "when it is not there, he does not take its place", refused)
        client.end_daemon()
        client.start_daemon(FLEETSH_ROUTER=SERVICE)
        refused = shell(client, "/bin/busybox echo no")
        ok(refused.returncode == 125 and refused.stdout == "" and not connected(), "not by the service's name either", refused)
        client.end_daemon()

        # ---- the user has never seen the router
        os.unlink(known)
        one.script("start")
        one.join("lan")
        vmp.until(lambda: browsed(client, one.address), 40)
        client.start_daemon()
        vmp.until(lambda: NAME in found(), 40)
        shell(client, f"vm router trust {NAME} --yes {one.fingerprint}")
        ok(not connected() or is_kept(), "whoever is asked for his certificate first, only the one that enrol has told of is accepted",
           vmp.routers(r))
        accepted = shell(client, f"vm router trust {one.uri} --yes {one.fingerprint}")
        used = shell(client, f"vm router use {one.uri}")
        ok(accepted.returncode == 0 and vmp.until(connected, 30) and is_kept() and runs(), "by its address it always is", (accepted, used))
        with open(known) as file:
            ok(file.read().split()[1::2] == line.split()[1::2], "no other certificate has been noted")
        ok(not other.domains(), "nothing has run at the other's")
        client.end_daemon()
        sign.terminate()
        sign.wait()
done()
