"""Small reads of a file that are served from a larger one: no program can tell (vmproc/guest/readahead.h)."""
import os
import signal

import vm as V
from cases import is_status
from p9server import Server

TESTS = []
TREAD, TREACH = 116, 128
PIECE, PIECES = 512, 128


def test(name):
    def add(function):
        TESTS.append((name, function))
        return function
    return add


class Counting(Server):
    """Makes `stop` once `data` has been read, from an open to its end, by few requests."""

    def __init__(self, work, few):
        super().__init__("/")
        self.work, self.few, self.reads, self.least = work, few, 0, None

    def request(self, type, tag, body):
        fid = int.from_bytes(body[:4], "little")
        if type == TREACH and body.endswith(b"data"):
            if self.reads and (self.least is None or self.reads < self.least):
                self.least = self.reads
            self.reads = 0
            if self.least is not None and self.least < self.few:
                open(self.work + "/stop", "w").close()
        elif type == TREAD and fid in self.fids and (self.fids[fid].path or "").endswith("/data"):
            self.reads += 1
        super().request(type, tag, body)


class Changing(Server):
    """Somebody else: before anything but `data` is looked at, `data` has other bytes, and more of them."""

    def __init__(self, work, descriptors=None):
        super().__init__("/", descriptors)
        self.work, self.began, self.changed = work, False, False

    def change(self):
        with open(self.work + "/data", "r+b") as f:
            f.write(b"N" * (2 * PIECES * PIECE))
        self.changed = True

    def request(self, type, tag, body):
        f = self.fids.get(int.from_bytes(body[:4], "little"))
        reads_data = type == TREAD and f and (f.path or "").endswith("/data")
        self.began |= bool(reads_data)
        named = type == TREACH and b"other" in body
        if self.began and not self.changed and (named or type == TREAD and not reads_data):
            self.change()
        super().request(type, tag, body)


def make(c):
    for name in ("data", "other"):
        with open(f"{c.work}/{name}", "wb") as f:
            f.write(b"a" * (PIECES * PIECE))
    return c.work + "/data", c.work + "/other"


@test("small reads one behind the other take few requests, and bring each byte once")
def _(c):
    size = 400 * PIECE + 77
    with open(c.work + "/data", "wb") as f:
        f.write(bytes(n % 251 for n in range(size)))
    # A machine that is kept from running for longer than what was read may live asks more often: until once it was not.
    server = Counting(c.work, 200)
    path = os.path.join(c.programs, "ahead")
    v = c.run([path, "pass", c.work + "/data", c.work + "/stop"], path=path, flags=0, server=server, timeout=120)
    is_status(v, 0)
    assert f"{size} bytes\nok: all bytes".encode() in v.out, bytes(v.out)
    assert 4 <= server.least < 200, server.least


@test("what a program itself does to a file, it reads: by another descriptor, name, mapping or child")
def _(c):
    data, _ = make(c)
    os.link(data, c.work + "/link")
    c.passes("ahead", "own", data, c.work + "/link")


@test("what a program itself does to a file, it sees by fstat(2) behind an open(2)")
def _(c):
    data, _ = make(c)
    os.link(data, c.work + "/link")
    c.passes("ahead", "stat", data, c.work + "/link")


@test("what somebody else does to a file is read, and told by fstat(2), after anything has been heard from outside")
def _(c):
    for kind, how in [(kind, how) for kind in ("file", "open", "stat", "pipe", "signal") for how in ([], ["stat"])]:
        data, other = make(c)
        r, w = os.pipe()
        os.write(w, b"x")
        server = Changing(c.work, {0: r})
        path = os.path.join(c.programs, "ahead")
        v = c.vm(server=server)
        v.exec([path, "news", kind, data, other, *how], path=path, flags=0, uid=os.getuid(), gid=os.getgid(),
               fds=[V.fd_row(0, V.VIA_FID), V.OUT1, V.ERR2])
        if kind == "signal":
            v.until(lambda: v.err)
            server.change()
            v.signal(signal.SIGUSR1)
        v.wait_exit()
        is_status(v, 0)
        said = b"ok: what it is then is new\n" if how else b"ok: what is read then is new\n%d\n" % (2 * PIECES * PIECE)
        assert server.changed and bytes(v.out).startswith(said), (kind, how, bytes(v.out))
        v.close()
        os.close(r)
        os.close(w)
