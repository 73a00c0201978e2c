#!/usr/bin/env python3
"""libvirtd restarted, by TERM and by KILL, or hanging, while jobs run: they go on, stop and end as if nothing had happened.

Nothing is lost in their streams; what was stopped stays so, and what is to stop or to go on meanwhile does so for libvirt, too, when
it is back; a shell that is killed meanwhile leaves nothing.
"""
import fcntl
import os
import re
import signal
import subprocess
import sys
import tempfile
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *


class Echo:
    """Three wired VMs, a conversation with which shows that they are there still."""

    def __init__(self):
        self.shell, self.said = start("cat | cat | cat; echo \"status $?\""), 0

    def answers(self):
        self.said += 1
        self.shell.stdin.write(f"{self.said}\n")
        self.shell.stdin.flush()
        return self.shell.stdout.readline() == f"{self.said}\n"

    def end(self):
        """What it says after the end of its input."""
        return self.shell.communicate(timeout=30)


class Job:
    """A background job of a shell, which copies words that it is told."""

    def __init__(self, directory, name):
        self.fifo, self.out = os.path.join(directory, name), os.path.join(directory, name + ".out")
        os.mkfifo(self.fifo)
        self.shell = start(f"set -m; exec 3<>{self.fifo}; cat <{self.fifo} >{self.out} & echo $!; read x; wait $!; echo $?")
        self.pid = int(self.shell.stdout.readline())
        self.words = open(self.fifo, "w")
        assert until(self.vm, 20), vms()

    def vm(self):
        return next((vm for vm in vms() if vm["pid"] == self.pid and vm["command"]), None)

    def says(self, word):
        self.words.write(word + "\n")
        self.words.flush()

    def has(self, *words):
        with open(self.out) as file:
            return file.read().split() == list(words)

    def is_stopped(self):
        with open(f"/proc/{self.pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "T"

    def libvirt_says(self):
        return subprocess.run(["virsh", "-q", "-c", os.environ["FLEETSH_ROUTER"], "domstate", self.vm()["domain"]], stdout=subprocess.PIPE,
                              text=True).stdout.strip()

    def stop(self):
        os.kill(self.pid, signal.SIGTSTP)
        return until(self.is_stopped, 5)

    def go_on(self):
        os.kill(self.pid, signal.SIGCONT)


def away():
    return "failed" in run("vm router")[1]


def restart(said, end, begin):
    with tempfile.TemporaryDirectory(prefix="fleetsh-restarts-") as directory:
        echo, ending = Echo(), Echo()
        jobs = {name: Job(directory, name) for name in ("stopped", "stops", "goes", "killed")}
        assert echo.answers() and ending.answers()
        for name in ("stopped", "goes", "killed"):
            jobs[name].stop()
            assert until(lambda: jobs[name].libvirt_says() == "paused", 10), (name, jobs[name].libvirt_says())
        instance = vms()[0]["domain"].rpartition("-")[0]

        end()
        check(f"{said}: it is noticed within 5 s", until(away, 5), run("vm router"))
        check(f"{said}: a foreground pipeline goes on", echo.answers())
        check(f"{said}: one ends with its own status", ending.answers() and ending.end() == ("status 0\n", ""))
        check(f"{said}: a job can be stopped meanwhile", jobs["stops"].stop())
        jobs["goes"].go_on()
        jobs["goes"].says("on")
        jobs["killed"].shell.kill()
        jobs["killed"].shell.communicate()

        begin()
        status, out, err = run("echo again | cat", limit=30)
        check(f"{said}: the next command works", (status, out, err) == (0, "again\n", ""), (status, out, err))
        check(f"{said}: the pipeline in the foreground has lost nothing", echo.answers() and echo.end() == ("status 0\n", ""))
        check(f"{said}: what was stopped is", jobs["stopped"].is_stopped() and until(lambda: jobs["stopped"].libvirt_says() == "paused", 10))
        check(f"{said}: what was stopped meanwhile is paused", until(lambda: jobs["stops"].libvirt_says() == "paused", 10),
              jobs["stops"].libvirt_says())
        check(f"{said}: what was to go on does", until(lambda: jobs["goes"].has("on"), 10) and jobs["goes"].libvirt_says() == "running")
        for name in ("stopped", "stops"):
            jobs[name].go_on()
            jobs[name].says("on")
            check(f"{said}: {name}: it goes on by SIGCONT", until(lambda: jobs[name].has("on"), 10))
        ours = {name: jobs[name].vm()["vm"] for name in ("stopped", "stops", "goes")}
        check(f"{said}: of the killed shell nothing is left after 10 s",
              until(lambda: {vm["vm"] for vm in leased()} == set(ours.values()), 10), (vms(), ours))
        ends = {}
        for name in ours:
            os.kill(jobs[name].pid, signal.SIGTERM)
            ends[name] = jobs[name].shell.communicate("\n", timeout=30)
        check(f"{said}: SIGTERM ends each", all(out.startswith("143\n") and "fleetsh" not in err for out, err in ends.values()), ends)
        check(f"{said}: no VM is left", until(lambda: not leased(), 10), vms())
        domains = {vm["domain"] for vm in vms()}
        mine = lambda: [pid for pid in processes(rf"^\S*qemu-system-x86_64 .*guest={instance}-")
                        if not any(f"guest={domain}," in command_line(pid) for domain in domains)]
        check(f"{said}: no QEMU is left", until(lambda: not mine(), 10), mine())


def killer(signo):
    def kill():
        victim = router_pid("libvirtd")
        os.kill(victim, signo)
        assert until(lambda: not lives(victim), 60), "libvirtd does not end"  # it waits up to 30 s for its own threads
    return kill


def begin_with_unstarted():
    """Starts libvirtd again, which finds a VM as one that was killed leaves it that had just begun to start it."""
    directory = os.path.join(os.environ["FLEETSH_ROUTER_DIR"], "libvirt", "qemu")
    with open(os.path.join(directory, vms()[0]["domain"] + ".xml")) as file:
        text = file.read()
    text = re.sub(r"<domstatus [^>]*>", "<domstatus state='paused' reason='starting up' pid='0'>", text).replace(vms()[0]["domain"], "fsh-unstarted")
    with open(os.path.join(directory, "fsh-unstarted.xml"), "w") as file:
        file.write(re.sub(r"<uuid>.*?</uuid>", f"<uuid>{uuid.uuid4()}</uuid>", text))
    router_start()
    listed = subprocess.run(["virsh", "-q", "-c", os.environ["FLEETSH_ROUTER"], "list", "--all", "--name"], stdout=subprocess.PIPE, text=True).stdout
    check("a VM that was not started yet is forgotten", "fsh-" in listed and "fsh-unstarted" not in listed, listed)


def keeper():
    """Pid of vmprocd's parent."""
    with open(f"/proc/{vmprocd()}/stat") as file:
        parent = int(file.read().rpartition(")")[2].split()[1])
    assert "vmproc-keep" in command_line(parent), command_line(parent)
    return parent


def paused_job(directory):
    job = Job(directory, "job")
    job.stop()
    assert until(lambda: job.libvirt_says() == "paused", 10), job.libvirt_says()
    return job


def stopped_with_nobody_left():
    """A paused guest does not see that its vmprocd was killed, and its shell says nothing more: it is ended all the same."""
    for signo in (signal.SIGKILL, signal.SIGABRT):
        with tempfile.TemporaryDirectory(prefix="fleetsh-restarts-") as directory:
            said = f"vmprocd gets {signo.name} while a job is stopped, and nobody runs a command"
            job = paused_job(directory)
            old, daemon, parent = qemus(), vmprocd(), keeper()
            os.kill(daemon, signo)
            check(f"{said}: no VM is left after 10 s", until(lambda: not any(map(lives, old)), 10), old)
            check(f"{said}: whoever has ended it has ended", until(lambda: not lives(parent), 20))
            job.go_on()
            out, err = job.shell.communicate("\n", timeout=10)
            check(f"{said}: the job has ended when it is continued, with one line", out == "120\n" and err.count("fleetsh: cat: ") == 1, (out, err))
    run("/bin/busybox true")
    parent = keeper()
    run("vm stop")
    check("who waits for vmprocd ends with it", until(lambda: not lives(parent), 10))


def stopped_without_vmprocd():
    """Where that one was killed, too, the next vmprocd ends it."""
    with tempfile.TemporaryDirectory(prefix="fleetsh-restarts-") as directory:
        job = paused_job(directory)
        old, instance, daemon = qemus(), vms()[0]["domain"].split("-")[1], vmprocd()
        os.kill(keeper(), signal.SIGKILL)
        os.kill(daemon, signal.SIGKILL)
        assert until(lambda: not lives(daemon), 10), "vmprocd does not end"
        # As if it had not let go of that yet when the next one looks.
        with open(f"/run/fleetsh-vm-{instance}/lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            check("vmprocd killed while a job is stopped: the next command works", run("echo again | cat") == (0, "again\n", ""))
        check("and its vmprocd ends what the old one has left", until(lambda: not any(map(lives, old)), 10), old)
        job.go_on()
        out, err = job.shell.communicate("\n", timeout=10)
        check("the job has ended when it is continued, with one line", out == "120\n" and err.count("fleetsh: cat: ") == 1, (out, err))


with tempfile.TemporaryDirectory(prefix="fleetsh-restarts-") as runtime:
    os.environ.update(XDG_RUNTIME_DIR=runtime, FLEETSH_POOL="4")
    run("/bin/busybox true")
    restart("libvirtd gets TERM", killer(signal.SIGTERM), router_start)
    restart("libvirtd gets KILL", killer(signal.SIGKILL), begin_with_unstarted)
    restart("libvirtd hangs", lambda: os.kill(router_pid("libvirtd"), signal.SIGSTOP),
            lambda: os.kill(router_pid("libvirtd"), signal.SIGCONT))
    stopped_with_nobody_left()
    stopped_without_vmprocd()
    run("vm stop")
finish()
