#!/usr/bin/env python3
"""Each party of a bootable image killed, while it starts and while it runs, with a console and with a disk.

Whoever is killed: within 5 s the shell goes on, with a status and at most one line that says why; after 10 s no QEMU, no domain (also
none that is only defined) and no file of that VM is left; and the next image runs. ONLY="vmprocd running disk" runs one of them.
"""
import glob
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *

ONLY = os.environ.get("ONLY")
ROUTER = os.path.join(TOP, "scripts", "router")
BOOT = os.path.join(os.path.dirname(FLEETSH), "boot")
PARTIES = ("shim", "QEMU", "vmprocd", "libvirtd", "shell")
SPECS = {
    "console": '{"version": 1, "kind": "pvh", "program": "%s/pvh"}' % BOOT,
    "disk": '{"version": 1, "kind": "pvh", "program": "%s/pvh", "machine": "pc", '
            '"disk": {"file": "%s/disk.img", "access": "throw-away"}}' % (BOOT, BOOT),
}


def virsh(*words):
    return subprocess.run(["virsh", "-q", "-c", os.environ["FLEETSH_ROUTER"], *words], capture_output=True, text=True,
                          timeout=30).stdout.split()


def image_vm():
    """Of the image: the VM that is no guest of ours."""
    return next((vm for vm in vms() if "img.vm" in (vm["command"] or "")), None)


def has_reached(step):
    vm = image_vm()
    return vm and (step == "starting" or (vm["state"] == "running" and qemu_of(vm["domain"])))


def qemu_of(domain):
    found = processes(rf"^\S*qemu-system-x86_64 .*guest={domain}\b")
    return found[0] if found else None


def victim_of(party, shell):
    return {"shim": lambda: shims(shell.pid)[0], "QEMU": lambda: qemu_of(image_vm()["domain"]), "vmprocd": vmprocd,
            "libvirtd": lambda: router_pid("libvirtd"), "shell": lambda: shell.pid}[party]()


def files_of(domain):
    """In the directories that vmprocds share with their QEMUs; a VM's files bear its number."""
    instance, number = domain.removeprefix("fsh-").split("-")
    return glob.glob(f"/run/fleetsh-vm-{instance}/s/{number}.*") + glob.glob(f"/tmp/fleetsh-vm-{instance}/s/{number}.*")


def end_of(shell):
    """(stdout, stderr), or None when it did not end within 5 s."""
    try:
        return shell.communicate(timeout=5)
    except subprocess.TimeoutExpired:
        os.killpg(shell.pid, signal.SIGKILL)
        shell.communicate()
        return None


def look_at_end(said, shell, party):
    running = shims(shell.pid)
    if party == "shell":
        shell.wait(5)
        shell.stdout.close(), shell.stderr.close(), shell.stdin.close()
        check(f"{said}: its shim ends", until(lambda: not any(map(lives, running)), 10), running)
        return
    out, err = end_of(shell) or ("", "")
    lines = [line for line in err.splitlines() if line.startswith("fleetsh:")]
    status = next((int(line.split()[1]) for line in err.splitlines() if line.startswith("status ")), None)
    check(f"{said}: the shell goes on within 5 s, and not with a status of 0", status and "alive" in err, (out[-200:], err))
    check(f"{said}: one line for a status of ours, none for the image's own",
          status is not None and len(lines) == (status in (120, 125)), (status, err))


def case(party, step, kind):
    said = f"{kind}: {party} killed while it is {step}"
    path = os.path.join(os.environ["XDG_RUNTIME_DIR"], "img.vm")
    with open(path, "w") as file:
        file.write(SPECS[kind])
    os.chmod(path, 0o755)
    status, out, err = run(f"{path} show exit=3")
    assert (status, out) == (3, "[show exit=3]\n"), (status, out, err)
    held = router_pid("libvirtd")
    if step == "starting":
        os.kill(held, signal.SIGSTOP)
    try:
        # What has not begun may begin with vmprocd's successor, and then ends by itself.
        words = "exit=3" if step == "starting" else "spin"
        shell = start(f"{path} show {words} >out; echo \"status $?\" >&2; echo alive >&2", PWD=None)
        assert until(lambda: has_reached(step), 30), vms()
        domain = image_vm()["domain"]
        os.kill(victim_of(party, shell), signal.SIGKILL)
        if party in ("vmprocd", "QEMU"):
            os.kill(held, signal.SIGCONT)
        look_at_end(said, shell, party)
    finally:
        try:
            os.kill(held, signal.SIGCONT)
        except ProcessLookupError:
            pass
    if party == "libvirtd":
        assert until(lambda: not lives(held), 10), "libvirtd does not end"
        subprocess.run([ROUTER, "start"], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    # vmprocd's successor sweeps what is left of it: it comes with the next command.
    status, out, err = run(f"{path} show exit=3", limit=30)
    check(f"{said}: the next one runs", (status, out) == (3, "[show exit=3]\n"), (status, out, err))
    check(f"{said}: no QEMU is left", until(lambda: not qemu_of(domain), 10), domain)
    check(f"{said}: no domain is left, not even defined", until(lambda: domain not in virsh("list", "--all", "--name"), 10),
          virsh("list", "--all", "--name"))
    check(f"{said}: no file is left", until(lambda: not files_of(domain), 10), files_of(domain))
    run("vm stop")


with tempfile.TemporaryDirectory(prefix="fleetsh-parties-") as directory:
    os.chmod(directory, 0o700)
    os.environ["XDG_RUNTIME_DIR"] = directory
    os.environ["FLEETSH_POOL"] = "0"
    os.chdir(directory)
    for kind in SPECS:
        for step in ("starting", "running"):
            for party in PARTIES:
                if (party, step) != ("QEMU", "starting") and ONLY in (None, f"{party} {step} {kind}"):
                    case(party, step, kind)
    run("vm stop")
finish()
