#!/usr/bin/env python3
"""Routers on the network that advertise themselves: found while vmprocd runs, used once they are trusted; impostors, and
avahi-daemons and D-Buses that come and go."""

import os
import signal
import subprocess

import net
import vmp
from bench import done, ok
from net import Client, Host, shell

net.apart()
if os.path.exists("/run/libvirt/libvirt-sock"):
    net.run("mount", "-t", "tmpfs", "none", "/run/libvirt")  # this machine's own router is none of the test's


def publish(bench, name, port, *txt, host=None):
    return subprocess.Popen(["avahi-publish", "-s", *(["-H", host] if host else []), name, "_libvirt._tcp", str(port), *txt],
                            env=bench.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


with Host(1) as one, Host(2) as two, Client(FLEETSH_POOL="1") as client:
    r = client.rundir
    one.admit(client)
    two.admit(client)

    def found():
        """The routers of other machines: what they are called, by address."""
        return {i["name"]: i for i in vmp.routers(r) if i["found_by"] == "DNS-SD"}

    def states():
        return sorted(i["state"] for i in found().values())

    def connected():
        return [n for n, i in found().items() if i["state"] == "connected"]

    # ---- nobody to ask yet
    client.start_daemon()
    ok(vmp.until(lambda: vmp.router(r)["state"] == "failed", 20) and not found(), "without D-Bus nothing is found", vmp.routers(r))
    client.start_bus()
    client.start_avahi()
    ok(vmp.until(lambda: states() == ["found", "found"], 40), "once D-Bus and avahi-daemon are there, both routers are", vmp.routers(r))
    names = sorted(found())
    ok(names == ["host1", "host2"], "they are called as their machines are", names)
    refused = shell(client, "/bin/busybox echo no")
    ok(refused.returncode == 125 and refused.stdout == "", "none is used by itself", refused)
    table = shell(client, "vm router ls").stdout
    ok(all(f"  {n}" in table for n in names) and table.count(" found ") == 2, "vm router ls shows them", table)
    ok(not any(i["fingerprint"] for i in found().values()), "and nobody has been connected to", found())

    # ---- trust
    wrong = shell(client, f"vm router trust host2 --yes {one.fingerprint}")
    ok(wrong.returncode == 1 and "not that one" in wrong.stderr, "the wrong one is not accepted", wrong)
    mine = "host1"
    taken = shell(client, f"vm router trust {mine} --yes {one.fingerprint}")
    ok(taken.returncode == 0, "one is accepted by what enrol has told of it", taken)
    ok(vmp.until(lambda: connected() == [mine], 30), "it is connected to", vmp.routers(r))
    ran = shell(client, "/bin/busybox echo far | /bin/busybox cat")
    ok(ran.stdout == "far\n", "and commands run there", ran.stdout + ran.stderr)
    ok(found()["host2"]["state"] == "found", "the other one is not used", found()["host2"])

    # ---- the same router once more
    one.join("lan2")
    two.join("lan2")
    vmp.until(lambda: "10.78.0.11" in subprocess.run(["avahi-browse", "-rpt", "_libvirt._tcp"], env=client.env, text=True,
                                                     capture_output=True).stdout, 20)
    ok(sorted(found()) == names, "seen on two interfaces, over IPv4 and IPv6, each is one router", vmp.routers(r))

    # ---- whoever else advertises
    bad = [publish(two, "program", 16514, "uri=qemu+ext:///system?command=/bin/false"), publish(two, "\033]0;title\007", 16514),
           publish(two, "plain", 16509)]
    copied = publish(two, "copy", 16599, "txtvers=1", "uri=qemu:///system")
    ok(vmp.until(lambda: len(found()) == 3, 20), "at another port is another router, whatever its record says", vmp.routers(r))
    copy = next(i for n, i in found().items() if n not in names)
    ok(copy["state"] == "found" and ":16599/" in copy["uri"], "which is not used", copy)
    old = publish(two, "Virtualization Host mill", 22)
    ok(vmp.until(lambda: any(i["uri"].startswith("qemu+ssh://") for i in found().values()), 20), "an old-style record is understood",
       vmp.routers(r))
    ok(len(found()) == 4 and all("\033" not in n for n in found()), "those that name programs, hide, or do not encrypt are not listed",
       vmp.routers(r))
    for process in [*bad, copied, old]:
        process.terminate()
        process.wait()
    ok(vmp.until(lambda: sorted(found()) == names, 30), "what is not advertised any more is not listed any more", vmp.routers(r))

    # ---- avahi-daemon and D-Bus come and go
    lease = vmp.Lease(r)
    os.kill(client.servers["avahi"].pid, signal.SIGSTOP)
    ok(shell(client, "/bin/busybox echo still").stdout == "still\n", "an avahi-daemon that is stopped holds up nobody")
    client.kill("avahi")
    ok(shell(client, "/bin/busybox echo still").stdout == "still\n" and connected() == [mine], "nor one that has gone")
    client.start_avahi()
    client.kill("dbus")
    client.start_bus()
    client.kill("avahi")
    client.start_avahi()
    two.restart()
    ok(vmp.until(lambda: states() == ["connected", "found"], 60) and connected() == [mine], "after all of them were started anew it is as before",
       vmp.routers(r))
    ok(net.where(r, lease) == mine, "and the command there has noticed nothing")
    lease.close()

    # ---- known from last time
    client.end_daemon()
    os.kill(client.servers["avahi"].pid, signal.SIGSTOP)
    client.start_daemon()
    ran = shell(client, "/bin/busybox echo again")
    ok(ran.stdout == "again\n", "a new vmprocd knows the router, whoever does not answer", ran.stderr + client.log()[-2000:])
    client.kill("avahi")
    client.start_avahi()

    # ---- the router restarts
    one.script("stop")
    ok(vmp.until(lambda: found()[mine]["state"] != "connected", 20), "it ends", vmp.routers(r))
    refused = shell(client, "/bin/busybox echo no")
    ok(refused.returncode == 125, "commands are refused then", refused)
    one.script("start")
    one.join()
    ok(vmp.until(lambda: connected() == [mine], 60), "when it is back it is used again", vmp.routers(r))
    ok(shell(client, "/bin/busybox echo back").stdout == "back\n", "for commands, too")

    # ---- the user's own word
    client.end_daemon()
    client.start_daemon(FLEETSH_ROUTER="qemu+unix:///system?socket=/nowhere")
    ok(vmp.until(lambda: states() == ["found", "found"], 40), "where FLEETSH_ROUTER names others, found ones are listed only", vmp.routers(r))
    ok(shell(client, "/bin/busybox echo no").returncode == 125, "and not used")
    ok(shell(client, f"vm router use {mine}").returncode == 0 and shell(client, "/bin/busybox echo yes").stdout == "yes\n",
       "but by vm router use")
    client.end_daemon()
    service = "fleetsh on host1"
    client.start_daemon(FLEETSH_ROUTER=service)
    ok(vmp.until(lambda: vmp.router(r)["state"] == "connected", 30), "a service's name is found on the network, too", vmp.router(r))
    client.end_daemon()

    # ---- forgotten
    client.start_daemon()
    vmp.until(lambda: connected() == [mine], 30)
    ok(shell(client, f"vm router forget {mine}").returncode == 0 and vmp.until(lambda: states() == ["found", "found"], 20),
       "one that is forgotten is only found again", vmp.routers(r))
    ok(shell(client, "/bin/busybox echo no").returncode == 125, "and not used")
done()
