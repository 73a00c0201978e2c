"""VTE, of which GNOME's and other terminals are made: a window of its own (vte_host.py), its text, properties, signals."""
import json
import os
import subprocess
import sys

from terminal import Missing, path_of
from x11 import X11

HOST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vte_host.py")
PYTHON = "/usr/bin/python3"  # the one that Debian's modules are for


class Vte(X11):
    name = "vte"
    knows = X11.knows | {"titles", "cwd"}

    def start(self):
        asked = subprocess.run([PYTHON, "-c", "import gi; gi.require_version('Vte', '2.91')"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        if asked.returncode != 0:
            raise Missing("gir1.2-vte-2.91 or python3-gi is not installed")
        self.start_display()
        self.host = self.child([PYTHON, HOST, *self.command], "vte", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.find_window(self.host, "--class", "vte-host")

    def ask(self, *request):
        process = self.host.process
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    def ended(self):
        return not self.host.alive()

    def lines(self):
        return self.ask("lines")

    def paste(self, text):
        self.ask("paste", text)

    def resize(self, rows, columns):
        self.ask("resize", rows, columns)

    def titles(self):
        return self.ask("titles")

    def cwd(self):
        return path_of(self.ask("uri"))
