"""Machines on a network, all on this one: each has a network namespace, a D-Bus, an avahi-daemon, a libvirtd and state
directories of its own (scripts/router does that); the test runs in a namespace with a bridge that joins them."""

import asyncio
import os
import re
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "daemon"))
import vmp
from bench import BUILD, TOP, Bench, skip_unless

HERE = "10.77.0.1"
BRIDGES = {"lan": "10.77.0.", "lan2": "10.78.0."}


def run(*words):
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)


def forget_neighbours():
    """Whose address is whose is asked anew. An entry that goes by itself meanwhile makes ip fail."""
    assert vmp.until(lambda: subprocess.run(["ip", "neigh", "flush", "all"], stdin=subprocess.DEVNULL).returncode == 0)


def apart():
    """Goes on in a mount and a network namespace of its own, with the bridge."""
    skip_unless(os.geteuid() == 0, "network namespaces need root")
    skip_unless(os.path.exists(os.path.join(BUILD, "guest.elf")), "guest.elf is not built")
    if "APART" not in os.environ:
        os.environ["APART"] = "yes"
        os.execvp("unshare", ["unshare", "-m", "-n", "--propagation", "private", sys.executable] + sys.argv)
    run("ip", "link", "set", "lo", "up")
    for name, net in BRIDGES.items():
        run("ip", "link", "add", name, "type", "bridge", "mcast_snooping", "0")
        run("ip", "addr", "add", net + "1/24", "dev", name)
        run("ip", "link", "set", name, "up")


class Host(Bench):
    """A machine with an enrolled router; number makes its address."""

    def __init__(self, number, **env):
        super().__init__(**env)
        self.number, self.address, self.port = number, f"10.77.0.{10 + number}", f"to{number}"
        self.uri = f"qemu+tls://{self.address}/system"
        self.env["XDG_CONFIG_HOME"] = os.path.join(self.dir, "config")

    def named(self):
        """What begins a command that runs on a machine of that name."""
        return ["unshare", "-u", "sh", "-c", 'hostname "$0" && exec "$@"', f"host{self.number}"]

    def script(self, *words):
        done = subprocess.run([*self.named(), os.path.join(TOP, "scripts", "router"), *words], env=self.env, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def __enter__(self):
        said = self.script("enrol", f"host{self.number}", self.address, HERE)
        self.fingerprint = re.search("fingerprint ([0-9a-f]{64})", said).group(1)
        self.script("start")
        self.join()
        return self

    def join(self, bridge="lan"):
        """Plugs it into a bridge. Its card stays the same when it is started anew: nobody looks for it at another one for a minute."""
        where, port = str(self.pid_of("libvirtd")), self.port + ("b" if bridge == "lan2" else "")
        card = f"02:00:00:00:{list(BRIDGES).index(bridge):02x}:{self.number:02x}"
        run("ip", "link", "add", port, "type", "veth", "peer", "name", bridge, "address", card, "netns", where)
        run("ip", "link", "set", port, "master", bridge, "up")
        for words in (["addr", "add", f"{BRIDGES[bridge]}{10 + self.number}/24", "dev", bridge], ["link", "set", bridge, "up"]):
            run("nsenter", "-t", where, "-n", "ip", *words)

    def restart(self):
        self.script("stop")
        self.script("start")
        self.join()

    def admit(self, client, address=None):
        """Gives the user of another bench what lets him in here, under that address."""
        where = os.path.join(client.env["XDG_CONFIG_HOME"], "fleetsh", "pki", address or self.address)
        self.script("enrol", "--user", "somebody", where)

    def trust(self, fingerprint=None, client=None, uri=None):
        """The user of another bench accepts this router's certificate, as provisioning does: by what enrol has told."""
        trusted = shell(client or self, f"vm router trust {uri or self.uri} --yes {fingerprint or self.fingerprint}")
        assert trusted.returncode == 0, trusted.stdout + trusted.stderr

    def cut(self):
        """The network to it vanishes without a word."""
        run("ip", "link", "set", self.port, "down")

    def heal(self):
        run("ip", "link", "set", self.port, "up")

    def domains(self):
        listed = subprocess.run(["virsh", "-q", "-c", self.local_uri(), "list", "--name"], env=self.env, text=True,
                                stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        return listed.stdout.split()

    def local_uri(self):
        return f"qemu+unix:///system?socket={self.dir}/router/libvirt/libvirt-sock"


class Client(Bench):
    """The test's own machine as one without a router: a D-Bus and an avahi-daemon on the bridges, and a vmprocd."""

    def __init__(self, **env):
        super().__init__(**env)
        self.bus = os.path.join(self.dir, "bus")
        self.env.update(DBUS_SYSTEM_BUS_ADDRESS="unix:path=" + self.bus, XDG_CONFIG_HOME=os.path.join(self.dir, "config"))
        self.env.pop("FLEETSH_ROUTER")
        self.servers = {}

    def __enter__(self):
        run(os.path.join(TOP, "scripts", "router.d", "mountpoints"), "make", "/run/avahi-daemon")
        os.mkdir(os.path.join(self.dir, "avahi"))
        run("mount", "--bind", os.path.join(self.dir, "avahi"), "/run/avahi-daemon")
        with open(os.path.join(self.dir, "avahi.conf"), "w") as file:
            file.write("[server]\n[publish]\npublish-hinfo=no\npublish-workstation=no\n")
        return self

    def serve(self, name, *command, ready):
        """A daemon, and waits for what it makes."""
        log = open(os.path.join(self.dir, name + ".log"), "a")
        self.servers[name] = subprocess.Popen(command, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        assert vmp.until(lambda: os.path.exists(ready), 20), name + " did not start"

    def start_bus(self):
        self.serve("dbus", "dbus-daemon", "--system", "--nofork", "--nopidfile", "--address=unix:path=" + self.bus, ready=self.bus)

    def start_avahi(self):
        self.serve("avahi", "avahi-daemon", "-f", os.path.join(self.dir, "avahi.conf"), "--no-chroot", "--no-rlimits",
                   ready="/run/avahi-daemon/socket")

    def kill(self, name):
        self.servers.pop(name).kill()
        for path in {"dbus": [self.bus], "avahi": ["/run/avahi-daemon/socket", "/run/avahi-daemon/pid"]}[name]:
            if os.path.exists(path):
                os.unlink(path)

    def __exit__(self, *exc):
        for server in self.servers.values():
            server.kill()
            server.wait()
        run("umount", "-l", "/run/avahi-daemon")
        super().__exit__(*exc)


def shell(bench, script, **more):
    options = {"env": bench.env, "stdin": subprocess.DEVNULL, **more}
    return subprocess.run([os.path.join(BUILD, "fleetsh"), "-c", script], text=True, capture_output=True, timeout=120, **options)


def where(rundir, lease):
    return next(v["router"] for v in vmp.vms(rundir) if v["vm"] == lease.vm)


def resident_bytes(process):
    with open(f"/proc/{process}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Distance:
    """A port of this machine that leads to a host far away: each byte arrives so much later."""

    def __init__(self, host, milliseconds):
        self.host, self.delay, self.connections = host, milliseconds / 1000, 0
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()
        self.ready.wait(10)
        self.uri = f"qemu+tls://{HERE}:{self.port}/system"

    def serve(self):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self.connected, HERE, 0))
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()

    async def connected(self, reader, writer):
        self.connections += 1
        try:
            far_reader, far_writer = await asyncio.open_connection(self.host.address, 16514)
        except OSError:  # nobody listens there just now
            writer.close()
            return
        await asyncio.gather(self.carry(reader, far_writer), self.carry(far_reader, writer))

    async def carry(self, reader, writer):
        """What has arrived leaves in order, delay later, however much is on its way."""
        on_way = asyncio.Queue(256)

        async def leave():
            while True:
                due, piece = await on_way.get()
                await asyncio.sleep(due - self.loop.time())
                if not piece:
                    break
                writer.write(piece)
                await writer.drain()
            writer.close()

        leaving = asyncio.ensure_future(leave())
        try:
            while True:
                piece = await reader.read(65536)
                await on_way.put((self.loop.time() + self.delay, piece))
                if not piece:
                    break
            await leaving
        except OSError:
            leaving.cancel()
            writer.close()
