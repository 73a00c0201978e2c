#!/usr/bin/env python3
"""A man in the middle: somebody has taken a router's address on the network, answers with a certificate of his own, and can pass on
what he likes to the router. He is refused, told of, and learns nothing; nobody but the user at a terminal could accept him."""

import os

import net
import vmp
from bench import done, ok
from impostor import Impostor
from net import Host, shell

net.apart()


def refused(host, words):
    """A command, a pipeline, and a script that tries to accept him: what each says."""
    file = os.path.join(host.dir, "secret")
    with open(file, "w") as out:
        out.write("what nobody else is to read\n")
    alone = {"start_new_session": True, "stdin": None, "input": "y\ny\n"}
    runs = [shell(host, script, **alone) for script in
            (f"/bin/busybox cat {file}", f"/bin/busybox cat <{file} | /bin/busybox wc -c",
             f"vm router trust {host.address} && /bin/busybox cat {file}")]
    return all(run.returncode != 0 and "what nobody" not in run.stdout and words in run.stderr for run in runs), runs


with Host(1, FLEETSH_POOL="1") as host:
    r, env = host.rundir, host.env
    env["FLEETSH_ROUTER"] = host.uri
    known = os.path.join(env["XDG_STATE_HOME"], "fleetsh", "known_routers")
    host.admit(host)
    host.join("lan2")

    def state(wanted):
        return vmp.until(lambda: vmp.router(r)["state"] == wanted and vmp.router(r), 40)

    # ---- before the user has ever spoken with the router
    host.cut()
    with Impostor(host, host.address) as man:
        host.start_daemon()
        good, runs = refused(host, man.fingerprint[:16])
        ok(good, "nobody has accepted the router: commands fail, and show his fingerprint", runs)
        wrong = shell(host, f"vm router trust {host.uri} --yes {host.fingerprint}")
        ok(wrong.returncode == 1 and "not that one" in wrong.stderr and not os.path.exists(known),
           "by the fingerprint that enrol has told, he is not accepted", wrong)
        ok(man.connections() and not man.told() and not man.shown(), "he was asked who he is, and told nothing", man.connections())
        host.end_daemon()

    # ---- the router is known and in use when he comes
    host.heal()
    host.start_daemon()
    host.trust()
    ok(state("connected") and host.warm(1), "the router itself is accepted", vmp.router(r))
    with open(known) as file:
        line = file.read()
    lease = vmp.Lease(r)
    host.cut()
    for authority, whose in ((None, "an authority of his own"), (host, "the user's own authority")):
        with Impostor(host, host.address, authority_of=authority) as man:
            if not authority:
                ok(lease.recv(40)[0] == vmp.LOST, "he takes its address: the command there is lost")
                lease.close()
            ok(vmp.until(lambda: vmp.router(r)["trust"] == "changed", 60), f"with a certificate of {whose} he is not taken for the router",
               vmp.router(r))
            good, runs = refused(host, "HAS CHANGED")
            ok(good, "commands fail, and say so", runs)
            ok(man.connections() and not man.told() and not man.shown(), "he is told nothing, not even whose commands they are",
               man.connections())
            with open(known) as file:
                ok(file.read() == line, "and nothing is accepted")

            # Who asks first and speaks then, speaks to somebody else.
            for passes in (1, 2) if authority else (1,):
                host.end_daemon()
                before = len(man.connections())
                man.let_pass(passes)
                host.start_daemon()
                ok(vmp.until(lambda: [c for c in man.connections()[before:] if "bytes" in c], 60) and not man.told(),
                   f"the first {passes} he lets pass to the router: on no other one is he told anything", man.connections()[before:])
    host.end_daemon()  # what he had let pass ended with him
    host.heal()
    host.start_daemon()
    ok(state("connected") and shell(host, "/bin/busybox echo back").stdout == "back\n", "when he has gone the router is used as before",
       vmp.router(r))
done()
