#!/usr/bin/env python3
"""Who answers for a router: a certificate that the user has not accepted is not used, nor a changed one, nor an impostor's."""

import os
import pty
import re
import select
import time

import net
import vmp
from bench import BUILD, done, ok
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
    return "sha256:" + re.search("fingerprint ([0-9a-f]{64})", said).group(1)


class Terminal:
    """An interactive shell on a terminal of its own."""

    def __init__(self, bench):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(os.path.join(BUILD, "fleetsh"), ["fleetsh", "-i"], {**bench.env, "TERM": "dumb", "PS1": "$ ", "ENV": ""})
        self.seen = ""

    def line(self, text, until, seconds=30):
        """Types it; whether what the pattern says is shown then."""
        self.seen, end = "", time.monotonic() + seconds
        os.write(self.fd, text.encode())
        while not re.search(until, self.seen) and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.fd, 4096).decode(errors="replace")
                except OSError:
                    break
        return re.search(until, self.seen) is not None

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


with Host(1, FLEETSH_POOL="1") as host:
    env, r = host.env, host.rundir
    known = os.path.join(env["XDG_STATE_HOME"], "fleetsh", "known_routers")
    env["FLEETSH_ROUTER"] = host.uri
    name = host.address

    with Host(2) as other:
        other.admit(host, host.address)
        host.start_daemon()
        host.trust()
        info = state(r)
        ok(info["state"] == "failed" and "ertificate" in info["error"], "a router of another authority is refused, accepted or not",
           info)
        host.end_daemon()
    os.system(f"rm -r {env['XDG_CONFIG_HOME']}")
    os.unlink(known)

    # ---- nobody has accepted it
    host.admit(host)
    host.start_daemon()
    info = state(r)
    fingerprint = info["fingerprint"]
    ok(info["state"] == "failed" and info["trust"] == "unknown" and re.fullmatch("sha256:[0-9a-f]{64}", fingerprint),
       "a router of the user's authority is not used by itself", info)
    refused = net.shell(host, "/bin/busybox echo no")
    ok(refused.returncode == 125 and refused.stdout == "" and refused.stderr.count("\n") == 1 and fingerprint in refused.stderr and
       f"vm router trust {name}\n" in refused.stderr, "a command fails with its fingerprint, and what to type", refused)
    told = net.shell(host, "vm router info")
    ok(f"certificate:  {fingerprint} (unknown)\n" in told.stdout, "vm router info shows it", told.stdout + told.stderr)
    alone = {"start_new_session": True, "input": "y\n", "stdin": None}
    script = net.shell(host, f"vm router trust {name}", **alone)
    ok(script.returncode == 1 and "no terminal" in script.stderr and fingerprint in script.stderr, "without a terminal nobody is asked",
       script)
    wrong = net.shell(host, f"vm router trust {name} --yes sha256:{'0' * 64}", **alone)
    ok(wrong.returncode == 1 and fingerprint in wrong.stderr, "another fingerprint than --yes gives is not accepted", wrong)
    ok(not os.path.exists(known), "and nothing is noted")

    terminal = Terminal(host)
    ok(terminal.line(f"vm router trust {name}\n", r"\[y/n\] ") and fingerprint in terminal.seen.replace("\r\n", ""), "at a terminal the user is asked",
       terminal.seen)
    ok(terminal.line("n\n", "not accepted") and not os.path.exists(known), "n is a no", terminal.seen)
    ok(terminal.line(f"vm router trust {name}\n", r"\[y/n\] ") and terminal.line("\x03", "not accepted") and not os.path.exists(known),
       "as is ^C", terminal.seen)
    ok(terminal.line(f"vm router trust {name} </dev/null\n", r"\[y/n\] ") and terminal.line("y\n", r"is known: sha256[^$]*\$ "), "y is a yes",
       terminal.seen)
    ok(terminal.line("/bin/busybox echo it r''uns\n", "\nit runs"), "and commands run", terminal.seen)
    terminal.close()
    line = open(known).read()
    ok(line == f"{name}:16514 {fingerprint}\n", "its certificate is noted", line)
    info = state(r)
    ok(info["state"] == "connected" and info["trust"] == "known", "and known", info)
    host.end_daemon()
    host.start_daemon()
    ok(state(r)["state"] == "connected" and open(known).read() == line, "the next time, too")

    # ---- each connection is checked
    vmp.until(lambda: vmp.router(r)["warm"] == 1, 30)
    with open(known, "w") as file:
        file.write(f"{name}:16514 sha256:{'1' * 64}\n")
    first = vmp.Lease(r)
    try:
        vmp.Lease(r).close()
        ok(False, "a VM's own connection goes to the known certificate only")
    except vmp.Refused as lost:
        ok("HAS CHANGED" in str(lost), "a VM's own connection goes to the known certificate only", lost)
    first.close()
    with open(known, "w") as file:
        file.write(line)
    host.end_daemon()

    # ---- another one
    other = restart_with_other_key(host)
    host.start_daemon()
    info = state(r)
    ok(info["state"] == "failed" and info["trust"] == "changed" and "HAS CHANGED" in info["error"] and "forget" in info["error"],
       "another certificate of the same authority is refused, loudly", info)
    refused = net.shell(host, "/bin/busybox echo no")
    ok(refused.returncode == 125 and refused.stdout == "" and "HAS CHANGED" in refused.stderr, "commands tell it", refused)
    pressed = net.shell(host, f"vm router trust --yes {other} {name}", **alone)
    ok(pressed.returncode == 1 and "HAS CHANGED" in pressed.stderr and open(known).read() == line, "trust alone does not replace it",
       pressed)
    forgotten = net.shell(host, f"vm router forget {name}")
    ok(forgotten.returncode == 0 and open(known).read() == "", "vm router forget takes it away", forgotten)
    again = net.shell(host, f"vm router forget {name}")
    ok(again.returncode == 1 and "no certificate" in again.stderr, "once", again)
    ok(net.shell(host, "/bin/busybox echo no").returncode == 125, "then it is an unknown one")
    host.trust(other.removeprefix("sha256:"))
    ok(state(r)["state"] == "connected" and open(known).read() == f"{name}:16514 {other}\n",
       "and is accepted by the fingerprint that enrol has told", open(known).read())
    ok(net.shell(host, f"vm router forget {name}; /bin/busybox echo no").returncode == 125 and state(r)["trust"] == "unknown",
       "one that is forgotten while it is in use is not used any more", vmp.router(r))
    host.end_daemon()

    # ---- beside one of this machine
    host.start_daemon(FLEETSH_ROUTER=host.local_uri())
    here = net.shell(host, f"vm router trust local; vm router trust {host.uri} --yes {other} && vm router ls")
    ok("needs no trust" in here.stderr and re.search(rf"{name} +drained", here.stdout),
       "one of this machine needs none; trust of a further one sends no commands there yet", here)
    ran = net.shell(host, f"/bin/busybox echo here; vm router use {name}; /bin/busybox echo there")
    ok(ran.stdout == "here\nthere\n", "vm router use does", ran)
    host.end_daemon()
done()
