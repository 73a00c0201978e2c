"""A router and a vmprocd of their own, in a directory of their own, and TAP."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

import vmp

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("BUILD", os.path.join(TOP, "build")))

count = failed = 0


def ok(good, sentence, detail=""):
    global count, failed
    count += 1
    failed += not good
    print(("ok" if good else "not ok"), count, "-", sentence, flush=True)
    if not good and detail != "":
        print("# " + str(detail).replace("\n", "\n# "), flush=True)
    return good


def done():
    print(f"1..{count}")
    sys.exit(1 if failed else 0)


def skip_unless(condition, why):
    if not condition:
        print(f"1..0 # SKIP {why}")
        sys.exit(0)


class Bench:
    def __init__(self, **env):
        skip_unless(os.geteuid() == 0, "a router of one's own needs root")
        skip_unless(os.path.exists(os.path.join(BUILD, "vmprocd")), "vmprocd is not built")
        skip_unless(os.path.exists(os.path.join(BUILD, "guest.elf")), "guest.elf is not built")
        self.dir = tempfile.mkdtemp(prefix="fleetsh-daemon-")
        os.chmod(self.dir, 0o755)
        self.rundir = os.path.join(self.dir, "run", "fleetsh")
        os.makedirs(os.path.dirname(self.rundir), 0o700)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("FLEETSH_", "LIBVIRT_", "DBUS_"))}
        self.env.update(FLEETSH_LIBEXEC_DIR=BUILD, FLEETSH_ROUTER_DIR=os.path.join(self.dir, "router"),
                        XDG_RUNTIME_DIR=os.path.dirname(self.rundir), XDG_STATE_HOME=self.dir,
                        FLEETSH_READY_TIMEOUT="20")
        self.env.update(env)
        self.daemon = None
        for line in self.router("env").splitlines():
            name, equals, value = line.partition("=")
            if equals and name not in env:
                self.env[name] = value.strip("'")

    def __enter__(self):
        self.router("start")
        return self

    def __exit__(self, *exc):
        try:
            self.end_daemon()
        finally:
            self.router("stop")
            shutil.rmtree(self.dir)

    def router(self, verb):
        run = subprocess.run([os.path.join(TOP, "scripts", "router"), verb], env=self.env, text=True,
                             stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        if verb in ("start", "stop") and run.returncode:
            print("# " + run.stdout + run.stderr)
        return run.stdout

    def pid_of(self, part):
        with open(os.path.join(self.dir, "router", part + ".pid")) as file:
            return int(file.read())

    def start_daemon(self, **env):
        """Starts vmprocd as a client does, and returns when it listens."""
        ready_r, ready_w = os.pipe()
        log = open(os.path.join(self.dir, "vmprocd.log"), "a")
        os.makedirs(self.rundir, 0o700, exist_ok=True)
        self.daemon = subprocess.Popen([os.path.join(BUILD, "vmprocd"), "--ready-fd", str(ready_w)],
                                       env={**self.env, **env}, pass_fds=[ready_w], stderr=log, stdout=log,
                                       stdin=subprocess.DEVNULL)
        os.close(ready_w)
        assert os.read(ready_r, 1), "vmprocd did not start: " + self.log()
        os.close(ready_r)

    def end_daemon(self, sig=signal.SIGTERM):
        if self.daemon:
            self.daemon.send_signal(sig)
            try:
                status = self.daemon.wait(20)
            except subprocess.TimeoutExpired:
                self.daemon.kill()
                status = "none after 20 s"
            if status not in (0, -signal.SIGKILL):  # a sanitizer's report is one
                ok(False, f"vmprocd ends with status 0, not {status}", self.log()[-1500:])
        self.daemon = None

    def log(self):
        with open(os.path.join(self.dir, "vmprocd.log")) as file:
            return file.read()

    def warm(self, n, seconds=30):
        return vmp.until(lambda: sum(v["state"] == "warm" for v in vmp.vms(self.rundir)) >= n, seconds)

    def qemus(self):
        """Process numbers of the QEMUs whose sockets stand in a directory of this bench's vmprocds."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    args = file.read().split(b"\0")
                root = os.readlink(f"/proc/{pid}/ns/mnt")
            except OSError:
                continue
            if args[0].endswith(b"qemu-system-x86_64") and root == self.namespace():
                found.append(int(pid))
        return found

    def namespace(self):
        try:
            with open(os.path.join(self.dir, "router", "mntns")) as file:
                return file.read().strip()
        except FileNotFoundError:
            return ""
