"""A small 9P2000.L server for tests: serves a directory, and inherited descriptors as aname fd/N.

Requests are answered in order, except reads of a descriptor that has nothing yet: those wait, and can be flushed.
`break_next` makes the next reply of a type malformed: the guest must live with that.
"""
import errno
import fcntl
import os
import select
import stat
import struct

HERE = (1 << 64) - 1
MSIZE = 1 << 20


class Fid:
    def __init__(self, path=None, host=None):
        self.path, self.host, self.file = path, host, None


class Server:
    def __init__(self, root="/", descriptors=None):
        self.root = os.path.realpath(root)
        self.descriptors = descriptors or {}
        self.fids, self.buffer, self.waiting = {}, bytearray(), []
        self.msize = MSIZE
        self.seen = []  # types of the requests
        self.break_next = {}  # type of request -> function(reply bytes) -> reply bytes
        self.locks = {}

    # ---- transport ----

    def fds(self):
        return [self.fids[fid].host for _, tag, fid, n in self.waiting]

    def feed(self, vm, data):
        self.vm = vm
        self.buffer += data
        while len(self.buffer) >= 7:
            size, type, tag = struct.unpack_from("<IBH", self.buffer)
            if len(self.buffer) < size:
                break
            body = bytes(self.buffer[7:size])
            del self.buffer[:size]
            self.seen.append(type)
            self.request(type, tag, body)

    def ready(self, fd):
        for w in list(self.waiting):
            if self.fids[w[2]].host == fd:
                self.waiting.remove(w)
                self.reply(w[0], w[1], self.bytes(os.read(fd, w[3])))

    @staticmethod
    def bytes(b):
        return struct.pack("<I", len(b)) + b

    def reply(self, type, tag, body):
        message = struct.pack("<IBH", 7 + len(body), type + 1, tag) + body
        if type in self.break_next:
            message = self.break_next.pop(type)(message)
        if message:
            self.vm.sock["9p"].sendall(message)

    def request(self, type, tag, body):
        handler = self.handlers.get(type)
        try:
            if not handler:
                raise OSError(errno.EOPNOTSUPP, "type")
            out = handler(self, Reader(body), tag)
            if out is not None:
                self.reply(type, tag, out)
        except OSError as e:
            self.reply(6, tag, struct.pack("<I", e.errno))
        except (KeyError, ValueError, TypeError):  # no such fid, a name with NUL, not opened
            self.reply(6, tag, struct.pack("<I", errno.EBADF))

    # ---- files ----

    def full(self, path):
        return self.root + path if self.root != "/" else path

    def qid(self, path):
        st = os.lstat(self.full(path))
        kind = 0x80 if stat.S_ISDIR(st.st_mode) else 2 if stat.S_ISLNK(st.st_mode) else 0
        return struct.pack("<BIQ", kind, 0, st.st_ino)

    def version(self, r, tag):
        self.msize = min(r.u32(), self.msize)
        return struct.pack("<I", self.msize) + string("9P2000.L")

    def attach(self, r, tag):
        fid, _, _, aname = r.u32(), r.u32(), r.str(), r.str()
        if aname.startswith("fd/"):
            if int(aname[3:]) not in self.descriptors:
                raise OSError(errno.EBADF, aname)
            self.fids[fid] = Fid(host=self.descriptors[int(aname[3:])])
            return struct.pack("<BIQ", 0, 0, fid)
        self.fids[fid] = Fid("/")
        return self.qid("/")

    def lopen(self, r, tag):
        f, flags = self.fids[r.u32()], r.u32()
        f.file = os.open(self.full(f.path), flags | os.O_NOFOLLOW)
        return self.qid(f.path) + struct.pack("<I", 0)

    def reach(self, r, tag):
        fid, new, how, flags, mode, n = r.u32(), r.u32(), r.u32(), r.u32(), r.u32(), r.u16()
        names = [r.str() for _ in range(n)]
        follow, attr, opens, creates, beside = (how & bit for bit in (1, 2, 4, 8, 16))
        others = [r.str() for _ in range(r.u16())] if beside else []
        path, file, kind = self.fids[fid].path, None, 0x80
        for i, name in enumerate(names):
            path = os.path.dirname(path) if name == ".." else os.path.join(path, name)
            if creates and i == n - 1:
                made = os.O_CREAT if flags & os.O_EXCL or not os.path.lexists(self.full(path)) else 0
                if made:
                    file = os.open(self.full(path), flags | made | os.O_NOFOLLOW, mode)
            kind = self.qid(path)[0]
            if kind == 2 and (follow or i < n - 1):
                return struct.pack("<HBB", i + 1, 2, 0) + string(os.readlink(self.full(path)))
        waits = opens and stat.S_IFMT(os.lstat(self.full(path)).st_mode) in (stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK)
        if opens and file is None and not waits:
            file = os.open(self.full(path), flags & ~os.O_EXCL | os.O_NOFOLLOW)
        f = Fid(path)
        f.file = file
        if new != 0xffffffff:
            self.fids[new] = f
        return (struct.pack("<HBB", n, kind, bool(opens and not waits)) + string("") +
                (self.attributes(self.st(f)) if attr else b"") + (self.attributes_beside(os.path.dirname(path), others) if beside else b""))

    def attributes_beside(self, directory, names):
        out = struct.pack("<H", len(names))
        for name in names:
            try:
                record = struct.pack("<I", 0) + self.attributes(os.lstat(self.full(os.path.join(directory, name))))
            except OSError as e:
                record = struct.pack("<I", e.errno)
            out += record
        return out

    def read(self, r, tag):
        number, offset, n = r.u32(), r.u64(), min(r.u32(), self.msize - 11)
        f = self.fids[number]
        if f.host is not None and offset == HERE:
            if not select.select([f.host], [], [], 0)[0]:
                self.waiting.append((116, tag, number, n))
                return None
            return self.bytes(os.read(f.host, n))
        return self.bytes(os.pread(f.file if f.host is None else f.host, n, offset))

    def bread(self, r, tag):
        """Tbread, of a host that does not use the bounce buffer."""
        out = self.read(r, tag)
        if out is not None:
            self.reply(116, tag, out)

    def write(self, r, tag):
        f, offset, n = self.fids[r.u32()], r.u64(), r.u32()
        data = r.rest(n)
        if f.host is not None:
            n = os.write(f.host, data) if offset == HERE else os.pwrite(f.host, data, offset)
        else:
            n = os.pwrite(f.file, data, offset)
        return struct.pack("<I", n)

    def clunk(self, r, tag):
        f = self.fids.pop(r.u32())
        if f.file is not None:
            os.close(f.file)
        return b""

    def flush(self, r, tag):
        old = r.u16()
        self.waiting = [w for w in self.waiting if w[1] != old]
        return b""

    def st(self, f):
        open_as = f.file if f.host is None else f.host
        return os.lstat(self.full(f.path)) if open_as is None else os.fstat(open_as)

    def getattr(self, r, tag):
        return self.attributes(self.st(self.fids[r.u32()]))

    @staticmethod
    def attributes(st):
        ns = lambda t: (t // 10**9, t % 10**9)
        return (struct.pack("<QBIQIIIQQQQQ", 0x7ff, 0, 0, st.st_ino, st.st_mode, st.st_uid, st.st_gid, st.st_nlink,
                            st.st_rdev, st.st_size, st.st_blksize, st.st_blocks) +
                struct.pack("<QQQQQQ", *ns(st.st_atime_ns), *ns(st.st_mtime_ns), *ns(st.st_ctime_ns)) + bytes(32))

    def setattr(self, r, tag):
        f, mask, mode, uid, gid, size = self.fids[r.u32()], r.u32(), r.u32(), r.u32(), r.u32(), r.u64()
        times = [r.u64() for _ in range(4)]
        path = f.host if f.host is not None else self.full(f.path)
        if mask & 1:
            os.chmod(path, mode)
        if mask & 6:
            os.chown(path, uid if mask & 2 else -1, gid if mask & 4 else -1, follow_symlinks=False)
        if mask & 8:
            os.truncate(path, size)
        if mask & 0x30:
            import time
            st = os.stat(path)
            at, mt = st.st_atime_ns, st.st_mtime_ns
            if mask & 0x10:
                at = times[0] * 10**9 + times[1] if mask & 0x80 else time.time_ns()
            if mask & 0x20:
                mt = times[2] * 10**9 + times[3] if mask & 0x100 else time.time_ns()
            os.utime(path, ns=(at, mt))
        return b""

    def readlink(self, r, tag):
        return string(os.readlink(self.full(self.fids[r.u32()].path)))

    def readdir(self, r, tag):
        f, offset, n = self.fids[r.u32()], r.u64(), r.u32()
        names = [".", ".."] + sorted(os.listdir(self.full(f.path)))
        out = b""
        for i in range(offset, len(names)):
            path = f.path if i == 0 else os.path.dirname(f.path) if i == 1 else os.path.join(f.path, names[i])
            mode = os.lstat(self.full(path)).st_mode
            entry = self.qid(path) + struct.pack("<QB", i + 1, mode >> 12 & 15) + string(names[i])
            if len(out) + len(entry) > n:
                break
            out += entry
        return self.bytes(out)

    def fsync(self, r, tag):
        return b""

    def statfs(self, r, tag):
        s = os.statvfs(self.full(self.fids[r.u32()].path or "/"))
        return struct.pack("<IIQQQQQQI", 0xef53, s.f_bsize, s.f_blocks, s.f_bfree, s.f_bavail, s.f_files, s.f_ffree,
                           7, s.f_namemax)

    def lock(self, r, tag):
        f, type = self.fids[r.u32()], r.u8()
        try:
            fcntl.flock(f.file, (fcntl.LOCK_SH, fcntl.LOCK_EX, fcntl.LOCK_UN)[type] | fcntl.LOCK_NB)
            return b"\0"
        except BlockingIOError:
            return b"\1"

    def link(self, r, tag):
        d, f, name = self.fids[r.u32()], self.fids[r.u32()], r.str()
        os.link(self.full(f.path), os.path.join(self.full(d.path), name), follow_symlinks=False)
        return b""

    def in_dir(self, r):
        return os.path.join(self.fids[r.u32()].path, r.str())

    def mkdir(self, r, tag):
        path, mode = self.in_dir(r), r.u32()
        os.mkdir(self.full(path), mode)
        return self.qid(path)

    def mknod(self, r, tag):
        path, mode = self.in_dir(r), r.u32()
        os.mknod(self.full(path), mode)
        return self.qid(path)

    def symlink(self, r, tag):
        path, target = self.in_dir(r), r.str()
        os.symlink(target, self.full(path))
        return self.qid(path)

    def renameat(self, r, tag):
        os.rename(self.full(self.in_dir(r)), self.full(self.in_dir(r)))
        return b""

    def unlinkat(self, r, tag):
        path, flags = self.full(self.in_dir(r)), r.u32()
        os.rmdir(path) if flags & 0x200 else os.unlink(path)
        return b""

    handlers = {8: statfs, 12: lopen, 16: symlink, 18: mknod, 22: readlink, 24: getattr, 26: setattr,
                40: readdir, 50: fsync, 52: lock, 70: link, 72: mkdir, 74: renameat, 76: unlinkat, 100: version,
                104: attach, 108: flush, 116: read, 118: write, 120: clunk, 128: reach, 130: bread}


def string(s):
    b = os.fsencode(s)
    return struct.pack("<H", len(b)) + b


class Reader:
    def __init__(self, body):
        self.b, self.at = body, 0

    def take(self, fmt):
        v, = struct.unpack_from(fmt, self.b, self.at)
        self.at += struct.calcsize(fmt)
        return v

    def u8(self):
        return self.take("<B")

    def u16(self):
        return self.take("<H")

    def u32(self):
        return self.take("<I")

    def u64(self):
        return self.take("<Q")

    def rest(self, n):
        self.at += n
        return self.b[self.at - n:self.at]

    def str(self):
        return os.fsdecode(self.rest(self.u16()))
