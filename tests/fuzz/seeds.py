"""seeds.py TARGET DIRECTORY - a first corpus for a fuzz target: what the cases of tests/posix hold of its language."""
import glob
import hashlib
import os
import re
import shlex
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "../../vmproc/vmprocd_proto.h"), encoding="utf-8") as header:
    VERSION = int(re.search(r"VMP_VERSION +(\d+)u", header.read()).group(1))


def scripts():
    """The script of each case."""
    for path in sorted(glob.glob(os.path.join(HERE, "..", "posix", "*.tst"))):
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            for case in re.split(r"^=== .*\n", file.read(), flags=re.M)[1:]:
                yield re.split(r"^--- ", case, flags=re.M)[0]


def lines():
    return (line for script in scripts() for line in script.splitlines())


def expressions():
    return (found for line in lines() for found in re.findall(r"\$\(\((.*?)\)\)", line))


def patterns():
    for line in lines():
        for word, pattern in re.findall(r"case (\S+) in \(?([^)]*)\)", line) + re.findall(r"\$\{(\w+)[#%]+([^}]*)\}", line):
            yield pattern + "\0" + word


def arguments():
    """Of printf, echo and test; the first byte chooses the utility."""
    for line in lines():
        found = re.search(r"\b(printf|echo|test) (.*)", line)
        try:
            words = shlex.split(found.group(2)) if found else []
        except ValueError:
            continue
        if words:
            yield {"printf": "\0", "echo": "\2", "test": "\3"}[found.group(1)] + "\0".join(words)


def requests():
    """Conversations with vmprocd (daemon_request.c): a byte, then pieces, of packets a quarter of their length first."""
    def packet(kind, body=b"", fd=0):
        data = struct.pack("<HHI", VERSION, kind, len(body)) + body
        quarter = (len(data) + 3) // 4
        quarter += (quarter ^ fd) & 1
        return bytes([min(quarter, 255)]) + (data + bytes(4 * quarter - len(data)) if quarter * 4 > len(data) + 3 else data)

    lease = packet(1, struct.pack("<IIQII", 1, 7, 0, 0, 0))
    started = packet(3, bytes(528))
    for rest in (b"", started, packet(4), packet(5), packet(10, bytes(8), 1), packet(6), packet(7), packet(8, bytes(8)), packet(11),
                 packet(28, bytes(200)), packet(29, b"x".ljust(128, b"\0"))):
        yield (b"\1" + lease + rest).decode("latin-1")
        yield (b"\1" + rest).decode("latin-1")
    yield (b"\1" + packet(2, struct.pack("<IIQII", 3, 7, 0, 0, 0)) + packet(9)).decode("latin-1")
    frame = struct.pack("<IHH", 32, 1, 0) + struct.pack("<IIQQQ", 1, 0, 1, 2, 3)
    log = struct.pack("<IHH", 5, 6, 0) + b"hello"
    for data in (frame, log + frame, frame + frame):
        yield (b"\0" + bytes([len(data)]) + data).decode("latin-1")


def calls():
    """What a guest says on its control port (shim_ctl.c) of sockets: each call once, in an order that makes sense."""
    number, made = 0, 1 << 28  # of the first socket

    def call(op, fd=made, a=0, b=0, data=b""):
        nonlocal number
        number += 1
        return struct.pack("<IHHIIIIqqQQ", 48 + len(data), 4, 0, number, op, fd, len(data), a, b, 0, 0) + data

    here = struct.pack("<HHBBBB8x", 2, 0x0100, 127, 99, 0, 1)
    resolver = struct.pack("<HHBBBB8x", 2, 0x3500, 192, 0, 2, 53)
    stream, datagram = call(11, 0, 2, 1), call(11, 0, 2, 2)
    for rest in (call(12, data=here), call(12, a=1, data=here), call(13, data=here) + call(14, a=5) + call(15, a=1) + call(15),
                 call(16) + call(16, a=1), call(17, a=1, b=4) + call(17, a=6, b=11), call(18, a=1, b=9, data=struct.pack("<I", 1)),
                 call(19, a=1), call(3, a=5) + struct.pack("<IHHII", 8, 5, 0, 2, 0), call(6)):
        yield (stream + rest + call(6)).decode("latin-1")
        yield (datagram + rest).decode("latin-1")
    yield (datagram + call(12, data=resolver) + call(16, a=1) + call(18, a=6, b=1, data=bytes(4)) + call(17, a=1, b=3)).decode("latin-1")
    for op in range(11, 20):
        yield call(op, 1, 1, 1, here).decode("latin-1")


def queries():
    """DNS (shim_dns.c): names that were given and others, both families, and what is no question."""
    def message(name, kind, flags=0x100, count=1):
        labels = b"".join(bytes([len(label)]) + label for label in name.encode().split(b".") if label)
        data = struct.pack(">HHHHHH", 7, flags, count, 0, 0, 0) + labels + struct.pack(">BHH", 0, kind, 1)
        return bytes([len(data)]) + data

    for name in ("g", "none.example", "elsewhere.example", "", "a" * 63 + ".b", "1.99.127.in-addr.arpa"):
        yield (message(name, 1) + message(name, 28)).decode("latin-1")
    for flags, count in ((0x8100, 1), (0x2800, 1), (0x100, 2), (0x100, 0)):
        yield message("g", 1, flags, count).decode("latin-1")


def guest_messages():
    """What a shim says to a guest (guest_ctl.c): each message, of the right size and near it, in each state."""
    def message(kind, body):
        return bytes([1, kind, len(body)]) + body

    sizes = {65: 8, 66: 16, 67: 8, 68: 32, 69: 16, 70: 16}
    for how in range(4):
        for kind, size in sizes.items():
            for n in (size, size - 1, size + 1):
                yield (bytes([how]) + message(kind, (struct.pack("<II", 1, 0) + bytes(40))[:n]) * 2).decode("latin-1")
        for call in range(1, 5):
            yield (bytes([how]) + message(66, struct.pack("<IIq", call, 9, 3) + b"x" * 9)).decode("latin-1")


def wire_frames():
    """What a neighbour says (guest_wire.c): bytes of an end, then frames."""
    for end in range(2):
        for types in ((1, 2, 2, 3), (1, 2, 4), (2,), (4,), (1, 1), (1, 3, 2), (1, 0), (1, 130, 131)):
            yield (bytes([end]) + b"".join(bytes([7, 1, kind, 8]) for kind in types)).decode("latin-1")


def replies():
    """What a server answers (guest_p9.c): after a session each call, and replies of all lengths to it."""
    for call in range(16):
        for how in (0, 4, 0x10, 0x20, 3):
            for n in (0, 4, 13, 40, 153):
                yield (bytes([1, call | 0x40, how, n]) + bytes(n) + bytes([call, 0, 13]) + bytes(13)).decode("latin-1")
    for count in (0, 7, 8192, 8193, 1 << 19):  # by the bounce buffer, and by message
        yield (bytes([1, 0x85, 0, 4]) + struct.pack("<I", count) + bytes([0x85, 0x10, 9]) + bytes(9)).decode("latin-1")


def policies():
    """Policies of routers (gate_rules.c), and a VM."""
    domain = "<domain><memory>1</memory><os><kernel>/k</kernel></os><devices><disk type='file'><source file='/d'/></disk></devices></domain>"
    for line in ("* * allow", "cert:\"CN=a b\" guest allow memory=1G cpus=2 network=a,b* files=/x/*,/y devices=any # all",
                 "uid:0 sha256:" + "a" * 64 + " deny\nuser:*@b other allow files=none network=any", "\t# nothing\n\n"):
        yield line + "\n"
        yield line + "\n\0" + domain


BINARY = ("daemon_request", "shim_ctl", "shim_dns", "guest_ctl", "guest_wire", "guest_p9")
SOURCES = {"daemon_request": requests, "shim_ctl": calls, "shim_dns": queries,
           "guest_ctl": guest_messages, "guest_wire": wire_frames, "guest_p9": replies,
           "parser": scripts, "expand": lines, "arith": expressions, "gate_rules": policies, "pattern": patterns, "printf": arguments}


def main():
    target, directory = sys.argv[1:]
    if target == "shim_9p":
        subprocess.run([sys.executable, os.path.join(HERE, "seeds_9p.py"), directory], check=True)
    for text in SOURCES.get(target, list)():
        data = text.encode("latin-1" if target in BINARY else "utf-8", "surrogateescape")
        if 0 < len(data) <= 4096:
            with open(os.path.join(directory, hashlib.sha1(data).hexdigest()), "wb") as file:
                file.write(data)


main()
