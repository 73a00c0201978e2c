"""A client of vmprocd for the tests: the messages of vmproc/vmprocd_proto.h, by hand, so that they are checked
by someone who did not write the C side."""

import array
import os
import re
import socket
import struct
import time

VMPROC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../vmproc/")
with open(VMPROC + "vmprocd_proto.h") as header:
    VERSION = int(re.search(r"VMP_VERSION +(\d+)u", header.read()).group(1))
with open(VMPROC + "guest_abi.h") as header:
    ABI = int(re.search(r"GUEST_ABI_VERSION (\d+)u", header.read()).group(1))
LEASE, LEASE_RUN, STARTED, SUSPEND, RESUME, LIST, ROUTER, KILL, SHUTDOWN, DONE, MEASURE, USED, TRACE, LOG, USE, DRAIN, RESOLVE = \
    range(1, 18)
DEBUG, TRUST, FORGET, PLACE, RETIRE = 19, 28, 29, 30, 32
TRUSTS = ["none", "known", "unknown", "changed"]
GRANT, RUN, OK, ERROR, LOST, VM, ROUTER_INFO, END, TELL = range(64, 73)
STUB = 74
BOUNCE, BOUNCE_BYTES = 8, 512 << 10
STATES = ["starting", "warm", "leased", "suspended", "ending"]
E_VERSION, E_PROTOCOL, E_NO_ROUTER, E_START, E_LIMIT, E_GONE, E_NO_VM, E_INTERNAL, E_REPLACED, E_PLACE = range(1, 11)

CTL_READY, CTL_STARTED, CTL_EXITED, CTL_CALL, CTL_CANCEL, CTL_LOG, CTL_STOPPED = range(1, 8)
CTL_EXEC, CTL_SIGNAL = 64, 65


class Refused(Exception):
    def __init__(self, body):
        self.code, = struct.unpack_from("I", body)
        self.text = body[8:].split(b"\0")[0].decode()
        super().__init__(f"{self.code}: {self.text}")


class Connection:
    def __init__(self, rundir=None, sock=None):
        if sock is None:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            sock.connect(os.path.join(rundir, "vmprocd.sock"))
        self.sock = sock

    def send(self, kind, body=b"", version=VERSION):
        self.sock.send(struct.pack("HHI", version, kind, len(body)) + body)

    def recv(self, timeout=30.0):
        """(type, body, fds); type is None when the peer has closed."""
        self.sock.settimeout(timeout)
        try:
            data, anc, _, _ = self.sock.recvmsg(4104, socket.CMSG_SPACE(4 * 16))
        except ConnectionResetError:  # closed before it had read all; what it had said comes after that news
            data, anc, _, _ = self.sock.recvmsg(4104, socket.CMSG_SPACE(4 * 16))
        fds = array.array("i")
        for level, kind, cdata in anc:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds.frombytes(cdata[: len(cdata) - len(cdata) % 4])
        if not data:
            return None, b"", []
        _, kind, length = struct.unpack_from("HHI", data)
        assert len(data) == 8 + length, "length in the head"
        return kind, data[8:], list(fds)

    def ask(self, kind, body=b"", timeout=30.0):
        self.send(kind, body)
        got, body, fds = self.recv(timeout)
        if got in (ERROR, LOST):
            raise Refused(body)
        return got, body, fds

    def close(self):
        self.sock.close()


def lease(count=1, shell=None, memory=0, flags=0, images=()):
    """Body of LEASE and LEASE_RUN."""
    return struct.pack("IIQII256s", count, os.getpid() if shell is None else shell, memory, flags, 0,
                       b"".join(i.encode() + b"\n" for i in images))


def place(on="", routers=(), labels=(), architecture="", flags=0):
    """Body of PLACE."""
    return struct.pack("128s512s128s16sII", on.encode() + b"\n" if on else b"", b"".join(r.encode() + b"\n" for r in routers),
                       b"".join(i.encode() + b"\n" for i in labels), architecture.encode(), flags, 0)


class Lease(Connection):
    """A leased VM: ports ctl, p9, out, err as sockets."""

    def __init__(self, rundir=None, sock=None, memory=0, flags=0, timeout=30.0, place=None):
        super().__init__(rundir, sock)
        if place is not None:
            self.send(PLACE, place)
        if sock is None:
            self.send(LEASE, lease(memory=memory, flags=flags))
        kind, body, fds = self.recv(timeout)
        if kind != GRANT:
            self.close()
            raise Refused(body)
        (self.vm, self.tsc_hz, self.key_in, self.key_out, self.res_dev, self.res_ino, self.res_size, self.res_mtime,
         self.memory, self.warm, self.flags) = struct.unpack_from("9QII", body)
        self.domain = body[80:144].split(b"\0")[0].decode()
        self.rings = self.flags & 3
        assert len(fds) == (5 if self.flags & BOUNCE else 4), fds
        self.ctl, self.p9, self.out, self.err = (socket.socket(fileno=fd) for fd in fds[:4])
        self.bounce = open(fds[4], "r+b", buffering=0) if self.flags & BOUNCE else None

    def close_ports(self):
        for port in (self.ctl, self.p9, self.out, self.err):
            port.close()

    def close(self):
        if hasattr(self, "ctl"):
            self.close_ports()
            if self.bounce:
                self.bounce.close()
        super().close()

    def done(self, rss=1 << 20):
        """As a shim whose command has ended in order."""
        for port in (self.p9, self.out, self.err):
            port.shutdown(socket.SHUT_RDWR)
        packet = struct.pack("HHIQ", VERSION, DONE, 8, rss)
        self.sock.sendmsg([packet], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [self.ctl.fileno()]))])
        self.close()

    def recv_ctl(self, timeout=10.0):
        """One frame from the guest; (None, b"") at end of file."""
        self.ctl.settimeout(timeout)
        head = read_exactly(self.ctl, 8)
        if head is None:
            return None, b""
        length, kind, _ = struct.unpack("IHH", head)
        return kind, read_exactly(self.ctl, length) or b""

    def exec_resident(self, argv, flags=1, cwd="/"):
        """EXEC of the resident program with output to port out, nothing for input."""
        fds = b"".join(
            struct.pack("IIBBHIII4Q", fd, fd, rd, wr, 0, mode, 0o10600, 0, 0, 0, 0, 0)
            for fd, rd, wr, mode in ((0, 2 if not self.key_in else 5, 0, 0), (1, 0, 5 if self.key_out else 3, 1), (2, 0, 4, 1)))
        words = ["/bin/busybox", cwd, "vm"] + argv + ["PATH=/bin"]
        strings = b"".join(w.encode() + b"\0" for w in words)
        if self.key_in:
            flags |= 2 | (16 if self.rings & 1 else 0)
        if self.key_out:
            flags |= 4 | (32 if self.rings & 2 else 0)
        body = struct.pack("IIQQ32sQQ7I4I4IIQ", ABI, flags, time.time_ns(), self.tsc_hz, os.urandom(32), self.key_in,
                           self.key_out, os.getpid(), os.getppid(), os.getpgrp(), os.getsid(0), 0, 0, 0o22,
                           0, 0, 0, 0, 3, len(argv), 1, len(strings), 0, 0)
        body += struct.pack("QQ", 2**64 - 1, 2**64 - 1) * 16 + fds + strings
        self.ctl.sendall(struct.pack("IHH", len(body), CTL_EXEC, 0) + body)

    def wait_exit(self, timeout=20.0):
        """(how, value, bytes of out, log lines)."""
        log = []
        while True:
            kind, body = self.recv_ctl(timeout)
            if kind is None:
                raise EOFError("; ".join(log) or "guest ended without EXITED")
            if kind == CTL_LOG:
                log.append(body.decode(errors="replace"))
            if kind == CTL_EXITED:
                how, value, out, err = struct.unpack_from("IIQQ", body)
                return how, value, read_exactly(self.out, out) or b"", log

    def works(self):
        """Whether a program runs there; it is the VM's only one."""
        self.exec_resident(["echo", "here"])
        return self.wait_exit()[2] == b"here\n"

    def started(self, command="test"):
        self.send(STARTED, struct.pack("IIII256s256s", os.getpid(), os.getpgrp(), 0, 0, command.encode(), b"/bin/x"))


def read_exactly(sock, n):
    data = b""
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            return None
        data += piece
    return data


def lease_run(rundir, n):
    """n leases, or None when there are not so many neighbours."""
    conn = Connection(rundir)
    kind, body, fds = conn.ask(LEASE_RUN, lease(n))
    conn.close()
    assert kind == RUN
    count, = struct.unpack_from("I", body)
    assert count == len(fds) and count in (0, n)
    return [Lease(sock=socket.socket(fileno=fd)) for fd in fds] or None


def vms(rundir):
    conn = Connection(rundir)
    conn.send(LIST)
    found = []
    while True:
        kind, body, _ = conn.recv()
        if kind != VM:
            break
        (vm, state, pid, pgid, shell, memory, age, run, wired, _, cpu, resident, bytes_in,
         bytes_out) = struct.unpack_from("QIIIIQQQII4Q", body)
        text = [body[i:j].split(b"\0")[0].decode() for i, j in ((88, 152), (152, 216), (216, 472), (472, 728))]
        found.append(dict(vm=vm, state=STATES[state], pid=pid, age=age, run=run, domain=text[0], router=text[1],
                          command=text[2], image=text[3], cpu=cpu, resident=resident, bytes=(bytes_in, bytes_out)))
    assert kind == END
    conn.close()
    return found


def router(rundir):
    return routers(rundir)[0]


def routers(rundir):
    conn = Connection(rundir)
    conn.send(ROUTER)
    found = []
    while True:
        kind, body, _ = conn.recv()
        if kind != ROUTER_INFO:
            break
        found.append(describe_router(body))
    assert kind == END
    conn.close()
    return found


def describe_router(body):
    at, info = 0, {}
    for key, size in (("name", 64), ("uri", 128), ("found_by", 32), ("accelerator", 16), ("state", 32), ("error", 256)):
        info[key] = body[at:at + size].split(b"\0")[0].decode()
        at += size
    (info["warm"], info["leased"], info["cold_us"], info["grant_us"], info["started"], info["chosen"],
     info["drained"], trust, _, shown, info["memory"], info["start_us"], info["load_us"], info["data_us"], info["rtt_us"],
     info["waiting"], info["processors"], info["far"], _, *texts) = struct.unpack_from("IIQQQIIII72s5QIIII32s128s128s", body, at)
    for key, text in zip(("architecture", "images", "labels"), texts):
        info[key] = text.split(b"\0")[0].decode()
    info["trust"], info["fingerprint"] = TRUSTS[trust], shown.split(b"\0")[0].decode()
    return info


def choose(rundir, verb, name):
    """USE or DRAIN of a router."""
    conn = Connection(rundir)
    try:
        return conn.ask(verb, name.encode().ljust(128, b"\0"))[0] == OK
    finally:
        conn.close()


def until(condition, seconds=10.0):
    """Polls for a condition; returns what it was at last."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.02)
