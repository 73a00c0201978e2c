"""One guest under QEMU, without libvirt: the sockets of its ports, and the shim's side of the control port."""
import os
import re
import select
import signal
import socket
import struct
import subprocess
import time

READY, STARTED, EXITED, CALL, CANCEL, LOG, STOPPED = range(1, 8)
TRACED = 9
EXEC, SIGNAL, RET, BROKEN, CHILD, CLOCK = range(64, 70)
VIA_NONE, VIA_FID, VIA_NULL, VIA_OUT, VIA_ERR, VIA_WIRE = range(6)
TTY, CLOEXEC, SEEK = 1, 2, 4
RESIDENT, WIRE_IN, WIRE_OUT, TRACE, RING_IN, RING_OUT = 1, 2, 4, 8, 16, 32
BOUNCE_BYTES = 512 << 10
RING_BYTES, RING_READER, RING_DATA, RING_FILE = 256 << 10, 0x800, 0x1000, 512 << 10
ROM_ALIGN = 2 << 20
STATUS, SIGNALLED, NOEXEC = range(3)
CALL_LSEEK, CALL_IOCTL, CALL_POLL, CALL_TRUNCATE, CALL_SYNC, CALL_CLOSE, CALL_PIPE, CALL_ADOPT, CALL_SPAWN = range(1, 10)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../vmproc/guest_abi.h")) as header:
    ABI = int(re.search(r"GUEST_ABI_VERSION (\d+)u", header.read()).group(1))

ARCH = os.environ.get("GUEST_ARCH", "x86_64")  # whose guest is tested
CPU = os.environ.get("GUEST_CPU", {"x86_64": "qemu64", "aarch64": "cortex-a72"}[ARCH])
BUSYBOX = os.environ.get("BUSYBOX", "/bin/busybox")
MACHINES = {"x86_64": ["-M", "microvm,acpi=off", "-device", "isa-debug-exit,iobase=0xf4,iosize=4"],
            "aarch64": ["-M", os.environ.get("GUEST_MACHINE", "virt")]}
PORTS = ("ctl", "9p", "out", "err", "prev", "next")


def tsc_hz():
    """The host's TSC frequency, measured once: TCG shows the guest the host's counter."""
    for line in open("/proc/cpuinfo"):
        if line.startswith("cpu MHz"):
            return int(float(line.split(":")[1]) * 1e6)
    return 2_000_000_000


TSC_HZ = tsc_hz()


def make_rom(build, resident, path):
    """What vmprocd makes of guest.rom and the resident program. The size."""
    with open(os.path.join(build, "guest.rom"), "rb") as file:
        guest = bytearray(file.read())
    program = open(resident, "rb").read() if resident else b""
    at = (len(guest) + 0xfff) & ~0xfff
    size = (at + len(program) + ROM_ALIGN - 1) & -ROM_ALIGN
    guest[4:16] = struct.pack("<III", size, at if resident else 0, len(program))
    with open(path, "wb") as file:
        file.write(guest.ljust(at, b"\0") + program)
        file.truncate(size)
    return size


class GuestGone(Exception):
    pass


def fd_row(fd, read=VIA_NONE, write=VIA_NONE, flags=0, open_flags=None, mode=0o010600, same_as=None,
           dev=9, ino=None, rdev=0, size=0):
    if open_flags is None:
        open_flags = 2 if read and write else 1 if write else 0
    return struct.pack("<IIBBHIIIQQQQ", fd, fd if same_as is None else same_as, read, write, flags, open_flags,
                       mode, 0, dev, 100 + fd if ino is None else ino, rdev, size)


NULL0 = fd_row(0, VIA_NULL, VIA_NULL, mode=0o020666, rdev=0x103)
OUT1 = fd_row(1, write=VIA_OUT)
ERR2 = fd_row(2, write=VIA_ERR)
USUAL = [NULL0, OUT1, ERR2]
INF = (1 << 64) - 1


def exec_body(argv, env=("PATH=/bin", "LANG=C.UTF-8"), path=BUSYBOX, cwd="/", fds=USUAL, flags=RESIDENT,
              hostname="testhost", keys=(0, 0), pid=4242, umask=0o22, ignored=0, blocked=0, limits=None, uid=1000,
              gid=1000, abi=ABI, allowed=0):
    enc = lambda s: s if isinstance(s, bytes) else s.encode()
    strings = b"".join(enc(s) + b"\0" for s in (path, cwd, hostname, *argv, *env))
    rl = [(INF, INF)] * 16
    rl[3] = (8 << 20, INF)
    rl[7] = (1024, 4096)
    for k, v in (limits or {}).items():
        rl[k] = (v, v)
    head = struct.pack("<IIQQ32sQQ7I4I3IIIQ", abi, flags, time.time_ns(), TSC_HZ, os.urandom(32), *keys,
                       pid, 1, pid, pid, uid, gid, umask,
                       ignored & 0xffffffff, ignored >> 32, blocked & 0xffffffff, blocked >> 32,
                       len(fds), len(argv), len(env), len(strings), 0, allowed)
    return head + b"".join(struct.pack("<QQ", *x) for x in rl) + b"".join(fds) + strings


class Exit:
    def __init__(self, body):
        (self.how, self.value, self.out, self.err, self.user_ns, self.system_ns, self.rss,
         self.first_out_ns, self.signals_taken, self.signals_fatal) = struct.unpack("<IIQQQQQQQQ", body)

    def __repr__(self):
        return f"Exit(how={self.how}, value={self.value})"


class VM:
    """A running guest. out and err collect what comes by those ports; log the CTL_LOG lines."""

    def __init__(self, build, dir, name="vm", prev=None, memory=512, initrd=BUSYBOX, server=None, extra=(),
                 rings="", bounce=False, pvh=False, reboot=False):
        """rings: "prev", "next" or both: the wires of this guest that have shared memory. A prev has a next beside it.
        bounce: it has a bounce buffer, as all have with rings.
        pvh: it is booted as a kernel is, without a ROM. reboot: a reset does not
        end QEMU."""
        self.dir, self.name = dir, name
        self.out, self.err, self.log, self.messages = bytearray(), bytearray(), [], []
        self.traced = []  # the CTL_TRACED lines, with their results
        self.ready = self.exit = None
        self.server, self.on_call = server, None
        self.t = {}
        self.pause = set()  # ports that are not read for now
        args = [f"qemu-system-{ARCH}", "-accel", "tcg", "-cpu", CPU,
                "-nodefaults", "-no-user-config", "-display", "none", *([] if reboot else ["-no-reboot"]), "-global",
                "virtio-mmio.force-legacy=false", "-device", "virtio-serial-device,id=vs,max_ports=8",
                *MACHINES[ARCH]]
        if ARCH == "aarch64":
            args += ["-m", str(memory), "-kernel", os.path.join(build, "guest-aarch64.image")]
            args += ["-initrd", initrd] if initrd else []
        elif pvh:
            args += ["-m", str(memory), "-kernel", os.path.join(build, "guest.elf")]
            args += ["-initrd", initrd] if initrd else []
        else:
            args += self.from_rom(build, memory, initrd, rings, bounce, prev)
        for port in PORTS:
            path = prev.path("next") if port == "prev" and prev else self.path(port)
            mode = "server=off" if port == "prev" and prev else "server=on,wait=off"
            args += ["-chardev", f"socket,id=c{port},path={path},{mode}",
                     "-device", f"virtserialport,chardev=c{port},name={port}"]
        self.t["start"] = time.monotonic()
        self.proc = subprocess.Popen(args + list(extra), stdin=subprocess.DEVNULL)
        self.sock = {p: self.connect(p) for p in PORTS[:4]}
        self.buffer = bytearray()

    def from_rom(self, build, memory, initrd, rings, bounce, prev):
        """A machine of RAM, ROM, bounce buffer and rings, as vmproc/rom_abi.h has it."""
        rom = self.path("rom")
        size = make_rom(build, initrd, rom)
        parts = [(memory << 20, "memory-backend-ram"), (size, f"memory-backend-file,share=on,readonly=on,mem-path={rom}")]
        if bounce or rings:
            with open(self.path("bounce"), "wb") as file:
                file.truncate(BOUNCE_BYTES)
            parts.append((BOUNCE_BYTES, f"memory-backend-file,share=on,readonly=on,mem-path={self.path('bounce')}"))
        for port in ("next", "prev")[:2 if "prev" in rings else len(rings)]:
            path = prev.path("next.ring") if port == "prev" and prev else self.path(port + ".ring")
            parts.append((RING_FILE, f"memory-backend-file,share=on,mem-path={path}"))
        args = ["-bios", os.path.join(build, "reset.rom"), "-m", f"{sum(size for size, _ in parts) >> 10}k"]
        for node, (size, backend) in enumerate(parts):
            args += ["-object", f"{backend},id=m{node},size={size}", "-numa", f"node,nodeid={node},memdev=m{node}"]
        return args

    def path(self, port):
        return os.path.join(self.dir, f"{self.name}.{port}")

    def connect(self, port):
        deadline = time.monotonic() + 20
        while True:
            s = socket.socket(socket.AF_UNIX)
            try:
                s.connect(self.path(port))
                return s
            except (FileNotFoundError, ConnectionRefusedError):
                s.close()
                if time.monotonic() > deadline or self.proc.poll() is not None:
                    raise GuestGone("QEMU did not start")
                select.select([], [], [], 0.002)

    # ---- talking ----

    def send(self, type, body=b"", len_=None):
        self.sock["ctl"].sendall(struct.pack("<IHH", len(body) if len_ is None else len_, type, 0) + body)

    def exec(self, argv, **kw):
        self.wait_ready()
        self.t["exec"] = time.monotonic()
        self.send(EXEC, exec_body(argv, **kw))

    def signal(self, signo):
        self.send(SIGNAL, struct.pack("<II", signo, 0))

    def handle(self, type, body):
        self.messages.append((type, body))
        if type == READY:
            self.ready = struct.unpack("<IIQQQ", body)
            self.t["ready"] = time.monotonic()
        elif type == TRACED:
            self.traced.append(body[32:].decode() + f" = {struct.unpack_from('<q', body, 16)[0]}")
        elif type == LOG:
            self.log.append(body.decode(errors="replace"))
        elif type == EXITED:
            self.exit = Exit(body)
            self.t["exited"] = time.monotonic()
        elif type == CALL and struct.unpack_from("<I", body, 4)[0] == CALL_SPAWN and not self.on_call:
            self.ret(struct.unpack_from("<I", body)[0], -2)  # no program that it does not have itself
        elif type == CALL and self.on_call:
            head, data = struct.unpack("<IIIIqqQQ", body[:48]), body[48:]
            self.on_call(self, *head[:3], head[4], head[5], data, head[6:])

    def ret(self, id, result, data=b""):
        self.send(RET, struct.pack("<IIq", id, len(data), result) + data)

    def got(self, port, data):
        if port == "out":
            self.out += data
        elif port == "err":
            self.err += data
        elif port == "9p" and self.server:
            self.server.feed(self, data)
        elif port == "ctl":
            self.buffer += data
            while len(self.buffer) >= 8:
                n, type, _ = struct.unpack("<IHH", self.buffer[:8])
                if len(self.buffer) < 8 + n:
                    break
                body = bytes(self.buffer[8:8 + n])
                del self.buffer[:8 + n]
                self.handle(type, body)

    def step(self, timeout):
        """Waits for anything to happen and takes it in."""
        socks = {s: p for p, s in self.sock.items() if s and p not in self.pause}
        extra = self.server.fds() if self.server else []
        readable, _, _ = select.select(list(socks) + extra, [], [], timeout)
        for s in readable:
            if s not in socks:
                self.server.ready(s)
                continue
            try:
                data = s.recv(1 << 18)
            except ConnectionResetError:
                data = b""
            if not data:
                self.sock[socks[s]] = None
                if socks[s] == "ctl":
                    raise GuestGone(f"{self.name}: control port closed; log: {self.log}")
            else:
                self.got(socks[s], data)
        return readable

    def until(self, condition, what="condition", timeout=20):
        deadline = time.monotonic() + timeout
        while not condition():
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{self.name}: {what}; log: {self.log} out: {bytes(self.out[-200:])} "
                                   f"err: {bytes(self.err[-200:])}")
            self.step(left)

    def wait_ready(self):
        self.until(lambda: self.ready, "READY")

    def wait_exit(self, timeout=20):
        self.until(lambda: self.exit and len(self.out) >= self.exit.out and len(self.err) >= self.exit.err,
                   "EXITED", timeout)
        return self.exit

    def wait_dead(self, timeout=10):
        """The guest has ended its machine by itself."""
        return self.proc.wait(timeout)

    def close(self):
        for s in self.sock.values():
            if s:
                s.close()
        self.sock = {}
        try:
            self.proc.wait(5)
            clean = True
        except subprocess.TimeoutExpired:
            self.proc.kill()
            self.proc.wait()
            clean = False
        for p in (*PORTS, "prev.ring", "next.ring"):
            try:
                os.unlink(self.path(p))
            except FileNotFoundError:
                pass
        return clean
