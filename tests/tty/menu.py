#!/usr/bin/env python3
"""The menu that TAB opens."""
import os
import random

from ptylib import PROMPT, Shell, run

UP, DOWN, RIGHT, LEFT, BACK_TAB, PAGE_DOWN, PAGE_UP = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[Z", "\x1b[6~", "\x1b[5~"


def shell_with(*names, **options):
    sh = Shell(**options)
    for name in names:
        if name.endswith("/"):
            os.mkdir(sh.path(name))
        else:
            open(sh.path(name), "w").close()
    sh.prompt()
    return sh


def shows(sh, line, *rows):
    """The cursor's line, and the rows below it."""
    sh.until(lambda screen: screen.last() == PROMPT + line and screen.text().split(PROMPT + line)[-1].split("\n")[1:] == list(rows),
             f"{line!r} above {rows}")


def test_choosing():
    """TAB opens it; TAB, S-TAB and arrows choose, and what is chosen stands in the line; Enter takes it and runs nothing"""
    with shell_with("aa", "ab", "ac/", "ad ") as sh:
        sh.send("echo a\t")
        shows(sh, "echo a", "aa    ab    ac/   ad\\")
        for keys, line in (("\t", "aa"), (DOWN, "ab"), ("\t", "ac/"), (BACK_TAB, "ab"), (UP, "aa"), (UP, "ad\\"), ("\t", "aa"), (RIGHT, "ab"),
                           (LEFT, "aa"), (LEFT, "aa"), ("\x1b[F", "ad\\"), ("\x1b[H", "aa"), ("\x0e", "ab"), ("\x10", "aa")):
            sh.send(keys)
            sh.until_last(f"{PROMPT}echo {line}")
        sh.send("\r")
        shows(sh, "echo aa")
        sh.send("|")
        shows(sh, "echo aa |")
        sh.interrupt()
        sh.send("echo a\t\t\t\t\r")  # a directory: without a blank
        shows(sh, "echo ac/")
        sh.send("|")
        shows(sh, "echo ac/|")
        sh.interrupt()
        assert "\x1b[7m" in sh.told


def test_leaving():
    """ESC, ^G and Backspace give back what was typed; other keys do what they do, with what is chosen; ^C discards the line"""
    with shell_with("aa", "ab", "ac/") as sh:
        for key in ("\x1b", "\x07", "\x7f"):
            sh.send("echo a\t\t\t")
            shows(sh, "echo ab", "aa   ab   ac/")
            sh.send(key)
            shows(sh, "echo a")
            sh.interrupt()
        for keys, line in (("x", "echo abx"), ("\x01x", "xecho ab"), ("\tx", "echo ac/x"), ("\t/x", "echo ac/x"), (" \x7fx", "echo abx"),
                           ("\x1f", "echo a")):
            sh.send("echo a\t\t\t")
            shows(sh, "echo ab", "aa   ab   ac/")
            sh.send(keys)
            shows(sh, line)
            sh.interrupt()
        sh.send("echo a\t")
        shows(sh, "echo a", "aa   ab   ac/")
        sh.interrupt()
        assert sh.screen.text().endswith(f"{PROMPT}echo a^C\n{PROMPT.rstrip()}"), sh.screen.text()
        sh.send("echo a\t\r")
        sh.until_seen("^a$")
        sh.prompt()


def test_narrowing():
    """what is typed leaves those that fit; TAB inserts what they have in common; the only one is finished; none closes it"""
    with shell_with("x-one-a", "x-one-b", "x-two") as sh:
        sh.send("echo x\t\t")
        shows(sh, "echo x-", "x-one-a  x-one-b  x-two")
        sh.send("o")
        shows(sh, "echo x-o", "x-one-a  x-one-b")
        sh.send("\t")
        shows(sh, "echo x-one-", "x-one-a  x-one-b")
        sh.send("b")
        shows(sh, "echo x-one-b", "x-one-b")
        sh.send("\t|")
        shows(sh, "echo x-one-b |")
        sh.interrupt()
        sh.send("echo x-\t")
        shows(sh, "echo x-", "x-one-a  x-one-b  x-two")
        sh.send("3")
        shows(sh, "echo x-3")
        sh.interrupt()


def test_narrowing_many():
    """of more than can be told of, what is typed asks for those that fit"""
    with shell_with(*(f"f{i:04}" for i in range(1200)), rows=6, columns=40) as sh:
        sh.send("echo f\t")
        sh.until_seen(r"^rows 1 to 4 of 80 \(800 more\)$")
        sh.send("1")
        sh.until_seen(r"^f1000 ")
        sh.send("19")
        shows(sh, "echo f119", "f1190  f1192  f1194  f1196  f1198", "f1191  f1193  f1195  f1197  f1199")
        sh.interrupt()


def test_described():
    """descriptions stand in a column of their own, what is chosen in reverse video"""
    with shell_with() as sh:
        sh.run("ux_f() { :; }; alias ux_alias='echo d'; alias ux_w='echo wide'")
        sh.send("ux_\t\t")
        shows(sh, "ux_alias", "ux_alias  echo d", "ux_f      a function", "ux_w      echo wide")
        sh.told = ""
        sh.send(DOWN)
        shows(sh, "ux_f", "ux_alias  echo d", "ux_f      a function", "ux_w      echo wide")
        assert "\x1b[7mux_f" in sh.told
        sh.interrupt()


def test_wide():
    """wide and combining characters are as wide as they are; control characters command nothing; a long name is cut"""
    with shell_with("w漢字", "wé", "w" + "e\u0301" * 3, "w\x1b[2Jx", columns=30) as sh:
        sh.send("echo w\t")
        sh.until_seen(r"^w\?\\\[2Jx  wé$")
        sh.until_seen("^we\u0301e\u0301e\u0301     w漢字$")
        sh.interrupt()
    with shell_with("x" * 50 + "1", "x" * 50 + "2", columns=20, rows=12) as sh:
        sh.send("ls x\t\t\t")
        sh.until_seen("^x{19}$")
        sh.send("\r")
        sh.until_seen("^x+1$")
        sh.until(lambda screen: "\n".join(screen.text().split("\n")[-1:]).endswith("1"), "the menu is gone")
        sh.interrupt()


def test_small():
    """in 20 columns and 5 rows it is shown page by page, and the line stays"""
    with shell_with(*(f"name{i:02}" for i in range(30)), rows=5, columns=20) as sh:
        sh.send("cat n\t\t")
        shows(sh, "cat name", "name00  name15", "name01  name16", "name02  name17", "rows 1 to 3 of 15")
        sh.send("\t" + DOWN * 3)
        shows(sh, "cat name03", "name01  name16", "name02  name17", "name03  name18", "rows 2 to 4 of 15")
        sh.send(PAGE_DOWN)
        shows(sh, "cat name06", "name04  name19", "name05  name20", "name06  name21", "rows 5 to 7 of 15")
        sh.send(RIGHT)
        shows(sh, "cat name21", "name04  name19", "name05  name20", "name06  name21", "rows 5 to 7 of 15")
        sh.send(PAGE_DOWN * 5)
        shows(sh, "cat name29", "name12  name27", "name13  name28", "name14  name29", "rows 13 to 15 of 15")
        sh.send(PAGE_UP * 9)
        shows(sh, "cat name15", "name00  name15", "name01  name16", "name02  name17", "rows 1 to 3 of 15")
        sh.send("\r")
        shows(sh, "cat name15")
    with shell_with("aa", "ab", rows=1, columns=20) as sh:  # no room: they are listed as they were without it
        sh.send("cat a\t\t")
        sh.expect("aa  ab")
        sh.until_last(PROMPT + "cat a")


def test_resize():
    """a change of the window's size arranges it anew, the choice stays"""
    with shell_with(*(f"name{i:02}" for i in range(12))) as sh:
        sh.send("cat n\t\t\t" + DOWN * 6)
        shows(sh, "cat name06", "name00  name02  name04  name06  name08  name10", "name01  name03  name05  name07  name09  name11")
        sh.resize(5, 20)
        sh.until(lambda screen: screen.last() == PROMPT + "cat name06" and "rows" in screen.text(), "fewer columns")
        sh.send(DOWN)
        sh.until_last(PROMPT + "cat name07")
        sh.resize(24, 80)
        shows(sh, "cat name07", "name00  name02  name04  name06  name08  name10", "name01  name03  name05  name07  name09  name11")
        sh.send("\r")
        shows(sh, "cat name07")


def test_places():
    """in the middle of a line, in an open command, in vi's mode; one undo takes the choice back"""
    with shell_with("aa", "ab") as sh:
        sh.send("echo a; true\x01\x1bf\x1bf\t\t\t")
        sh.until(lambda screen: PROMPT + "echo ab; true\naa  ab" in screen.text(), "the rest stays behind it")
        sh.send("\r")
        sh.until(lambda screen: screen.text().endswith(PROMPT + "echo ab ; true"), "taken")
        sh.send("\x1f")
        sh.until(lambda screen: screen.text().endswith(PROMPT + "echo a; true"), "taken back")
        sh.interrupt()
        sh.send("if true\rthen echo a\t\t")
        sh.until(lambda screen: screen.last() == "> then echo aa" and screen.text().endswith("\naa  ab"), "in the second line")
        sh.send("\r;fi\r")
        sh.until_seen("^aa$")
        sh.prompt()
        sh.run("set -o vi")
        sh.send("echo a\t\t\t")
        shows(sh, "echo ab", "aa  ab")
        sh.send("\x1b")
        shows(sh, "echo a")
        sh.send("\t\t\r|")
        shows(sh, "echo aa |")
        sh.interrupt()


def test_what_is_drawn_is_what_is_there():
    """after any keys the screen shows what it shows when all is drawn anew"""
    keys = ["\t", "\t", UP, DOWN, LEFT, RIGHT, BACK_TAB, PAGE_DOWN, PAGE_UP, "a", "\r", "\x1b\x07", "\x07", "\x7f", "echo ", " ", "\x1b[H", "/"]
    chance = random.Random(20221030)
    names = [first + second for first in "ab漢" for second in ("", "a", "bbbbbbbbb", "e\u0301", "/", " ")]
    quiet = {"FLEETSH_TERMINAL": "paste suggest"}  # a command that is missing is drawn at a time of its own
    for columns in (20, 80):
        with shell_with(*(name for name in names if name not in ("a/", "b/", "漢/")), columns=columns, rows=7, environment=quiet) as sh:
            for _ in range(25):
                sent = ": a" + "".join(chance.choice(keys) for _ in range(chance.randint(1, 10))) + "Ω"
                sh.send(sent)
                sh.until(lambda screen: "Ω" in screen.text(), "Ω")
                sh.send("Ψ")  # no menu is open behind Ω, which begins no name
                sh.until(lambda screen: "Ψ" in screen.text(), "Ψ")
                sh.seen = len(sh.raw)
                sh.send("\x07")
                sh.expect("\x07")
                after_keys = sh.screen.text().split(PROMPT)[-1], sh.screen.column
                sh.send("\x0c")
                sh.expect("\x1b\\[2J.*Ψ")
                sh.send("\x07")
                sh.expect("\x07")
                anew = sh.screen.text().split(PROMPT)[-1], sh.screen.column
                assert after_keys == anew, f"{sent!r}:\n{after_keys}\n{anew}"
                sh.send("\x15\x0b")
                sh.prompt()


run(globals())
