#!/usr/bin/env python3
"""Bad days: each party killed in the middle, no router, tools missing. The shell goes on and nothing is left.

MIB=1024 sends a GiB through a pipeline, which takes minutes of processor time.
"""
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *

MIB = int(os.environ.get("MIB", "64"))
WIRED = "set -o pipefail; yes | cat | cat | cat >/dev/null; echo \"status $?\"; echo alive"


def endless(script=WIRED):
    """Starts the pipeline and waits until its four VMs run: they are leased before there are stages."""
    shell = start(script)
    assert until(lambda: len(leased()) == 4 and len(shims(shell.pid)) == 4, 20), f"the pipeline did not start: {vms()}"
    return shell


def ends(shell, limit=5):
    try:
        out, err = shell.communicate(timeout=limit)
        return out, err
    except subprocess.TimeoutExpired:
        os.killpg(shell.pid, signal.SIGKILL)
        shell.communicate()
        return None, None


def nothing_left(limit=10):
    """No VM but warm ones, and after vmprocd's end not even those."""
    return until(lambda: not leased(), limit)


def after(what, victim, statuses_nonzero=True):
    shell = endless()
    os.kill(victim(shell), signal.SIGKILL)
    out, err = ends(shell)
    check(f"{what} killed in a pipeline of four: all stages end within 5 s", out is not None, err)
    check(f"{what} killed: the pipeline's status is not zero and the shell goes on",
          out is not None and "alive" in out and "status 0\n" not in out, (out, err))
    check(f"{what} killed: no VM is left 10 s later", nothing_left(), vms())
    status, out, err = run("echo again | cat")
    check(f"{what} killed: the next command works", (status, out) == (0, "again\n"), (status, out, err))


def qemu_of_a_stage(_shell):
    vm = leased()[1]
    return processes(rf"^\S*qemu-system-x86_64 .*guest={vm['domain']}\b")[0]


status, out, err = run("echo first | cat")
check("the first command starts vmprocd by itself", (status, out, err) == (0, "first\n", ""), (status, out, err))

after("a shim", lambda shell: shims(shell.pid)[1])
after("QEMU", qemu_of_a_stage)
after("vmprocd", lambda shell: vmprocd())

shell = endless()
stages = shims(shell.pid)
os.kill(shell.pid, signal.SIGKILL)
shell.communicate()
check("the shell killed: its shims end", until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in stages), 10))
check("the shell killed: no VM is left 10 s later", nothing_left(), vms())

shell = start("sleep 60 | cat & echo $!; read x; exit 0")
shell.stdout.readline()
assert until(lambda: len(leased()) == 2, 20)
shell.stdin.write("\n")
shell.stdin.flush()
shell.wait()
check("a shell that ends by itself leaves its background job running", len(leased()) == 2, vms())
for vm in leased():
    run(f"vm kill {vm['vm']}")
check("vm kill ends a VM", nothing_left(5), vms())

# ---- libvirtd killed: the router's own script brings it back ----
shell = endless()
running = qemus()
assert len(running) >= 4, running
os.kill(router_pid("libvirtd"), signal.SIGKILL)
os.kill(shims(shell.pid)[0], signal.SIGKILL)
out, err = ends(shell)
check("libvirtd and a shim killed in a pipeline of four: all stages end within 5 s", out is not None, err)
check("libvirtd and a shim killed: the status is not zero and the shell goes on",
      out is not None and "alive" in out and "status 0\n" not in out, (out, err))
check("libvirtd and a shim killed: no VM is left 10 s later", until(lambda: not any(map(command_line, running)), 10),
      running)
status, out, err = run("echo x | cat; echo alive", limit=20)
check("no libvirtd: one line that says what, and the shell goes on",
      status is not None and out == "alive\n" and 1 <= len(err.splitlines()) <= 1 and "libvirt" in err, (status, out, err))
router_start()
check("libvirtd started again: commands work, without a restart of vmprocd",
      until(lambda: run("echo x | cat")[1] == "x\n", 15))

# ---- things that are missing ----
with tempfile.TemporaryDirectory() as directory:
    os.chmod(directory, 0o700)
    apart = dict(XDG_RUNTIME_DIR=directory, XDG_CACHE_HOME=directory, XDG_STATE_HOME=directory)
    status, out, err = run("cat </dev/null; echo $?", limit=20, FLEETSH_ROUTER="qemu+unix:///system?socket=/nowhere/sock",
                           **apart)
    check("no router: one line, 125, no hang", status == 0 and out.strip() == "125" and len(err.splitlines()) == 1, (status, out, err))
    status, out, err = run("cat /etc/passwd | sort | head -n 1 | wc -c; echo $?", limit=20,
                           FLEETSH_ROUTER="qemu+unix:///system?socket=/nowhere/sock", **apart)
    check("of a pipeline it is told once", out.endswith("125\n") and err.count("no VM:") == 1 and err.count("\n") == 1, (status, out, err))
    status, out, err = run("cat /etc/passwd; cat /etc/passwd | while read -r x; do :; done; cat /etc/passwd | sort", limit=20,
                           FLEETSH_ROUTER="qemu+unix:///system?socket=/nowhere/sock", **apart)
    check("and of each", err.count("no VM:") == 3, (status, out, err))
    run("vm stop", **apart)
    status, out, err = run("/bin/busybox true; echo $?", limit=20, FLEETSH_ROUTER="test:///default", **apart)
    check("a libvirt without QEMU: one line that says so, and 125", out == "125\n" and len(err.splitlines()) == 1 and
          "QEMU" in err, (status, out, err))
    run("vm stop", **apart)
    shell = start("cat; echo \"ended $?\"", FLEETSH_ROUTER="qemu+unix:///system?socket=/nowhere/sock", **apart)
    os.killpg(shell.pid, signal.SIGINT)
    check("no router: ^C ends the wait", ends(shell, 5)[0] is not None)
    run("vm stop", **apart)
    status, out, err = run("cat </dev/null; echo $?", limit=20, FLEETSH_LIBEXEC_DIR="/nowhere", **apart)
    check("parts of fleetsh missing: one line, 126 or 127", out.strip() in ("126", "127") and len(err.splitlines()) == 1,
          (status, out, err))
status, out, err = run("x=1; echo $((x + 1)); [ -d / ] && printf '%s\\n' ok", FLEETSH_ROUTER="qemu+unix:///nowhere")
check("built-in utilities need no router", (status, out, err) == (0, "2\nok\n", ""), (status, out, err))

# ---- streams at their limits ----
status, out, err = run(f"head -c {MIB << 20} /dev/zero | cat | cat | sha256sum", limit=300)
zeros = hashlib.sha256()
for _ in range(MIB):
    zeros.update(bytes(1 << 20))
check(f"{MIB} MiB through four wired stages arrive byte for byte", out == zeros.hexdigest() + "  -\n", (status, out, err))
began = time.monotonic()
shell = start("yes | sleep 2; echo ended")
until(lambda: len(leased()) == 2, 10)
peak = 0
while shell.poll() is None and time.monotonic() - began < 30:
    for pid in shims(shell.pid):
        try:
            with open(f"/proc/{pid}/statm") as file:
                peak = max(peak, int(file.read().split()[1]) * 4096)
        except OSError:
            pass
    time.sleep(0.05)
check("yes | sleep: ended by itself, the shims' memory is bounded", shell.poll() == 0 and peak < 64 << 20, peak)
shell.communicate()

finish()
