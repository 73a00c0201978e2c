"""terminal - what a driver of a terminal emulator does, and what the drivers have in common.

A driver starts its terminal with a shell in it, types and pastes as a user would, and tells what is on the screen by
that terminal's own means. What else it can tell is in `knows`; asking for anything else is a mistake of the caller.
"""
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("BUILD", os.path.join(TOP, "build"))
LIMIT = 30.0  # seconds for one condition: a hang, not a slow machine
TURN = 0.02  # seconds between two looks at a condition

# Keys by the names that a session uses, as bytes of a terminal whose cursor keys are in their normal mode.
KEYS = {"Enter": "\r", "Tab": "\t", "Escape": "\x1b", "BackSpace": "\x7f", "Up": "\x1b[A", "Down": "\x1b[B",
        "Left": "\x1b[D", "Right": "\x1b[C", "Home": "\x1b[H", "End": "\x1b[F",
        **{f"C-{letter}": chr(ord(letter) & 31) for letter in "abcdefghijklmnopqrstuvwxyz"}}


class Missing(Exception):
    """The terminal, or what its driver needs, is not installed; the text says what."""


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Missing(f"{program} is not installed")


def until(condition, what, tell=lambda: ""):
    """Looks at condition() until it gives something true, and returns that."""
    deadline = time.monotonic() + LIMIT
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {LIMIT:.0f} s: {what}\n{tell()}")
        time.sleep(TURN)


def path_of(url):
    """Of a directory of this machine (OSC 7)."""
    parts = urllib.parse.urlsplit(url)
    assert not url or (parts.scheme == "file" and parts.netloc in ("", "localhost", socket.gethostname())), url
    return urllib.parse.unquote(parts.path)


class Child:
    """A process with a group of its own, which ends with it."""

    def __init__(self, command, **options):
        self.log = open(options.pop("log"), "wb")
        streams = {"stdin": subprocess.DEVNULL, "stdout": self.log, "stderr": self.log}
        self.process = subprocess.Popen(command, start_new_session=True, **{**streams, **options})

    def alive(self):
        return self.process.poll() is None

    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            pass
        except ProcessLookupError:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.log.close()


class Terminal:
    name = "?"
    knows = frozenset()  # of title, titles, cwd, statuses, output, clipboard, screenshot, modes
    rows, columns = 24, 80

    def __init__(self, directory, command, environment):
        """directory: for the driver's own files. The terminal runs command in environment and adds to it."""
        self.directory, self.command, self.environment = directory, command, environment
        self.children = []
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def child(self, command, name=None, **options):
        log = os.path.join(self.directory, (name or os.path.basename(command[0])) + ".log")
        options = {"cwd": self.environment["HOME"], "env": self.environment, **options}
        self.children.append(Child(command, log=log, **options))
        return self.children[-1]

    def start(self):
        raise NotImplementedError

    def stop(self):
        """Whatever is left of it ends; may be called twice."""
        while self.children:
            self.children.pop().end()

    def ended(self):
        """Has the terminal closed, as it does when its shell ends?"""
        raise NotImplementedError

    def lines(self):
        """The lines that are seen, without blanks at their end."""
        raise NotImplementedError

    def type(self, text):
        raise NotImplementedError

    def key(self, name):
        raise NotImplementedError

    def paste(self, text):
        """As a user pastes: by the terminal's own function, which brackets it when it was told to."""
        raise NotImplementedError

    def resize(self, rows, columns):
        raise NotImplementedError

    # What only some know:

    def title(self):
        raise NotImplementedError

    def titles(self):
        """All that there have been."""
        raise NotImplementedError

    def cwd(self):
        """Where a new window would open."""
        raise NotImplementedError

    def statuses(self):
        """Of the commands so far, as marked."""
        raise NotImplementedError

    def output(self):
        """Of the last command, as marked."""
        raise NotImplementedError

    def set_clipboard(self, text):
        raise NotImplementedError

    def clipboard(self):
        raise NotImplementedError

    def screenshot(self, path):
        raise NotImplementedError
