"""probe.py - asks the terminal, as an ordinary program of this machine, and prints what it says.

    answers       what the terminal has said before it answers a question of ours: answers to what came earlier
    modes N...    which of DEC's private modes are on, and the flags of kitty's keyboard protocol
"""
import os
import re
import select
import sys
import termios
import tty

STATUS, FINE = b"\x1b[5n", b"\x1b[0n"  # a question that every terminal answers, after those that came before it
LIMIT = 30  # seconds


def ask(terminal, questions):
    saved = termios.tcgetattr(terminal)
    try:
        tty.setraw(terminal, termios.TCSANOW)  # what has come already is kept
        os.write(terminal, questions + STATUS)
        said = b""
        while not said.endswith(FINE):
            if not select.select([terminal], [], [], LIMIT)[0]:
                return said + b" and then nothing"
            said += os.read(terminal, 1)
        return said[:-len(FINE)]
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, saved)


def main():
    terminal = os.open("/dev/tty", os.O_RDWR)
    what, *numbers = sys.argv[1:]
    if what == "answers":
        said = ask(terminal, b"")
        print("answers:", repr(said)[1:] if said else "none")
        return
    said = ask(terminal, b"".join(b"\x1b[?%d$p" % int(number) for number in numbers) + b"\x1b[?u")
    on = re.findall(rb"\x1b\[\?(\d+);[13]\$y", said)
    keyboard = re.findall(rb"\x1b\[\?(\d+)u", said)
    told = re.search(rb"\$y", said)
    print("modes:", b" ".join(on).decode() or "none" if told else "unknown")
    print("keyboard:", keyboard[0].decode() if keyboard else "unknown")


main()
