#!/usr/bin/env python3
"""vmprocd on the socket of a service manager, by the rules of sd_listen_fds(3). No router is needed."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile

import vmp
from bench import BUILD, done, ok

HANDED = 3


def listener(path):
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    sock.bind(path)
    sock.listen(8)
    return sock


def start(sock, home, pid=None):
    """As a service manager does: the socket is descriptor 3, LISTEN_PID the process that executes vmprocd."""
    script = f'LISTEN_PID={pid or "$$"} LISTEN_FDS=1 exec "$0" 3<&{sock.fileno()}'
    env = {"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": home, "XDG_STATE_HOME": home, "FLEETSH_LIBEXEC_DIR": BUILD,
           "FLEETSH_ROUTER": "qemu+unix:///system?socket=/nonexistent"}
    with open(os.path.join(home, "log"), "a") as log:
        return subprocess.Popen(["sh", "-c", script, os.path.join(BUILD, "vmprocd")], pass_fds=[sock.fileno()], env=env,
                                stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def status(process):
    try:
        return process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        return "none after 20 s"


home = tempfile.mkdtemp(prefix="fleetsh-handed-")
rundir = os.path.join(home, "fleetsh")
path = os.path.join(rundir, "vmprocd.sock")
try:
    os.mkdir(rundir, 0o700)
    with listener(path) as sock:
        conn = vmp.Connection(rundir)  # before anybody is there to accept it
        daemon = start(sock, home)
        conn.send(vmp.LIST)
        ok(conn.recv()[0] == vmp.END, "a connection that waited at a handed socket is served")
        conn.close()
        daemon.send_signal(signal.SIGTERM)
        ok(status(daemon) == 0 and os.path.exists(path), "vmprocd leaves the handed socket where it is when it ends")
        daemon = start(sock, home)
        conn = vmp.Connection(rundir)
        ok(conn.ask(vmp.SHUTDOWN)[0] == vmp.OK and status(daemon) == 0, "and the next one listens there again")
        conn.close()

        with listener(os.path.join(home, "other.sock")) as other:
            daemon = start(other, home)
            ok(status(daemon) == 1, "a handed socket where no client looks is refused")
    os.unlink(path)
    with listener(os.path.join(home, "third.sock")) as other:
        daemon = start(other, home, pid=1)
        ok(vmp.until(lambda: os.path.exists(path)), "a socket that was handed to another process is not taken")
        daemon.terminate()
        ok(status(daemon) == 0 and not os.path.exists(path), "a socket of vmprocd's own goes with it")
    with open(os.path.join(home, "log")) as log:
        print("# " + log.read().replace("\n", "\n# "))
finally:
    shutil.rmtree(home)
done()
