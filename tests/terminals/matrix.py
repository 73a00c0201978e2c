#!/usr/bin/env python3
"""The session of session.py in real terminals, run without a screen.

    matrix.py [TERMINAL]... [--screenshots DIRECTORY]    or TERMINALS="TERMINAL..." in the environment
"""
import argparse
import os
import re
import shutil
import sys
import tempfile
import traceback
import unicodedata

import session
from attacks import ATTACKS, CAN, CSI
from chromium import Chromium
from foot import Foot
from headless import Headless
from kitty import Kitty
from terminal import BUILD, Missing, until
from tmux import Tmux
from vte import Vte
from xterm import Xterm

FLEETSH = os.environ.get("FLEETSH") or os.path.join(BUILD, "fleetsh")
PASSED_ON = ("XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "FLEETSH_ROUTER", "DBUS_SYSTEM_BUS_ADDRESS", "ASAN_OPTIONS")

TERMINALS = (Tmux, Headless, Chromium, Xterm, Vte, Kitty, Foot)


class Player:
    """Does a session's actions at one terminal."""

    def __init__(self, terminal, screenshot=None):
        self.terminal, self.picture = terminal, screenshot

    def play(self, steps):
        for name, actions in steps:
            for action, *operands in actions:
                try:
                    getattr(self, action)(*operands)
                except AssertionError as error:
                    raise AssertionError(f"{self.terminal.name}, {name}: {action} {operands}: {error}") from None

    def lines(self):
        """With characters decomposed: some terminals compose them."""
        return [unicodedata.normalize("NFD", line) for line in self.terminal.lines()]

    def screen(self):
        return "\n".join("| " + line for line in self.lines()).rstrip("| \n")

    def wait(self, condition):
        until(condition, "", self.screen)

    def is_last(self, text):
        lines = self.lines()
        while lines and not lines[-1]:
            lines.pop()
        return bool(lines) and lines[-1] == text

    def matches(self, pattern):
        return sum(1 for line in self.lines() if re.search(pattern, line))

    def line(self, text):
        self.terminal.type(text)
        self.last(f"{session.PROMPT} {text}")
        self.terminal.key("Enter")

    def type(self, text):
        self.terminal.type(text)

    def key(self, name):
        self.terminal.key(name)

    def paste(self, text):
        self.terminal.paste(text)

    def see(self, pattern):
        self.wait(lambda: self.matches(pattern))

    def once(self, pattern):
        self.wait(lambda: self.matches(pattern) == 1)

    def unseen(self, pattern):
        assert not self.matches(pattern), self.screen()

    def last(self, text):
        self.wait(lambda: self.is_last(text))

    def prompt(self):
        self.last(session.PROMPT)

    def resize(self, rows, columns):
        self.terminal.resize(rows, columns)

    def ended(self):
        until(self.terminal.ended, "the terminal ends")

    def told(self, what, expected):
        """Where the terminal knows it."""
        if what in self.terminal.knows:
            ask = getattr(self.terminal, what)
            until(lambda: ask() == expected, f"{what} {expected!r}", lambda: f"it is {ask()!r}\n{self.screen()}")

    def title(self, text):
        self.told("title", text)

    def cwd(self, path):
        self.told("cwd", path)

    def output(self, text):
        self.told("output", text)

    def clip(self, text):
        if "clipboard" in self.terminal.knows:
            self.terminal.set_clipboard(text)

    def clipped(self, text):
        self.told("clipboard", text)

    def untitled(self, text):
        if "titles" in self.terminal.knows:
            assert not any(text in title for title in self.terminal.titles()), self.terminal.titles()

    def status(self, number):
        if "statuses" in self.terminal.knows:
            until(lambda: self.terminal.statuses()[-1:] == [number], f"status {number}",
                  lambda: f"they are {self.terminal.statuses()}\n{self.screen()}")

    def screenshot(self):
        if self.picture and "screenshot" in self.terminal.knows:
            self.terminal.screenshot(self.picture)


def write_attacks(home):
    """One VM writes those that may follow each other, the others have a VM each."""
    directory, together = os.path.join(home, "attacks"), b""
    os.mkdir(directory)
    for number, (name, attack) in enumerate(ATTACKS.items()):
        if name[-1].isdigit() or name.endswith("without an end"):
            with open(os.path.join(directory, f"{number:03}.part"), "wb") as file:
                file.write(attack)
        else:
            together += attack + CAN + b"\n"
    for name, data in (("together", together), ("control", CSI + b"c")):
        with open(os.path.join(directory, name), "wb") as file:
            file.write(data)


class Home:
    """A user's directory, and one for the driver."""

    def __enter__(self):
        self.root = tempfile.mkdtemp(prefix="fleetsh-term-")
        self.home, self.driver = os.path.join(self.root, "home"), os.path.join(self.root, "driver")
        os.mkdir(self.home)
        os.mkdir(self.driver)
        for name, text in ((".profile", session.PROFILE), ("hostile", session.HOSTILE), ("leaves", session.LEAVES)):
            with open(os.path.join(self.home, name), "w") as file:
                file.write(text)
        write_attacks(self.home)
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        toolbox = os.path.join(BUILD, "toolbox")
        self.environment = {**environment, "HOME": self.home, "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"],
                            "FLEETSH_TEST_PATH": f"{toolbox}:{os.environ['PATH']}", "SHELL": FLEETSH, "TMPDIR": self.root,
                            "PROBE": os.path.join(os.path.dirname(os.path.abspath(__file__)), "probe.py"),
                            "PROBE_PYTHON": sys.executable}
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root, ignore_errors=True)


def play_session(terminal, home, pictures):
    picture = os.path.join(pictures, terminal.name + ".png")
    player = Player(terminal, picture)
    player.play(session.session(home.home))


def play_attacks(terminal, home, pictures):
    Player(terminal).play(session.hostile(home.home))


TESTS = (("the session", play_session), ("attacks do nothing, and what a program leaves on is off", play_attacks))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--screenshots", default=os.path.join(BUILD, "screenshots"))
    parser.add_argument("--only", help="part of a test's name")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    wanted = [word for word in options.words if "/" not in word] or os.environ.get("TERMINALS", "").split()
    os.makedirs(options.screenshots, exist_ok=True)
    number, failed = 0, False
    for driver in TERMINALS:
        if wanted and driver.name not in wanted:
            continue
        for what, test in TESTS:
            name = f"{driver.name}: {what}"
            if options.only and options.only not in what:
                continue
            number += 1
            terminal = None
            try:
                with Home() as home:
                    try:
                        terminal = driver(home.driver, [FLEETSH, "-l"], {**home.environment})
                        test(terminal, home, options.screenshots)
                    finally:
                        if terminal:
                            terminal.stop()
                print(f"ok {number} - {name}", flush=True)
            except Missing as reason:
                print(f"ok {number} - {name} # skip {reason}", flush=True)
            except Exception:
                failed = True
                print(f"not ok {number} - {name}")
                print("".join("# " + line + "\n" for line in traceback.format_exc().splitlines()), flush=True)
    print(f"1..{number}")
    return failed


sys.exit(main())
