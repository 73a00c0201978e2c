#!/usr/bin/env python3
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
        data = struct.pack("<HHI", 1, kind, len(body)) + body
        quarter = (len(data) + 3) // 4
        quarter += (quarter ^ fd) & 1
        return bytes([min(quarter, 255)]) + (data + bytes(4 * quarter - len(data)) if quarter * 4 > len(data) + 3 else data)

    lease = packet(1, struct.pack("<IIQ", 1, 7, 0))
    started = packet(3, bytes(528))
    for rest in (b"", started, packet(4), packet(5), packet(10, bytes(8), 1), packet(6), packet(7), packet(8, bytes(8)), packet(11)):
        yield (b"\1" + lease + rest).decode("latin-1")
        yield (b"\1" + rest).decode("latin-1")
    yield (b"\1" + packet(2, struct.pack("<IIQ", 3, 7, 0)) + packet(9)).decode("latin-1")
    frame = struct.pack("<IHH", 32, 1, 0) + struct.pack("<IIQQQ", 1, 0, 1, 2, 3)
    log = struct.pack("<IHH", 5, 6, 0) + b"hello"
    for data in (frame, log + frame, frame + frame):
        yield (b"\0" + bytes([len(data)]) + data).decode("latin-1")


SOURCES = {"daemon_request": requests, "parser": scripts, "expand": lines, "arith": expressions, "pattern": patterns, "printf": arguments}


def main():
    target, directory = sys.argv[1:]
    if target == "shim_9p":
        subprocess.run([sys.executable, os.path.join(HERE, "seeds_9p.py"), directory], check=True)
    for text in SOURCES.get(target, list)():
        data = text.encode("latin-1" if target == "daemon_request" else "utf-8", "surrogateescape")
        if 0 < len(data) <= 4096:
            with open(os.path.join(directory, hashlib.sha1(data).hexdigest()), "wb") as file:
                file.write(data)


main()
