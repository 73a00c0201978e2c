"""Whoever talks to the guest is not trusted: programs, files, the server, the host. It may refuse; it may not crash."""
import os
import random
import socket
import struct

import vm as V
from cases import is_out, is_status
from p9server import Server

TESTS = []


def test(name):
    def add(function):
        TESTS.append((name, function))
        return function
    return add


def refused(c, data, text=None, errno=8):
    path = os.path.join(c.work, "program")
    with open(path, "wb") as f:
        f.write(data)
    v = c.run([path], path=path, flags=0, files=True)
    assert (v.exit.how, v.exit.value) == (V.NOEXEC, errno), (v.exit, v.log)
    assert v.log and (not text or any(text in line for line in v.log)), v.log


def good_elf(c):
    return bytearray(open(os.path.join(c.programs, "args"), "rb").read())


def phdr_at(elf, kind=1, nth=0):
    for i in range(struct.unpack_from("<H", elf, 56)[0]):
        at = 64 + 56 * i
        if struct.unpack_from("<I", elf, at)[0] == kind:
            if nth == 0:
                return at
            nth -= 1
    raise KeyError(kind)


@test("a file that is no program is refused with its reason")
def _(c):
    elf = good_elf(c)
    refused(c, b"", "truncated ELF header")
    refused(c, b"hello\n" * 20, "not an ELF file")
    refused(c, elf[:40], "truncated ELF header")
    refused(c, elf[:70], "truncated program header")
    refused(c, elf[:5000], "beyond the end")
    other = bytearray(elf)
    struct.pack_into("<H", other, 18, 243)  # RISC-V
    refused(c, other, "another machine")
    other = bytearray(elf)
    other[4] = 1
    refused(c, other, "another machine")
    other = bytearray(elf)
    struct.pack_into("<H", other, 16, 1)
    refused(c, other, "not an executable")


@test("every field of a segment is checked")
def _(c):
    big = (0, 0x1000, 0x7fffffffffff, 0x8000000000000000, 0xffffffff80100000, 0xfffffffffffff000, 0xffffffffffffffff)
    for field, values in ((8, big[1:]), (16, big[2:]), (32, big[2:]), (40, (0, 0x7fffffffffff, 0xffffffffffffffff))):
        for value in values:
            elf = good_elf(c)
            struct.pack_into("<Q", elf, phdr_at(elf, 1, 1) + field, value)
            path = os.path.join(c.work, "program")
            open(path, "wb").write(elf)
            v = c.run([path], path=path, flags=0, files=True)
            assert v.exit.how in (V.NOEXEC, V.SIGNALLED) or value == 0x1000, (field, hex(value), v.exit)
            v.close()
    elf = good_elf(c)
    struct.pack_into("<I", elf, phdr_at(elf, 1, 1) + 4, 7)
    refused(c, elf, "writable and executable")
    elf = good_elf(c)
    struct.pack_into("<Q", elf, 24, 0x10000)
    refused(c, elf, "entry point")
    elf = good_elf(c)
    struct.pack_into("<Q", elf, 24, 0xffffffff80100000)
    refused(c, elf, "entry point")
    elf = good_elf(c)
    struct.pack_into("<Q", elf, 32, 0xfffffffffffffff0)
    refused(c, elf, "program header")
    elf = good_elf(c)
    struct.pack_into("<H", elf, 56, 0xffff)
    refused(c, elf, "program header")


@test("an interpreter that is missing or nonsense is refused")
def _(c):
    elf = bytearray(open(os.path.join(c.programs, "args-dynamic"), "rb").read())
    at = phdr_at(elf, 3)
    offset, = struct.unpack_from("<Q", elf, at + 8)
    other = bytearray(elf)
    other[offset:offset + 6] = b"/nope/"
    refused(c, other, "dynamic loader", errno=2)
    other = bytearray(elf)
    struct.pack_into("<Q", other, at + 32, 0)
    refused(c, other, "interpreter name")
    other = bytearray(elf)
    struct.pack_into("<Q", other, at + 8, 1 << 62)
    refused(c, other, "interpreter name")


@test("files with random bytes changed in their headers never crash the guest")
def _(c):
    rng = random.Random(7)
    for _ in range(25):
        elf = good_elf(c)
        for _ in range(rng.randrange(1, 6)):
            elf[rng.randrange(4, 64 + 56 * 10)] = rng.randrange(256)
        path = os.path.join(c.work, "program")
        open(path, "wb").write(elf)
        v = c.vm(server=Server("/"))
        v.exec([path], path=path, flags=0)
        try:
            v.until(lambda: v.exit, timeout=5)
        except TimeoutError:
            v.signal(9)  # a program that runs for ever is a program
            v.wait_exit()
        assert not any("panic" in line for line in v.log), v.log
        v.close()


@test("random system calls with random arguments never crash the guest")
def _(c):
    for seed in range(6):
        v = c.vm(server=Server(c.work, {0: 0}))
        v.on_call = lambda v, id, *rest: v.ret(id, -22)
        v.server.root = "/"
        path = os.path.join(c.programs, "end")
        os.chmod(c.work, 0o755)
        # Nothing of the host may be changed by them: the server only reads.
        for type in (14, 16, 18, 26, 70, 72, 74, 76, 118):
            v.server.handlers = {k: f for k, f in v.server.handlers.items() if k != type}
        v.exec([path, "fuzz", str(seed)], path=path, flags=0, cwd=c.work)
        try:
            v.until(lambda: v.exit, timeout=15)
        except TimeoutError:
            v.signal(9)
            v.until(lambda: v.exit, timeout=5)
        assert not any("panic" in line for line in v.log), v.log
        v.close()


def ctl_garbage(c, data, when="ready"):
    v = c.vm()
    v.wait_ready()
    if when == "running":
        v.exec(["sleep", "100"])
        v.until(lambda: any(t == V.STARTED for t, _ in v.messages))
    v.sock["ctl"].sendall(data)
    v.wait_dead(5)
    v.sock["ctl"].settimeout(1)
    try:
        while data := v.sock["ctl"].recv(65536):
            v.got("ctl", data)
    except (ConnectionResetError, socket.timeout):
        pass
    assert v.log and "control port" in v.log[-1], v.log


@test("garbage on the control port: one line, and the machine is off")
def _(c):
    head = lambda n, t: struct.pack("<IHH", n, t, 0)
    for data in (b"\xff" * 64, head(0, 0), head(4, V.SIGNAL) + b"1234", head(9 << 20, V.EXEC), head(9, 65000),
                 head(8, V.SIGNAL) + bytes(8), head(16, V.RET) + bytes(16)):
        ctl_garbage(c, data)
    for data in (head(16, V.RET) + struct.pack("<IIq", 77, 0, 0), head(16, V.RET) + struct.pack("<IIq", 1, 99, 0),
                 head(8, V.BROKEN) + struct.pack("<II", 5, 0), head(400, V.EXEC) + bytes(400), os.urandom(400)):
        ctl_garbage(c, data, "running")


@test("a malformed EXEC is refused, not believed")
def _(c):
    good = V.exec_body(["true", "x"])
    n = struct.calcsize("<IIQQ32sQQ7I4I")
    for at, value in ((0, 1), (n, 0xffffffff), (n, 2000), (n + 4, 1000), (n + 4, 0xffffffff), (n + 8, 0xffffffff),
                      (n + 12, 0xffffffff), (n + 12, 0)):
        body = bytearray(good)
        struct.pack_into("<I", body, at, value)
        v = c.vm()
        v.wait_ready()
        v.send(V.EXEC, bytes(body))
        v.wait_exit()
        assert v.exit.how == V.NOEXEC and v.log, (at, value, v.exit)
        v.close()
    for fds in ([V.fd_row(0, 77, 1)], [V.fd_row(3), V.fd_row(1)], [V.fd_row(0, V.VIA_OUT)], [V.fd_row(1 << 31)],
                [V.fd_row(1, same_as=2)]):
        v = c.vm()
        v.exec(["true"], fds=fds)
        v.wait_exit()
        assert v.exit.how == V.NOEXEC, (fds, v.exit)
        v.close()


@test("a broken 9P server is EIO, not a crash")
def _(c):
    def set_size(n):
        return lambda m: struct.pack("<I", n) + m[4:]

    breaks = [set_size(0), set_size(6), set_size(1 << 31), lambda m: m[:4] + b"\xff" + m[5:],
              lambda m: m[:5] + struct.pack("<H", 500) + m[7:], lambda m: m[:5] + struct.pack("<H", 63) + m[7:],
              lambda m: struct.pack("<I", 8) + m[4:8], lambda m: struct.pack("<I", 7) + m[4:7],
              lambda m: os.urandom(64)]
    open(os.path.join(c.work, "f"), "w").write("x" * 10000)
    for type in (100, 104, 128, 116, 40):
        for i, broken in enumerate(breaks):
            s = Server("/")
            s.break_next[type] = broken
            v = c.vm(server=s)
            v.exec(["ls", "-l"] if type == 40 else ["cat", "f"], cwd=c.work)
            v.wait_exit()
            assert not any("panic" in line for line in v.log), v.log
            # ls does not mind that readdir fails.
            assert v.exit.how == V.STATUS and (v.exit.value or type == 40), (type, i, v.exit, v.log)
            v.close()


@test("data beyond what was asked for is not believed")
def _(c):
    open(os.path.join(c.work, "f"), "w").write("x" * 100)
    for answer in (b"y" * 200000, b""):
        s = Server("/")
        s.break_next[116] = lambda m: struct.pack("<IBHI", 11 + len(answer), 117, *struct.unpack("<H", m[5:7]),
                                                  0xffffffff) + answer
        v = c.vm(server=s)
        v.exec(["dd", "if=f", "bs=512", "status=none"], cwd=c.work)
        v.wait_exit()
        assert v.exit.value == 1 and not v.out, (v.exit, v.log)
        v.close()


@test("a 9P port that closes is EIO")
def _(c):
    s = Server("/")
    v = c.vm(server=s)
    v.wait_ready()
    v.sock["9p"].close()
    v.sock["9p"] = None
    v.exec(["cat", "f"])
    v.wait_exit()
    is_status(v, 1)
    assert b"Input/output error" in v.err


@test("names of every length in a directory are listed")
def _(c):
    for n in (1, 2, 7, 8, 9, 100, 254, 255):
        open(os.path.join(c.work, "n" * n), "w").close()
    v = c.run(["ls"], files=True)
    is_out(v, b"".join(b"n" * n + b"\n" for n in (1, 2, 7, 8, 9, 100, 254, 255)))
