#!/usr/bin/env python3
"""The default router and how it is found: DNS-SD, impostors, the remembered one, none. Runs in a mount and a network
namespace of its own with an empty /run, so that the machine's own router and avahi are neither used nor disturbed."""

import os
import subprocess
import sys
import tempfile
import time

import vmp
from bench import BUILD, TOP, done, ok, skip_unless

skip_unless(os.geteuid() == 0, "needs root")
skip_unless(os.path.exists(os.path.join(BUILD, "guest.elf")), "guest.elf is not built")
if "APART" not in os.environ:
    sys.exit(subprocess.run(
        ["unshare", "-m", "-n", "--propagation", "private", "sh", "-c",
         'mount -t tmpfs run /run && mkdir /run/dbus && ip link set lo up multicast on && exec "$@"', "sh",
         sys.executable, os.path.abspath(__file__)], env={**os.environ, "APART": "yes"}).returncode)

directory = tempfile.mkdtemp(prefix="fleetsh-discovery-")
env = {k: v for k, v in os.environ.items() if not k.startswith(("FLEETSH_", "LIBVIRT_", "DBUS_", "XDG_"))}
env.update(FLEETSH_LIBEXEC_DIR=BUILD, XDG_RUNTIME_DIR=directory, XDG_STATE_HOME=directory, FLEETSH_POOL="1")
rundir = os.path.join(directory, "fleetsh")
state = os.path.join(directory, "fleetsh", "routers")


def router(verb):
    return subprocess.run([os.path.join(TOP, "scripts", "router"), verb], env=env, text=True, capture_output=True)


def ask(**more):
    """What a fresh vmprocd says of its router once it has found one or failed."""
    log = open(os.path.join(directory, "log"), "a+")
    log.truncate(0)
    ready_r, ready_w = os.pipe()
    daemon = subprocess.Popen([os.path.join(BUILD, "vmprocd"), "--ready-fd", str(ready_w)], env={**env, **more},
                              pass_fds=[ready_w], stdout=log, stderr=log)
    os.close(ready_w)
    assert os.read(ready_r, 1)
    os.close(ready_r)
    start = time.monotonic()
    info = vmp.until(lambda: (lambda i: i if i["state"] != "connecting" else None)(vmp.router(rundir)), 10)
    info["took"] = time.monotonic() - start
    daemon.terminate()
    daemon.wait(20)
    log.seek(0)
    info["log"] = log.read()
    return info


def publish(name, uri, *txt):
    return subprocess.Popen(["avahi-publish", "-s", name, "_libvirt._tcp", "16514", "txtvers=1", "uri=" + uri, *txt],
                            env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def browse():
    return subprocess.run(["avahi-browse", "-rpt", "_libvirt._tcp"], env=env, text=True, capture_output=True).stdout


before = set(os.listdir("/run"))
info = ask()
ok(info["state"] == "failed" and info["took"] < 3 and "scripts/router start" in info["error"],
   "no router and no avahi: the error says how to start one, soon", info)

started = router("start")
ok(started.returncode == 0, "router start", started.stdout + started.stderr)
ok(router("start").returncode == 0, "router start again changes nothing")
status = router("status")
ok(status.returncode == 0 and "not running" not in status.stdout, "router status", status.stdout)
found = vmp.until(lambda: "uri=qemu:///system" in browse() and browse(), 5)
ok(found, "the router is advertised as _libvirt._tcp", found)

name = "fleetsh on " + os.uname().nodename
info = ask()
ok(info["state"] == "connected" and info["found_by"] == "DNS-SD" and info["name"] == name, "it is found over DNS-SD", info)
print(f"# found in {info['took']:.2f} s")
ok(os.path.exists(state), "and remembered")
info = ask()
ok(info["state"] == "connected" and info["took"] < 0.5, "the remembered one is used without looking", info)
os.unlink(state)
info = ask(FLEETSH_ROUTER=name)
ok(info["state"] == "connected" and info["name"] == name, "FLEETSH_ROUTER may be the name of a service", info)
info = ask(FLEETSH_ROUTER="nobody here")
ok(info["state"] == "failed" and "DNS-SD" in info["error"], "a name that nobody has is an error", info)

os.unlink(state)
trap = os.path.join(directory, "trap")
with open(trap, "w") as file:
    file.write(f"#!/bin/sh\ntouch {directory}/sprung\n")
os.chmod(trap, 0o755)
impostors = [publish("aaa", f"qemu+ext:///system?command={trap}"), publish("aab", "qemu:///system?socket=/tmp/x"),
             publish("aac", "test:///default")]
vmp.until(lambda: all(f";{n};" in browse() for n in ("aaa", "aab", "aac")), 5)
info = ask(FLEETSH_ROUTER="aaa")
ok(info["state"] == "failed" and not os.path.exists(directory + "/sprung"),
   "a record whose uri names a program is refused, even by its name", info)
info = ask()
ok(info["name"] == name and "is not used" in info["log"] or info["name"] == name, "and others are passed over", info)
for impostor in impostors:
    impostor.terminate()
    impostor.wait()

with open(state, "w") as file:
    file.write(f"name={name}\nuri=qemu+ext:///system?command={trap}\naccel=tcg\nid=0123\n")
info = ask()
ok(info["uri"] == "qemu:///system" and info["found_by"] == "default" and not os.path.exists(directory + "/sprung") and
   "identity" in info["log"], "a router of another identity under a known name is not taken", info)
os.unlink(state)

stopped = router("stop")
ok(stopped.returncode == 0, "router stop", stopped.stdout + stopped.stderr)
# An instance elsewhere on this machine may have mounted on directories of these names, which then stay, empty.
left = {name for name in set(os.listdir("/run")) - before - {"mount"}
        if name not in ("libvirt", "avahi-daemon") or os.listdir("/run/" + name) != [".made-by-fleetsh-router"]}
ok(not left and not os.listdir("/run/dbus"), "leaves nothing in /run", left)
ok(not subprocess.run(["pgrep", "-f", "fleetsh-router/"], capture_output=True).stdout, "and no process")
ok(router("status").returncode == 1, "router status says that it is not running")
subprocess.run(["rm", "-r", directory])
done()
