#!/usr/bin/env python3
"""The sessions of session.py in real terminals, run without a screen.

    matrix.py [TERMINAL]... [--only TEXT] [--screenshots DIRECTORY]    or TERMINALS="TERMINAL..." in the environment
"""
import argparse
import functools
import os
import sys

import session
import tap
from chromium import Chromium
from foot import Foot
from headless import Headless
from kitty import Kitty
from player import Player
from terminal import BUILD
from tmux import Tmux
from vte import Vte
from xterm import Xterm

TERMINALS = (Tmux, Headless, Chromium, Xterm, Vte, Kitty, Foot)


def play_session(driver, pictures, home):
    terminal = home.start(driver)
    try:
        Player(terminal, os.path.join(pictures, terminal.name + ".png")).play(session.session(home.path))
    finally:
        terminal.stop()


def play_attacks(driver, pictures, home):
    terminal = home.start(driver)
    try:
        Player(terminal).play(session.hostile(home.path))
    finally:
        terminal.stop()


TESTS = (("the session", play_session), ("attacks do nothing, and what a program leaves on is off", play_attacks))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--screenshots", default=os.path.join(BUILD, "screenshots"))
    parser.add_argument("--only", default="", help="part of a test's name")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    wanted = [word for word in options.words if "/" not in word] or os.environ.get("TERMINALS", "").split()
    os.makedirs(options.screenshots, exist_ok=True)
    return tap.run([(f"{driver.name}: {what}", functools.partial(test, driver, options.screenshots))
                    for driver in TERMINALS for what, test in TESTS
                    if (not wanted or driver.name in wanted) and options.only in what])


sys.exit(main())
