#!/usr/bin/env python3
"""One vmprocd takes another's place, or loses its own: what each says, whose the socket is. No router is needed."""

import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile

import vmp
from bench import BUILD, done, ok

home = tempfile.mkdtemp(prefix="fleetsh-upgrade-")
rundir = os.path.join(home, "fleetsh")
path = os.path.join(rundir, "vmprocd.sock")
LEASE = vmp.lease()


def start(*options, handed=None):
    """Returns the process when it listens."""
    ready_r, ready_w = os.pipe()
    env = {"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": home, "XDG_STATE_HOME": home, "FLEETSH_LIBEXEC_DIR": BUILD,
           "FLEETSH_ROUTER": "qemu+unix:///system?socket=/nonexistent"}
    command = [os.path.join(BUILD, "vmprocd"), "--ready-fd", str(ready_w), *options]
    fds = [ready_w]
    if handed:
        fds.append(handed.fileno())
        command = ["sh", "-c", f'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&{handed.fileno()}', "sh"] + command
    with open(os.path.join(home, "log"), "a") as log:
        process = subprocess.Popen(command, pass_fds=fds, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    os.close(ready_w)
    assert os.read(ready_r, 1), "vmprocd did not start"
    os.close(ready_r)
    return process


def listener():
    """Process that listens at the name that clients know."""
    conn = vmp.Connection(rundir)
    pid, = struct.unpack("iII", conn.sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[:1]
    conn.close()
    return pid


def error_of(version, kind=vmp.LEASE, body=LEASE):
    conn = vmp.Connection(rundir)
    conn.send(kind, body, version=version)
    got, body, _ = conn.recv()
    conn.close()
    return vmp.Refused(body).code if got == vmp.ERROR else got


def ends(process):
    try:
        return process.wait(10) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False


daemons = []
try:
    os.mkdir(rundir, 0o700)
    first = start()
    daemons.append(first)
    ok(error_of(vmp.VERSION + 1) == vmp.E_REPLACED, "a client of a later version is told to start its own vmprocd")
    ok(error_of(vmp.VERSION - 1) == vmp.E_VERSION, "one of an earlier version is told that it is too old")
    ok(error_of(vmp.VERSION + 1, vmp.LIST, b"") == vmp.E_REPLACED, "whatever it asks")
    busy = subprocess.run([os.path.join(BUILD, "vmprocd")], env={"XDG_RUNTIME_DIR": home, "FLEETSH_LIBEXEC_DIR": BUILD},
                          stderr=subprocess.DEVNULL, timeout=20)
    ok(busy.returncode != 0 and listener() == first.pid, "without --replace a second one does not start")

    second = start("--replace")
    daemons.append(second)
    ok(listener() == second.pid, "with --replace it listens where the first one did")
    ok(ends(first), "and the first one, which has no command, ends by itself")
    ok(listener() == second.pid, "without taking the socket away that is not its own any more")
    ok(sorted(n for n in os.listdir(rundir) if n[8:].isdigit()) == [f"vmprocd.{second.pid}"], "its other name goes with it",
       os.listdir(rundir))

    second.send_signal(signal.SIGKILL)
    second.wait()
    third = start("--replace")
    daemons.append(third)
    ok(listener() == third.pid and not os.path.exists(os.path.join(rundir, f"vmprocd.{second.pid}")),
       "one that was killed is replaced, and what it left is removed")
    third.terminate()
    ok(ends(third) and not [n for n in os.listdir(rundir) if n.startswith("vmprocd.") and (n[8:].isdigit() or n[8:] == "sock")],
       "at its end both names go", os.listdir(rundir))

    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sock:
        sock.bind(path)
        sock.listen(8)
        fourth = start(handed=sock)
        fifth = start("--replace")
        daemons += [fourth, fifth]
        ok(listener() == fifth.pid and ends(fourth), "one on a service manager's socket is replaced, too")
        ok(listener() == fifth.pid, "and its end leaves the new one's socket")

    shutil.rmtree(rundir)
    ok(ends(fifth), "one whose runtime directory is removed, as at a logout, ends by itself")
finally:
    for daemon in daemons:
        if daemon.poll() is None:
            daemon.kill()
            daemon.wait()
    shutil.rmtree(home)
done()
