#!/usr/bin/env python3
"""Suggestions from the history."""
from ptylib import PROMPT, run, shell_after

DIM = "\x1b[2m"


def sees(sh, typed, shown, column=None):
    """typed leads to a line that is seen so, with the cursor behind what was typed."""
    sh.send(typed)
    sh.until(lambda screen: screen.last() == PROMPT + shown and screen.column == (column or len(PROMPT + typed)), shown)


def test_suggestion():
    """the rest of the newest command that begins so stands behind what is typed, and is no part of it"""
    with shell_after("echo one two", "echo one three") as sh:
        sees(sh, "echo o", "echo one three")
        assert DIM in sh.told
        sh.send("\r")
        sh.until_seen(r"^o$")
        sh.prompt()
        sees(sh, "echo one tw", "echo one two")
        sh.send("x")
        sh.until_last(PROMPT + "echo one twx")
        sh.interrupt()


def test_taking():
    """right, End, ^E and ^F take it, Alt and right a word of it; within the line they move"""
    with shell_after("echo one two three") as sh:
        for key in ("\x1b[C", "\x1bOC", "\x06", "\x05", "\x1b[F"):
            sees(sh, "echo o", "echo one two three")
            sees(sh, key, "echo one two three", len(PROMPT + "echo one two three"))
            sh.send("\x1b[D\x1b[DX")
            sh.until_last(PROMPT + "echo one two thrXee")
            sees(sh, key + key, "echo one two thrXee", len(PROMPT + "echo one two thrXee"))
            sh.interrupt()
        sees(sh, "echo o", "echo one two three")
        sees(sh, "\x1b[1;3C", "echo one two three", len(PROMPT + "echo one"))
        sees(sh, "\x1b[1;3C", "echo one two three", len(PROMPT + "echo one two"))
        sh.send("\r")
        sh.until_seen("^one two$")


def test_nothing_stays():
    """a discarded line, a completed one and one that is left leave nothing of the suggestion"""
    with shell_after("echo one two three") as sh:
        sees(sh, "echo o", "echo one two three")
        sh.interrupt()
        assert f"{PROMPT}echo o^C" in sh.screen.text().splitlines(), sh.screen.text()
        sees(sh, "echo o", "echo one two three")
        sh.send("\x01")
        sh.until(lambda screen: screen.last() == PROMPT + "echo o" and screen.column == len(PROMPT), "the line alone")
        sh.send("\x05")
        sh.send("\r")
        sh.prompt()
        assert f"{PROMPT}echo o" in sh.screen.text().splitlines(), sh.screen.text()


def test_room():
    """it ends before the edge of the screen and the right prompt, and a long line has none"""
    with shell_after("echo " + "0123456789" * 5, columns=30) as sh:
        sees(sh, "echo 0", "echo 01234567890123456789"[:30 - len(PROMPT) - 1])
        sh.send("1234567890123456789X")
        sh.until(lambda screen: screen.text().endswith("9X"), "no suggestion")
        sh.interrupt()
    with shell_after("echo " + "0123456789" * 5, columns=40) as sh:
        sh.line("RPS1=right")
        sh.until(lambda screen: screen.last().endswith("right"), "the right prompt")
        sh.send("echo 0")
        sh.until(lambda screen: screen.last().endswith("right") and "echo 012345678901234" in screen.last(), "both")


def test_when_there_is_none():
    """private commands, commands of several lines, a dumb terminal, vi mode and the user's wish: no suggestion"""
    with shell_after(" echo private", "echo a &&\recho b") as sh:
        sees(sh, " echo p", " echo p")
        sh.interrupt()
        sees(sh, "echo a", "echo a")
        assert DIM not in sh.raw
    with shell_after("echo one", environment={"FLEETSH_TERMINAL": "paste"}) as sh:
        sees(sh, "echo o", "echo o")
        assert DIM not in sh.raw
    with shell_after("echo one", "set -o vi") as sh:
        sees(sh, "echo o", "echo o")
        assert DIM not in sh.raw


run(globals())
