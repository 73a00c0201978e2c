"""Wires through shared memory: two guests with a ring, or a guest and this program as its neighbour."""
import hashlib
import mmap
import os
import random
import signal
import struct
import time

import vm as V
from cases import is_out, is_signal, is_status
from cases_wire import BOTH, KEY, WIRE_IN, WIRE_OUT, both_exit
from p9server import Server

TESTS = []
NEVER = (1 << 64) - 1


def test(name):
    def add(function):
        TESTS.append((name, function))
        return function
    return add


def flags_of(first, last):
    return V.RESIDENT | (0 if first else V.WIRE_IN | V.RING_IN) | (0 if last else V.WIRE_OUT | V.RING_OUT)


def start(c, *stages):
    """Boots a chain and runs argv, argv... each wired to the one before."""
    vms = []
    for i, argv in enumerate(stages):
        rings = (["prev"] if i else []) + (["next"] if i < len(stages) - 1 else [])
        vms.append(c.vm(prev=vms[-1] if vms else None, server=Server("/"), rings=rings))
        vms[-1].wait_ready()
    for i, (v, argv) in enumerate(zip(vms, stages)):
        first, last = i == 0, i == len(stages) - 1
        v.exec(argv, cwd=c.work, fds=WIRE_OUT if first else WIRE_IN if last else BOTH, keys=(KEY + i, KEY + i + 1),
               flags=flags_of(first, last))
    return vms


def pipeline(c, *stages, timeout=100):
    vms = start(c, *stages)
    both_exit(*vms, timeout=timeout)
    return vms


class Side:
    """This program as the neighbour of a guest: the ring's file, and the port as bell."""

    def __init__(self, v, port):
        self.bell = v.connect(port)
        self.bell.settimeout(20)
        with open(v.path(port + ".ring"), "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), V.RING_FILE)
        self.mine, self.other = (V.RING_READER, 0) if port == "next" else (0, V.RING_READER)

    def put(self, count=0, wake_at=NEVER, ended=0, key=KEY):
        struct.pack_into("<QQQ", self.memory, self.mine + 8, count, wake_at, ended)
        struct.pack_into("<Q", self.memory, self.mine, key)

    def get(self):
        return struct.unpack_from("<QQQQ", self.memory, self.other)  # key, count, wake_at, ended

    def write(self, at, data):
        for i, byte in enumerate(data):
            self.memory[V.RING_DATA + (at + i) % V.RING_BYTES] = byte

    def ring(self):
        self.bell.send(b"!")


def reader(c, argv=("cat",)):
    v = c.vm(rings=["prev"])
    v.wait_ready()
    side = Side(v, "prev")
    v.exec(list(argv), fds=WIRE_IN, flags=V.RESIDENT | V.WIRE_IN | V.RING_IN, keys=(KEY, 0))
    v.until(lambda: any(t == V.STARTED for t, _ in v.messages))
    return v, side


def writer(c, argv):
    v = c.vm(rings=["next"])
    v.wait_ready()
    side = Side(v, "next")
    v.exec(list(argv), fds=WIRE_OUT, flags=V.RESIDENT | V.WIRE_OUT | V.RING_OUT, keys=(0, KEY))
    return v, side


def counts_to(v, side, count):
    """Until the guest's count is that: memory wakes nobody, so it is looked at again and again."""
    deadline = time.monotonic() + 60
    while side.get()[1] != count:
        assert time.monotonic() < deadline and not v.exit, (side.get(), v.exit)
        v.step(0.01)


@test("a guest says which rings it has")
def _(c):
    for rings, bits in ((["next"], 2), (["prev", "next"], 3), ([], 0)):
        v = c.vm(rings=rings)
        v.wait_ready()
        assert v.ready[1] == bits, (rings, v.ready)
        v.close()


@test("EXEC with a ring that is not there is refused")
def _(c):
    for flag, fds in ((V.WIRE_IN | V.RING_IN, WIRE_IN), (V.WIRE_OUT | V.RING_OUT, WIRE_OUT)):
        v = c.vm()
        v.exec(["cat"], fds=fds, flags=V.RESIDENT | flag, keys=(KEY, KEY))
        v.wait_exit()
        assert v.exit.how == V.NOEXEC, v.exit
        v.close()


@test("bytes travel over a ring, and its end is an end of file")
def _(c):
    a, b = pipeline(c, ["echo", "hello"], ["cat"])
    is_out(b, b"hello\n")
    is_status(a, 0)
    is_status(b, 0)
    a, b = pipeline(c, ["true"], ["wc", "-c"])
    is_out(b, b"0\n")


@test("four stages over rings")
def _(c):
    vms = pipeline(c, ["seq", "20000"], ["grep", "7"], ["sort", "-rn"], ["head", "-n2"])
    is_out(vms[3], b"19997\n19987\n")
    for v in vms[:3]:
        assert v.exit.how == V.STATUS or v.exit.value == signal.SIGPIPE, v.exit


@test("twenty mebibytes arrive over a ring as they were sent, in blocks of any size")
def _(c):
    path, h = os.path.join(c.work, "f"), hashlib.sha256()
    block = os.urandom(1 << 20)
    with open(path, "wb") as f:
        for i in range(20):
            piece = block[i:] + block[:i]
            f.write(piece)
            h.update(piece)
    for sizes in ((65536, 65536), (4097, 1000003), (300001, 2049)):
        a, m, b = pipeline(c, ["dd", "if=f", f"bs={sizes[0]}"], ["dd", f"bs={sizes[1]}"], ["sha256sum"])
        is_out(b, h.hexdigest().encode() + b"  -\n")
        for v in (a, m, b):
            v.close()


@test("a reader that ends gives the writer SIGPIPE over a ring")
def _(c):
    a, b = pipeline(c, ["yes"], ["head", "-n1"])
    is_out(b, b"y\n")
    is_signal(a, signal.SIGPIPE)
    for how in ("ended", "gone"):
        v, side = writer(c, ["yes"])
        side.put(ended=how == "ended")
        side.ring() if how == "ended" else side.bell.close()
        v.wait_exit()
        is_signal(v, signal.SIGPIPE)
        v.close()


@test("a writer that has ended is not needed for what the reader has not read yet")
def _(c):
    a, b = start(c, ["seq", "30000"], ["sh", "-c", "while read x; do echo $x; done"])
    b.pause = {"out"}
    a.wait_exit(30)
    is_status(a, 0)
    a.close()
    b.pause = set()
    b.wait_exit(60)
    is_out(b, b"".join(b"%d\n" % i for i in range(1, 30001)))


@test("a slow reader blocks the writer of a ring")
def _(c):
    v, side = writer(c, ["yes"])
    counts_to(v, side, V.RING_BYTES)
    v.step(0.3)
    assert side.get()[1] == V.RING_BYTES and not v.exit
    key, count, wake_at, ended = side.get()
    assert (key, ended) == (KEY, 0) and 0 < wake_at <= V.RING_BYTES // 2 + 8192, (wake_at, count)
    assert bytes(side.memory[V.RING_DATA:V.RING_DATA + V.RING_BYTES]) == b"y\n" * (V.RING_BYTES // 2)
    side.put(count=wake_at)
    side.ring()
    counts_to(v, side, V.RING_BYTES + wake_at)
    side.put(count=wake_at, ended=1)
    side.ring()
    v.wait_exit()
    is_signal(v, signal.SIGPIPE)


@test("a writer that is killed is EIO for the reader, after the bytes that came")
def _(c):
    v, side = reader(c)
    side.write(0, b"part")
    side.put(count=4)
    side.ring()
    v.until(lambda: v.out == b"part")
    side.bell.close()
    v.wait_exit()
    is_status(v, 1)
    assert b"Input/output error" in v.err, bytes(v.err)
    a, b = start(c, ["yes"], ["cat"])
    b.until(lambda: len(b.out) > 100000, timeout=60)
    a.proc.kill()
    b.wait_exit(60)
    is_status(b, 1)
    assert bytes(b.out).replace(b"y\n", b"") in (b"", b"y"), len(b.out)


@test("a reader drains what a killed writer left in the ring")
def _(c):
    v, side = reader(c)
    text = b"0123456789" * 20000
    side.write(0, text)
    side.put(count=len(text))
    side.bell.close()
    v.wait_exit()
    is_status(v, 1)
    assert bytes(v.out) == text and b"Input/output error" in v.err, (len(v.out), bytes(v.err))


@test("another command's key, and counts that cannot be, bring no bytes")
def _(c):
    v, side = reader(c)
    side.write(0, b"secret")
    side.put(count=6, key=KEY + 1)
    side.ring()
    side.ring()
    v.step(0.3)
    assert not v.exit and not v.out
    side.put(count=0, ended=1)
    side.ring()
    v.wait_exit()
    is_out(v, b"")
    is_status(v, 0)
    for count in (V.RING_BYTES + 1, NEVER, 1 << 63, NEVER - 100):
        v, side = reader(c)
        side.put(count=count)
        side.ring()
        v.wait_exit()
        is_status(v, 1)
        assert not v.out and b"Input/output error" in v.err, (count, bytes(v.err))
        v.close()
    v, side = reader(c)
    side.write(0, b"secret")
    side.put(count=6)
    side.ring()
    v.until(lambda: v.out == b"secret")
    side.put(count=3)
    side.ring()
    v.wait_exit()
    is_status(v, 1)


@test("a writer whose reader claims what it cannot have read gets EPIPE")
def _(c):
    for count in (1 << 40, NEVER, V.RING_BYTES * 2 + 1):
        v, side = writer(c, ["yes"])
        counts_to(v, side, V.RING_BYTES)
        side.put(count=count)
        side.ring()
        v.wait_exit()
        is_signal(v, signal.SIGPIPE)
        v.close()


@test("a neighbour that scribbles over the ring and rings without end harms only itself")
def _(c):
    rng = random.Random(7)
    for make, argv in ((reader, ["sh", "-c", "cat >/dev/null"]), (writer, ["yes"])) * 3:
        v, side = make(c, argv)
        for _ in range(3000):
            offset = rng.choice((0, 0, 8, 8, 16, 24)) + (side.mine if rng.random() < 0.9 else side.other)
            struct.pack_into("<Q", side.memory, offset, rng.choice(
                (KEY, KEY, 0, NEVER, rng.getrandbits(64), rng.randrange(1 << 20), side.get()[1] + rng.randrange(9))) & NEVER)
            side.bell.setblocking(False)
            try:
                side.ring()
                side.bell.recv(4096)
            except (BlockingIOError, BrokenPipeError, ConnectionResetError):
                pass
            if v.exit:
                break
        side.bell.close()
        v.wait_exit(30)
        assert v.exit.how in (V.STATUS, V.SIGNALLED), (v.exit, v.log)
        v.close()


@test("a program that waits with poll for a ring is woken")
def _(c):
    v, side = reader(c, ["sh", "-c", "read -t 20 x && echo got $x"])
    side.put()
    v.step(0.3)
    side.write(0, b"it\n")
    side.put(count=3)
    side.ring()
    v.wait_exit()
    is_out(v, b"got it\n")


@test("a reader that stops reading early says so, and its program lives on")
def _(c):
    v, side = reader(c, ["sh", "-c", "exec </dev/null; sleep 100"])
    assert side.bell.recv(1)
    assert side.get() == (KEY, 0, NEVER, 1), side.get()
    assert not v.exit
