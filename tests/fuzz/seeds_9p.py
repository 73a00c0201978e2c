"""seeds_9p.py DIRECTORY: a first corpus for shim_9p.c: each request once, in sequences that make sense."""
import os, struct, sys

CWD, NEW, NEW2, NOFID = 2, 3, 4, 0xffffffff


def s(text):
    return struct.pack('<H', len(text)) + text.encode()


def m(kind, body, tag=1):
    message = struct.pack('<BH', kind, tag) + body
    return struct.pack('<H', len(message)) + message


def walk(frm, to, *names):
    return m(110, struct.pack('<IIH', frm, to, len(names)) + b''.join(s(n) for n in names))


def lopen(fid, flags):
    return m(12, struct.pack('<II', fid, flags))


def reach(frm, to, how, flags, *names, beside=()):
    return m(128, struct.pack('<IIIIIH', frm, to, how, flags, 0o644, len(names)) + b''.join(s(n) for n in names)
             + (struct.pack('<H', len(beside)) + b''.join(s(n) for n in beside) if beside else b''))


create = walk(CWD, NEW) + m(14, struct.pack('<I', NEW) + s('new') + struct.pack('<III', 0o1102, 0o644, 0))
write = m(118, struct.pack('<IQI', NEW, 0, 5) + b'hello')
lock = struct.pack('<IBIQQI', NEW, 1, 1, 0, 0, 1) + s('me')
# struct socket_head: where to
HEAD = struct.pack('<IIIHHBBBB20x', 0, 0, 16, 2, 0x0100, 127, 99, 0, 1)
RESOLVER = struct.pack('<IIIHHBBBB20x', 0, 0, 16, 2, 0x3500, 192, 0, 2, 53)
SEEDS = {
    'create': create + write + m(116, struct.pack('<IQI', NEW, 0, 100)) + m(120, struct.pack('<I', NEW)),
    'bounced': create + write + m(130, struct.pack('<IQII', NEW, 0, 100, 4096)) + m(130, struct.pack('<IQII', NEW, 2, 1 << 19, 1))
               + m(130, struct.pack('<IQII', NEW, NOFID << 32 | NOFID, 9, (1 << 19) - 9)),
    'bounced-fifo': walk(CWD, NEW, 'p') + lopen(NEW, 2) + m(130, struct.pack('<IQII', NEW, 0, 9, 0), 5) + write,
    'attributes': create + m(24, struct.pack('<IQ', NEW, 0x7ff))
                  + m(26, struct.pack('<IIIIIQQQQQ', NEW, 0x1ff, 0o600, NOFID, NOFID, 9, 1, 2, 3, 4)),
    'directory': walk(CWD, NEW) + lopen(NEW, 0o200000) + m(40, struct.pack('<IQI', NEW, 0, 4000)),
    'virtual': walk(1, NEW) + lopen(NEW, 0) + m(40, struct.pack('<IQI', NEW, 0, 4000)),
    'names': m(72, struct.pack('<I', CWD) + s('x') + struct.pack('<II', 0o755, 0))
             + m(16, struct.pack('<I', CWD) + s('y') + s('/etc') + struct.pack('<I', 0))
             + m(18, struct.pack('<I', CWD) + s('z') + struct.pack('<IIII', 0o10600, 0, 0, 0))
             + m(74, struct.pack('<I', CWD) + s('y') + struct.pack('<I', CWD) + s('yy'))
             + m(76, struct.pack('<I', CWD) + s('x') + struct.pack('<I', 0x200)),
    'link': walk(CWD, NEW, 'f') + m(70, struct.pack('<II', CWD, NEW) + s('hard'))
            + m(20, struct.pack('<II', NEW, CWD) + s('g')) + m(122, struct.pack('<I', NEW)),
    'readlink': walk(CWD, NEW, 'l') + m(22, struct.pack('<I', NEW)) + walk(CWD, NEW2, 'l', 'passwd'),
    'up': walk(CWD, NEW, 'd', 'e') + walk(NEW, NEW2, '..', '..', '..', '..') + walk(NEW, 5, '..', 'e'),
    'moved': walk(CWD, NEW, 'd', 'e') + m(74, struct.pack('<I', CWD) + s('d') + struct.pack('<I', CWD) + s('dd'))
             + walk(NEW, NEW2, '..'),
    'reach': reach(CWD, NOFID, 2, 0, 'd', 'e') + reach(CWD, NEW, 6, 2, 'f') + reach(CWD, NEW2, 7, 0, 'd', 'up', 'etc')
             + reach(CWD, 5, 14, 0o102, 'd', 'new') + reach(CWD, 6, 14, 0o302, 'l') + reach(CWD, 7, 0, 0, '..', '..', 'etc'),
    'reach-beside': reach(CWD, NOFID, 18, 0, 'd', 'e', beside=('up', 'e', '..', 'x')) + reach(CWD, NOFID, 19, 0, 'l', beside=('f',))
                    + reach(1, NEW, 18, 0, 'tmp', beside=('etc', 'x', '..')),
    'reach-fifo': reach(CWD, NEW, 14, 2, 'p') + lopen(NEW, 2) + reach(NEW, NEW2, 3, 0) + reach(1, 5, 6, 0, 'tmp'),
    'fifo': walk(CWD, NEW, 'p') + lopen(NEW, 0) + m(108, struct.pack('<H', 1), 2),
    'fifo-both': walk(CWD, NEW, 'p') + lopen(NEW, 2) + m(116, struct.pack('<IQI', NEW, 0, 9), 5)
                 + m(108, struct.pack('<H', 5), 6) + write,
    'lock': create + m(52, lock) + m(54, struct.pack('<IBQQI', NEW, 0, 0, 0, 1) + s('me')),
    'statfs': m(8, struct.pack('<I', CWD)) + create + m(50, struct.pack('<II', NEW, 0)),
    'inherited': m(104, struct.pack('<II', NEW, NOFID) + s('') + s('fd/0') + struct.pack('<I', 0))
                 + m(116, struct.pack('<IQI', NEW, 0, 10), 7) + m(108, struct.pack('<H', 7)) + walk(NEW, NEW2),
    'datagram': m(104, struct.pack('<II', NEW, NOFID) + s('') + s('fd/1') + struct.pack('<I', 0))
                + m(118, struct.pack('<IQI', NEW, 1 << 63 | 1 << 32, 42) + HEAD + b'hi', 2)
                + m(116, struct.pack('<IQI', NEW, 1 << 63 | 1 << 32 | 0x40, 99), 3),
    'query': m(104, struct.pack('<II', NEW, NOFID) + s('') + s('fd/1') + struct.pack('<I', 0))
             + m(118, struct.pack('<IQI', NEW, 1 << 63 | 1 << 32, 42) + RESOLVER + b'hi', 2)
             + m(116, struct.pack('<IQI', NEW, 1 << 63, 99), 3) + m(108, struct.pack('<H', 3)),
    'stream': m(104, struct.pack('<II', NEW, NOFID) + s('') + s('fd/2') + struct.pack('<I', 0))
              + m(118, struct.pack('<IQI', NEW, 1 << 63 | 0x40, 2) + b'hi', 2)
              + m(116, struct.pack('<IQI', NEW, 1 << 63 | 0x42, 99), 3),
    'xattr': m(30, struct.pack('<II', CWD, NEW) + s('user.x')) + m(32, struct.pack('<I', CWD)),
    'named': walk(1, NEW, 'tmp') + m(14, struct.pack('<I', NEW) + s('named') + struct.pack('<III', 0o102, 0o644, 0)),
}

for name, seed in SEEDS.items():
    with open(os.path.join(sys.argv[1], name), 'wb') as file:
        file.write(b'\0' + seed)
