"""A machine on the network that answers in a router's place. As a module: the class with which tests have one; as a program, what runs there:
impostor.py PKI CA LOG answers at libvirt's port for TLS with the server certificate of PKI. The first so many connections (a number on its
standard input at any time; none) it passes on, byte by byte, to whom it impersonates, at UPSTREAM; into each other one it looks."""

import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading

PORT = 16514


class Impostor:
    """Plugged into one bridge at an address of the caller's choice; owns one authority, or has got hold of a router's."""

    def __init__(self, host, address, bridge="lan", authority_of=None):
        import net
        self.dir, self.ports = os.path.join(host.dir, "impostor"), []
        shutil.rmtree(self.dir, ignore_errors=True)
        pki = os.path.join(self.dir, "pki")
        if authority_of:
            shutil.copytree(os.path.join(authority_of.dir, "router.pki"), pki)
            os.unlink(os.path.join(pki, "serverkey.pem"))
            os.unlink(os.path.join(pki, "servercert.pem"))
        else:
            os.makedirs(pki)
        said = subprocess.run([*host.named(), os.path.join(net.TOP, "scripts", "router"), "enrol", f"host{host.number}", host.address,
                               address], env={**host.env, "FLEETSH_PKI_DIR": pki}, text=True, capture_output=True, check=True).stdout
        self.fingerprint = re.search("fingerprint ([0-9a-f]{64})", said).group(1)
        self.log = os.path.join(self.dir, "log")
        self.process = subprocess.Popen(
            ["unshare", "-n", sys.executable, os.path.abspath(__file__), pki, os.path.join(host.dir, "router.pki", "cacert.pem"), self.log],
            env={**os.environ, "UPSTREAM": f"{net.BRIDGES['lan2']}{10 + host.number}"}, stdin=subprocess.PIPE, text=True)
        assert net.vmp.until(lambda: os.path.exists(self.log), 20), "the impostor does not listen"
        self.join(bridge, address)
        if bridge == "lan":
            self.join("lan2", net.BRIDGES["lan2"] + "99")  # where it reaches the router itself

    def join(self, bridge, address):
        import net
        port = "evil" + bridge
        net.run("ip", "link", "add", port, "type", "veth", "peer", "name", bridge, "netns", str(self.process.pid))
        self.ports.append(port)
        net.run("ip", "link", "set", port, "master", bridge, "up")
        for words in (["addr", "add", f"{address}/24", "dev", bridge], ["link", "set", bridge, "up"]):
            net.run("nsenter", "-t", str(self.process.pid), "-n", "ip", *words)
        net.forget_neighbours()  # as its gratuitous ARP would have it

    def let_pass(self, count):
        """So many further connections are passed on unchanged."""
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()

    def connections(self):
        """What has become of each connection that is over, and of those whose handshake is."""
        with open(self.log) as file:
            return [json.loads(line) for line in file]

    def told(self):
        """The connections on which something was said within TLS."""
        return [c for c in self.connections() if c.get("bytes")]

    def shown(self):
        """Those by which it knows who is there, of a certificate."""
        return [c for c in self.connections() if c.get("client")]

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        import net
        for port in self.ports:
            net.run("ip", "link", "del", port)
        net.forget_neighbours()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()


# ---- the program

class Server:
    def __init__(self, pki, authority, log):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(os.path.join(pki, "servercert.pem"), os.path.join(pki, "serverkey.pem"))
        self.context.load_verify_locations(authority)
        self.context.verify_mode = ssl.CERT_OPTIONAL
        self.context.num_tickets = 0  # libvirt takes one for an error
        self.listener = socket.create_server(("0.0.0.0", PORT))
        self.log, self.passes, self.lock = log, 0, threading.Lock()

    def note(self, **what):
        with self.lock:
            self.log.write(json.dumps(what) + "\n")
            self.log.flush()

    def command(self):
        for line in sys.stdin:
            with self.lock:
                self.passes += int(line)

    def serve(self):
        threading.Thread(target=self.command, daemon=True).start()
        while True:
            client, _ = self.listener.accept()
            with self.lock:
                passed = self.passes > 0
                self.passes -= passed
            threading.Thread(target=self.carry if passed else self.look, args=(client,), daemon=True).start()

    def carry(self, client):
        try:
            router = socket.create_connection((os.environ["UPSTREAM"], PORT), 10)
        except OSError as error:
            self.note(lost=str(error))
            client.close()
            return
        router.settimeout(None)
        back = threading.Thread(target=self.copy, args=(router, client), daemon=True)
        back.start()
        self.copy(client, router)
        back.join()
        self.note(passed=True)

    def copy(self, source, sink):
        try:
            while piece := source.recv(65536):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            source.close()

    def look(self, client):
        """Its client's certificate, if it shows one, and what it says first. As libvirtd it tells the client that it is let in."""
        seen = {"bytes": 0, "client": False}
        try:
            client.settimeout(20)
            with self.context.wrap_socket(client, server_side=True) as inner:
                seen["client"] = bool(inner.getpeercert(binary_form=True))
                inner.sendall(b"\1")
                seen["bytes"] = len(inner.recv(65536))
        except OSError as error:
            seen["error"] = str(error)
        self.note(**seen)


if __name__ == "__main__":
    pki_dir, ca, log_name = sys.argv[1:]
    with open(log_name + ".new", "w") as log_file:
        server = Server(pki_dir, ca, log_file)
        os.rename(log_name + ".new", log_name)
        server.serve()
