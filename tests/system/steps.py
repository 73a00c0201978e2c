#!/usr/bin/env python3
"""Each party of a command killed, by TERM and by KILL, at each step of the command's life.

A step is held by stopping who would take the next one:

    lease     libvirtd stands still and no VM is ready: the shim waits for its VM
    exec      QEMU stands still: the shim has its VM and has sent EXEC, nothing has begun
    running   the program computes
    exiting   the program has ended, nobody reads what it wrote: the shim delivers
    reaping   the command is over, libvirtd stands still: its VM is being reset

libvirtd killed under a program that runs: it goes on. Whoever is killed: the shell goes on, within 5 s there is a status and at most one line that says why, after 10 s no VM and no process
is left that should not be, and the next command works. ONLY="vmprocd KILL exec" runs one of them.
"""
import array
import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import termios

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *

ONLY = os.environ.get("ONLY")
WRITTEN = b"".join(b"%d\n" % n for n in range(1, 40001))  # 226 KiB: more than a pipe, less than the way to it holds


def qemu_of(domain):
    found = processes(rf"^\S*qemu-system-x86_64 .*guest={domain}\b")
    return found[0] if found else None


class Step:
    """One command in the middle of its life: `shell` runs it, `held` are the processes that stand still."""

    pool, script, needs = 1, "", ()

    def __init__(self):
        self.held, self.shell = [], None

    def hold(self, pid):
        os.kill(pid, signal.SIGSTOP)
        self.held.append(pid)

    def release(self):
        for pid in self.held:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.held = []

    def written(self):
        """Bytes of its output that lie in the pipe."""
        count = array.array("i", [0])
        fcntl.ioctl(self.shell.stdout, termios.FIONREAD, count)
        return count[0]

    def prepare(self):
        """Before the command is started."""

    def reached(self):
        """Whether the command is at that step."""

    def begin(self):
        status, _, err = run("/bin/busybox true")  # vmprocd is there and has its router
        assert status == 0, err
        self.prepare()
        self.shell = start(f"{self.script}; echo \"status $?\" >&2; echo alive >&2")
        assert until(self.reached, 30), (type(self).__name__, vms())


def one_leased():
    found = leased()
    return found[0] if len(found) == 1 else None


class Lease(Step):
    pool, script = 0, "/bin/busybox true"

    def prepare(self):
        self.hold(router_pid("libvirtd"))

    def reached(self):
        return any(vm["state"] == "starting" for vm in vms())


class Exec(Step):
    script = "/bin/busybox true"

    def prepare(self):
        assert until(lambda: [vm for vm in vms() if vm["state"] == "warm"], 30), vms()
        self.hold(qemu_of(vms()[0]["domain"]))

    def reached(self):
        return one_leased() and one_leased()["command"]


class Running(Step):
    script = "/bin/busybox sh -c 'while :; do :; done'"

    def reached(self):
        return one_leased() and one_leased()["command"]


class Exiting(Step):
    script = "/bin/busybox seq 40000"

    def reached(self):
        return self.written() >= 65536 - 4096


class Reaping(Step):
    script = "/bin/busybox true; echo over; read x"

    def prepare(self):
        assert until(lambda: [vm for vm in vms() if vm["state"] == "warm"], 30), vms()
        self.hold(router_pid("libvirtd"))

    def reached(self):
        return self.written() > 0


def the_shim(step):
    return shims(step.shell.pid)[0]


def the_qemu(_step):
    return qemu_of((one_leased() or vms()[0])["domain"])


PARTIES = {"shim": the_shim, "QEMU": the_qemu, "vmprocd": lambda _: vmprocd(), "libvirtd": lambda _: router_pid("libvirtd"),
           "shell": lambda step: step.shell.pid}
STEPS = {"lease": Lease, "exec": Exec, "running": Running, "exiting": Exiting, "reaping": Reaping}
NOBODY = {("shim", "reaping"), ("QEMU", "lease")}  # there is none at that step


def mend():
    """Everybody is there again, for the next case."""
    with contextlib.suppress(FileNotFoundError):
        if lives(router_pid("libvirtd")):
            return
    router_start()


def finish_shell(shell):
    """(stdout, stderr), or None when it did not end within 5 s."""
    try:
        return shell.communicate("\n", timeout=5)
    except subprocess.TimeoutExpired:
        os.killpg(shell.pid, signal.SIGKILL)
        shell.communicate()
        return None


def case(party, signo, name):
    step = STEPS[name]()
    os.environ["FLEETSH_POOL"] = str(step.pool)
    try:
        step.begin()
        kill_and_look(step, party, signo, name)
    finally:
        step.release()
        mend()


def goes_on(said, libvirtd, shim):
    """A program that runs needs no libvirtd; it is ended here."""
    assert until(lambda: not lives(libvirtd), 10), "libvirtd does not end"
    check(f"{said}: the command goes on", lives(shim) and len(leased()) == 1, vms())
    os.kill(shim, signal.SIGTERM)


def kill_and_look(step, party, signo, name):
    shell, running, daemon = step.shell, shims(step.shell.pid), vmprocd()
    instance = vms()[0]["domain"].rpartition("-")[0]
    victim = PARTIES[party](step)
    os.kill(victim, signo)
    if signo == signal.SIGTERM or party in ("vmprocd", "QEMU", "libvirtd"):
        step.release()  # TERM is taken by who runs, and one bad thing at a time: what comes next needs the others
    said = f"{party} gets {signo.name[3:]} at {name}"
    if (party, name) == ("libvirtd", "running"):
        goes_on(said, victim, running[0])
    if party == "shell":
        shell.wait(5)
        shell.stdout.close(), shell.stderr.close(), shell.stdin.close()
        good, detail = until(lambda: not any(lives(pid) for pid in running), 10), running
        check(f"{said}: its shims end", good, detail)
    else:
        result = finish_shell(shell)
        out, err = result or ("", "")
        lines = [line for line in err.splitlines() if line.startswith("fleetsh:")]
        status = next((int(line.split()[1]) for line in err.splitlines() if line.startswith("status ")), None)
        check(f"{said}: the shell goes on within 5 s", result is not None and "alive" in err, (out[-200:], err))
        check(f"{said}: one line for a status of ours, none for the program's own", status is not None and
              len(lines) == (status in (120, 125)), (status, err))
        if name == "exiting":
            check(f"{said}: a status of 0 means that all is there", status != 0 or out.encode() == WRITTEN, (status, len(out)))
    step.release()
    if party == "libvirtd":
        assert until(lambda: not lives(victim), 10), "libvirtd does not end"
    mend()
    mine = lambda: processes(rf"^\S*qemu-system-x86_64 .*guest={instance}-")
    if party == "vmprocd":
        left = lambda: lives(daemon) or mine()
    else:
        left = lambda: leased() or any(lives(pid) for pid in running)
    check(f"{said}: after 10 s nothing is left", until(lambda: not left(), 10), (vms(), mine(), running))
    status, out, err = run("echo again | cat", limit=30)
    check(f"{said}: the next command works", (status, out) == (0, "again\n"), (status, out, err))
    run("vm stop")
    check(f"{said}: vm stop leaves no QEMU", until(lambda: not mine(), 10), mine())


with tempfile.TemporaryDirectory(prefix="fleetsh-steps-") as directory:
    os.chmod(directory, 0o700)
    os.environ["XDG_RUNTIME_DIR"] = directory
    for name in STEPS:
        for party in PARTIES:
            for signo in (signal.SIGTERM, signal.SIGKILL):
                if (party, name) not in NOBODY and ONLY in (None, f"{party} {signo.name[3:]} {name}"):
                    case(party, signo, name)
    run("vm stop")
finish()
