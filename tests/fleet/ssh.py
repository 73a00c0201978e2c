#!/usr/bin/env python3
"""Commands on another machine over ssh: a real sshd, whose host key has to be known."""

import hashlib
import os
import shutil
import subprocess

import net
import vmp
from bench import BUILD, done, ok, skip_unless
from net import Host, shell

net.apart()
SSHD = shutil.which("sshd", path="/usr/sbin:/sbin")
skip_unless(SSHD and shutil.which("ssh") and shutil.which("virt-ssh-helper"), "no sshd")


class Ssh:
    """A host's sshd, and what its users' ssh reads for its configuration."""

    def __init__(self, host):
        self.host, self.server = host, None
        self.dir = os.path.join(host.dir, "ssh")
        os.mkdir(self.dir, 0o700)
        self.known = self.path("known_hosts")
        self.key("user")
        self.write("sshd_config", f"HostKey {self.path('host')}\nAuthorizedKeysFile {self.path('user.pub')}\nStrictModes no\n"
                   "UsePAM no\nPermitRootLogin prohibit-password\nPidFile none\n")
        self.write("ssh_config", f"Host *\n UserKnownHostsFile {self.known}\n GlobalKnownHostsFile none\n LogLevel ERROR\n"
                   " IdentitiesOnly yes\n")
        net.run("mount", "--bind", self.path("ssh_config"), "/etc/ssh/ssh_config")
        self.uri = f"qemu+ssh://root@{host.address}/system?keyfile={self.path('user')}"

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)

    def key(self, name):
        for path in (self.path(name), self.path(name + ".pub")):
            if os.path.exists(path):
                os.unlink(path)
        net.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path(name))

    def start(self):
        """With a new host key."""
        self.stop()
        self.key("host")
        kept = self.path("libvirt")
        os.makedirs(kept, exist_ok=True)
        self.server = subprocess.Popen(
            ["nsenter", "-t", str(self.host.pid_of("libvirtd")), "-m", "-n", "unshare", "-m", "sh", "-c",
             f"mount --bind /run/libvirt {kept} && mount -t tmpfs none /run && mkdir /run/sshd /run/libvirt && "
             f"mount --bind {kept} /run/libvirt && exec {SSHD} -D -e -f {self.path('sshd_config')}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(self.path("log"), "a"))
        assert vmp.until(lambda: self.shown(), 20), open(self.path("log")).read()

    def shown(self):
        return subprocess.run(["ssh-keyscan", "-t", "ed25519", self.host.address], stdin=subprocess.DEVNULL, text=True,
                              capture_output=True).stdout

    def accept(self):
        self.write("known_hosts", self.shown())

    def stop(self):
        if self.server:
            self.server.terminate()
            self.server.wait()


def settled(rundir):
    return vmp.until(lambda: (lambda i: i if i["state"] in ("connected", "failed") else None)(vmp.router(rundir)), 30)


with Host(1, FLEETSH_POOL="2") as host:
    ssh = Ssh(host)
    r, env = host.rundir, host.env
    env["FLEETSH_ROUTER"] = ssh.uri
    ssh.start()
    try:
        host.start_daemon()
        info = settled(r)
        ok(info["state"] == "failed" and "ost key" in info["error"], "a host whose key is not known is refused", info)
        refused = shell(host, "/bin/busybox echo no")
        ok(refused.returncode == 125 and refused.stdout == "" and refused.stderr.count("\n") == 1, "a command says so in one line", refused)
        ok(not os.path.exists(ssh.known), "and nothing is accepted")
        host.end_daemon()

        ssh.accept()
        host.start_daemon()
        info = settled(r)
        ok(info["state"] == "connected" and info["trust"] == "none", "one whose key is known is connected to", info)
        ok(host.warm(2), "and has warm VMs", host.log())
        work = os.path.join(host.dir, "work")
        os.mkdir(work)
        ran = shell(host, "printf 'b\\na\\n' >f; /bin/busybox sort f | /bin/busybox sed s/b/B/ >g; cat g; /bin/busybox sh -c 'exit 7'; echo $?; "
                    "/bin/busybox sh -c 'kill -TERM $$'; echo $?", cwd=work)
        ok(ran.stdout == "a\nB\n7\n143\n", "files, pipelines, statuses and signals are as ever", ran.stdout + ran.stderr)
        data = os.urandom(1 << 20) * 8
        echoed = subprocess.run([os.path.join(BUILD, "fleetsh"), "-c", "/bin/busybox cat"], env=env, input=data, stdout=subprocess.PIPE,
                                timeout=120)
        ok(hashlib.sha256(echoed.stdout).digest() == hashlib.sha256(data).digest() and echoed.returncode == 0,
           "8 MiB go in and out unchanged", len(echoed.stdout))

        # ---- another machine in its place
        lease = vmp.Lease(r)
        ssh.start()
        known = open(ssh.known).read()
        try:
            vmp.until(lambda: not vmp.Lease(r).close() and False, 3)
            ok(False, "a VM's own connection goes to the known host only")
        except vmp.Refused as lost:
            ok("HAS CHANGED" in str(lost), "a VM's own connection goes to the known host only", lost)
        lease.close()
        host.end_daemon()
        host.start_daemon()
        info = settled(r)
        ok(info["state"] == "failed" and "HAS CHANGED" in info["error"] and "\n" not in info["error"], "a changed host key is refused, loudly", info)
        refused = shell(host, "/bin/busybox echo no")
        ok(refused.returncode == 125 and "HAS CHANGED" in refused.stderr and refused.stderr.count("\n") == 1, "commands tell it", refused)
        ok(open(ssh.known).read() == known, "and nothing is accepted")
        host.end_daemon()
        host.start_daemon(FLEETSH_ROUTER=ssh.uri + "&no_verify=1")
        ok(settled(r)["state"] == "failed" and "unsafe:" in vmp.router(r)["error"], "to ask nobody has to be named unsafe", vmp.router(r))
        host.end_daemon()
        ok(not subprocess.run(["pgrep", "-f", f"ssh .*{host.address}.*virt-ssh-helper"], capture_output=True).stdout.strip() or
           vmp.until(lambda: not subprocess.run(["pgrep", "-f", f"ssh .*{host.address}.*virt-ssh-helper"], capture_output=True).stdout, 10),
           "no ssh is left")
    finally:
        ssh.stop()
        net.run("umount", "/etc/ssh/ssh_config")
done()
