"""What a program sees and what the host sees of it: starting, ending, files, descriptors, signals."""
import array
import fcntl
import hashlib
import os
import pty
import shutil
import signal
import socket
import struct
import termios
import time

import vm as V
from p9server import Server

TESTS = []


def test(name, arch=V.ARCH):
    """arch: the one whose guest alone can do that."""
    def add(function):
        if arch == V.ARCH:
            TESTS.append((name, function))
        return function
    return add


class Context:
    """Where the tests work; keeps track of the guests of one test, so that none is left."""

    def __init__(self, build, dir, programs):
        self.build, self.dir, self.programs, self.vms, self.n = build, dir, programs, [], 0
        self.work = os.path.join(dir, "work")
        os.mkdir(self.work)

    def vm(self, name=None, **kw):
        self.n += 1
        v = V.VM(self.build, self.dir, name or f"vm{self.n}", **kw)
        self.vms.append(v)
        return v

    def end_test(self):
        for v in self.vms:
            v.close()
        self.vms = []
        shutil.rmtree(self.work)
        os.mkdir(self.work)

    def run(self, argv, server=None, files=False, timeout=20, **kw):
        """Runs one command to its end."""
        if files and not server:
            server = Server("/")
        v = self.vm(server=server, extra=kw.pop("extra", ()), memory=kw.pop("memory", 512))
        v.exec(argv, cwd=kw.pop("cwd", self.work), uid=kw.pop("uid", os.getuid()), gid=os.getgid(), **kw)
        v.wait_exit(timeout)
        return v

    def program(self, name, *args, **kw):
        path = os.path.join(self.programs, name)
        return self.run([path, *args], path=path, flags=kw.pop("flags", 0), files=True, **kw)

    def passes(self, name, *args, **kw):
        """A program of t.h: all its checks hold."""
        v = self.program(name, *args, **kw)
        lines = v.out.decode().splitlines()
        bad = [line for line in lines if line.startswith("not ok")]
        assert not bad, bad
        is_status(v, 0)
        assert lines
        return v


def is_status(v, status):
    assert (v.exit.how, v.exit.value) == (V.STATUS, status), (v.exit, v.log, bytes(v.err[-500:]))


def is_signal(v, signo):
    assert (v.exit.how, v.exit.value) == (V.SIGNALLED, signo), (v.exit, v.log)


def is_out(v, out, err=b""):
    assert bytes(v.out) == out and bytes(v.err) == err, (bytes(v.out[:500]), bytes(v.err[:500]), v.log)


# ---- starting and ending ----

@test("a guest that QEMU has loaded boots with any memory, whatever lies at its end", "x86_64")
def _(c):
    for memory in (64, 1024, 1500, 3072, 5000):
        v = c.vm(pvh=True, memory=memory)
        v.wait_ready()
        # The firmware's MiB, the one that begins with the data, the text, and the resident program are not free.
        taken = (2 << 20) + os.stat(V.BUSYBOX).st_size
        assert (memory << 20) - taken - (1 << 20) < v.ready[4] <= (memory << 20) - taken, (memory, v.ready)
        assert v.close()


@test("a guest says READY with the ABI version, its memory and the resident program's size")
def _(c):
    v = c.vm()
    v.wait_ready()
    abi, _, tsc, resident, memory = v.ready
    assert abi == V.ABI and tsc and resident == os.stat(V.BUSYBOX).st_size and 500 << 20 < memory <= 512 << 20, v.ready
    assert not v.log, v.log
    assert v.close()


@test("closing the control port ends an idle guest")
def _(c):
    v = c.vm()
    v.wait_ready()
    v.sock["ctl"].close()
    v.wait_dead(5)


@test("a guest that a loader has put into RAM is the same: PVH, with an initrd", "x86_64")
def _(c):
    v = c.vm(pvh=True)
    v.exec(["sh", "-c", "echo $((6 * 7)); exit 3"])
    v.wait_exit()
    is_status(v, 3)
    is_out(v, b"42\n")


@test("a machine of more than a GiB has its ROM and its rings above that", "x86_64")
def _(c):
    v = c.vm(memory=1500, rings=["prev", "next"])
    v.exec(["echo", "large"])
    assert v.ready[1] == 3 and v.ready[4] > 1400 << 20, v.ready
    v.wait_exit()
    is_out(v, b"large\n")


@test("a guest without a resident program starts, and says so")
def _(c):
    v = c.vm(initrd=None)
    v.exec(["true"])
    v.wait_exit()
    assert v.ready[3] == 0 and v.exit.how == V.NOEXEC and v.exit.value == 2, v.exit


@test("an exit status is the command's status")
def _(c):
    for argv, status in ((["true"], 0), (["false"], 1), (["sh", "-c", "exit 255"], 255), (["sh", "-c", "exit 256"], 0)):
        is_status(c.run(argv), status)


@test("output arrives, all of it, before the status")
def _(c):
    v = c.run(["echo", "hello", "world"])
    is_out(v, b"hello world\n")
    assert v.exit.out == 12 and v.exit.err == 0 and v.exit.first_out_ns > 0 and v.exit.rss > 0
    types = [t for t, _ in v.messages]
    assert types == [V.READY, V.STARTED, V.EXITED], types
    v = c.run(["seq", "100000"])
    is_out(v, b"".join(b"%d\n" % i for i in range(1, 100001)))
    v = c.run(["ls", "--no-such-option"])
    assert v.exit.err == len(v.err) and b"unrecognized option" in v.err and not v.out
    v = c.run(["printf", r"\0\r\377"])
    is_out(v, b"\0\r\xff")


@test("arguments and environment arrive as they are, two megabytes of them")
def _(c):
    v = c.run(["printf", "[%s]", "a b", "", "*", "'\"\\", "\n", b"\xff\xfe"])
    is_out(v, b"[a b][][*]['\"\\][\n][\xff\xfe]")
    v = c.run(["env"], env=["A=1 2", "EMPTY=", b"BIN=\x80"])
    is_out(v, b"A=1 2\nEMPTY=\nBIN=\x80\n")
    args = ["x" * 1000 + str(i) for i in range(1500)]
    args += ["y" * (500 << 10)]
    v = c.passes("args", *args)
    path = os.path.join(c.programs, "args")
    s = 0
    for b in "".join([path, *args]).encode():
        s = (s * 31 + b) & (1 << 64) - 1
    n = sum(map(len, args)) + len(path)
    assert v.out.startswith(b"argc %d bytes %d sum %d env 2\n" % (len(args) + 1, n, s)), bytes(v.out[:100])


@test("arguments beyond the stack's limit are E2BIG")
def _(c):
    v = c.run(["true", "x" * (7 << 20)])
    assert (v.exit.how, v.exit.value) == (V.NOEXEC, 7), v.exit
    v = c.run(["true", "x" * (1 << 20)], limits={3: 1 << 20})
    assert (v.exit.how, v.exit.value) == (V.NOEXEC, 7), v.exit


@test("static, static-pie and dynamic programs run")
def _(c):
    for name in ("args", "args-pie", "args-dynamic"):
        c.passes(name, "one", "two")


@test("a program's fault is its signal, and the guest lives to tell it")
def _(c):
    own = {"x86_64": (("fpe", 8), ("hlt", 11), ("out", 11), ("int80", 11), ("popf", 5)),
           "aarch64": (("privileged", 4), ("hypercall", 4), ("kernel", 11), ("odd", 7))}
    for how, signo in (("segv", 11), ("ill", 4), ("trap", 5), ("jump", 11), ("sigreturn", 11), ("recurse", 11),
                       ("abort", 6), *own[V.ARCH]):
        v = c.program("end", how)
        assert (v.exit.how, v.exit.value) == (V.SIGNALLED, signo), (how, v.exit, v.log)


@test("a program that eats all memory is killed, with a line that says so")
def _(c):
    for kw in {"memory": 64}, {"memory": 2560, "allowed": 64 << 20}:
        v = c.program("end", "memory", **kw)
        is_signal(v, 9)
        assert any("out of memory" in line for line in v.log), v.log
        assert 48 << 20 < v.exit.rss <= 64 << 20, v.exit.__dict__


@test("an unknown system call is ENOSYS and logged by name, once")
def _(c):
    v = c.program("end", "unknown")
    is_status(v, 0)
    assert sum("io_uring_setup" in line for line in v.log) == 1 and any("5000" in line for line in v.log), v.log


@test("EXEC_TRACE tells system calls, with what is in their arguments")
def _(c):
    v = c.run(["echo", "hi"], flags=V.RESIDENT | V.TRACE)
    assert 'write(1, "hi\\n", 3) = 3' in v.traced and v.traced[-1] == "exit_group(0) = 0", v.traced


@test("CPU time is the program's, and waiting costs none")
def _(c):
    v = c.run(["sleep", "2"])
    assert v.exit.user_ns + v.exit.system_ns < 1e9, v.exit.__dict__  # where others have the processor the guest's clock goes on
    v = c.run(["awk", "BEGIN { for (i = 0; i < 300000; i++) s += i }"])
    assert v.exit.user_ns > 10e6, v.exit.__dict__


# ---- what programs expect of Linux ----

@test("bad pointers are EFAULT in every kind of system call")
def _(c):
    c.passes("efault")


@test("memory is protected: rights to each page, zeroed pages, a kernel out of reach")
def _(c):
    c.passes("memory")


@test("memory that is shared: between forks, memory files, mapped files, written back at the end")
def _(c):
    c.passes("shared")
    with open(os.path.join(c.work, "mapped"), "rb") as f:
        assert f.read(7) == b"at exit"


@test("signals: handlers, masks, restarts, timers, stacks, FPU state")
def _(c):
    c.passes("signals")


@test("timers: signals, intervals, overruns, threads, fork and exec")
def _(c):
    c.passes("timers", timeout=60)


@test("files, directories, descriptors, times")
def _(c):
    c.passes("calls", uid=0) if os.getuid() == 0 else c.passes("calls")


# ---- the toolbox ----

@test("the toolbox works on files")
def _(c):
    open(os.path.join(c.work, "f"), "w").write("b 2\na 1\nc 3\n")
    for argv, out in (
            (["cat", "f"], b"b 2\na 1\nc 3\n"), (["sort", "f"], b"a 1\nb 2\nc 3\n"), (["head", "-n1", "f"], b"b 2\n"),
            (["tail", "-n1", "f"], b"c 3\n"), (["wc", "-l", "f"], b"3 f\n"), (["grep", "a", "f"], b"a 1\n"),
            (["sed", "s/a/X/", "f"], b"b 2\nX 1\nc 3\n"), (["awk", "{s+=$2} END {print s}", "f"], b"6\n"),
            (["cut", "-d", " ", "-f2", "f"], b"2\n1\n3\n"), (["tac", "f"], b"c 3\na 1\nb 2\n"), (["ls"], b"f\n"),
            (["sha256sum", "f"], hashlib.sha256(b"b 2\na 1\nc 3\n").hexdigest().encode() + b"  f\n"),
            (["expr", "3", "*", "4"], b"12\n"), (["basename", "/a/b.c", ".c"], b"b\n"), (["seq", "3"], b"1\n2\n3\n"),
            (["pwd"], c.work.encode() + b"\n"), (["realpath", "../work/f"], c.work.encode() + b"/f\n"),
            (["od", "-An", "-tx1", "f"], b" 62 20 32 0a 61 20 31 0a 63 20 33 0a\n"), (["stat", "-c", "%s", "f"], b"12\n"),
            (["find", ".", "-name", "f"], b"./f\n"), (["cat", "/dev/null"], b""), (["uname", "-n"], b"testhost\n")):
        v = c.run(argv, files=True)
        is_out(v, out)
        is_status(v, 0)


@test("the toolbox changes files")
def _(c):
    p = lambda name: os.path.join(c.work, name)
    open(p("f"), "w").write("text\n")
    for argv in (["mkdir", "-p", "d/e"], ["cp", "f", "d/e/g"], ["mv", "d/e/g", "d/h"], ["rmdir", "d/e"],
                 ["ln", "-s", "h", "d/s"], ["ln", "d/h", "hard"], ["chmod", "600", "d/h"], ["touch", "-d", "@1000", "d/h"],
                 ["dd", "if=f", "of=dd", "bs=2", "status=none"], ["rm", "f"], ["cp", "-a", "d", "d2"]):
        v = c.run(argv, files=True)
        is_out(v, b"")
        is_status(v, 0)
    st = os.stat(p("d/h"))
    assert st.st_mode & 0o777 == 0o600 and st.st_nlink == 2 and st.st_mtime == 1000
    assert os.readlink(p("d/s")) == "h" and open(p("dd")).read() == "text\n" and not os.path.exists(p("f"))
    assert os.readlink(p("d2/s")) == "h" and os.stat(p("d2/h")).st_mtime == 1000
    v = c.run(["rm", "-rf", "d", "d2"], files=True)
    is_status(v, 0)
    assert sorted(os.listdir(c.work)) == ["dd", "hard"]
    v = c.run(["cat", "nope"], files=True)
    is_status(v, 1)
    assert b"No such file" in v.err


@test("forks run side by side, and are waited for and signalled")
def _(c):
    c.passes("forks")


@test("threads share what is the process's, lock, are signalled, and end with it")
def _(c):
    c.passes("threads", timeout=60)


@test("scheduling is asked and answered as on a machine with one processor")
def _(c):
    c.passes("scheduling")


@test("eventfd, epoll and socket pairs")
def _(c):
    c.passes("events")


@test("execve replaces the program, from the host's files and by /proc/self/exe")
def _(c):
    os.symlink(V.BUSYBOX, os.path.join(c.work, "echo"))
    v = c.run(["env", "A=1", c.work + "/echo", "from", "exec"], files=True)
    is_out(v, b"from exec\n")
    os.symlink("/proc/self/exe", os.path.join(c.work, "cat"))
    v = c.run(["env", "./cat", "/proc/self/cmdline"], files=True)
    is_out(v, b"./cat\0/proc/self/cmdline\0")
    v = c.run(["env", "./nothing"], files=True)
    is_status(v, 127)


@test("a true command asks the host for nothing")
def _(c):
    s = Server("/")
    is_status(c.run(["echo", "hi"], server=s), 0)
    assert s.seen == [], s.seen


# ---- descriptors ----

def fid_fds(**kw):
    return [V.fd_row(0, V.VIA_FID, flags=kw.get("flags", 0), mode=kw.get("mode", 0o010600)), V.OUT1, V.ERR2]


@test("input is pulled: a program that reads a line's worth takes no more")
def _(c):
    r, w = os.pipe()
    os.write(w, b"first\nsecond\n")
    v = c.run(["dd", "bs=1", "count=6", "status=none"], server=Server("/", {0: r}), fds=fid_fds())
    is_out(v, b"first\n")
    assert os.read(r, 100) == b"second\n"
    os.close(w)
    v = c.run(["cat"], server=Server("/", {0: r}), fds=fid_fds())
    is_out(v, b"")
    os.close(r)


@test("a regular file as standard input is read at the description's own offset")
def _(c):
    path = os.path.join(c.work, "f")
    data = os.urandom(1 << 20)
    open(path, "wb").write(data)
    fd = os.open(path, os.O_RDONLY)
    os.lseek(fd, 1000, 0)
    s = Server("/", {0: fd})
    v = c.run(["cat"], server=s, fds=fid_fds(flags=V.SEEK, mode=0o100644))
    is_out(v, data[1000:])
    os.close(fd)


@test("a signal takes a waiting read back, and no byte is lost")
def _(c):
    r, w = os.pipe()
    s = Server("/", {0: r})
    v = c.vm(server=s)
    v.exec(["cat"], fds=fid_fds())
    v.until(lambda: s.waiting, "a read that waits")
    v.signal(signal.SIGTERM)
    v.wait_exit()
    is_signal(v, signal.SIGTERM)
    assert 108 in s.seen and not s.waiting
    os.write(w, b"kept")
    assert os.read(r, 10) == b"kept"
    # A signal that is ignored does not disturb it; the data is delivered.
    v = c.vm(server=s)
    v.exec(["cat"], fds=fid_fds())
    v.until(lambda: s.waiting, "a read that waits")
    v.signal(signal.SIGWINCH)
    os.write(w, b"data")
    os.close(w)
    v.wait_exit()
    is_out(v, b"data")
    os.close(r)


@test("descriptors of one description share it, output of both in order")
def _(c):
    fds = [V.NULL0, V.OUT1, V.fd_row(2, write=V.VIA_OUT, same_as=1)]
    v = c.run(["sh", "-c", "echo one; echo two >&2; echo three"], fds=fds)
    is_out(v, b"one\ntwo\nthree\n")
    assert v.exit.out == 14 and v.exit.err == 0


@test("a descriptor that is not given is EBADF")
def _(c):
    v = c.run(["sh", "-c", "echo x"], fds=[V.fd_row(2, write=V.VIA_ERR)])
    assert v.exit.value and b"Bad file descriptor" in v.err, bytes(v.err)


def clocks(c, sleep, realtime, since_exec):
    """What the clocks say before and after a sleep in which the host says what time it is."""
    v = c.vm(server=Server("/"))
    v.exec(["clocks", sleep], path=os.path.join(c.programs, "clocks"), flags=0)
    v.until(lambda: v.out.count(b"\n") == 1)
    v.send(V.CLOCK, struct.pack("<QQ", realtime, since_exec))
    v.wait_exit()
    (real, mono), (real_after, mono_after) = (map(int, line.split()) for line in v.out.splitlines())
    return real_after - real, mono_after - mono, real_after


@test("a machine that stood still is told the time: both clocks go on, and what has become due comes")
def _(c):
    hour = 3600 * 10**9
    real, mono, _ = clocks(c, "1000000", time.time_ns() + 2 * hour, hour)
    assert 1.9 * hour < real < 2.1 * hour and 0.9 * hour < mono < 1.1 * hour, (real, mono)
    _, mono, now = clocks(c, "300", 10**18, 0)
    assert 10**18 < now < 10**18 + hour and 0.2e9 <= mono < hour, "the monotonic clock never goes back"


@test("a broken output port is EPIPE and SIGPIPE")
def _(c):
    v = c.vm()
    v.exec(["yes"])
    v.until(lambda: len(v.out) > 100000)
    v.send(V.BROKEN, struct.pack("<II", V.VIA_OUT, 0))
    v.wait_exit()
    is_signal(v, signal.SIGPIPE)
    v = c.vm()
    v.exec(["end", "pipe"], ignored=1 << signal.SIGPIPE - 1, path=os.path.join(c.programs, "end"), flags=0) \
        if not setattr(v, "server", Server("/")) else None
    v.until(lambda: len(v.out) > 1000)
    v.send(V.BROKEN, struct.pack("<II", V.VIA_OUT, 0))
    v.wait_exit()
    is_status(v, 32)


@test("a slow reader of the output blocks the program, and gets every byte")
def _(c):
    v = c.vm()
    v.pause = {"out"}
    v.exec(["seq", "400000"])
    v.until(lambda: any(t == V.STARTED for t, _ in v.messages))
    v.step(0.3)
    assert not v.exit
    v.pause = set()
    v.wait_exit()
    is_out(v, b"".join(b"%d\n" % i for i in range(1, 400001)))


def answer_ioctl(fd):
    def on_call(v, id, op, number, a, b, data, marks):
        if op == V.CALL_IOCTL:
            buf = array.array("B", data)
            try:
                r = fcntl.ioctl(fd, a, buf, True) if data else fcntl.ioctl(fd, a, b)
                v.ret(id, r, buf.tobytes())
            except OSError as e:
                v.ret(id, -e.errno)
        else:
            v.ret(id, -22)
    return on_call


@test("a terminal is one: its size, its modes, its name")
def _(c):
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 77, 0, 0))
    tty = V.fd_row(0, V.VIA_FID, V.VIA_OUT, flags=V.TTY, mode=0o020620, rdev=0x8801)
    fds = [tty, V.fd_row(1, V.VIA_FID, V.VIA_OUT, flags=V.TTY, mode=0o020620, same_as=0), V.ERR2]
    for argv, out in ((["stty", "size"], b"33 77\n"), (["tty"], b"/dev/tty\n"), (["test", "-t", "0"], b"")):
        v = c.vm(server=Server("/", {0: slave}))
        v.on_call = answer_ioctl(slave)
        v.exec(argv, fds=fds)
        v.wait_exit()
        is_out(v, out)
        is_status(v, 0)
    v = c.vm(server=Server("/", {0: slave}))
    v.on_call = answer_ioctl(slave)
    v.exec(["stty", "-echo"], fds=fds)
    v.wait_exit()
    assert not termios.tcgetattr(slave)[3] & termios.ECHO
    os.close(master)
    os.close(slave)


@test("lseek, ftruncate and poll of an inherited descriptor are the host's, in order with the output")
def _(c):
    calls = []

    def on_call(v, id, op, fd, a, b, data, marks):
        calls.append((op, fd, a, b, marks))
        if op == V.CALL_POLL:
            v.ret(id, a & 1)
        else:
            v.ret(id, 7 if op == V.CALL_LSEEK else 0)

    v = c.vm(server=Server("/"))
    v.on_call = on_call
    path = os.path.join(c.programs, "hostfd")
    v.exec([path], path=path, flags=0,
           fds=[V.fd_row(0, V.VIA_FID), V.fd_row(1, write=V.VIA_OUT, flags=V.SEEK, mode=0o100644), V.ERR2])
    v.wait_exit()
    is_status(v, 0)
    assert [x[:3] for x in calls] == [(V.CALL_LSEEK, 1, 5), (V.CALL_TRUNCATE, 1, 3), (V.CALL_SYNC, 1, 0),
                                      (V.CALL_POLL, 0, 1)], calls
    assert calls[0][4] == (6, 0) and calls[2][4] == (6, 0), calls


@test("closing the last descriptor of a description tells the host, after the output before it")
def _(c):
    calls = []

    def on_call(v, id, op, fd, a, b, data, marks):
        calls.append((op, fd, marks))
        v.ret(id, 0)

    v = c.vm()
    v.on_call = on_call
    v.exec(["sh", "-c", "echo x; exec 1>&-; while :; do :; done"], fds=[V.NULL0, V.OUT1, V.fd_row(5, write=V.VIA_ERR)])
    v.until(lambda: calls)
    assert calls == [(V.CALL_CLOSE, 1, (2, 0))], calls
    v.signal(15)
    v.wait_exit()
    assert len(calls) == 1, calls


@test("poll waits for the host, and a signal or the time ends it")
def _(c):
    calls, cancelled = [], []

    def on_call(v, id, op, *rest):
        calls.append(id)

    v = c.vm()
    v.on_call = on_call
    handle = v.handle
    v.handle = lambda t, b: (cancelled.append(struct.unpack("<II", b)[0]), v.ret(cancelled[-1], -4)) \
        if t == V.CANCEL else handle(t, b)
    v.exec(["timeout-read"], path="/bin/busybox") if False else v.exec(["sh", "-c", "read -t 0.1 x; echo $?"],
                                                                       fds=fid_fds())
    v.wait_exit()
    is_out(v, b"1\n")
    assert calls and cancelled == calls, (calls, cancelled)


# ---- signals from the host ----

@test("a signal from the host does what it does by default")
def _(c):
    for signo in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGQUIT, signal.SIGKILL, 34, 64):
        v = c.vm()
        v.exec(["sleep", "100"])
        v.until(lambda: any(t == V.STARTED for t, _ in v.messages))
        v.signal(signo)
        v.wait_exit(5)
        is_signal(v, signo)


def qemu_ns(v):
    """Processor time of a VM's QEMU."""
    tasks = f"/proc/{v.proc.pid}/task"
    return sum(int(open(f"{tasks}/{task}/schedstat").read().split()[0]) for task in os.listdir(tasks))


def until_idle(v):
    """Returns when QEMU has had next to nothing to do for a second."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        before = qemu_ns(v)
        v.step(1)
        if qemu_ns(v) - before < 1e6:
            return
    raise AssertionError("QEMU is never idle")


@test("a guest that waits leaves QEMU nothing to do, and holds no rehearsal twice though it is reset", "x86_64")
def _(c):
    path = os.path.join(c.dir, "monitor")
    v = c.vm(reboot=True, extra=["-monitor", f"unix:{path},server=on,wait=off"])
    v.wait_ready()
    began = qemu_ns(v)
    until_idle(v)
    rehearsed = qemu_ns(v) - began
    monitor = socket.socket(socket.AF_UNIX)
    monitor.connect(path)
    v.ready = None
    monitor.sendall(b"system_reset\n")
    v.wait_ready()
    began = qemu_ns(v)
    until_idle(v)
    assert qemu_ns(v) - began < rehearsed / 4, (qemu_ns(v) - began, rehearsed)
    v.exec(["echo", "still", "well"])
    v.wait_exit()
    is_out(v, b"still well\n")
    monitor.close()


@test("a rehearsal makes way for EXEC, and a signal right behind it is the program's")
def _(c):
    for delay in (0, 0.005, 0.01, 0.02, 0.04):  # to meet it at different places
        v = c.vm()
        v.wait_ready()
        time.sleep(delay)
        v.exec(["sleep", "60"])
        v.signal(signal.SIGTERM)
        v.wait_exit()
        is_signal(v, signal.SIGTERM)
        is_out(v, b"")


@test("a busy program feels a signal at once, one that ignores it goes on until KILL")
def _(c):
    v = c.vm(server=Server("/"))
    path = os.path.join(c.programs, "end")
    v.exec([path, "ignore"], path=path, flags=0)
    v.until(lambda: v.out == b"ready\n")
    v.signal(signal.SIGTERM)
    v.signal(signal.SIGINT)
    v.step(0.2)
    assert not v.exit
    v.signal(signal.SIGKILL)
    v.wait_exit(5)
    is_signal(v, signal.SIGKILL)


@test("closing the control port ends a busy guest")
def _(c):
    v = c.vm(server=Server("/"))
    path = os.path.join(c.programs, "end")
    v.exec([path, "ignore"], path=path, flags=0)
    v.until(lambda: v.out == b"ready\n")
    v.sock["ctl"].close()
    v.wait_dead(5)


@test("a stop signal is reported and the program goes on")
def _(c):
    v = c.vm()
    v.exec(["sleep", "0.5"])
    v.until(lambda: any(t == V.STARTED for t, _ in v.messages))
    v.signal(signal.SIGTSTP)
    v.until(lambda: any(t == V.STOPPED for t, _ in v.messages), "STOPPED")
    assert [struct.unpack("<II", b)[0] for t, b in v.messages if t == V.STOPPED] == [signal.SIGTSTP]
    v.signal(signal.SIGCONT)
    v.wait_exit()
    is_status(v, 0)


@test("signals ignored or blocked at EXEC stay so")
def _(c):
    v = c.vm()
    v.exec(["sleep", "0.3"], ignored=1 << signal.SIGINT - 1, blocked=1 << signal.SIGTERM - 1)
    v.signal(signal.SIGINT)
    v.signal(signal.SIGTERM)
    v.wait_exit()
    is_status(v, 0)


@test("a signal right behind EXEC is not lost")
def _(c):
    v = c.vm()
    v.wait_ready()
    v.sock["ctl"].sendall(b"".join((struct.pack("<IHH", len(b), t, 0) + b) for t, b in (
        (V.EXEC, V.exec_body(["sleep", "100"])), (V.SIGNAL, struct.pack("<II", 15, 0)))))
    v.wait_exit()
    is_signal(v, signal.SIGTERM)


@test("a handler of the shell runs, and its traps")
def _(c):
    v = c.vm()
    v.exec(["sh", "-c", "trap 'echo caught; exit 3' TERM; echo set; while :; do :; done"])
    v.until(lambda: v.out == b"set\n")
    v.signal(signal.SIGTERM)
    v.wait_exit()
    is_out(v, b"set\ncaught\n")
    is_status(v, 3)


@test("no program gets at what an earlier one left in memory")
def _(c):
    # The rehearsals before READY are the earlier programs: a fresh one must see zeroed pages only.
    c.passes("memory")
