"""Wires: two guests, the port next of the one connected to prev of the other."""
import hashlib
import os
import random
import signal
import socket
import struct
import subprocess
import time

import vm as V
from cases import is_out, is_signal, is_status
from p9server import Server

TESTS = []
KEY = 0x1122334455667788
WIRE_IN = [V.fd_row(0, V.VIA_WIRE), V.OUT1, V.ERR2]
WIRE_OUT = [V.NULL0, V.fd_row(1, write=V.VIA_WIRE), V.ERR2]
BOTH = [V.fd_row(0, V.VIA_WIRE), V.fd_row(1, write=V.VIA_WIRE), V.ERR2]
OPEN, DATA, EOF, CLOSED = 1, 2, 3, 4


def test(name):
    def add(function):
        TESTS.append((name, function))
        return function
    return add


def both_exit(*vms, timeout=60):
    deadline = time.monotonic() + timeout
    done = lambda v: v.exit and len(v.out) >= v.exit.out and len(v.err) >= v.exit.err
    while not all(done(v) for v in vms):
        assert time.monotonic() < deadline, [(v.exit, v.log, bytes(v.err[-100:])) for v in vms]
        for v in vms:
            v.step(0.001)


def pipeline(c, *stages, timeout=60):
    """Runs argv, argv... each wired to the one before."""
    vms = []
    for i, argv in enumerate(stages):
        vms.append(c.vm(prev=vms[-1] if vms else None, server=Server("/")))
    for i, (v, argv) in enumerate(zip(vms, stages)):
        first, last = i == 0, i == len(stages) - 1
        v.exec(argv, cwd=c.work, fds=WIRE_OUT if first else WIRE_IN if last else BOTH, keys=(KEY + i, KEY + i + 1),
               flags=V.RESIDENT | (0 if first else V.WIRE_IN) | (0 if last else V.WIRE_OUT))
    both_exit(*vms, timeout=timeout)
    return vms


def frame(type, data=b""):
    return struct.pack("<II", type, len(data)) + data


class Peer:
    """This program at the other end of a guest's wire."""

    def __init__(self, v, port):
        self.s = v.connect(port)
        self.s.settimeout(10)

    def frames(self):
        """What a writer says, until the end of the connection or EOF."""
        buffer = b""
        while True:
            while len(buffer) >= 8:
                type, n = struct.unpack_from("<II", buffer)
                if len(buffer) < 8 + n:
                    break
                yield type, buffer[8:8 + n]
                buffer = buffer[8 + n:]
                if type in (EOF, CLOSED):
                    return
            data = self.s.recv(1 << 16)
            if not data:
                return
            buffer += data


def reader(c, argv=("cat",)):
    v = c.vm()
    peer = Peer(v, "prev")
    v.exec(list(argv), fds=WIRE_IN, flags=V.RESIDENT | V.WIRE_IN, keys=(KEY, 0))
    return v, peer


def writer(c, argv):
    v = c.vm()
    peer = Peer(v, "next")
    v.wait_ready()
    v.exec(argv, fds=WIRE_OUT, flags=V.RESIDENT | V.WIRE_OUT, keys=(0, KEY))
    return v, peer


@test("bytes travel over a wire, and its end is an end of file")
def _(c):
    a, b = pipeline(c, ["echo", "hello"], ["cat"])
    is_out(b, b"hello\n")
    is_status(a, 0)
    is_status(b, 0)
    a, b = pipeline(c, ["true"], ["wc", "-c"])
    is_out(b, b"0\n")


@test("four stages")
def _(c):
    vms = pipeline(c, ["seq", "20000"], ["grep", "7"], ["sort", "-rn"], ["head", "-n2"])
    is_out(vms[3], b"19997\n19987\n")
    for v in vms[:3]:
        assert v.exit.how == V.STATUS or v.exit.value == signal.SIGPIPE, v.exit


@test("a hundred mebibytes arrive as they were sent")
def _(c):
    path = os.path.join(c.work, "f")
    block = os.urandom(1 << 20)
    h = hashlib.sha256()
    with open(path, "wb") as f:
        for i in range(100):
            piece = block[i:] + block[:i]
            f.write(piece)
            h.update(piece)
    start = time.monotonic()
    a, b = pipeline(c, ["cat", "f"], ["sha256sum"], timeout=100)
    is_out(b, h.hexdigest().encode() + b"  -\n")
    print(f"# 100 MiB, file to sha256sum by a wire: {time.monotonic() - start:.1f} s")


@test("a reader that ends gives the writer SIGPIPE, or EPIPE")
def _(c):
    a, b = pipeline(c, ["yes"], ["head", "-n1"])
    is_out(b, b"y\n")
    is_signal(a, signal.SIGPIPE)
    v, peer = writer(c, ["yes"])
    next(peer.frames())
    peer.s.sendall(frame(CLOSED))
    v.wait_exit()
    is_signal(v, signal.SIGPIPE)
    v, peer = writer(c, ["yes"])
    next(peer.frames())
    peer.s.close()
    v.wait_exit()
    is_signal(v, signal.SIGPIPE)


@test("the writer opens with its key, frames its data, ends with EOF, and stays until all has been taken")
def _(c):
    v, peer = writer(c, ["echo", "hi"])
    frames = list(peer.frames())
    assert frames == [(OPEN, struct.pack("<Q", KEY)), (DATA, b"hi\n"), (EOF, b"")], frames
    v.step(0.2)
    assert not v.exit, "EXITED before the reader had everything"
    peer.s.sendall(frame(CLOSED))
    v.wait_exit()
    is_status(v, 0)
    v, peer = writer(c, ["true"])
    assert [t for t, _ in peer.frames()] == [OPEN, EOF]
    peer.s.close()
    v.wait_exit()
    is_status(v, 0)


@test("EXITED tells which signals the program got before it began to end, and which would have ended it")
def _(c):
    bits = lambda *signals: sum(1 << signo - 1 for signo in signals)
    v, peer = writer(c, ["sh", "-c", "trap 'trap - USR1; exit 3' USR1; trap '' HUP; trap : USR2; echo x; while :; do :; done"])
    frames = peer.frames()
    assert [next(frames)[0] for _ in range(2)] == [OPEN, DATA]
    v.signal(signal.SIGUSR1)
    assert next(frames)[0] == EOF  # it has begun to end, and waits for its reader
    v.signal(signal.SIGTERM)
    v.signal(signal.SIGUSR2)
    v.step(0.1)
    peer.s.sendall(frame(CLOSED))
    v.wait_exit()
    is_status(v, 3)
    assert v.exit.signals_taken == 1
    some = bits(signal.SIGHUP, signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGTERM, signal.SIGCHLD, signal.SIGTSTP)
    # This sh has a handler for INT.
    assert v.exit.signals_fatal & some == bits(signal.SIGUSR1, signal.SIGALRM, signal.SIGTERM), hex(v.exit.signals_fatal)
    v = c.vm()
    v.exec(["true"], ignored=bits(signal.SIGINT), blocked=bits(signal.SIGTERM))
    v.wait_exit()
    assert v.exit.signals_taken == 0 and v.exit.signals_fatal & some == bits(
        signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM), hex(v.exit.signals_fatal)
    v = c.vm(server=Server("/"))
    v.exec(["nothing"], path="/nothing", flags=0)
    v.wait_exit()
    assert v.exit.how == V.NOEXEC and not v.exit.signals_fatal


@test("a reader whose program does not read takes a small input in, and so lets the writer go")
def _(c):
    a, b = c.vm(), None
    b = c.vm(prev=a)
    a.exec(["echo", "x"], fds=WIRE_OUT, flags=V.RESIDENT | V.WIRE_OUT, keys=(0, KEY))
    b.exec(["sleep", "30"], fds=WIRE_IN, flags=V.RESIDENT | V.WIRE_IN, keys=(KEY, 0))
    a.wait_exit(10)
    is_status(a, 0)
    assert not b.exit


@test("a slow reader blocks the writer and loses nothing, though the writer's machine goes")
def _(c):
    a = c.vm()
    b = c.vm(prev=a)
    b.pause = {"out"}
    a.exec(["seq", "300000"], fds=WIRE_OUT, flags=V.RESIDENT | V.WIRE_OUT, keys=(0, KEY))
    b.exec(["cat"], fds=WIRE_IN, flags=V.RESIDENT | V.WIRE_IN, keys=(KEY, 0))
    b.until(lambda: any(t == V.STARTED for t, _ in b.messages))
    a.step(0.3)
    assert not a.exit
    b.pause = set()
    while not a.exit:
        b.step(0.001)
        a.step(0.001)
    a.close()
    b.wait_exit(30)
    is_out(b, b"".join(b"%d\n" % i for i in range(1, 300001)))


@test("a wire that is cut is EIO, after the bytes that came")
def _(c):
    v, peer = reader(c)
    peer.s.sendall(frame(OPEN, struct.pack("<Q", KEY)) + frame(DATA, b"part"))
    v.until(lambda: v.out == b"part")
    peer.s.close()
    v.wait_exit()
    is_status(v, 1)
    assert b"Input/output error" in v.err, bytes(v.err)


@test("a wrong key, a frame before OPEN, an impossible frame are a cut wire")
def _(c):
    opened = frame(OPEN, struct.pack("<Q", KEY))
    for data, out in ((frame(OPEN, struct.pack("<Q", KEY + 1)) + frame(DATA, b"secret"), b""),
                      (frame(DATA, b"secret" * 3), b""), (frame(EOF) + frame(EOF), b""),
                      (opened + frame(DATA, b"x") + struct.pack("<II", DATA, 0) + b"more", b"x"),
                      (opened + struct.pack("<II", DATA, 1 << 30) + b"y" * 100, b""),
                      (opened + struct.pack("<II", 99, 5) + b"y" * 100, b""),
                      (opened + opened, b""), (os.urandom(4096), b"")):
        v, peer = reader(c)
        peer.s.sendall(data)
        v.wait_exit()
        is_status(v, 1)
        assert bytes(v.out) == out and b"Input/output error" in v.err, (data[:20], bytes(v.out), bytes(v.err))
        v.close()


@test("frames may come in pieces of any size")
def _(c):
    v, peer = reader(c)
    data = frame(OPEN, struct.pack("<Q", KEY)) + frame(DATA, b"hello ") + frame(DATA, b"world\n" * 100) + frame(EOF)
    v.until(lambda: any(t == V.STARTED for t, _ in v.messages))
    for i in range(0, len(data), 3):
        peer.s.sendall(data[i:i + 3])
    v.wait_exit()
    is_out(v, b"hello " + b"world\n" * 100)
    assert list(peer.frames()) == [(CLOSED, b"")]


@test("a guest that is not wired takes nothing from its prev port")
def _(c):
    v = c.vm()
    peer = Peer(v, "prev")
    peer.s.setblocking(False)
    sent = 0
    v.exec(["sleep", "0.3"])
    try:
        while sent < 64 << 20:
            sent += peer.s.send(bytes(65536))
    except BlockingIOError:
        pass
    v.wait_exit()
    assert sent < 4 << 20, sent
    is_status(v, 0)


@test("a program that closes its wire early ends it early")
def _(c):
    v, peer = writer(c, ["sh", "-c", "echo x; exec >/dev/null; sleep 100"])
    assert [t for t, _ in peer.frames()] == [OPEN, DATA, EOF]
    peer.s.sendall(frame(CLOSED))
    v.signal(15)
    v.wait_exit()
    is_signal(v, 15)
    v, peer = reader(c, ["sh", "-c", "exec </dev/null; sleep 100"])
    assert list(peer.frames()) == [(CLOSED, b"")]


@test("a reader that goes in the middle of a flood leaves a writer that gets SIGPIPE")
def _(c):
    rng = random.Random(4)
    for _ in range(int(os.environ.get("ROUNDS", "6"))):
        v, peer = writer(c, ["dd", "if=/dev/zero", "bs=1M"])
        left = rng.randrange(1, 1 << 20)
        while left > 0:
            left -= len(peer.s.recv(left))
        peer.s.close()
        v.wait_exit()
        is_signal(v, signal.SIGPIPE)
        v.close()
