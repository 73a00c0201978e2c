#!/usr/bin/env python3
"""The network of bootable images: a Linux that somebody else has built reaches what was granted, and nothing else.

All of it on the loopback interface. The Linux is Debian's, with busybox and tests/vm/prog/net.c; it runs a script. What ends when is
tried with tests/vm/boot's kernel, which knows of no network and starts sooner.
"""
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading

TOP = os.environ.setdefault("TOP", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
os.environ.setdefault("FLEETSH", os.path.join(os.environ.get("BUILD", os.path.join(TOP, "build")), "fleetsh"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import check, command_line, finish, leased, processes, qemus, run, run_in, shims, skip, start, until

BUILD = os.path.abspath(os.path.dirname(os.environ["FLEETSH"]))
KERNEL = "/usr/lib/fleetsh-test-kernel"  # of scripts/install-deps
MODULES = ("virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "failover", "net_failover",
           "virtio_net")
LIMIT = 300

INIT = """#!/bin/busybox sh
PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
mount -t sysfs sys /sys
for module in %s; do [ ! -e /$module.ko ] || insmod /$module.ko; done
ip link set lo up
sh /script
poweroff -f
""" % " ".join(MODULES)
STATIC = """
ip link set eth0 up
ip addr add 192.0.2.15/24 dev eth0
ip route add default via 192.0.2.2
echo nameserver 192.0.2.53 >/etc/resolv.conf
"""


def cpio(files):
    """An initramfs ("newc") of (name, mode, bytes)."""
    out = b""
    for number, (name, mode, data) in enumerate([*files, ("TRAILER!!!", 0, b"")], 1):
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
        out += head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)
    return out


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def linux(directory, name, script, network=None):
    """A command of that name, which is a Linux that runs the script."""
    files = [(d, 0o040755, b"") for d in ("bin", "dev", "proc", "sys", "etc")]
    files += [("bin/busybox", 0o100755, contents("/bin/busybox")), ("bin/net", 0o100755, contents(f"{BUILD}/prog/net")),
              ("init", 0o100755, INIT.encode()), ("script", 0o100644, script.encode())]
    files += [(f"{module}.ko", 0o100644, contents(f"{KERNEL}/{module}.ko"))
              for module in MODULES if os.path.exists(f"{KERNEL}/{module}.ko")]
    with open(os.path.join(directory, name + ".initrd"), "wb") as file:
        file.write(cpio(files))
    image(directory, name, f'"kind": "bzimage", "program": "{KERNEL}/vmlinuz", "initrd": "./{name}.initrd", "memory": "192M", '
          '"lines": "unix", "command-line": "console=ttyS0 quiet loglevel=0 panic=-1 mitigations=off nokaslr"' +
          ("" if network is None else f', "network": {network}'))


def image(directory, name, keys):
    path = os.path.join(directory, name + ".vm")
    with open(path, "w") as file:
        file.write('{"version": 1, %s}\n' % keys)
    os.chmod(path, 0o755)


# ---- who can be reached on this machine ----

class Server:
    """Accepts on a port of 127.0.0.1; each connection is what's, in a thread."""

    def __init__(self, what):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.accepted, self.what = self.socket.getsockname()[1], 0, what
        threading.Thread(target=self.loop, daemon=True).start()

    def loop(self):
        while True:
            connection = self.socket.accept()[0]
            self.accepted += 1
            threading.Thread(target=self.what, args=(connection,), daemon=True).start()


def read_all(connection):
    data = b""
    while piece := connection.recv(65536):
        data += piece
    return data


def after_end(connection):
    connection.sendall(b"answer to " + read_all(connection))
    connection.close()


def pour(connection):
    connection.sendall(bytes(4 << 20))
    connection.close()


def datagrams():
    """Answers; before that somebody answers who was not asked."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def loop():
        while True:
            data, peer = server.recvfrom(1000)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                stranger.sendto(b"forged", peer)
            server.sendto(data, peer)
    threading.Thread(target=loop, daemon=True).start()
    return server.getsockname()[1]


def can_listen(port):
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def free_port():
    """Below those that the kernel gives to whoever connects, as other tests do meanwhile."""
    while not can_listen(port := random.randrange(10000, 32000)):
        pass
    return port


def nets(port):
    """The vmproc-net that listens there."""
    return processes(rf"^vmproc-net .*listen:(\S*:)?{port}\b")


# ---- what is refused before anything starts ----
PVH = f'"kind": "pvh", "program": "{BUILD}/boot/pvh", "machine": "microvm"'


def test_specs(directory):
    image(directory, "six", PVH + ',\n "network": ["10.0.0.1:80", "[::1]:80"]')
    image(directory, "all", PVH + ',\n "network": ["listen:*"]')
    image(directory, "block", PVH + ',\n "network": ["listen:10.0.0.0/8:80"]')
    image(directory, "many", PVH + ',\n "network": ["listen:1000-1031", "listen:2000-2032"]')
    image(directory, "plain", PVH)
    status, out, err = run_in(directory, """PATH=$PWD:$PATH
for name in six all block many; do $name exit=0; echo $?; done
with -n '[::1]:80' -- plain exit=0; echo $?
with -n 'listen:*' -- plain exit=0; echo $?
vm image check six.vm plain.vm
""", LIMIT)
    check("grants that the link cannot keep to are errors with line and column",
          out == "126\n" * 6 and [re.sub(r".*?(\w+\.vm:)", r"\1", line) for line in err.splitlines()] == [
              'six.vm:2:29: the network of a bootable image carries no IPv6',
              'all.vm:2:14: where a bootable image listens must be said: all ports cannot be given',
              'block.vm:2:14: a bootable image listens at one address, or at all',
              'many.vm:2:34: a bootable image listens at 64 ports at most',
              'fleetsh: plain: [::1]:80: the network of a bootable image carries no IPv6',
              'fleetsh: plain: listen:*: where a bootable image listens must be said: all ports cannot be given',
              'six.vm:2:29: the network of a bootable image carries no IPv6'], (out, err))


# ---- what ends when ----
def test_ends(directory):
    image(directory, "idle", PVH + ', "exit": {"watch-halt": false}')
    image(directory, "idlepc", PVH.replace("microvm", "pc") + ', "exit": {"watch-halt": false}')
    port = free_port()
    status, out, err = run_in(directory, f"./idle.vm exit=3; echo $?; with -n listen:{port} -- ./idle.vm exit=4; echo $?;"
                              f"with -n listen:{port} -- ./idlepc.vm poweroff; echo $?", LIMIT)
    check("its status is its own, with a network as without one, and the port is free for the next", out == "3\n4\n0\n", (out, err))
    with socket.create_server(("127.0.0.1", port)):
        status, out, err = run_in(directory, f"with -n listen:127.0.0.1:{port} -- ./idle.vm exit=0; echo $?", LIMIT)
    check("a port that is taken is status 125 and one line",
          (out, err) == ("125\n", f"fleetsh: idle.vm: no network: cannot listen at port {port}: Address already in use\n"), (out, err))

    shell = start(f"cd {directory}; ./idle.vm halt")
    check("without a grant there is no network device",
          until(leased, LIMIT) and qemus() and not qemus_with("virtio-net"))
    end(shell)
    for victim in "shim", "vmproc-net", "QEMU":
        shell = start(f"cd {directory}; with -n listen:{port} -- ./idle.vm halt; echo $?")
        check(f"{victim}: with one there is", until(lambda: qemus_with("virtio-net") and leased() and nets(port), LIMIT))
        pid = {"shim": lambda: shims(shell.pid), "vmproc-net": lambda: nets(port), "QEMU": lambda: qemus_with("virtio-net")}[victim]()[0]
        os.kill(pid, signal.SIGKILL)
        out, err = shell.communicate(timeout=LIMIT)
        said = {"shim": ("137\n", ""), "vmproc-net": ("120\n", "fleetsh: idle.vm: its network ended\n")}.get(victim)
        check(f"{victim} killed: the status tells it", (out, err) == said if said else out == "120\n", (out, err))
        check(f"{victim} killed: port, processes and VM go",
              until(lambda: can_listen(port) and not nets(port) and not qemus_with("virtio-net") and not leased(), LIMIT),
              (can_listen(port), nets(port), leased()))
    shell = start(f"cd {directory}; with -n listen:{port} -- ./idle.vm halt; echo $?")
    until(lambda: leased() and nets(port), LIMIT)
    end(shell)
    check("so they do when all is interrupted", until(lambda: can_listen(port) and not nets(port) and not leased(), LIMIT))


def qemus_with(word):
    return [pid for pid in qemus() if word in command_line(pid)]


def end(shell):
    os.killpg(shell.pid, signal.SIGINT)
    shell.communicate(timeout=LIMIT)


# ---- what is reached ----
HALF, OTHER, POUR = Server(after_end), Server(after_end), Server(pour)
MARK = re.compile(r"^== (.*)\n", re.M)


def sections(out):
    parts = MARK.split(out)
    return dict(zip(parts[1::2], parts[2::2]))


def test_reached(directory):
    udp, closed, served, hidden = datagrams(), free_port(), free_port(), free_port()
    # The host's hardware address is entered by hand: what does not pass is not even asked for.
    linux(directory, "one", f"""
echo == dhcp
printf '#!/bin/sh\\n[ "$1" != bound ] || echo $ip $subnet $router $dns\\n' >/bin/told; chmod +x /bin/told
ip link set eth0 up; udhcpc -n -q -t 20 -T 1 -i eth0 -s /bin/told 2>/dev/null
{STATIC}
echo == granted
net half 192.0.2.2 {HALF.port}
net stream 192.0.2.2 {POUR.port}
net talk 192.0.2.2 {ECHO.port} 100
net connect 192.0.2.2 {closed}
echo == refused
net connect 192.0.2.2 {OTHER.port}
net connect 192.0.2.7 {HALF.port}
net connect 198.51.100.1 {HALF.port}
net connect 192.0.2.53 53
echo == datagrams
net udp 192.0.2.2 {udp}
echo == names
nslookup localhost 2>&1 | grep -e '^Address: *192.0.2.2$'
nslookup elsewhere.example 2>&1 | grep -c REFUSED
echo == serves
nc -ll -p {served} -e /bin/tr a-z A-Z & nc -l -p {hidden} -e /bin/tr a-z A-Z &
until [ $(cat /proc/net/tcp /proc/net/tcp6 | grep -c ' 0A ') = 2 ]; do sleep 0.1; done
echo ready
read line </dev/ttyS0
echo == another address
ip addr del 192.0.2.15/24 dev eth0; ip addr add 192.0.2.16/24 dev eth0; ip route add default via 192.0.2.2
arp -s 192.0.2.2 52:55:c0:00:02:02
timeout 2 net connect 192.0.2.2 {HALF.port} >/dev/null || echo not
ip addr del 192.0.2.16/24 dev eth0; ip addr add 192.0.2.15/24 dev eth0; ip route add default via 192.0.2.2
ip link set eth0 down; ip link set eth0 address 52:54:00:00:02:10; ip link set eth0 up; ip route add default via 192.0.2.2
arp -s 192.0.2.2 52:55:c0:00:02:02
timeout 2 net connect 192.0.2.2 {HALF.port} >/dev/null || echo not
ip link set eth0 down; ip link set eth0 address 52:54:00:00:02:0f; ip link set eth0 up; ip route add default via 192.0.2.2
net half 192.0.2.2 {HALF.port}
echo == end
""", f'["127.0.0.1:{HALF.port}", "127.0.0.0/8:{POUR.port}", "localhost:{ECHO.port}", "127.0.0.1:{closed}", "127.0.0.1:{udp}", '
          f'"listen:{served}", "listen:127.0.0.1:{hidden}"], "input": "open"')
    linux(directory, "two", f"""{STATIC}
net half 192.0.2.2 {served}
net connect 192.0.2.2 {hidden}
net connect 192.0.2.15 {served}
""")
    shell = start(f"cd {directory}; PATH=$PWD:$PATH; set -o explain; one")
    out, bound = "", threading.Timer(LIMIT, lambda: os.killpg(shell.pid, signal.SIGKILL))
    bound.start()
    for line in shell.stdout:
        out += line
        if line == "ready\n":
            break
    bound.cancel()
    first = sections(out)
    check("DHCP gives the address that it always has", first.get("dhcp") == "192.0.2.15 255.255.255.0 192.0.2.2 192.0.2.53\n", out)
    check("what was given is reached: by address, block and name; and a refusal is told",
          first.get("granted") == "send after shutdown: EPIPE\nanswer to question\ngot 4194304\n100 answers\nconnect: ECONNREFUSED\n", out)
    check("what was not is ENETUNREACH: this machine's other ports, other addresses of the link, other machines",
          first.get("refused") == "connect: ENETUNREACH\nconnect: EHOSTUNREACH\n" + 2 * "connect: ENETUNREACH\n", out)
    check("datagrams go there and back, and nobody else's come in",
          first.get("datagrams") == f"peek 5 fir from port {udp}\ngot 5 first\nrecv: EAGAIN\ngot second\n", out)
    check("names that were given have addresses, others are refused", first.get("names") == "Address: 192.0.2.2\n2\n", out)

    with socket.create_connection(("127.0.0.1", served), LIMIT) as client:
        client.sendall(b"from outside")
        client.shutdown(socket.SHUT_WR)
        check("where it may listen it is reached", read_all(client) == b"FROM OUTSIDE")
    status, second, err = run_in(directory, f"PATH=$PWD:$PATH; with -n 127.0.0.1:{served} -- two", LIMIT)
    check("another VM reaches it there only when both were given that",
          second == "send after shutdown: EPIPE\nQUESTION\nconnect: ENETUNREACH\nconnect: ECONNREFUSED\n", (second, err))

    before = HALF.accepted
    rest, err = shell.communicate("go on\n", timeout=LIMIT)
    last = sections("== x\n" + rest)
    check("nothing goes out from another IP or hardware address, and the link goes on",
          last.get("another address", "").replace("Terminated\n", "") ==
          "not\nnot\nsend after shutdown: EPIPE\nanswer to question\n" and HALF.accepted == before + 1, (rest, err))
    check("who was not to be reached has not been", OTHER.accepted == 0 and "end" in last, rest)
    check("set -o explain says what was not given", f"explain: connecting to 127.0.0.1:{OTHER.port} was not given" in err and
          f"explain:   network 127.0.0.1:{HALF.port}" in err, err)
    check("nothing is left", until(lambda: not nets(served) and not leased() and can_listen(served), LIMIT), nets(served))


def echo(connection):
    while data := connection.recv(65536):
        connection.sendall(data)
    connection.close()


ECHO = Server(echo)

if not os.path.exists(f"{BUILD}/vmproc-net"):
    skip("bootable images have a network", "built without libslirp")
    finish()
with tempfile.TemporaryDirectory(prefix="fleetsh-net-") as place:
    test_specs(place)
    test_ends(place)
    if os.path.exists(f"{KERNEL}/vmlinuz"):
        test_reached(place)
    else:
        skip("a Linux is on the network", f"{KERNEL} is not there: scripts/install-deps test")
finish()
