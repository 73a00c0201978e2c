#!/usr/bin/env python3
"""server.py [--port N] [--modules DIRECTORY] [--shell PROGRAM] - fleetsh in a browser, on this machine only.

It listens on 127.0.0.1 and prints an address with a token in it. Whoever has the token has your shell, so:
  * each request but those for the page's own files carries it, in a header that no other site's page can send;
  * the Host header must be ours, so that a name that somebody points at 127.0.0.1 (DNS rebinding) is of no use;
  * the page's address keeps the token behind its #, which is sent to no server.

GET /output streams what the shell writes, and starts it; when that connection goes, the shell gets SIGHUP.
POST /input brings keys, POST /size rows and columns. The standard library is all it needs.
"""
import argparse
import fcntl
import hmac
import http.server
import json
import os
import pty
import secrets
import select
import signal
import struct
import sys
import termios
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = {"/": ("index.html", "text/html"), "/terminal.js": ("terminal.js", "text/javascript")}
MODULES = {"/xterm.js": ("@xterm/xterm/lib/xterm.js", "text/javascript"),
           "/xterm.css": ("@xterm/xterm/css/xterm.css", "text/css"),
           "/addon-fit.js": ("@xterm/addon-fit/lib/addon-fit.js", "text/javascript")}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:"
MAX_BODY = 4 << 20  # bytes of one request: a large paste


class Shell:
    """A login shell on a pseudo-terminal of its own."""

    def __init__(self, program, rows, columns):
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "SHELL": program}
        for name in ("LINES", "COLUMNS", "TERM_PROGRAM", "TERM_PROGRAM_VERSION"):  # of the terminal that we run in
            environment.pop(name, None)
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            try:
                for number in (signal.SIGINT, signal.SIGQUIT):  # ignored, where this was started with &
                    signal.signal(number, signal.SIG_DFL)
                self.resize(rows, columns, 0)
                os.execve(program, ["-" + os.path.basename(program)], environment)
            finally:
                os._exit(127)

    def resize(self, rows, columns, terminal=None):
        fcntl.ioctl(self.master if terminal is None else terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def write(self, data):
        while data:
            data = data[os.write(self.master, data):]

    def read(self):
        """b"" at its end."""
        try:
            return os.read(self.master, 65536)
        except OSError:  # EIO: nobody has the terminal open any more
            return b""

    def close(self):
        os.close(self.master)  # SIGHUP for who is left
        os.waitpid(self.pid, 0)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", kind="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", kind + "; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def is_ours(self):
        return self.headers.get("Host") == f"127.0.0.1:{self.server.server_port}"

    def is_allowed(self):
        token = self.headers.get("X-Token", "")
        return self.is_ours() and hmac.compare_digest(token.encode(), self.server.token.encode())

    def do_GET(self):
        if self.path == "/output" and self.is_allowed():
            self.stream()
        elif self.path in PAGE and self.is_ours():
            self.file(os.path.join(HERE, PAGE[self.path][0]), PAGE[self.path][1])
        elif self.path in MODULES and self.is_ours():
            self.file(os.path.join(self.server.modules, MODULES[self.path][0]), MODULES[self.path][1])
        else:
            self.answer(403 if self.path == "/output" or not self.is_ours() else 404)

    def file(self, path, kind):
        try:
            with open(path, "rb") as file:
                self.answer(200, file.read(), kind)
        except FileNotFoundError:
            self.answer(404, b"not there; `npm ci` in the server's directory installs it\n")

    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        if not self.is_allowed() or length > MAX_BODY:
            self.close_connection = True
            return self.answer(403)
        body, shell = self.rfile.read(length), self.server.shells.get(self.headers.get("X-Shell"))
        try:
            if not shell:
                return self.answer(410)
            if self.path == "/input":
                shell.write(body)
            elif self.path == "/size":
                shell.resize(*json.loads(body))
            else:
                return self.answer(404)
        except (ValueError, TypeError, struct.error):
            return self.answer(400)
        except OSError:  # the shell ended meanwhile
            return self.answer(410)
        self.answer(204)

    def stream(self):
        """Until the shell ends or the browser goes. A browser that reads slowly slows the shell down."""
        name = self.headers.get("X-Shell", "")
        try:
            rows, columns = json.loads(self.headers.get("X-Size", "[24, 80]"))
            shell = self.server.shells[name] = Shell(self.server.shell, rows, columns)
        except (ValueError, TypeError, struct.error):
            return self.answer(400)
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while True:
                ready = select.select([shell.master, self.connection], [], [])[0]
                data = shell.read() if shell.master in ready else b""
                if not data:  # its end; or the browser's, which says nothing else on this connection
                    break
                self.wfile.write(data)
        except OSError:
            pass
        finally:
            del self.server.shells[name]
            shell.close()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port, modules, shell):
        super().__init__(("127.0.0.1", port), Handler)
        self.modules, self.shell = modules, shell
        self.token, self.shells = secrets.token_urlsafe(24), {}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--modules", default=os.path.join(HERE, "node_modules"))
    parser.add_argument("--shell", default="/usr/local/bin/fleetsh")
    options = parser.parse_args()
    server = Server(options.port, options.modules, options.shell)
    print(f"http://127.0.0.1:{server.server_port}/#{server.token}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    sys.exit(main())
