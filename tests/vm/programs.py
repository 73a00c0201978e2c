#!/usr/bin/env python3
"""tests/vm/programs.py [WORD...] - Debian's programs in VMs do what they do as processes.

Each line of programs.txt is run twice in a fresh copy of the same directory: by dash, whose commands are processes,
and by fleetsh, whose commands are VMs. stdout, stderr, status and the files left behind must be the same. Prints TAP.
With words, only the lines that contain one of them. JOBS shells (2) work side by side, since a line mostly waits.
"""
import gzip
import bz2
import io
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
JOBS = int(os.environ.get("JOBS", "2"))
LIMIT = 600  # seconds until a whole share counts as hung
PATH = "/usr/bin:/bin"
# What a machine may lack (scripts/install-deps has them): a line with one of these as a word is skipped then.
OPTIONAL = ("bc", "bzip2", "cpio", "gawk", "gcc", "git", "jq", "lua5.4", "make", "mawk", "node", "openssl", "patch", "perl",
            "sqlite3", "ssh", "vim", "xz", "zstd")
EPOCH = 1000000000

TEXT = """the quick brown fox
jumps over the lazy dog and

runs away, singing; THE end
of nothing in particular: 42
"""

FILES = {
    "text": TEXT,
    "words": "".join(f"{a}{b}\n" for a in ("lazy", "be", "a", "xylo", "quiet") for b in ("r", "phone", "", "ing", "s")),
    "nums": "".join(f"{i * 37 % 101}\n" for i in range(1, 101)),
    "table.csv": "name,dept,salary\nann,x,100\nbob,y,250\ncyd,x,75\ndan,z,10\n",
    "users": "root:x:0:/root\nann:x:17:/home/ann\nbob:x:5:/home/bob\nann:x:17:/home/ann\n",
    "groups": "root:wheel\nann:staff\n",
    "data.json": '{"items": [{"name": "nut", "price": 3}, {"name": "bolt", "price": 4.5}], "ok": true, "none": null}\n',
    "one": "alpha\nbeta\ngamma\n",
    "two": "beta\ndelta\ngamma\n",
    "dups": "a\na\nb\nB\nc d\nx d\n",
    "pairs": "a b\nb c\na d\n",
    "sizes": "2K\n1G\n100\n3M\n",
    "sizes2": "a 1500\nb 2500000\n",
    "versions": "a-1.10\na-1.9\na-1.2\n",
    "months": "MAR\nJAN\nfeb\n",
    "tabs": "a\tb\n\tindented\n  \\ \x07\n",
    "old": "one\ntwo\nthree\nfour\n",
    "new": "one\n2\nthree\nfour\nfive\n",
    "change.diff": "--- old\n+++ new\n@@ -1,4 +1,5 @@\n one\n-two\n+2\n three\n four\n+five\n",
    "script.sed": "s/fox/cat/\n/dog/d\n",
    "prog.awk": "function f(x) { return x \"!\" }\n{ print f($1) }\n",
    "Makefile": "all: a b\n\na:\n\techo making a >a.out\nb:\n\tsort -r one >b.out; echo b $$?\n",
    "prog.c": "int main(int argc, char **argv) { return argc + 2; }\n",
    "empty": "",
    "crlf": "a\r\nb\tc\r\n\x01\x7f\n",
    "utf8": "gr\u00fc\u00df dich \u65e5\u672c\n",
    "zeros": "b\0a\0the c\0",
    "dir/a": "in a\n",
    "dir/b": "in b, longer\n",
    "dir/sub/c": "in c\n",
    "dir/.hidden": "hidden\n",
}


def archive():
    """A tar file of two small files, made here so that its every byte is known."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name in ("packed/one", "packed/two"):
            info = tarfile.TarInfo(name)
            info.size, info.mtime = 6, EPOCH
            tar.addfile(info, io.BytesIO(b"inside"))
    return buffer.getvalue()


def make_fixture(path):
    for name in ("dir/sub", "dir/void"):
        os.makedirs(os.path.join(path, name))
    for name, text in FILES.items():
        with open(os.path.join(path, name), "w", encoding="utf-8", newline="") as file:
            file.write(text)
    binaries = {"bin": bytes(i * i % 251 for i in range(4096)), "archive.tar": archive(),
                "packed.gz": gzip.compress(TEXT.encode(), mtime=EPOCH), "packed.bz2": bz2.compress(TEXT.encode())}
    for name, data in binaries.items():
        with open(os.path.join(path, name), "wb") as file:
            file.write(data)
    os.symlink("a", os.path.join(path, "dir/link"))
    os.symlink("nowhere", os.path.join(path, "dir/dangling"))
    for number, (base, dirs, files) in enumerate(os.walk(path, topdown=False)):
        for name in sorted(dirs + files):
            os.utime(os.path.join(base, name), (EPOCH + number, EPOCH + number), follow_symlinks=False)
    os.utime(os.path.join(path, "words"), (EPOCH - 100, EPOCH - 100))


def read_lines(words):
    lines = [line.rstrip("\n") for line in open(os.path.join(HERE, "programs.txt"), encoding="utf-8")]
    lines = [line for line in lines if line and not line.startswith("#")]
    return [line for line in lines if not words or any(word in line for word in words)]


def missing(line):
    """The program that the line needs and the machine lacks."""
    words = set(re.split(r"[^\w.]+", line))
    return next((name for name in OPTIONAL if name in words and not shutil.which(name, path=PATH)), None)


def script(lines, top):
    """What a shell does for its share: each line in its directory, its results beside it."""
    text = [f"PATH={PATH} LC_ALL=C TZ=UTC0 TMPDIR={shlex.quote(os.path.join(top, 'tmp'))} HOME=$TMPDIR",
            "export PATH LC_ALL TZ TMPDIR HOME"]
    for number, line in lines:
        to = os.path.join(top, "results", str(number))
        text += [f"cd {shlex.quote(os.path.join(top, 'work', str(number)))} || exit", "(", line,
                 f") </dev/null >{to}.out 2>{to}.err", f"echo $? >{to}.status"]
    return "\n".join(text) + "\n"


def run_share(shell, lines, top, name):
    path = os.path.join(top, name + ".sh")
    with open(path, "w", encoding="utf-8") as file:
        file.write(script(lines, top))
    environment = {key: value for key, value in os.environ.items()
                   if key in ("PATH", "HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "FLEETSH_ROUTER",
                              "DBUS_SYSTEM_BUS_ADDRESS", "FLEETSH_GUEST_LOG")}
    return subprocess.Popen(shell + [path], stdin=subprocess.DEVNULL, env=environment, start_new_session=True,
                            cwd=top)


def tree(path):
    """Names, kinds, modes and contents of all files below path."""
    found = {}
    for base, dirs, files in os.walk(path):
        for name in dirs + files:
            full = os.path.join(base, name)
            st = os.lstat(full)
            what = [stat.S_IFMT(st.st_mode), oct(st.st_mode & 0o7777)]
            if stat.S_ISLNK(st.st_mode):
                what = [stat.S_IFLNK, os.readlink(full)]
            elif stat.S_ISREG(st.st_mode):
                what.append(open(full, "rb").read())
            found[os.path.relpath(full, path)] = what
    return found


def result(top, number, kind):
    try:
        return open(os.path.join(top, "results", f"{number}.{kind}"), "rb").read()
    except FileNotFoundError:
        return None


def run_side(shell, lines, top, fixture):
    """All lines with this shell; for each its stdout, stderr, status and tree."""
    work, results = os.path.join(top, "work"), os.path.join(top, "results")
    for directory in (work, results):
        os.mkdir(directory)
    for number in range(len(lines)):
        shutil.copytree(fixture, os.path.join(work, str(number)), symlinks=True)
    numbered = list(enumerate(lines))
    shares = [run_share(shell, numbered[i::JOBS], top, f"share{i}") for i in range(JOBS)]
    for share in shares:
        try:
            share.wait(LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(share.pid, signal.SIGKILL)
            share.wait()
    seen = [[result(top, number, kind) for kind in ("out", "err", "status")] + [tree(os.path.join(work, str(number)))]
            for number in range(len(lines))]
    for directory in (work, results):
        shutil.rmtree(directory)
    return seen


def difference(host, vm):
    for name, a, b in zip(("stdout", "stderr", "status"), host, vm):
        if a != b:
            return f"{name}: host {a!r:.300}, VM {b!r:.300}"
    a, b = host[3], vm[3]
    for name in sorted(set(a) | set(b)):
        if a.get(name) != b.get(name):
            return f"file {name}: host {a.get(name)!r:.300}, VM {b.get(name)!r:.300}"
    return None


def main():
    lines = read_lines([word for word in sys.argv[1:] if os.path.abspath(word) != BUILD])
    os.umask(0o022)
    top = tempfile.mkdtemp(prefix="fleetsh-programs-")
    failed = 0
    try:
        fixture = os.path.join(top, "fixture")
        os.mkdir(fixture)
        os.mkdir(os.path.join(top, "tmp"))
        make_fixture(fixture)
        runnable = [line for line in lines if not missing(line)]
        host = run_side(["dash"], runnable, top, fixture)
        vm = run_side([os.path.join(BUILD, "fleetsh")], runnable, top, fixture)
        wrong = {line: difference(a, b) for line, a, b in zip(runnable, host, vm)}
        for number, line in enumerate(lines, 1):
            why = wrong.get(line)
            skip = f" # skip {missing(line)} is not installed" if missing(line) else ""
            failed += why is not None
            print(("not ok" if why else "ok") + f" {number} - {line.replace('#', '')}{skip}")
            if why:
                print("# " + why)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    print(f"1..{len(lines)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
