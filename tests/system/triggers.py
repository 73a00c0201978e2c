#!/usr/bin/env python3
"""Images with a trigger: a listener, and a fresh VM for each connection or record. REQUESTS (200), AT_ONCE (20)."""
import concurrent.futures
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile

TOP = os.environ.setdefault("TOP", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
os.environ.setdefault("FLEETSH", os.path.join(os.environ.get("BUILD", os.path.join(TOP, "build")), "fleetsh"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import FLEETSH, check, environment, finish, leased, run, until

LIMIT = 120
REQUESTS, AT_ONCE = int(os.environ.get("REQUESTS", "200")), int(os.environ.get("AT_ONCE", "20"))
EXAMPLES = os.path.join(TOP, "docs", "examples")
directory = tempfile.TemporaryDirectory(prefix="fleetsh-triggers-")
os.environ["PATH"] = directory.name + os.pathsep + os.environ["PATH"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def image(name, **spec):
    """An image of that name in PATH; the port that it listens at."""
    port = free_port()
    if "listen" in spec.get("trigger", {}):
        spec["trigger"]["listen"] = f"127.0.0.1:{port}"
    path = os.path.join(directory.name, name + ".vm")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"version": 1, "program": "/bin/busybox", "network": "none", **spec}, file)
    os.chmod(path, 0o755)
    return port


def example(name):
    with open(os.path.join(EXAMPLES, name + ".vm"), encoding="utf-8") as file:
        return image(name, **json.load(file))


def sh(script):
    return ["sh", "-c", script]


class Listener:
    """An image's listener, as a command of a shell that becomes it; in a process group of its own."""

    def __init__(self, command, port=None, stdin=subprocess.DEVNULL):
        self.process = subprocess.Popen([FLEETSH, "-c", command], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, cwd=directory.name, env=environment(), start_new_session=True)
        if port:
            until(lambda: self.listens(port), LIMIT)

    def listens(self, port):
        """Without a connection, which would be a handler."""
        wanted = f"0100007F:{port:04X} 00000000:0000 0A"
        with open("/proc/net/tcp", encoding="ascii") as file:
            return wanted in file.read() or self.process.poll() is not None

    def end(self, signo=signal.SIGTERM):
        """(status, stderr)"""
        self.process.send_signal(signo)
        _, err = self.process.communicate(timeout=LIMIT)
        return self.process.returncode, err


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=LIMIT)


def read_all(connection):
    data = b""
    while True:
        try:
            piece = connection.recv(65536)
        except ConnectionResetError:
            return data
        if not piece:
            return data
        data += piece


def ask(port, data=b""):
    with connect(port) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return read_all(connection)


# ---- the examples ----
port = example("echo")
listener = Listener("echo.vm", port)
data = os.urandom(300000)
with connect(port) as first, connect(port) as second:
    first.sendall(b"one")
    second.sendall(b"two")
    both = first.recv(10), second.recv(10)
check("the echo server echoes, to two at once", both == (b"one", b"two") and ask(port, b"three") == b"three", both)
with concurrent.futures.ThreadPoolExecutor(1) as pool, connect(port) as big:
    sending = pool.submit(big.sendall, data)
    back = b""
    while len(back) < len(data):
        back += big.recv(65536)
check("byte for byte", back == data, len(back))
status, err = listener.end()
check("SIGTERM ends a listener in order", (status, err) == (0, ""), (status, err))

port = example("greet")
listener = Listener("greet", port)
page = subprocess.run(["curl", "-sS", f"http://127.0.0.1:{port}/curl"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                      timeout=LIMIT).stdout if subprocess.run(["which", "curl"], stdout=subprocess.DEVNULL).returncode == 0 \
    else ask(port, b"GET /curl HTTP/1.0\r\n\r\n").partition(b"\r\n\r\n")[2]
check("the HTTP service answers", page == b"hello 127.0.0.1, you want /curl\n", page)


def request(number):
    return ask(port, b"GET /r%d HTTP/1.1\r\nHost: here\r\nX: y\r\n\r\n" % number)


with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
    pages = list(pool.map(request, range(REQUESTS)))
wrong = [page for number, page in enumerate(pages) if not page.endswith(b"\r\n\r\nhello 127.0.0.1, you want /r%d\n" % number)]
check(f"{REQUESTS} requests, {AT_ONCE} at once, are each answered, and with their own", not wrong, wrong[:3])
status, err = listener.end()
check("and none has failed", (status, err) == (0, ""), (status, err))

# ---- what a handler gets ----
port = image("seen", arguments=sh("env | grep -e TCP -e REMOTE -e PROTO -e ^SECRET | sort; echo $((n += 1)); read x; echo x=$x;"
                                  " ls /tmp; echo >&2 to the listener"),
             environment={"pass": ["PATH"]}, files={"cwd": "none", "args": "none", "tmp": "none"}, trigger={"listen": ""})
listener = Listener("SECRET=1 TCPREMOTEIP=wrong seen", port)
with connect(port) as connection:
    mine = connection.getsockname()[1]
    connection.sendall(b"word\n")
    seen = read_all(connection).decode()
check("a handler is told who has come, and of the environment what was given",
      seen.startswith(f"PROTO=TCP\nREMOTE_ADDR=127.0.0.1\nREMOTE_PORT={mine}\nTCPLOCALIP=127.0.0.1\nTCPLOCALPORT={port}\n"
                      f"TCPREMOTEIP=127.0.0.1\nTCPREMOTEPORT={mine}\n1\nx=word\n"), seen)
check("it starts anew each time", "\n1\nx=other\n" in ask(port, b"other\n").decode())
status, err = listener.end()
check("its standard error is the listener's", err.count("to the listener\n") == 2, err)

# ---- bounds ----
port = image("slow", arguments=sh('read x; echo got $x; [ "$x" != fail ] || exit 3; true'),
             trigger={"listen": "", "max": 2})
listener = Listener("slow", port)
waiting = [connect(port) for _ in range(3)]
waiting[2].sendall(b"third\n")
waiting[2].settimeout(1)
try:
    early = waiting[2].recv(10)
except TimeoutError:
    early = None
check("no more handlers run than may at once", until(lambda: len(leased()) == 2, LIMIT) and early is None, (early, leased()))
waiting[0].sendall(b"first\n")
waiting[2].settimeout(LIMIT)
first, third = read_all(waiting[0]), read_all(waiting[2])
check("who waits gets the next one", (first, third) == (b"got first\n", b"got third\n"), (first, third))
waiting[1].close()
answer = ask(port, b"fail\n")
status, err = listener.end()
check("and what became of handlers that failed is told", answer == b"got fail\n" and
      re.fullmatch(r"fleetsh: slow: 127\.0\.0\.1:\d+: handler \d+: status 3\n", err), (answer, err))
port = image("late", arguments=sh("sleep 1000"), trigger={"listen": "", "time": 1})
listener = Listener("late", port)
ask(port)
status, err = listener.end()
check("one whose time is up is ended, and that is told",
      re.fullmatch(r"fleetsh: late: 127\.0\.0\.1:\d+: handler \d+: killed by signal (9|15): its time was up\n", err), err)

# ---- ends ----
port = image("stay", arguments=sh("echo here; read x; echo got $x"), trigger={"listen": "", "drain": 60})
listener = Listener("stay", port)
guest = connect(port)
guest.recv(10)
listener.process.send_signal(signal.SIGTERM)


def is_refused():
    try:
        connect(port).close()
        return False
    except OSError:
        return True


refused = until(is_refused, LIMIT)
guest.sendall(b"more\n")
check("after SIGTERM nobody new is let in, and who is there may finish", refused and read_all(guest) == b"got more\n")
check("then the listener ends", listener.process.wait(LIMIT) == 0, listener.process.communicate())
listener = Listener("stay", port)
guest = connect(port)
guest.recv(10)
os.killpg(listener.process.pid, signal.SIGINT)
check("^C ends it and its handlers", read_all(guest) == b"" and listener.process.wait(LIMIT) == -signal.SIGINT and
      until(lambda: not leased(), LIMIT), listener.process.communicate())
listener = Listener("stay & read x", port, stdin=subprocess.PIPE)
guest = connect(port)
guest.recv(10)
listener.process.kill()
check("when its shell is killed, it ends", read_all(guest) == b"" and until(lambda: not leased(), LIMIT))
port = image("busy", arguments=["cat"], trigger={"listen": ""})
first = Listener("busy", port)
status, out, err = run("busy", LIMIT)
check("a port that is taken is an error", status == 1 and f"busy: cannot listen at 127.0.0.1:{port}: Address already in use" in err,
      (status, err))
first.end()
status, out, err = run(f"{directory.name}/busy.vm", LIMIT)
check("only a command in PATH may listen by itself", status == 126 and "use `with -n listen:" in err, (status, err))

# ---- records ----
image("lines", arguments=sh('read x; echo "$RECORD_NUMBER $x"; read y && echo more; [ "$x" != bad ]'), trigger={"records": "line"})
status, out, err = run("printf 'a\\nb\\n\\nc' | lines", LIMIT)
check("each line is a record, in order", (status, out, err) == (0, "1 a\n2 b\n3 \n4 c\n", ""), (status, out, err))
status, out, err = run("printf 'a\\nbad\\nc\\n' | lines", LIMIT)
check("a handler that fails is told, and the rest goes on", status == 1 and out == "1 a\n2 bad\n3 c\n" and
      re.fullmatch(r"fleetsh: lines: record 2: handler \d+: status 1\n", err), (status, out, err))
image("nuls", arguments=["od", "-c"], trigger={"records": "nul"})
status, out, err = run("printf 'a\\nb\\0c\\0' | nuls", LIMIT)
check("so is each piece that ends with a NUL", out == "0000000   a  \\n   b\n0000003\n0000000   c\n0000001\n", (out, err))
image("sized", arguments=sh('x=$(cat; echo .); echo "$x"'), trigger={"records": "length", "max": 4})
records = "one", "", "two\n", "y" * 127
listener = Listener("sized", stdin=subprocess.PIPE)
out, err = listener.process.communicate("".join("\0\0\0" + chr(len(record)) + record for record in records), timeout=LIMIT)
check("and each that has its length before it", sorted(out.split(".\n")) == sorted(records + ("",)), (out, err))
status, out, err = run("printf '\\0\\0\\0\\4ab' | sized", LIMIT)
check("one that is cut off is an error", status == 1 and "record 1: cut off" in err, (status, out, err))
listener = Listener("lines", stdin=subprocess.PIPE)
listener.process.stdin.write("now\n")
listener.process.stdin.flush()
check("a record is worked off as soon as it is whole", listener.process.stdout.readline() == "1 now\n")
listener.process.communicate(timeout=LIMIT)
directory.cleanup()
finish()
