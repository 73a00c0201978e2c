"""Attributes of entries that follow come with those that were asked for: no program can tell (vmproc/guest/statahead.h)."""
import os
import stat

import vm as V
from cases import is_status
from p9server import Server

TESTS = []
TREAD, TREADDIR, TREACH = 116, 40, 128
BESIDE = 16


def test(name):
    def add(function):
        TESTS.append((name, function))
        return function
    return add


class Counting(Server):
    """Makes `stop` once a pass over the directory has taken few requests."""

    def __init__(self, stop, few):
        super().__init__("/")
        self.stop, self.few, self.asked, self.least, self.beside = stop, few, None, None, 0

    def request(self, type, tag, body):
        if type == TREADDIR and not int.from_bytes(body[4:12], "little"):
            if self.asked is not None and (self.least is None or self.asked < self.least):
                self.least = self.asked
            self.asked = 0
            if self.least is not None and self.least < self.few:
                open(self.stop, "w").close()
        elif type == TREACH and self.asked is not None:
            self.asked += 1
            self.beside += bool(body[8] & BESIDE)
        super().request(type, tag, body)


class Changing(Server):
    """Somebody else changes all files before what the program reads from standard input is there."""

    def __init__(self, work, descriptors):
        super().__init__("/", descriptors)
        self.work, self.came_along = work, False

    def request(self, type, tag, body):
        self.came_along |= type == TREACH and bool(body[8] & BESIDE)
        if type == TREAD:
            for name in os.listdir(self.work):
                os.truncate(os.path.join(self.work, name), 4242)
        super().request(type, tag, body)


def make(c, files):
    directory = os.path.join(c.work, "dir")
    os.mkdir(directory)
    for i in range(files):
        with open(f"{directory}/f{i:03}", "wb") as f:
            f.write(b"x" * i)
    return directory


def told(how, path, follow):
    try:
        st = os.stat(path, follow_symlinks=follow)
    except OSError as e:
        return f"{how} {os.path.basename(path)} error {e.errno}"
    return f"{how} {os.path.basename(path)} {st.st_mode:o} {st.st_size} {st.st_nlink} {st.st_ino}"


@test("attributes of entries one after the other take few requests, and are each entry's")
def _(c):
    directory = make(c, 200)
    os.mkdir(directory + "/f050d")
    os.symlink("f001", directory + "/f060l")
    os.symlink("nowhere", directory + "/f061l")
    os.mkfifo(directory + "/f070p", 0o640)
    os.link(directory + "/f005", directory + "/f071h")
    names = sorted(os.listdir(directory))
    server = Counting(c.work + "/stop", 60)
    path = os.path.join(c.programs, "statahead")
    v = c.run([path, "pass", c.work + "/stop"], path=path, flags=0, server=server, cwd=directory, timeout=120)
    is_status(v, 0)
    assert server.least < 60 and server.beside, server.least
    want = [told(how, f"{directory}/{name}", how == "stat") for how in ("lstat", "stat", "fstatat") for name in names]
    assert bytes(v.out).decode().splitlines() == want, [a for a in zip(bytes(v.out).decode().splitlines(), want) if a[0] != a[1]][:3]


@test("the attributes of one path are asked for once, until something happens")
def _(c):
    directory = make(c, 3)
    link = c.work + "/link"
    os.symlink(directory + "/f001", link)
    server = Counting(c.work + "/stop", 20)
    path = os.path.join(c.programs, "statahead")
    v = c.run([path, "again", c.work + "/stop", link], path=path, flags=0, server=server, cwd=directory, timeout=120)
    is_status(v, 0)
    assert server.least < 20, server.least


@test("what a program itself does to an entry, its attributes tell")
def _(c):
    directory = make(c, 20)
    c.passes("statahead", "own", cwd=directory)


@test("what somebody else does to an entry, its attributes tell after anything has been heard from outside")
def _(c):
    directory = make(c, 20)
    r, w = os.pipe()
    os.write(w, b"x")
    server = Changing(directory, {0: r})
    path = os.path.join(c.programs, "statahead")
    v = c.vm(server=server)
    v.exec([path, "news"], path=path, flags=0, cwd=directory, fds=[V.fd_row(0, V.VIA_FID), V.OUT1, V.ERR2])
    v.wait_exit()
    is_status(v, 0)
    assert server.came_along
    v.close()
    os.close(r)
    os.close(w)
