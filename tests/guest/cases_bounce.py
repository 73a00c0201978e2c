"""Reads by way of the bounce buffer: this program is the shim, which puts a file's bytes into the guest's memory."""
import errno
import hashlib
import os
import random
import struct

import vm as V
from cases import is_out, is_status
from p9server import Server

TESTS = []
TREAD, TBREAD = 116, 130


def test(name):
    def add(function):
        TESTS.append((name, function))
        return function
    return add


class Shim(Server):
    """answer: count of the answer, of the bytes that were read; None: as Tread is answered."""

    def __init__(self, root="/", descriptors=None):
        super().__init__(root, descriptors)
        self.handlers = {**self.handlers, TBREAD: Shim.bread}
        self.asked = []  # of each request: place, count
        self.answer = lambda n: n

    def bread(self, r, tag):
        number, offset, n, at = r.u32(), r.u64(), r.u32(), r.u32()
        f = self.fids[number]
        self.asked.append((at, n))
        assert n and at + n <= V.BOUNCE_BYTES, (at, n)
        data = os.pread(f.file if f.host is None else f.host, n, offset)
        count = self.answer(len(data))
        if count is None:
            self.reply(TREAD, tag, self.bytes(data))
            return None
        with open(self.vm.path("bounce"), "r+b") as file:
            os.pwrite(file.fileno(), data, at)
        return struct.pack("<I", count)


def run(c, server, argv, **named):
    v = c.vm(server=server, bounce=True)
    v.exec(argv, cwd=c.work, **named)
    v.wait_exit()
    return v


def make(c, size, name="f"):
    data = random.Random(size).randbytes(size)
    with open(os.path.join(c.work, name), "wb") as file:
        file.write(data)
    return data


@test("large reads come by the bounce buffer, small ones and what has none by the port")
def _(c):
    data = make(c, 1000003)
    server = Shim()
    v = run(c, server, ["dd", "if=f", "bs=300000"])
    is_status(v, 0)
    assert bytes(v.out) == data
    assert TREAD not in server.seen and max(n for _, n in server.asked) == 256 << 10, server.asked
    server = Shim()
    v = run(c, server, ["dd", "if=f", "bs=100", "count=1"])
    assert bytes(v.out) == data[:100] and TBREAD not in server.seen, server.asked
    v = c.vm(server=Shim())
    v.exec(["md5sum", "f"], cwd=c.work)
    v.wait_exit()
    is_out(v, hashlib.md5(data).hexdigest().encode() + b"  f\n")
    assert TBREAD not in v.server.seen


@test("what is read ahead, and what is copied in the kernel, comes by it, too")
def _(c):
    data = make(c, 700001)
    server = Shim()
    v = run(c, server, ["md5sum", "f"])
    is_out(v, hashlib.md5(data).hexdigest().encode() + b"  f\n")
    assert TBREAD in server.seen
    server = Shim()
    v = run(c, server, ["cat", "f"])
    assert bytes(v.out) == data and TBREAD in server.seen


@test("requests that are under way at once have places of their own")
def _(c):
    data = make(c, 3 << 20)
    server, held = Shim(), []

    def bread(self, r, tag):
        held.append((tag, Shim.bread(self, r, tag)))
        if len(self.asked) == 2:  # a copy has two requests under way after its first
            return None
        for answer in reversed(held):
            self.reply(TBREAD, *answer)
        held.clear()
        return None

    server.handlers = {**server.handlers, TBREAD: bread}
    v = run(c, server, ["cat", "f"])
    assert bytes(v.out) == data
    (first, n), (second, m) = server.asked[1:3]
    assert first + n <= second or second + m <= first, server.asked


@test("a host that answers by the port all the same is understood")
def _(c):
    data = make(c, 500000)
    server = Shim()
    turns = [0]

    def answer(n):
        turns[0] += 1
        return None if turns[0] % 2 else n

    server.answer = answer
    v = run(c, server, ["dd", "if=f", "bs=200000"])
    is_status(v, 0)
    assert bytes(v.out) == data


@test("a count that nobody has asked for is an error, and so is one that the host sends")
def _(c):
    make(c, 300000)
    server = Shim()
    server.answer = lambda n: n + (1 << 20)
    v = run(c, server, ["dd", "if=f", "bs=64k", "count=1"])
    assert v.exit.value == 1 and not v.out, (v.exit, len(v.out))

    def refuse(n):
        raise OSError(errno.EIO, "disk")

    server = Shim()
    server.answer = refuse
    v = run(c, server, ["dd", "if=f", "bs=64k", "count=1"])
    assert v.exit.value == 1 and b"Input/output error" in v.err, (v.exit, v.err)


@test("a part of the buffer is free again when its read is over")
def _(c):
    data = make(c, 1500000)
    server = Shim()
    v = run(c, server, ["dd", "if=f", "bs=256k"])
    assert bytes(v.out) == data
    assert {at for at, _ in server.asked} == {0}, server.asked
