#!/usr/bin/env python3
"""Services that are not what they seem at first: without a host, with an address that comes late, with one that counts on its link only.
None of them holds up another."""

import os
import subprocess

import net
import vmp
from bench import done, ok
from net import Client, Host

net.apart()
if os.path.exists("/run/libvirt/libvirt-sock"):
    net.run("mount", "-t", "tmpfs", "none", "/run/libvirt")  # this machine's own router is none of the test's

with Host(1) as one, Client(FLEETSH_POOL="0") as client:
    r = client.rundir
    publishers = []

    def publish(*words):
        publishers.append(subprocess.Popen(["avahi-publish", *words], env=one.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def serve(name, host, port):
        publish("-s", "-H", host, name, "_libvirt._tcp", str(port))

    def listed(port):
        return any(f":{port}/" in i["uri"] for i in vmp.routers(r))

    client.start_bus()
    client.start_avahi()
    serve("ghost", "nowhere.local", 16601)
    serve("late", "late.local", 16602)
    client.start_daemon()
    ok(vmp.until(lambda: any(i["name"] == "host1" for i in vmp.routers(r)), 40), "a router is found beside others that are not there",
       vmp.routers(r))
    ok(not listed(16601) and not listed(16602), "which are not listed", vmp.routers(r))
    publish("-a", "-R", "late.local", "10.77.0.50")
    ok(vmp.until(lambda: listed(16602), 40), "one whose address comes late is found then", vmp.routers(r))

    # ---- one after the other, so that there is always one that may get a better address yet
    publish("-a", "-R", "link.local", "fe80::7:7")
    port = 16610

    def another():
        global port
        port += 1
        serve(f"link {port}", "link.local", port)
        return vmp.until(lambda: listed(16611), 0.5)

    ok(any(another() for _ in range(40)), "however many come meanwhile, one that has no other address is told of", vmp.routers(r))
    for publisher in publishers:
        publisher.terminate()
        publisher.wait()
    client.end_daemon()
done()
