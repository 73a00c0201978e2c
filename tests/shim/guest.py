"""A guest, and its vmprocd, played by a test: the far ends of what a shim under test holds."""
import array, collections, os, re, socket, struct, subprocess

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../vmproc/vmprocd_proto.h')) as header:
    VERSION = int(re.search(r'VMP_VERSION +(\d+)u', header.read()).group(1))

READY, STARTED, EXITED, CALL, CANCEL, LOG, STOPPED = range(1, 8)
EXEC, SIGNAL, RET, BROKEN, CHILD, CLOCK = range(64, 70)
LSEEK, IOCTL, POLL, TRUNCATE, SYNC, CLOSE = range(1, 7)
HERE = (1 << 64) - 1
NOFID = 0xffffffff
BOUNCE = 8  # VMP_BOUNCE
BOUNCE_BYTES = 512 << 10
FD_FIELDS = 'fd same_as read_via write_via flags open_flags mode reserved dev ino rdev size'
Fd = collections.namedtuple('Fd', FD_FIELDS)


class Error(Exception):
    """Rlerror, or a negative CTL_RET."""

    def __init__(self, errno):
        super().__init__(os.strerror(errno))
        self.errno = errno


def text(s):
    s = s if isinstance(s, bytes) else s.encode()
    return struct.pack('<H', len(s)) + s


class Guest:
    """Starts vmproc-run with a lease whose VM is this object."""

    TIMEOUT = 10

    def __init__(self, argv, path='/bin/busybox', options='', grant=(), bounce=None, lifeline=None, announced=True, spawn=subprocess.Popen,
                 **popen):
        build = os.environ.get('BUILD', 'build')
        self.vmprocd, lease = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pairs = [socket.socketpair() for _ in range(4)]
        self.ctl, self.p9, self.out, self.err = (ours for ours, _ in pairs)
        for sock in (self.vmprocd, self.ctl, self.p9, self.out, self.err):
            sock.settimeout(self.TIMEOUT)
        self.send_grant(*grant, fds=[theirs.fileno() for _, theirs in pairs], bounce=bounce)
        passed = [lease.fileno()] + ([lifeline] if lifeline is not None else [])
        options = f'v=3,l={lease.fileno()}' + (f',g={lifeline}' if lifeline is not None else '') + options
        popen['pass_fds'] = list(popen.get('pass_fds', ())) + passed
        self.process = spawn([os.path.join(build, 'vmproc-run'), options, path, *argv], **popen)
        lease.close()
        for _, theirs in pairs:
            theirs.close()
        self.written = {'out': 0, 'err': 0}
        self.signals = []
        self.broken = []
        self.rets = {}
        self.calls = 0
        self.replies = {}
        self.tag = 0
        self.fid = 100
        self.read_exec()
        if announced:
            kind, _ = self.from_shim()
            assert kind == 3, kind

    # vmprocd

    def send_grant(self, in_key=0, out_key=0, resident=(0, 0, 0, 0), fds=(), bounce=None):
        """bounce: descriptor of the file of the bounce buffer."""
        flags, fds = (BOUNCE, [*fds, bounce]) if bounce is not None else (0, fds)
        body = struct.pack('<9QII64s', 1, 2000000000, in_key, out_key, *resident, 1 << 28, 1, flags, b'played')
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', fds))]
        self.vmprocd.sendmsg([struct.pack('<HHI', VERSION, 64, len(body)), body], rights)

    def to_shim(self, kind, body=b''):
        self.vmprocd.send(struct.pack('<HHI', VERSION, kind, len(body)) + body)

    def lose(self, text):
        self.to_shim(68, struct.pack('<II504s', 6, 0, text.encode()))

    def from_shim(self):
        packet = self.vmprocd.recv(8192)
        return struct.unpack_from('<HHI', packet)[1] if packet else None, packet[8:]

    def wait(self):
        """The shim's status as subprocess has it: negative for a signal."""
        try:
            return self.process.wait(self.TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return 'hung'

    def close(self):
        for sock in (self.vmprocd, self.ctl, self.p9, self.out, self.err):
            sock.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    # ctl

    @staticmethod
    def exactly(sock, n):
        data = b''
        while len(data) < n:
            more = sock.recv(n - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def message(self):
        length, kind, _ = struct.unpack('<IHH', self.exactly(self.ctl, 8))
        return kind, self.exactly(self.ctl, length)

    def send(self, kind, body=b''):
        self.ctl.sendall(struct.pack('<IHH', len(body), kind, 0) + body)

    def read_exec(self):
        kind, body = self.message()
        assert kind == EXEC, kind
        self.abi, self.flags, self.realtime, self.tsc_hz = struct.unpack_from('<IIQQ', body)
        self.entropy = body[24:56]
        self.keys = struct.unpack_from('<QQ', body, 56)
        names = 'pid ppid pgid sid uid gid umask ign_lo ign_hi blk_lo blk_hi nfds nargv nenv strings reserved'.split()
        self.exec = dict(zip(names, struct.unpack_from('<16I', body, 72)))
        self.memory, *self.rlimits = struct.unpack_from('<33Q', body, 136)
        at = 136 + 8 + 256
        self.fds = {}
        for _ in range(self.exec['nfds']):
            f = Fd(*struct.unpack_from('<IIBBHIIIQQQQ', body, at))
            self.fds[f.fd] = f
            at += 56
        strings = body[at:].split(b'\0')[:-1]
        assert len(body) - at == self.exec['strings']
        self.path, self.cwd, self.host = (s.decode() for s in strings[:3])
        self.argv = [s.decode() for s in strings[3:3 + self.exec['nargv']]]
        self.env = [s.decode() for s in strings[3 + self.exec['nargv']:]]
        assert len(self.env) == self.exec['nenv']

    def start(self):
        self.send(STARTED)

    def write(self, port, data):
        data = data if isinstance(data, bytes) else data.encode()
        self.written[port] += len(data)
        getattr(self, port).sendall(data)

    def exit(self, status=0, how=0, taken=None, fatal=()):
        """taken: the number of signals that had come, all by default; fatal: those that would have ended the program."""
        taken = len(self.signals) if taken is None else taken
        self.send(EXITED, struct.pack('<IIQQQQQQQQ', how, status, self.written['out'], self.written['err'], 0, 0, 0, 0, taken,
                                      sum(1 << signo - 1 for signo in fatal)))

    def log(self, line):
        self.send(LOG, line.encode())

    def take(self):
        """One message from the host."""
        kind, body = self.message()
        if kind == SIGNAL:
            self.signals.append(struct.unpack('<II', body)[0])
        elif kind == BROKEN:
            self.broken.append(struct.unpack('<II', body)[0])
        elif kind == RET:
            ident, _, result = struct.unpack_from('<IIq', body)
            self.rets[ident] = (result, body[16:])
        return kind

    def call_start(self, op, fd, a=0, b=0, data=b'', marks=None):
        self.calls += 1
        out, err = marks or (self.written['out'], self.written['err'])
        self.send(CALL, struct.pack('<IIIIqqQQ', self.calls, op, fd, len(data), a, b, out, err) + data)
        return self.calls

    def call_cancel(self, ident):
        self.send(CANCEL, struct.pack('<II', ident, 0))

    def call_finish(self, ident):
        while ident not in self.rets:
            self.take()
        result, data = self.rets.pop(ident)
        if result < 0:
            raise Error(-result)
        return result, data

    def call(self, *args, **named):
        return self.call_finish(self.call_start(*args, **named))

    # 9P

    def ask_start(self, kind, body=b'', tag=None):
        if tag is None:
            self.tag = (self.tag + 1) % 0xfff0
            tag = self.tag
        self.p9.sendall(struct.pack('<IBH', 7 + len(body), kind, tag) + body)
        return tag

    def reply(self):
        size, kind, tag = struct.unpack('<IBH', self.exactly(self.p9, 7))
        self.replies[tag] = (kind, self.exactly(self.p9, size - 7))
        return tag

    def ask_finish(self, tag):
        while tag not in self.replies:
            self.reply()
        kind, body = self.replies.pop(tag)
        if kind == 7:
            raise Error(struct.unpack('<I', body)[0])
        return body

    def ask(self, kind, body=b'', tag=None):
        return self.ask_finish(self.ask_start(kind, body, tag))

    def new_fid(self):
        self.fid += 1
        return self.fid

    def version(self, msize=65536):
        body = self.ask(100, struct.pack('<I', msize) + text('9P2000.L'), tag=0xffff)
        return struct.unpack_from('<I', body)[0]

    def attach(self, name=''):
        fid = self.new_fid()
        self.ask(104, struct.pack('<II', fid, NOFID) + text('') + text(name) + struct.pack('<I', 0))
        return fid

    def walk(self, fid, *names):
        """(new fid or None, qids)"""
        new = self.new_fid()
        body = self.ask(110, struct.pack('<IIH', fid, new, len(names)) + b''.join(text(n) for n in names))
        count = struct.unpack_from('<H', body)[0]
        qids = [struct.unpack_from('<BIQ', body, 2 + 13 * i) for i in range(count)]
        return (new if count == len(names) else None), qids

    def reach(self, fid, *names, how=2, flags=0, mode=0o644, want_fid=False, beside=()):
        """Treach. how: 1 follow, 2 attributes, 4 open, 8 create, 16 and beside: further names. A dict: fid, walked, type,
        opened, target, attributes, beside: for each name an errno or its attributes."""
        new = self.new_fid() if want_fid else NOFID
        body = self.ask(128, struct.pack('<IIIIIH', fid, new, how, flags, mode, len(names)) + b''.join(map(text, names)) +
                        (struct.pack('<H', len(beside)) + b''.join(map(text, beside)) if how & 16 else b''))
        walked, kind, opened, length = struct.unpack_from('<HBBH', body)
        target = body[6:6 + length].decode()
        got = {'fid': None if target or not want_fid else new, 'walked': walked, 'type': kind, 'opened': bool(opened),
               'target': target}
        if how & 2 and not target:
            got.update(self.attributes(body[6:]))
        if how & 16 and not target:
            count, at, got['beside'] = struct.unpack_from('<H', body, 159)[0], 161, []
            for _ in range(count):
                error, = struct.unpack_from('<I', body, at)
                got['beside'].append(error or self.attributes(body[at + 4:]))
                at += 4 if error else 157
        return got

    def at(self, root, path):
        """The fid of an absolute path without links."""
        fid, qids = self.walk(root, *[p for p in path.split('/') if p])
        if fid is None:
            raise Error(2)
        return fid

    def open(self, fid, flags=0):
        self.ask(12, struct.pack('<II', fid, flags))
        return fid

    def create(self, dir_fid, name, flags=0o102, mode=0o644):
        fid, _ = self.walk(dir_fid)
        self.ask(14, struct.pack('<I', fid) + text(name) + struct.pack('<III', flags, mode, 0))
        return fid

    def read(self, fid, count=8192, offset=HERE):
        body = self.ask(116, struct.pack('<IQI', fid, offset, count))
        return body[4:]

    def bread(self, fid, count, at, offset=HERE):
        """Tbread: the count when the bytes went into the bounce buffer, the bytes when they came by message."""
        tag = self.ask_start(130, struct.pack('<IQII', fid, offset, count, at))
        while tag not in self.replies:
            self.reply()
        kind = self.replies[tag][0]
        body = self.ask_finish(tag)
        assert kind == 131 and len(body) == 4 or kind == 117, (kind, body[:8])
        return struct.unpack('<I', body)[0] if kind == 131 else body[4:]

    def pwrite(self, fid, data, offset=HERE):
        return struct.unpack('<I', self.ask(118, struct.pack('<IQI', fid, offset, len(data)) + data))[0]

    def clunk(self, fid):
        self.ask(120, struct.pack('<I', fid))

    def readdir(self, fid, offset=0, count=8192):
        body = self.ask(40, struct.pack('<IQI', fid, offset, count))
        entries, at = [], 4
        while at < len(body):
            qid = struct.unpack_from('<BIQ', body, at)
            cookie, kind, length = struct.unpack_from('<QBH', body, at + 13)
            entries.append((body[at + 24:at + 24 + length].decode(), cookie, kind, qid))
            at += 24 + length
        return entries

    @staticmethod
    def attributes(body):
        names = 'mode uid gid nlink rdev size blksize blocks'.split()
        attr = dict(zip(names, struct.unpack_from('<IIIQQQQQ', body, 21)))
        attr['qid'] = struct.unpack_from('<BIQ', body, 8)
        return attr

    def getattr(self, fid):
        return self.attributes(self.ask(24, struct.pack('<IQ', fid, 0x7ff)))

    def setattr(self, fid, valid, mode=0, uid=0, gid=0, size=0, atime=(0, 0), mtime=(0, 0)):
        self.ask(26, struct.pack('<IIIIIQQQQQ', fid, valid, mode, uid, gid, size, *atime, *mtime))

    def readlink(self, fid):
        return self.ask(22, struct.pack('<I', fid))[2:].decode()

    def unlink(self, dir_fid, name, flags=0):
        self.ask(76, struct.pack('<I', dir_fid) + text(name) + struct.pack('<I', flags))
