#!/usr/bin/env python3
"""A pipeline that is killed as a whole: each stage dies of the signal, whichever VM ends first.

Of two processes in a group each has the signal before it can see the other's end. Of two VMs one may see the other's end (end of file,
a broken pipe) before its own signal has come to it: the order is made certain here by a shim that stands still meanwhile.
"""
import os
import re
import signal
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *


def ends(trace):
    """{command: status} of the trace lines."""
    with open(trace) as file:
        return dict(re.findall(r"command=(\S+) .* status=(\S+)", file.read()))


def shim_of(shell, name):
    found = [pid for pid in shims(shell.pid) if command_line(pid).split()[3] == name]
    return found[0] if found else None


def kill_with_late(script, late, other, signo, directory):
    """Both get the signal; the late one's shim acts on it when the other has ended and its own VM has seen that. ({command: status},
    what the shell printed)"""
    trace = os.path.join(directory, "trace")
    open(trace, "w").close()
    shell = start(f"set -o pipefail -o vmtrace; {script}; echo $?", FLEETSH_VMTRACE_FILE=trace)
    both = lambda: {shim_of(shell, late), shim_of(shell, other)}
    assert until(lambda: both() <= {vm["pid"] for vm in vms() if vm["state"] == "running"}, 30), vms()
    stopped, first = shim_of(shell, late), shim_of(shell, other)
    os.kill(stopped, signal.SIGSTOP)
    for pid in (stopped, first):
        os.kill(pid, signo)
    # vmprocd pauses the VM of a shim that stands still, some time after the other's end is there to be seen.
    paused = until(lambda: not lives(first) and any(vm["state"] == "stopped" for vm in vms()), 30)
    os.kill(stopped, signal.SIGCONT)
    out, err = shell.communicate(timeout=30)
    assert paused, (vms(), err)
    return ends(trace), out


with tempfile.TemporaryDirectory(prefix="fleetsh-killed-") as directory:
    for signo in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        found, out = kill_with_late("sleep 100 | cat", "cat", "sleep", signo, directory)
        check(f"a reader that sees the end of file first has died of signal {signo} all the same",
              found == {"sleep": f"signal-{signo}", "cat": f"signal-{signo}"} and out == f"{128 + signo}\n", (found, out))
    found, out = kill_with_late("yes | sleep 100", "yes", "sleep", signal.SIGTERM, directory)
    check("a writer that sees the broken pipe first has died of the signal that all were sent",
          found == {"sleep": "signal-15", "yes": "signal-15"} and out == "143\n", (found, out))

status, out, err = run("""set -m
for s in HUP INT QUIT TERM USR1 ALRM TERM TERM TERM TERM TERM TERM TERM TERM TERM
do
    sleep 100 | cat | cat &
    until case $(vm ls) in (*running*running*running*) ;; (*) false ;; esac; do :; done
    kill -$s %1
    wait %1
    echo $s $?
done""", limit=120)
wanted = [f"{name} {128 + getattr(signal, 'SIG' + name)}" for name in "HUP INT QUIT TERM USR1 ALRM".split() + ["TERM"] * 9]
check("a job of three VMs that is killed has died of that signal, each time", out.splitlines() == wanted, (status, out, err))

with tempfile.TemporaryDirectory(prefix="fleetsh-killed-") as directory:
    trace = os.path.join(directory, "trace")
    status, out, err = run_in(directory, """set -m -o vmtrace
sh -c 'trap "exit 3" TERM; echo >up; while :; do :; done' | cat &
until [ -s up ]; do :; done
kill %1
wait %1
echo $?""", FLEETSH_VMTRACE_FILE=trace)
    check("a stage that handles the signal ends as it likes, its neighbour of the signal",
          ends(trace) == {"sh": "3", "cat": "signal-15"} and out == "143\n", (status, out, err, ends(trace)))

finish()
