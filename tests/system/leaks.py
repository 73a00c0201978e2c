#!/usr/bin/env python3
"""One shell, many commands of all kinds: afterwards there is as much of everything as before.

COUNT=10000 for a long run. Counted when the pool is full and still: descriptors and memory of the shell and of vmprocd, VMs,
QEMU processes, libvirt's domains, sockets and files of the runtime directories.
"""
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *

COUNT = int(os.environ.get("COUNT", "300"))
POOL = 3
ROUND = r"""
/bin/busybox true
echo x | cat | cat >/dev/null
y=$(echo sub | cat)
echo here | while read -r z; do cat </dev/null; done
sh -c 'exit 3'
sh -c 'kill -TERM $$' 2>/dev/null
yes | head -n 3 >/dev/null
cat <<EOF >/dev/null
$y
EOF
sleep 100 & kill $!; wait $! 2>/dev/null
"""
PER_ROUND = 15  # VMs, more or less


def least(count):
    """Of some: who asks for the list of VMs, or an answer of libvirtd, is a descriptor for a moment."""
    return min((time.sleep(0.05), count())[1] for _ in range(20))


class Session:
    """A shell that reads its commands from a pipe, with a vmprocd of its own."""

    def __init__(self, directory):
        self.changes = dict(XDG_RUNTIME_DIR=directory, FLEETSH_POOL=str(POOL))
        self.shell = subprocess.Popen([FLEETSH], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                      env=environment(**self.changes), start_new_session=True, cwd=directory)
        self.directory = directory

    def do(self, commands):
        self.shell.stdin.write(commands + "\necho over $?\n")
        self.shell.stdin.flush()
        while True:
            line = self.shell.stdout.readline()
            assert line, "the shell ended"
            if line.startswith("over "):
                return

    def still(self):
        now = vms(**self.changes)
        return len(now) == POOL and all(vm["state"] == "warm" for vm in now)

    def instance(self):
        return vms(**self.changes)[0]["domain"].rpartition("-")[0]

    def counts(self):
        assert until(self.still, 60), vms(**self.changes)
        daemon, instance = vmprocd(self.directory), self.instance()
        domains = subprocess.run(["virsh", "-c", os.environ["FLEETSH_ROUTER"], "list", "--all", "--name"], stdout=subprocess.PIPE,
                                 text=True).stdout
        work = [os.path.join(top, name) for top in ("/run", os.path.join(self.directory, "fleetsh")) if os.path.isdir(top)
                for name in os.listdir(top) if name == "fleetsh-vm-" + instance.rpartition("-")[2]]
        numbers = {vm["domain"].rpartition("-")[2] for vm in vms(**self.changes)}
        strays = [name for path in work for name in os.listdir(os.path.join(path, "s")) if name.split(".")[0] not in numbers]
        return {
            "sockets of VMs that are gone": strays,
            "descriptors of the shell": len(os.listdir(f"/proc/{self.shell.pid}/fd")),
            "descriptors of vmprocd": least(lambda: len(os.listdir(f"/proc/{daemon}/fd"))),
            "children of the shell": len(children(self.shell.pid)),
            "QEMUs": len(processes(rf"^\S*qemu-system-x86_64 .*guest={instance}-")),
            "libvirt's domains": sum(name.startswith(instance + "-") for name in domains.split()),
            "files of the runtime directory": len(os.listdir(os.path.join(self.directory, "fleetsh"))),
        }

    def memory(self):
        """KiB of the shell and of vmprocd that are their own."""
        def own(pid):
            with open(f"/proc/{pid}/smaps_rollup") as file:
                return sum(int(line.split()[1]) for line in file if line.startswith("Private_"))
        return own(self.shell.pid), own(vmprocd(self.directory))


with tempfile.TemporaryDirectory(prefix="fleetsh-leaks-") as directory:
    os.chmod(directory, 0o700)
    session = Session(directory)
    session.do("/bin/busybox true")
    for _ in range(3):
        session.do(ROUND)
    before, memory = session.counts(), session.memory()
    for _ in range(COUNT // PER_ROUND):
        session.do(ROUND)
    after, memory_after = session.counts(), session.memory()
    for what in before:
        check(f"{what}: as many after {COUNT} commands as before", before[what] == after[what], (before[what], after[what]))
    check("no socket of a VM that is gone", not after["sockets of VMs that are gone"], after)
    print(f"# KiB of the shell and vmprocd: {memory}, then {memory_after}")
    check("the shell's memory does not grow", memory_after[0] - memory[0] < 256, (memory, memory_after))
    check("vmprocd's memory does not grow", memory_after[1] - memory[1] < 4096 + COUNT / 20, (memory, memory_after))
    daemon = vmprocd(directory)
    session.do("vm stop")
    session.shell.stdin.close()
    session.shell.wait(10)
    check("vm stop leaves no socket and no process", until(lambda: not os.path.exists(f"/proc/{daemon}"), 10) and
          not os.path.exists(os.path.join(directory, "fleetsh", "vmprocd.sock")))
finish()
