#!/usr/bin/env python3
"""Crowds: bombs of VMs meet a clear error and nobody else's prompt, many pipelines at once keep their bytes apart."""
import concurrent.futures
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *

PIPELINES = int(os.environ.get("PIPELINES", "100"))
SHARE = 4  # VMs that one shell may have here


def bomb(script, error):
    """A shell with that script; another one works all the while, and after its end nothing is left."""
    shell = start(script)
    seen = []
    lines = iter(shell.stderr.readline, "")
    until(lambda: seen.append(next(lines)) or error in seen[-1], 60)
    check(f"{script}: a clear error", error in seen[-1] and seen[-1].startswith("fleetsh: "), seen[-3:])
    check(f"{script}: within its share", len(leased()) <= SHARE, vms())
    check(f"{script}: the shell itself goes on", shell.poll() is None)
    other = subprocess.Popen([FLEETSH, "-i"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                             env=environment(PS1="", ENV=""), start_new_session=True)
    drain = concurrent.futures.ThreadPoolExecutor(1)
    drain.submit(lambda: [None for _ in lines])
    answers = []
    for n in range(20):
        other.stdin.write(f"echo {n}\n")
        other.stdin.flush()
        answers.append(other.stdout.readline())
    check(f"{script}: another shell answers", answers == [f"{n}\n" for n in range(20)], answers)
    other.stdin.write("echo mine | cat; echo $?\n")
    other.stdin.flush()
    check(f"{script}: and has VMs of its own", [other.stdout.readline() for _ in range(2)] == ["mine\n", "0\n"])
    other.stdin.close()
    other.wait(10)
    os.killpg(shell.pid, signal.SIGKILL)
    shell.wait()
    drain.shutdown()
    shell.stdin.close(), shell.stdout.close(), shell.stderr.close()
    check(f"{script}: nothing is left 10 s after its end", until(lambda: not leased() and not shims(shell.pid), 10), vms())


def tagged(n):
    """One pipeline whose bytes all say whose they are; what is not as it should be."""
    tag = f"<{n:03}>"
    status, out, err = run(f"busybox yes '{tag}' | head -n 20000 | cat | cat", limit=300)
    wrong = out.replace(tag + "\n", "")
    return None if (status, len(out), wrong, err) == (0, 20000 * (len(tag) + 1), "", "") else (n, status, len(out), wrong[:80], err)


with tempfile.TemporaryDirectory(prefix="fleetsh-crowds-") as directory:
    os.chmod(directory, 0o700)
    os.environ.update(XDG_RUNTIME_DIR=directory, FLEETSH_MAX_VMS="12", FLEETSH_MAX_SHELL_VMS=str(SHARE), FLEETSH_POOL="2")
    bomb("while :; do sleep 100 & done", f"{SHARE} VMs of this shell run already")
    bomb("f() { /bin/busybox sleep 100 & f; }; f; sleep 100", f"{SHARE} VMs of this shell run already")
    bomb("f() { (sleep 100 | sleep 100) & f; }; f; wait", "VMs of this shell run already")
    run("vm stop")

    os.environ.update(FLEETSH_MAX_VMS="64", FLEETSH_MAX_SHELL_VMS="64", FLEETSH_POOL="8")
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("AT_ONCE", "12"))) as pool:
        wrong = [problem for problem in pool.map(tagged, range(PIPELINES)) if problem]
    check(f"{PIPELINES} pipelines, a dozen at once: every byte is its own pipeline's, and all are there", not wrong, wrong[:5])
    check("no VM is left", until(lambda: not leased(), 10), vms())
    run("vm stop")
finish()
