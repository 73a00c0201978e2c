#!/usr/bin/env python3
"""Commands on the network: what was granted is reached, and nothing else. All of it on the loopback interface."""
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading

TOP = os.environ.setdefault("TOP", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
os.environ.setdefault("FLEETSH", os.path.join(os.environ.get("BUILD", os.path.join(TOP, "build")), "fleetsh"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import check, finish, run, skip, start, until

NET = os.path.join(os.path.abspath(os.environ.get("BUILD", os.path.join(TOP, "build"))), "prog", "net")
LIMIT = 60


class Server:
    """Accepts on a port of the loopback interface and hands each connection to what(socket), in a thread."""

    def __init__(self, what, host="127.0.0.1", kind=socket.SOCK_STREAM):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, kind)
        self.socket.bind((host, 0))
        self.port = self.socket.getsockname()[1]
        self.accepted, self.what = 0, what
        if kind == socket.SOCK_STREAM:
            self.socket.listen(100)
        threading.Thread(target=self.loop if kind == socket.SOCK_STREAM else what, args=() if kind == socket.SOCK_STREAM
                         else (self.socket,), daemon=True).start()

    def loop(self):
        while True:
            connection = self.socket.accept()[0]
            self.accepted += 1
            threading.Thread(target=self.what, args=(connection,), daemon=True).start()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def connect(port):
    """A connection to a server in a VM that may still be starting."""
    found = []

    def attempt():
        try:
            found.append(socket.create_connection(("127.0.0.1", port), timeout=LIMIT))
        except OSError:
            return False
        return True
    return found[0] if until(attempt, LIMIT) else None


def read_all(connection):
    data = b""
    while True:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece


# ---- servers of the host ----

def http(connection):
    request = connection.recv(65536)
    if request:
        body = b"hello " + request.split()[1] + b"\n"
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    connection.close()


def after_end(connection):
    """Answers when the other side has ended its half."""
    question = read_all(connection)
    connection.sendall(b"answer to " + question)
    connection.close()


def reset(connection):
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def echo(connection):
    while True:
        data = connection.recv(65536)
        if not data:
            connection.close()
            return
        connection.sendall(data)


def answer_datagrams(server):
    while True:
        data, peer = server.recvfrom(1000)
        stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # who must not be heard
        stranger.sendto(b"forged", peer)
        server.sendto(data, peer)


WEB, HALF, RESET, ECHO = Server(http), Server(after_end), Server(reset), Server(echo)

# ---- without a grant ----
status, out, err = run(f"""
busybox wget -q -O - http://127.0.0.1:{WEB.port}/
busybox nc 127.0.0.1 {WEB.port} </dev/null
{NET} connect 127.0.0.1 {WEB.port}
{NET} udp 127.0.0.1 53
{NET} listen 127.0.0.1 0
{NET} options
{NET} families
""", LIMIT)
check("without a grant connect, sendto and bind are ENETUNREACH, and socket is not",
      err == "wget: can't connect to remote host (127.0.0.1): Network is unreachable\n"
             "nc: can't connect to remote host (127.0.0.1): Network is unreachable\n" and
      out.startswith("connect: ENETUNREACH\nsendto: ENETUNREACH\nbind: ENETUNREACH\n"), (out, err))
check("and nobody has been reached", WEB.accepted == 0)
check("sockets have the options that concern them alone",
      "SO_TYPE 1\nSO_DOMAIN 2\nSO_ERROR 0\nSO_KEEPALIVE 1\nTCP_NODELAY 0\nSO_MARK ENOPROTOOPT\n"
      "IP_TRANSPARENT ENOPROTOOPT\n" in out, out)
check("there is TCP and UDP, and nothing else",
      out.endswith("tcp yes\ntcp by number yes\nudp yes\nunix EAFNOSUPPORT\nnetlink EAFNOSUPPORT\nraw EPERM\nping EACCES\n"
                   "packet EAFNOSUPPORT\n"), out)

# ---- connecting ----
status, out, err = run(f"""
with -n 127.0.0.1:{WEB.port} -- busybox wget -q -O - http://127.0.0.1:{WEB.port}/a
with -n 127.0.0.0/8:1-65535 -- busybox wget -q -O - http://127.0.0.1:{WEB.port}/b
with -n '*:{WEB.port}' -- {NET} connect 127.0.0.1 {WEB.port}
with -n '127.0.0.1:{HALF.port}' -n '127.0.0.1:*' -- {NET} connect 127.0.0.1 {WEB.port}
set -o ambient
{NET} connect 127.0.0.1 {WEB.port}
""", LIMIT)
connected = f"connected to port {WEB.port}\n"
check("an address, a network, all hosts, all ports, and the open mode reach",
      (out, err) == ("hello /a\nhello /b\n" + 3 * connected, ""), (out, err))
status, out, err = run(f"""
with -n 127.0.0.1:{HALF.port} -- {NET} connect 127.0.0.1 {WEB.port}
with -n 127.0.0.2/31:{WEB.port} -- {NET} connect 127.0.0.1 {WEB.port}
with -n 127.0.0.2:{WEB.port} -- {NET} connect 0.0.0.0 {WEB.port}
with -n '[::1]:{WEB.port}' -- {NET} connect ::ffff:127.0.0.1 {WEB.port}
with -n listen:{WEB.port} -- {NET} connect 127.0.0.1 {WEB.port}
with -n 127.0.0.1:{WEB.port} -- {NET} nonblock 127.0.0.1 {HALF.port}
set -o explain
with -n 127.0.0.1:{HALF.port} -- {NET} connect 127.0.0.1 {WEB.port} 2>&1 | busybox grep -c -e \
    'explain: connecting to 127.0.0.1:{WEB.port} was not given' -e 'explain:   network 127.0.0.1:{HALF.port}'
""", LIMIT)
check("other ports and addresses do not, whatever they are called, and explain says which",
      out.replace("connect: ENETUNREACH\n", "x") == "xxxxxxpoll: 1\nerror: none\nagain: ENETUNREACH\nrecv: ENOTCONN\n2\n",
      (out, err))
try:
    SIX = Server(http, "::1")
    status, out, err = run(f"with -n '[::1]:{SIX.port}' -- {NET} connect ::1 {SIX.port}", LIMIT)
    check("IPv6 is reached", out == f"connected to port {SIX.port}\n", (out, err))
except OSError as error:
    skip("IPv6 is reached", error)
closed = free_port()
status, out, err = run(f"""
with -n 127.0.0.1:* -- {NET} connect 127.0.0.1 {closed}
with -n 127.0.0.1:* -- {NET} nonblock 127.0.0.1 {closed}
with -n 127.0.0.1:* -- {NET} nonblock 127.0.0.1 {ECHO.port}
with -n 127.0.0.1:* -- {NET} half 127.0.0.1 {HALF.port}
with -n 127.0.0.1:* -- {NET} send 127.0.0.1 {RESET.port} 100000000
with -n 127.0.0.1:* -- {NET} talk 127.0.0.1 {ECHO.port} 100
with -n 127.0.0.1:* -- {NET} timeout 127.0.0.1 {ECHO.port}
""", LIMIT)
lines = out.splitlines()
check("a refusal is told, at once or by poll and SO_ERROR", "connect: ECONNREFUSED" in lines and
      "connect: EINPROGRESS\npoll: 1\nerror: ECONNREFUSED\n" in out, out)
check("a connection without waiting comes about", "error: none\nrecv: EAGAIN\n" in out, out)
check("each side ends its half by itself", "send after shutdown: EPIPE\nanswer to question\n" in out, out)
check("a reset is told", "send: ECONNRESET" in lines, out)
check("lines go back and forth", "100 answers" in lines, out)
check("a receive has the limit that was set", "timeout 200000 us\nrecv: EAGAIN\n" in out, out)

# ---- names ----
status, out, err = run(f"""
with -n localhost:{WEB.port} -- busybox wget -q -O - http://localhost:{WEB.port}/name
with -n localhost:{WEB.port} -- {NET} connect 127.0.0.1 {WEB.port}
with -n localhost:{WEB.port} -- {NET} connect 127.0.0.3 {WEB.port}
with -n LocalHost:{WEB.port} -- busybox nslookup localhost | busybox grep -e '^Address: *127'
with -n localhost:{WEB.port} -- busybox nslookup elsewhere.example 2>&1 | busybox grep -c -e REFUSED
with -n localhost:{WEB.port} -- busybox cat /etc/resolv.conf
with -n listen:{WEB.port} -- busybox grep -c 192.0.2.53 /etc/resolv.conf
with -n no-such-name.invalid:80 -- {NET} connect 127.0.0.1 {WEB.port}
set -o explain
with -n localhost:{WEB.port} -- busybox wget -q -O - http://elsewhere.example/ 2>&1 | busybox grep -c 'the name elsewhere.example was not given'
""", LIMIT)
check("a granted name is resolved, and its address is what may be reached",
      out.startswith(f"hello /name\n{connected}connect: ENETUNREACH\nAddress: 127.0.0.1\n"), (out, err))
check("other names are refused", out.endswith("\nnameserver 192.0.2.53\n0\nconnect: ENETUNREACH\n1\n"), (out, err))

# ---- datagrams ----
UDP = Server(answer_datagrams, kind=socket.SOCK_DGRAM)
status, out, err = run(f"with -n 127.0.0.1:{UDP.port} -- {NET} udp 127.0.0.1 {UDP.port}", LIMIT)
check("datagrams go there and back, and nobody else's come in",
      out == f"peek 5 fir from port {UDP.port}\ngot 5 first\nrecv: EAGAIN\ngot second\n", (out, err))
port = free_port()
shell = start(f"with -n listen:{port} -- {NET} udpserve {port} 3")
shell.stdout.readline()
answers = []
for word in b"one", b"two", b"three":
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(LIMIT)
        asker.sendto(word, ("127.0.0.1", port))
        answers.append(asker.recvfrom(100)[0])
check("a server of datagrams answers those who have sent", answers == [b"ONE", b"TWO", b"THREE"] and
      shell.wait(LIMIT) == 0, answers)

# ---- servers ----
port = free_port()
shell = start(f"with -n listen:{port} -- {NET} serve {port} 60")
shell.stdout.readline()
crowd = [connect(port) for _ in range(60)]
for index, member in enumerate(crowd):
    member.sendall(b"%d " % index)
echoed = [member.recv(100) for member in crowd]
big = os.urandom(3 << 20)
sender = threading.Thread(target=crowd[0].sendall, args=(big,))
sender.start()
back = b""
while len(back) < len(big):
    back += crowd[0].recv(65536)
sender.join()
for member in crowd:
    member.close()
out, err = shell.communicate(timeout=LIMIT)
check("one server has sixty connections by epoll, and each its own bytes",
      echoed == [b"%d " % index for index in range(60)] and back == big and out == "served\n", (echoed, out, err))
port = free_port()
status, out, err = run(f"""
with -n listen:{port} -- {NET} listen 127.0.0.1 {port}
with -n listen:{port} -- {NET} listen 0.0.0.0 {port}
with -n 'listen:*' -- {NET} listen 0.0.0.0 0
with -n listen:127.0.0.1:{port} -- {NET} listen 127.0.0.1 {port}
with -n listen:127.0.0.1:{port} -- {NET} listen 0.0.0.0 {port}
with -n listen:{port} -- {NET} listen 127.0.0.1 {closed}
with -n listen:{port} -- {NET} listen 127.0.0.1 0
with -n 127.0.0.1:{port} -- {NET} listen 127.0.0.1 {port}
""", LIMIT)
check("what may be listened at is a port, all, or one of one address",
      out == 4 * "listening\n" + 2 * "bind: ENETUNREACH\n" + "listen: ENETUNREACH\nbind: ENETUNREACH\n", (out, err))
port = free_port()
shell = start(f"cd /tmp; with -n listen:{port} -- busybox httpd -f -p 127.0.0.1:{port} -h $TMPDIR &"
              f" echo page >$TMPDIR/index.html; read line; kill %1; wait")
client = connect(port)
client.sendall(b"GET / HTTP/1.0\r\n\r\n")
page = read_all(client)
client.close()
shell.communicate("\n", timeout=LIMIT)
check("busybox httpd serves", page.startswith(b"HTTP/1.1 200 OK") and page.endswith(b"\r\npage\n"), page)
check("and its port is free when it has ended", socket.create_server(("127.0.0.1", port)).close() is None)
port = free_port()
shell = start(f"with -n listen:{port} -- busybox nc -l -p {port} -e /bin/busybox tr a-z A-Z")
client = connect(port)
client.sendall(b"shout\n")
client.shutdown(socket.SHUT_WR)
check("a connection is another VM's input and output", read_all(client) == b"SHOUT\n")
client.close()
shell.communicate(timeout=LIMIT)

# ---- flow, interruption, the end ----
port = free_port()
taken, total = 0, 64 << 20
slow = socket.create_server(("127.0.0.1", 0))
shell = start(f"with -n 127.0.0.1:* -- {NET} send 127.0.0.1 {slow.getsockname()[1]} {total}; echo over")
reader = slow.accept()[0]
shim_is_held = until(lambda: shell.poll() is None, 1)
while taken < total:
    piece = reader.recv(1 << 20)
    if not piece:
        break
    taken += len(piece)
out, err = shell.communicate(timeout=LIMIT)
check("a slow reader gets every byte", (taken, out) == (total, f"sent {total}\nover\n"), (taken, out, err))
port = free_port()
shell = start(f"with -n listen:{port} -- {NET} accept {port}; echo status $?")
shell.stdout.readline()
os.killpg(shell.pid, signal.SIGINT)
out, err = shell.communicate(timeout=LIMIT)
check("^C ends a server that waits in accept", shell.returncode in (-signal.SIGINT, 130), (shell.returncode, out, err))
lonely = socket.create_server(("127.0.0.1", 0))
shell = start(f"with -n 127.0.0.1:* -- {NET} stream 127.0.0.1 {lonely.getsockname()[1]}")
other = lonely.accept()[0]
os.killpg(shell.pid, signal.SIGKILL)
other.settimeout(LIMIT)
check("who is killed leaves no connection behind", other.recv(1) == b"")
shell.communicate(timeout=LIMIT)

# ---- authority ----
status, out, err = run(f"""
with -n 127.0.0.1:{WEB.port} -- busybox env {NET} connect 127.0.0.1 {WEB.port}
busybox env {NET} connect 127.0.0.1 {WEB.port}
for grant in 127.0.0.1 host:0 host:70000 10.0.0.1/8:1 [::1]:x '*.example:1' 1.2.3:1 listen:host:1; do
    with -n "$grant" -- busybox true
done
""", LIMIT)
check("what a command starts has what it has itself", out == f"{connected}connect: ENETUNREACH\n", (out, err))
check("grants that make no sense are refused, with what is wrong",
      [line.split(": ", 3)[-1] for line in err.splitlines()] == [
          "127.0.0.1: must be HOST:PORT or listen:PORT", "host:0: the port must be a number from 1 to 65535, LOW-HIGH, or *",
          "host:70000: the port must be a number from 1 to 65535, LOW-HIGH, or *",
          "10.0.0.1/8:1: the address has bits beyond those that count",
          "[::1]:x: the port must be a number from 1 to 65535, LOW-HIGH, or *",
          "*.example:1: a * stands for all hosts, and alone", "1.2.3:1: neither a name nor an address",
          "listen:host:1: where to listen is an address of this machine"], err)

# ---- image specs ----
status, out, err = run(f"""
mkdir bin; PATH=$PWD/bin:$PATH
cat >bin/given.vm <<EOF
{{"version": 1, "program": "{NET}", "network": ["127.0.0.1:{WEB.port}"]}}
EOF
chmod +x bin/given.vm
given connect 127.0.0.1 {WEB.port}
given connect 127.0.0.1 {HALF.port}
with -n 127.0.0.1:{HALF.port} -- given connect 127.0.0.1 {HALF.port}
set -o ambient
given connect 127.0.0.1 {HALF.port}
bin/given.vm connect 127.0.0.1 {WEB.port}
""", LIMIT)
check("a spec gives some of the network to a command in PATH, and the open mode does not add to it",
      out == f"{connected}connect: ENETUNREACH\nconnected to port {HALF.port}\nconnect: ENETUNREACH\n" and
      err.endswith("bin/given.vm:1:" + err.split("given.vm:1:")[-1]) and "can give more; use `with`" in err, (out, err))
finish()
