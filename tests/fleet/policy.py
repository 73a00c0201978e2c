#!/usr/bin/env python3
"""A router's policy: who may start what there, over TLS and on the machine itself; libvirtd itself asks it."""

import os
import shutil
import subprocess

import net
import vmp
from bench import BUILD, TOP, Bench, done, ok
from net import Host, shell

net.apart()
ROM = "files=/run/fleetsh-vm-*,/tmp/*"


class User(Bench):
    """Another user of the same machine's: a vmprocd and a certificate of his own, no router."""

    def __init__(self, host, name):
        super().__init__()
        self.env["XDG_CONFIG_HOME"] = os.path.join(self.dir, "config")
        host.script("enrol", "--user", name, os.path.join(self.env["XDG_CONFIG_HOME"], "fleetsh", "pki", host.address))

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.end_daemon()
        shutil.rmtree(self.dir)


def policy(host, text, sentence=None):
    """Puts it into force without the checks of `router policy`, or with them and a sentence."""
    path = os.path.join(host.dir, "new")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    if sentence is None:
        os.replace(path, os.path.join(host.dir, "router.policy"))
        return
    said = host.script("policy", path)
    ok("in force" in said, sentence, said)


def log(host):
    path = os.path.join(host.dir, "router", "policy.log")
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def again(host, router, script="/bin/busybox echo ran; echo $?"):
    """A command of a vmprocd that has no VM yet."""
    host.end_daemon()
    host.start_daemon(FLEETSH_ROUTER=router, FLEETSH_POOL="0", FLEETSH_MEMORY="512")
    vmp.until(lambda: vmp.router(host.rundir)["state"] == "connected", 30)
    return shell(host, script)


def refused(host, router, why, sentence):
    said = again(host, router)
    ok(said.stdout == "125\n" and said.stderr.startswith("fleetsh: busybox: no VM: refused by the router's policy: ") and
       why in said.stderr and said.stderr.count("\n") == 1, sentence, said)


def allowed(host, router, sentence):
    said = again(host, router)
    ok(said.stdout == "ran\n0\n" and said.stderr == "", sentence, (said, log(host)))


with Host(1) as far:
    here = far.local_uri()
    far.admit(far)
    far.start_daemon(FLEETSH_ROUTER=far.uri)
    far.trust()
    policy(far, "cert:somebody guest allow memory=1G\n", "a policy is put into force")
    ok(vmp.until(lambda: os.path.exists(os.path.join(far.dir, "router", "libvirt", "libvirt-sock")), 20), "libvirtd runs anew")
    allowed(far, far.uri, "who has the certificate that a line names is let in")
    refused(far, here, "no line allows it", "who is on that machine without one is not")
    ok("no line allows it; it is guest of root@" in log(far) and "uid 0" in log(far), "the administrator reads who it was", log(far))

    policy(far, "cert:somebody guest deny\n* * allow " + ROM + "\n")
    refused(far, far.uri, "line 1: it says deny", "the first line that matches decides; the policy is read each time")
    allowed(far, here, "for others the next")
    policy(far, "cert:\"CN=some*\" guest allow memory=256M\n")
    refused(far, far.uri, "line 1: 512 MiB of memory are more than 256", "more memory than a line gives is refused by it")
    policy(far, f"uid:0 guest allow memory=512M {ROM}\n")
    allowed(far, here, "a user of that machine is known by his number")
    refused(far, far.uri, "no line allows it", "which from another machine is none")
    policy(far, "uid:0 guest allow\n")
    refused(far, here, "line 1: the file /", "files of that machine are not given by themselves")
    policy(far, "# who image\n* guest allow\n* guest alow\n")
    refused(far, far.uri, "it has an error, and so refuses all", "a policy with an error refuses all")
    ok("router.policy:3:9: must be allow or deny: all is refused" in log(far), "and tells the administrator where", log(far))

    # ---- an image by its digest: what is hashed is what the router boots
    guest = subprocess.run(["sha256sum", os.path.join(BUILD, "guest.elf")], text=True, capture_output=True).stdout.split()[0]
    policy(far, f"* sha256:{guest} allow\n")
    allowed(far, far.uri, "an image is known by the digest of what the router boots")
    policy(far, f"* sha256:{'0' * 64} allow\n")
    refused(far, far.uri, "no line allows it", "another one is not")

    # ---- or by a name for all that it boots from
    def digest(path):
        return "sha256:" + subprocess.run(["sha256sum", path], text=True, capture_output=True, check=True).stdout.split()[0]

    parts = [digest(os.path.join(BUILD, "guest.elf")), digest(os.path.realpath(os.path.join(BUILD, "toolbox", "busybox")))]
    policy(far, f"image fleetsh {' '.join(parts)}\ncert:somebody fleetsh allow memory=512M\n", "a policy with a name is put into force")
    allowed(far, far.uri, "an image is known by a name of the policy's for the files that it boots from")
    policy(far, f"image fleetsh {parts[0]}\ncert:somebody fleetsh allow memory=512M\n")
    refused(far, far.uri, "no line allows it", "it is not when there is one more")

    # ---- two users at once
    with User(far, "bob") as bob:
        bob.start_daemon(FLEETSH_ROUTER=far.uri, FLEETSH_POOL="0", FLEETSH_MEMORY="512")
        far.trust(client=bob)
        policy(far, f"image fleetsh {' '.join(parts)}\ncert:somebody fleetsh allow memory=512M\ncert:bob guest allow memory=256M\n")
        allowed(far, far.uri, "of two users who are connected")
        held = subprocess.Popen([os.path.join(BUILD, "fleetsh"), "-c", "/bin/busybox cat"], env=far.env, text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        ok(vmp.until(lambda: any(v["state"] == "leased" for v in vmp.vms(far.rundir)), 30), "one runs a command")
        ok(vmp.until(lambda: vmp.router(bob.rundir)["state"] == "connected", 30), "the other one is there, too", vmp.routers(bob.rundir))
        said = shell(bob, "/bin/busybox echo ran; echo $?")
        ok(said.stdout == "125\n" and "line 3: 512 MiB of memory are more than 256" in said.stderr,
           "and gets what his line gives, not what the other's does", said)
        policy(far, "cert:bob guest allow memory=512M\ncert:* * deny\n")
        said = shell(bob, "/bin/busybox echo ran")
        ok(said.stdout == "ran\n" and said.stderr == "", "who was refused may be let in", said)
        ok(held.communicate("still here\n", timeout=60)[0] == "still here\n", "the first one's command has noticed nothing")
        refused(far, far.uri, "line 2: it says deny", "whose next one is refused now")

    # ---- not only fleetsh
    def define(xml, uri=far.uri):
        path = os.path.join(far.dir, "domain.xml")
        with open(path, "w", encoding="utf-8") as out:
            out.write(xml)
        pki = os.path.join(far.env["XDG_CONFIG_HOME"], "fleetsh", "pki", far.address)
        return subprocess.run(["virsh", "-q", "-c", f"{uri}?pkipath={pki}", "create", path, "--autodestroy"], env=far.env, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60)

    other = ("<domain type='qemu'><name>other</name>{}<memory unit='MiB'>64</memory><os><type arch='x86_64'>hvm</type></os>"
             "<devices>{}</devices></domain>")
    policy(far, "cert:somebody other allow memory=1G\n")
    said = define(other.format("", ""))
    ok(said.returncode == 0, "virsh starts what a line allows", said)
    said = define(other.format("", "<filesystem type='mount'><source dir='/etc'/><target dir='x'/></filesystem>"))
    ok(said.returncode == 1 and "the device filesystem is not given" in said.stderr,
       "and is refused what leads to the router's own files", said)
    said = define(other.format("", "<disk type='file'><source file='/etc/shadow'/><target dev='vda'/></disk>"))
    ok(said.returncode == 1 and "/etc/shadow is not given" in said.stderr, "by whatever device", said)
    policy(far, "cert:boss * allow\nuid:0 * allow\n")
    lie = "<metadata><f:vm xmlns:f='urn:fleetsh:vm' uid='0' cert='CN=boss'/></metadata>"
    said = define(other.format(lie, ""))
    ok(said.returncode == 1 and "nobody is connected who is certificate CN=boss" in said.stderr,
       "who says to have a certificate that nobody shows is refused", said)
    far.end_daemon()
    lie = "<metadata><f:vm xmlns:f='urn:fleetsh:vm' uid='0'/></metadata>"
    said = define(other.format(lie, ""))
    ok(said.returncode == 1 and "nobody is connected who is user 0" in said.stderr, "and so is who says to be on that machine", said)

    # ---- the tester
    path = os.path.join(far.dir, "test")
    with open(path, "w", encoding="utf-8") as out:
        out.write("\ncert:alice guest allow memory=1G network=lan\n")
    for words, status, text in (("", 0, ": no error; 1 lines that decide\n"), ("cert:alice guest memory=512M network=lan", 0, ":2: allow\n"),
                                ("cert:alice guest sha256:" + "a" * 64 + " memory=512M", 0, ":2: allow\n"),
                                ("cert:CN=alice guest network=wan", 1, ":2: deny: the network wan is not given\n"),
                                ("user:alice@x guest", 1, ": deny: no line allows it\n")):
        said = shell(far, f"vm policy test {path} {words}")
        ok(said.returncode == status and said.stdout == path + text and said.stderr == "", f"vm policy test: {words or 'no words'}", said)
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"image calc sha256:{'a' * 64} sha256:{'b' * 64}\ncert:alice calc allow\n")
    for words, status, text in (("cert:alice calc", 0, ":2: allow\n"), (f"cert:alice boot sha256:{'b' * 64}", 0, ":2: allow\n"),
                                (f"cert:alice calc sha256:{'c' * 64}", 1, ": deny: no line allows it\n"),
                                ("cert:bob calc", 1, ": deny: no line allows it\n")):
        said = shell(far, f"vm policy test {path} {words}")
        ok(said.returncode == status and said.stdout == path + text and said.stderr == "", f"vm policy test: {words[:30]}", said)
    with open(path, "a", encoding="utf-8") as out:
        out.write("* guest allow memory=\n")
    said = shell(far, f"vm policy test {path}")
    ok(said.returncode == 2 and said.stderr == f"{path}:3:15: memory= must be a size such as 512M or 2G\n", "an error has its place", said)
    bad = subprocess.run([os.path.join(TOP, "scripts", "router"), "policy", path], env=far.env, text=True, capture_output=True)
    ok(bad.returncode == 1 and ":3:15:" in bad.stderr, "and is not put into force", bad)
    far.script("policy", "--none")
    allowed(far, far.uri, "without a policy all is as before")
done()
