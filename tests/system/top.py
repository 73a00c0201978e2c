#!/usr/bin/env python3
"""vm top and real VMs: the figures, and the keys that act on jobs."""
import json
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "tests", "tty"), os.path.dirname(os.path.abspath(__file__))]
from ptylib import FLEETSH, LIMIT, Shell, run

os.environ.setdefault("TOP", TOP)
os.environ.setdefault("FLEETSH", FLEETSH)
import fleet

PASSED_ON = ("XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "FLEETSH_ROUTER", "DBUS_SYSTEM_BUS_ADDRESS", "ASAN_OPTIONS")
SIZE = 300000


def shell():
    sh = Shell(environment={name: os.environ[name] for name in PASSED_ON if name in os.environ}, host=False)
    sh.prompt()
    return sh


def figures(command):
    """The VM that runs command, as vm top --json says."""
    done = subprocess.run([FLEETSH, "-c", "vm top --json"], stdout=subprocess.PIPE, text=True, env=fleet.environment(),
                          timeout=60)
    found = [vm for vm in json.loads(done.stdout) if vm["command"] == command]
    return found[0] if found else None


def wait_for(condition, what):
    if not fleet.until(condition, LIMIT):
        raise AssertionError(f"not within {LIMIT} s: {what}")


def test_bytes():
    """IN and OUT count the bytes that a command has read and written"""
    with shell() as sh:
        with open(sh.path("f"), "wb") as file:
            file.write(b"x" * SIZE)
        sh.run("mkfifo p; cat f - <>p >g &")
        wait_for(lambda: os.path.exists(sh.path("g")) and os.stat(sh.path("g")).st_size == SIZE, "cat has copied f")
        seen = figures("cat f -")
        assert (seen["in_bytes"], seen["out_bytes"]) == (SIZE, SIZE), seen
        assert seen["image"].endswith("/cat") and seen["state"] == "running" and seen["shell_pid"] == sh.pid, seen
        sh.run("kill %1")


def test_processor_and_memory():
    """CPU time and memory are those of the VM's QEMU"""
    with shell() as sh:
        sh.run("busybox sha256sum /dev/zero & sleep 100 &")
        wait_for(lambda: figures("busybox sha256sum /dev/zero") and figures("sleep 100"), "both run")
        busy, idle = figures("busybox sha256sum /dev/zero")["cpu_ms"], figures("sleep 100")["cpu_ms"]
        wait_for(lambda: figures("busybox sha256sum /dev/zero")["cpu_ms"] >= busy + 500, "the busy one uses its processor")
        assert figures("sleep 100")["cpu_ms"] - idle < 250
        pid = fleet.processes(rf"guest={figures('sleep 100')['domain']}\b")[0]
        with open(f"/proc/{pid}/statm") as file:
            resident = int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
        shown = figures("sleep 100")["resident_bytes"]
        assert abs(shown - resident) < 8 << 20 and shown > 1 << 20, (shown, resident)
        sh.run("kill %1 %2")


def test_keys_act_on_jobs():
    """s stops the job of the selected VM, c continues it, k kills the VM; the shell sees it as always"""
    with shell() as sh:
        sh.run("sleep 100 | cat &")
        wait_for(lambda: figures("sleep 100") and figures("cat"), "both run")
        sh.line("vm top -d 0.2")
        sh.until_seen(r"^ *\d+ %1 +running .* sleep 100$")
        sh.until_seen(r"^ *\d+ %1 +running .* cat$")
        sh.send("s")
        sh.until_seen(r"^ *\d+ %1 +stopped +[-0.]+ .* sleep 100$")
        sh.until_seen(r"^ *\d+ %1 +stopped +[-0.]+ .* cat$")
        sh.send("c")
        sh.until_seen(r"^ *\d+ %1 +running .* sleep 100$")
        sh.until_seen(r"^ *\d+ %1 +running .* cat$")
        sh.send("s")
        sh.until_seen(r"^ *\d+ %1 +stopped .* cat$")
        sh.until_seen(r"^ *\d+ %1 +stopped .* sleep 100$")
        sh.seen = len(sh.raw)
        sh.send("q")
        sh.expect("1049l.*2004h")
        assert "Stopped" in sh.run("jobs")
        sh.run("bg")
        wait_for(lambda: figures("cat")["state"] == "running", "bg continues it")
        sh.line("vm top -d 0.2")
        sh.until_seen(r"^ *\d+ %1 +running .* cat$")
        sh.send("k")
        sh.until_seen(r"^y kills VM \d+ \((cat|sleep 100)\)")
        killed = int(sh.screen.text().splitlines()[1].split()[3])
        sh.send("y")
        wait_for(lambda: killed not in [vm["vm"] for vm in fleet.vms()], "the VM is gone")
        sh.seen = len(sh.raw)
        sh.send("q")
        sh.expect("1049l.*2004h")
        sh.run("kill %1")


def test_pipe():
    """vm top into a pipe is a table"""
    status, out, err = fleet.run("sleep 100 & /bin/busybox true; vm top | cat; kill $!")
    assert status == 0 and err == "", (status, err)
    lines = out.splitlines()
    assert lines[0].split() == ["VM", "JOB", "STATE", "CPU%", "MEM", "IN", "OUT", "AGE", "IMAGE", "COMMAND"], out
    assert any(line.split()[1:3] == ["%1", "running"] and line.endswith("sleep 100") for line in lines), out


run(globals())
