#!/usr/bin/env python3
"""Commands on another machine, over TLS: as on this one, and when the network, the router or vmprocd goes."""

import hashlib
import os
import re
import signal
import subprocess
import time

import net
import vmp
from bench import BUILD, TOP, done, ok
from net import Host, shell

net.apart()

with Host(1, FLEETSH_POOL="4") as far, Host(2) as other:
    r, env = far.rundir, far.env
    env["FLEETSH_ROUTER"] = far.uri
    far.start_daemon()
    far.trust()
    ok(vmp.until(lambda: vmp.router(r)["state"] == "failed", 20) and "ertificate" in vmp.router(r)["error"],
       "without a certificate of the router's authority nobody is let in", vmp.router(r))
    far.end_daemon()
    far.admit(far)
    far.admit(far, net.HERE)
    other.admit(far)

    far.start_daemon()
    ok(vmp.until(lambda: vmp.router(r)["state"] == "connected", 30) and vmp.router(r)["name"] == far.address,
       "with one the router is connected to, and has its host's name", vmp.router(r))
    ok(far.warm(3), "it has warm VMs", far.log())
    far.end_daemon()
    ok(vmp.until(lambda: not far.domains(), 20), "they end with vmprocd", far.domains())
    sent = far.log().count("sent to the router")
    far.start_daemon(FLEETSH_ROUTER=far.local_uri())
    lease = vmp.Lease(r)
    hertz = lease.tsc_hz
    lease.close()
    far.end_daemon()
    far.start_daemon()
    ok(far.warm(3) and sent == 2 and far.log().count("sent to the router") == 2,
       "the guest and the resident program go there once", far.log())

    lease = vmp.Lease(r)
    within = re.search(r"time-stamp counter of .* within ([0-9.]+) %", far.log())
    off = float(within.group(1)) / 100 + 0.0001 if within else 0  # and this machine's own is known to 1e-5
    ok(abs(lease.tsc_hz - hertz) <= hertz * off, "its clock's frequency is learnt of its guests, as exactly as vmprocd says",
       (lease.tsc_hz, hertz, off))
    lease.close()
    vmp.until(lambda: vmp.router(r)["warm"] == 4, 30)
    run = vmp.lease_run(r, 3)
    ok(run and {net.where(r, stage) for stage in run} == {far.address}, "a pipeline is wired on the router")
    if run:
        run[0].exec_resident(["echo", "through two wires"])
        run[1].exec_resident(["cat"])
        run[2].exec_resident(["cat"])
        ends = [stage.wait_exit() for stage in run]
        ok(ends[2][2] == b"through two wires\n" and [end[1] for end in ends] == [0, 0, 0], "and its bytes go there", ends)
        for stage in run:
            stage.close()

    # ---- the same cases as on this machine
    work = os.path.join(far.dir, "work")
    os.mkdir(work)
    cases = subprocess.run([os.path.join(TOP, "tests", "run"), "tests/vm/commands.tst", "tests/vm/signals.tst",
                            "tests/vm/descriptors.tst"], cwd=TOP, text=True, capture_output=True, timeout=600,
                           env={**env, "ROUTER_GIVEN": "1", "BUILD": BUILD})
    ok(cases.returncode == 0, "commands, signals and descriptors are as on this machine", cases.stdout[-3000:] + cases.stderr[-2000:])
    ran = shell(far, "cd $WORK && printf 'c\\nb\\na\\n' >f && /bin/busybox sort f | /bin/busybox sed s/b/B/ >g; cat g; "
                "/bin/busybox sh -c 'exit 7'; echo $?; pwd; /bin/busybox pwd; ls", cwd=work, env={**env, "WORK": work})
    ok(ran.stdout == f"a\nB\nc\n7\n{work}\n{work}\nf\ng\n", "its files are the shell's", ran.stdout + ran.stderr)

    # ---- streams
    data = os.urandom(1 << 20) * 24
    echoed = subprocess.run([os.path.join(BUILD, "fleetsh"), "-c", "/bin/busybox cat"], env=env, input=data, stdout=subprocess.PIPE,
                            timeout=120)
    ok(hashlib.sha256(echoed.stdout).digest() == hashlib.sha256(data).digest() and echoed.returncode == 0,
       "24 MiB go in and out unchanged", len(echoed.stdout))
    before = net.resident_bytes(far.daemon.pid)
    flood = subprocess.Popen([os.path.join(BUILD, "fleetsh"), "-c", "/bin/busybox yes"], env=env, stdout=subprocess.PIPE)
    flood.stdout.read(1 << 20)

    def written():
        connection = vmp.Connection(r)
        connection.ask(vmp.MEASURE)
        connection.close()
        return sum(v["cpu"] for v in vmp.vms(r) if v["state"] == "leased")

    def stands_still():
        first = written()
        time.sleep(0.3)
        return written() - first < 30_000_000

    ok(vmp.until(stands_still, 30), "a slow reader stops the guest")
    grown = net.resident_bytes(far.daemon.pid) - before
    ok(grown < 16 << 20, "and what is on its way is bounded", grown)
    ok(shell(far, "/bin/busybox echo another").stdout == "another\n", "another command runs meanwhile")
    ok(len(flood.stdout.read(32 << 20)) == 32 << 20, "when the reader goes on, so does the guest")
    flood.stdout.close()
    ok(vmp.until(lambda: flood.poll() is not None, 20), "and SIGPIPE ends it when the reader goes", flood.poll())
    # A guest that is stopped reads nothing of what its shim sends.
    big = os.path.join(work, "big")
    with open(big, "wb") as file:
        file.write(data)
    reader = subprocess.Popen([os.path.join(BUILD, "fleetsh"), "-c", f"while :; do /bin/busybox cat {big}; done"], env=env,
                              stdout=subprocess.DEVNULL, start_new_session=True)
    leased = vmp.until(lambda: [v for v in vmp.vms(r) if v["command"].startswith("/bin/busybox cat")], 20)
    os.killpg(reader.pid, signal.SIGSTOP)
    ok(shell(far, "for i in 1 2 3 4 5 6; do /bin/busybox echo $i; done").stdout == "1\n2\n3\n4\n5\n6\n",
       "one that is stopped in the middle of a file holds up nobody")
    os.killpg(reader.pid, signal.SIGKILL)
    reader.wait()
    gone = [v["domain"] for v in leased or []]
    ok(leased and vmp.until(lambda: not set(gone) & set(far.domains()), 20), "and when it is killed its VM ends", far.domains())

    # ---- far away
    road = net.Distance(far, 20)
    far.trust(uri=road.uri)
    vmp.choose(r, vmp.USE, road.uri)
    ok(vmp.until(lambda: vmp.routers(r)[1]["warm"] > 1, 60), "20 ms away there are warm VMs, too", vmp.routers(r))
    ran = shell(far, "/bin/busybox echo one | /bin/busybox cat; /bin/busybox false; echo $?")
    ok(ran.stdout == "one\n1\n" and road.connections > 2, "and all is the same", ran.stdout + ran.stderr)
    vmp.choose(r, vmp.DRAIN, net.HERE)

    # ---- what goes
    other.trust(client=far)
    vmp.choose(r, vmp.USE, other.uri)
    ok(vmp.until(lambda: vmp.routers(r)[2]["warm"] == 4, 60), "a second router is taken into use", vmp.routers(r))
    vmp.choose(r, vmp.USE, far.address)
    lease = vmp.Lease(r)
    ok(net.where(r, lease) == far.address, "the first is chosen")
    began = time.monotonic()
    far.cut()
    kind, body, _ = lease.recv(30)
    ok(kind == vmp.LOST, "the network vanishes: the command is told", (kind, body))
    print(f"# after {time.monotonic() - began:.1f} s")
    lease.close()
    lease = vmp.Lease(r)
    ok(net.where(r, lease) == other.address, "and the next one goes to the other router")
    ok(vmp.until(lambda: not far.domains(), 40), "the VMs there end by themselves", far.domains())
    ok(shell(far, "/bin/busybox echo here").stdout == "here\n", "nobody waits for the lost one")
    far.heal()
    ok(vmp.until(lambda: vmp.routers(r)[0]["state"] == "connected" and vmp.routers(r)[0]["warm"] == 4, 60),
       "when it is there again it is used again", vmp.routers(r))
    kept = vmp.Lease(r)
    ok(net.where(r, kept) == far.address, "as it was chosen")
    os.kill(far.pid_of("libvirtd"), signal.SIGKILL)
    kind, body, _ = kept.recv(10)
    ok(kind == vmp.LOST, "libvirtd there is killed: the command is told", (kind, body))
    kept.close()
    ok(net.where(r, lease) == other.address and shell(far, "/bin/busybox echo on").stdout == "on\n",
       "commands on the other router go on")
    far.router("start")
    ok(vmp.until(lambda: vmp.routers(r)[0]["warm"] == 4, 60), "it comes back", vmp.routers(r))
    live = {v["domain"] for v in vmp.vms(r) if v["router"] == far.address}
    ok(vmp.until(lambda: set(far.domains()) <= {v["domain"] for v in vmp.vms(r)}, 20),
       "VMs that nobody owns any more have been swept there", (far.domains(), live))
    lease.close()
    lease = vmp.Lease(r)
    far.end_daemon(signal.SIGKILL)
    lease.close()
    ok(vmp.until(lambda: not far.domains() and not other.domains(), 30), "vmprocd is killed: all VMs end on both",
       (far.domains(), other.domains()))

    # ---- refusals
    for uri, word in (("qemu+tcp://10.77.0.11/system", "not encrypted"), ("qemu+ext:///system?command=/bin/false", "not a URI"),
                      ("unsafe:qemu+tcp://10.77.0.11/system", "onnect")):
        far.start_daemon(FLEETSH_ROUTER=uri)
        ok(vmp.until(lambda: vmp.router(r)["state"] == "failed", 20) and word in vmp.router(r)["error"], f"{uri} is refused: {word}",
           vmp.router(r))
        far.end_daemon()
done()
