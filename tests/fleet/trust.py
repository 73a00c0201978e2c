#!/usr/bin/env python3
"""Who answers for a router: its certificate is noted, a changed one and an impostor's are refused."""

import os
import re

import net
import vmp
from bench import done, ok
from net import Host

net.apart()


def state(rundir):
    return vmp.until(lambda: (lambda i: i if i["state"] in ("connected", "failed") else None)(vmp.router(rundir)), 30)


def restart_with_other_key(host):
    """As after router enrol on a machine that was set up anew, with the same authority."""
    os.unlink(os.path.join(host.dir, "router.pki", "serverkey.pem"))
    said = host.script("enrol", f"host{host.number}", host.address, net.HERE)
    host.script("stop")
    host.script("start")
    host.join()
    return re.search("fingerprint ([0-9a-f]{64})", said).group(1)


with Host(1, FLEETSH_POOL="1") as host:
    env, r = host.env, host.rundir
    known = os.path.join(env["XDG_STATE_HOME"], "fleetsh", "known_routers")
    env["FLEETSH_ROUTER"] = host.uri

    with Host(2) as other:
        other.admit(host, host.address)
        host.start_daemon()
        info = state(r)
        ok(info and info["state"] == "failed", "a router of another authority is refused", info)
        ok(not os.path.exists(known), "and not noted")
        host.end_daemon()
    os.system(f"rm -r {env['XDG_CONFIG_HOME']}")

    host.admit(host)
    host.start_daemon()
    info = state(r)
    ok(info["state"] == "connected", "a router of the user's authority is used", info)
    line = open(known).read()
    ok(re.fullmatch(re.escape(host.address) + r":16514 sha256:[0-9a-f]{64}\n", line), "and its certificate is noted", line)
    host.end_daemon()
    host.start_daemon()
    ok(state(r)["state"] == "connected" and open(known).read() == line, "the next time it is known")
    host.end_daemon()

    fingerprint = restart_with_other_key(host)
    host.start_daemon()
    info = state(r)
    ok(info["state"] == "failed" and "HAS CHANGED" in info["error"] and "known_routers" in info["error"],
       "another certificate of the same authority is refused, loudly", info)
    ok(open(known).read() == line, "and what is known stays")
    refused = net.shell(host, "/bin/busybox echo no")
    ok(refused.returncode == 125 and refused.stdout == "" and "HAS CHANGED" in refused.stderr, "commands tell it",
       refused.stdout + refused.stderr)
    host.end_daemon()
    os.unlink(known)
    host.start_daemon()
    ok(state(r)["state"] == "connected" and fingerprint in open(known).read(),
       "without its line it is new; enrol has told the fingerprint that is noted", open(known).read())
done()
