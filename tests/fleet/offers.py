#!/usr/bin/env python3
"""What routers say of themselves over DNS-SD: which commands they are meant for, and what they have."""

import json
import os
import subprocess

import net
import vmp
from bench import done, ok
from net import Client, Host, shell

net.apart()
if os.path.exists("/run/libvirt/libvirt-sock"):
    net.run("mount", "-t", "tmpfs", "none", "/run/libvirt")  # this machine's own router is none of the test's


def offering(host, text):
    with open(os.path.join(host.dir, "router.offers"), "w", encoding="ascii") as out:
        out.write(text)
    return host


with offering(Host(1), "# for the adders\nimages=calc,sum-*\n") as one, offering(Host(2), "labels=gpu,ssd") as two, \
        Client(FLEETSH_POOL="1") as client:
    r, hosts = client.rundir, {"host1": one, "host2": two}
    client.start_bus()
    client.start_avahi()
    for host in hosts.values():
        host.admit(client)
    client.start_daemon()

    def connected():
        return {i["name"] for i in vmp.routers(r) if i["state"] == "connected"}

    ok(vmp.until(lambda: {i["name"] for i in vmp.routers(r)} >= set(hosts), 40), "two routers are found", vmp.routers(r))
    for name, host in hosts.items():
        host.trust(client=client, uri=name)
    ok(vmp.until(lambda: connected() == set(hosts), 60), "and used", vmp.routers(r))
    known = {i["name"]: (i["images"], i["labels"]) for i in json.loads(shell(client, "vm router --json").stdout)}
    ok(known["host1"] == ("calc,sum-*", "") and known["host2"] == ("", "gpu,ssd"), "vm router tells what they offer", known)
    info = shell(client, "vm router info host1; vm router info host2").stdout
    ok("images:       calc,sum-*\n" in info and "labels:       gpu,ssd\n" in info, "to people, too", info)

    bin_dir = os.path.join(client.dir, "bin")
    os.mkdir(bin_dir)

    def spec(name, **more):
        path = os.path.join(bin_dir, name + ".vm")
        with open(path, "w", encoding="ascii") as out:
            json.dump({"version": 1, "program": "/bin/busybox", "argument-zero": "cat", **more}, out)
        os.chmod(path, 0o755)

    spec("calc")
    spec("other")
    spec("render", placement={"labels": ["gpu", "ssd"]})
    spec("synth", placement={"labels": ["fpga"]})

    def placed(script, *where):
        """Where its commands run while they wait for their input."""
        held = subprocess.Popen([os.path.join(net.BUILD, "fleetsh"), "-c", f"PATH={bin_dir}:$PATH; {script}"], env=client.env,
                                text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

        def running():
            return sorted(v["router"] for v in vmp.vms(r) if v["state"] == "leased")

        there = vmp.until(lambda: running() == sorted(where), 40)
        seen = running()
        said = held.communicate("in\n", timeout=60)
        ok(there and said == ("in\n", ""), f"{script}: on {' and '.join(where)}", (seen, said, client.log()[-600:] if not there else ""))

    def refused(script, why):
        said = shell(client, f"PATH={bin_dir}:$PATH; {script}")
        ok(said.returncode == 125 and said.stdout == "" and why in said.stderr and said.stderr.count("\n") == 1, f"{script}: {why}", said)

    placed("/bin/busybox cat", "host2")
    placed("/bin/busybox cat | /bin/busybox cat", "host2", "host2")
    placed("on host1 calc", "host1")
    placed("other", "host2")
    placed("render", "host2")
    refused("on host1 other", "host1: it is meant for other images than other")
    refused("on host1 /bin/busybox cat", "host1: it is meant for other images than busybox")
    refused("on host1 render", "host1: it has not the label gpu that the command's spec wants")
    refused("synth", "has not the label fpga that the command's spec wants")
    client.end_daemon()
done()
