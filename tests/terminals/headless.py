"""@xterm/headless in node: its buffer, its parser's hooks for OSC 7, 133 and 633, its modes."""
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios

import npm
from terminal import BUILD, KEYS, Terminal, need, path_of

HERE = os.path.dirname(os.path.abspath(__file__))
ARROWS = {"Up": "A", "Down": "B", "Right": "C", "Left": "D"}


def take_terminal():
    """In the child: descriptor 0 is its session's, and signals are as in a login."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for number in (signal.SIGINT, signal.SIGQUIT):  # ignored, where the tests were started with &
        signal.signal(number, signal.SIG_DFL)


class Headless(Terminal):
    name = "xterm-headless"
    knows = frozenset(("title", "titles", "cwd", "statuses"))
    master = None  # of the pseudo-terminal

    def start(self):
        need("node")
        self.master, slave = pty.openpty()
        self.set_size(self.rows, self.columns)
        try:
            self.child(self.command, "shell", stdin=slave, stdout=slave, stderr=slave,
                       preexec_fn=take_terminal,
                       env={**self.environment, "TERM": "xterm-256color"})
        finally:
            os.close(slave)
        modules = npm.modules(BUILD)
        self.node = self.child(["node", os.path.join(HERE, "headless.js"), str(self.master)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, pass_fds=(self.master,),
                               env={**self.environment, "NODE_PATH": modules})

    def stop(self):
        super().stop()
        if self.master is not None:
            os.close(self.master)
            self.master = None

    def set_size(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def ask(self, *request):
        process = self.node.process
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        error, *value = json.loads(process.stdout.readline())
        assert error is None, error
        return value[0]

    def ended(self):
        return self.ask("ended")

    def lines(self):
        return [line.rstrip() for line in self.ask("lines")]

    def type(self, text):
        self.ask("type", text)

    def key(self, name):
        if name in ARROWS:
            self.ask("arrow", ARROWS[name])
        else:
            self.ask("type", KEYS[name])

    def paste(self, text):
        self.ask("paste", text)

    def resize(self, rows, columns):
        self.ask("resize", rows, columns)
        self.set_size(rows, columns)

    def title(self):
        return (self.titles() or [None])[-1]

    def titles(self):
        return self.ask("seen", "titles")

    def cwd(self):
        return path_of(self.ask("seen", "cwd"))

    def statuses(self):
        return self.ask("seen", "statuses")
