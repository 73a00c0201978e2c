#!/usr/bin/env python3
"""vi mode: each command of XCU sh, "vi Line Editing Command Mode" and "Insert Mode", as a table."""
import os

from ptylib import PROMPT, Shell, run

ESC = "\x1b"

# What is typed in insert mode; the keys after ESC; the line they lead to, with the cursor on the character behind the |.
# Without a | the editor is in insert mode at the end: the cursor is behind what was inserted (shown by an X that is typed).
MOTIONS = [
    ("h moves left, and with a count", "abcdef", "h3h", "a|bcdef"),
    ("h stops at the beginning", "ab", "9h", "|ab"),
    ("l and space move right", "abcdef", "0l2 ", "abc|def"),
    ("l stays on the last character", "abc", "l9l", "ab|c"),
    ("0 goes to the first character", "  ab c", "0", "|  ab c"),
    ("^ goes to the first that is no blank", "  ab c", "^", "  |ab c"),
    ("$ goes to the last character", "ab cd", "0$", "ab c|d"),
    ("w goes to the next word", "ab-cd ef", "0w", "ab|-cd ef"),
    ("w takes a count", "ab-cd ef", "03w", "ab-cd |ef"),
    ("w at the last word goes to its end", "ab cd", "09w", "ab c|d"),
    ("W goes to the next bigword", "ab-cd ef", "0W", "ab-cd |ef"),
    ("b goes back to the word's beginning", "ab-cd ef", "2b", "ab-|cd ef"),
    ("B goes back to the bigword's beginning", "ab-cd ef", "2B", "|ab-cd ef"),
    ("e goes to the word's end", "ab-cd ef", "0e", "a|b-cd ef"),
    ("e goes on to the next word's end", "ab-cd ef", "03e", "ab-c|d ef"),
    ("E goes to the bigword's end", "ab-cd ef", "0E", "ab-c|d ef"),
    ("| goes to a column, without a count to the first", "abcdef", "4|", "abc|def"),
    ("f goes to the next such character", "a.b.c", "0f.", "a|.b.c"),
    ("f takes a count", "a.b.c", "02f.", "a.b|.c"),
    ("f moves nowhere without one", "a.b", "0fz", "|a.b"),
    ("F goes back to one", "a.b.c", "F.", "a.b|.c"),
    ("t goes before the next one", "ab.c", "0t.", "a|b.c"),
    ("T goes behind one", "a.bc", "T.", "a.|bc"),
    ("; repeats f", "a.b.c", "0f.;", "a.b|.c"),
    ("; repeats t and gets on", "a.b.c.d", "0t.;", "a.|b.c.d"),
    (", goes the other way", "a.b.c", "0f.;,", "a|.b.c"),
    (", after F", "a.b.c", "F.F.,", "a.b|.c"),
]
CHANGES = [
    ("x deletes a character", "abc", "0x", "|bc"),
    ("x deletes as many as the count", "abcdef", "03x", "|def"),
    ("x at the end steps back", "abc", "x", "a|b"),
    ("X deletes before the cursor", "abcd", "2X", "a|d"),
    ("r replaces a character", "abc", "0rX", "|Xbc"),
    ("r replaces as many as the count", "abcdef", "03rX", "XX|Xdef"),
    ("r with ^V takes a control character", "abc", "0r\x16\x01", "|^Abc"),
    ("r and ESC changes nothing", "abc", "0r\x1b", "|abc"),
    ("~ changes case and moves on", "aBc", "0~", "A|Bc"),
    ("~ takes a count", "aBcd", "03~", "AbC|d"),
    ("~ knows other letters than ASCII's", "äÖ", "02~", "Ä|ö"),
    ("dw deletes a word and the blanks behind", "ab cd", "0dw", "|cd"),
    ("d3w and 3dw are the same", "a b c d", "0d3w", "|d"),
    ("counts multiply", "a b c d e f", "02d2w", "|e f"),
    ("de deletes to the word's end", "ab cd", "0de", "| cd"),
    ("db deletes back", "ab cd", "db", "ab |d"),
    ("d$ and D delete to the end", "ab cd", "0ld$", "|a"),
    ("D", "ab cd", "0lD", "|a"),
    ("d0 deletes to the beginning", "abcd", "d0", "|d"),
    ("dd deletes all", "ab cd", "dd", "|"),
    ("dfc deletes to that character", "a.b.c", "0df.", "|b.c"),
    ("dtc deletes before it", "a.b.c", "0dt.", "|.b.c"),
    ("d| deletes to the column", "abcdef", "d2|", "a|f"),
    ("dh deletes before the cursor", "abc", "dh", "a|c"),
    ("dl deletes at it", "abc", "0dl", "|bc"),
    ("d and no motion changes nothing", "abc", "0dz", "|abc"),
    ("yw and p put behind the cursor", "ab cd", "0yw$p", "ab cdab| "),
    ("P puts before it", "ab cd", "0yw$P", "ab cab| d"),
    ("p takes a count", "ab", "0yl3p", "aaa|ab"),
    ("y leaves the cursor where it is", "ab cd", "y0p", "ab cdab |c"),
    ("Y yanks to the end", "abc", "0lY0P", "b|cabc"),
    ("yy yanks all", "abc", "yyp", "abcab|c"),
    ("x and p exchange characters", "ba", "0xp", "a|b"),
    ("u takes the last change back", "abc", "0xu", "|abc"),
    ("u takes one after the other back", "abc", "0xxuu", "|abc"),
    ("U takes all back", "", "iabc\x1b0xU", "|"),
    (". repeats a change", "abcdef", "0x.", "|cdef"),
    (". repeats with its count", "abcdefgh", "02x.", "|efgh"),
    (". takes another count", "abcdefgh", "0x3.", "|efgh"),
    (". repeats an insertion", "ab", "0iX\x1bl.", "X|Xab"),
    (". repeats what replaced a word", "a b c", "0cwXY\x1bw.", "XY X|Y c"),
    (". repeats a motion with a character", "a.b.c.d", "0df..", "|c.d"),
    (". repeats a case change", "abcd", "0~.", "AB|cd"),
    ("a count repeats an insertion", "", "3iab\x1b", "ababa|b"),
]
INSERTIONS = [
    ("i inserts before the cursor", "abc", "0liX", "aXbc"),
    ("I inserts at the line's first word", "  abc", "IX", "  Xabc"),
    ("a inserts behind it", "abc", "0aX", "aXbc"),
    ("A inserts at the end", "abc", "0AX", "abcX"),
    ("R replaces characters", "abcdef", "0RXY", "XYcdef"),
    ("cw changes a word, not the blanks behind", "ab cd", "0cwX", "X cd"),
    ("c2w", "a b c", "0c2wX", "X c"),
    ("cw on the last character of a word", "ab cd", "0lcwX", "aX cd"),
    ("cw on a blank", "ab  cd", "0ellcwX", "ab Xcd"),
    ("cc and S change all", "ab cd", "ccX", "X"),
    ("S", "ab cd", "SX", "X"),
    ("C changes to the end", "ab cd", "0lCX", "aX"),
    ("c$", "ab cd", "0lc$X", "aX"),
    ("s changes a character", "abc", "0sX", "Xbc"),
    ("s takes a count", "abc", "02sX", "Xc"),
    ("cb changes back", "ab cd", "cbX", "ab Xd"),
    ("ct changes to a character", "a.b", "0ct.X", "X.b"),
]
INSERT_MODE = [
    ("erase", "abc\x7f\x08X", "aX"),
    ("^W takes a word", "ab cd\x17X", "ab X"),
    ("^W takes what is between words", "ab--\x17X", "abX"),
    ("kill takes all", "ab cd\x15X", "X"),
    ("^V inserts a control character", "a\x16\x01b", "a^Ab"),
    ("a backslash escapes erase", "a\\\x7fb", "a^?b"),
    ("a backslash escapes kill", "a\\\x15b", "a^Ub"),
]


def vi(**options):
    sh = Shell(**options)
    sh.prompt()
    sh.run("set -o vi")
    sh.run("clear")
    return sh


def sees(sh, name, line, at):
    """The line is that, with the cursor at that column of it."""
    try:
        sh.until(lambda screen: screen.last() == (PROMPT + line).rstrip() and screen.column == len(PROMPT) + at, name)
    except AssertionError as error:
        raise AssertionError(f"{name}: {error}\ncursor at {sh.screen.column - len(PROMPT)}, expected {line!r} at {at}") from None


def try_commands(rows):
    with vi() as sh:
        for name, typed, keys, wanted in rows:
            sh.send(typed)
            sh.until_last((PROMPT + typed).rstrip())
            sh.send(ESC + keys)
            before, after = wanted.split("|")
            sees(sh, name, before + after, len(before))
            sh.interrupt()


def test_motions():
    """each motion leads where it should"""
    try_commands(MOTIONS)


def test_changes():
    """each command that changes the line leaves what it should, and the cursor where it should"""
    try_commands(CHANGES)


def test_insertions():
    """each command that goes to insert mode inserts where it should"""
    with vi() as sh:
        for name, typed, keys, wanted in INSERTIONS:
            sh.send(typed)
            sh.until_last((PROMPT + typed).rstrip())
            sh.send(ESC + keys)
            sees(sh, name, wanted, wanted.rindex("Y" if "Y" in wanted else "X") + 1)
            sh.interrupt()


def test_insert_mode():
    """erase, kill, ^W, ^V and backslash in insert mode"""
    with vi() as sh:
        for name, keys, wanted in INSERT_MODE:
            sh.send(keys)
            sees(sh, name, wanted, len(wanted))
            sh.interrupt()


def test_history_motions():
    """k, -, j, + and G show other commands, with the cursor at their beginning; u does not undo that"""
    with vi() as sh:
        for command in ("echo one", "echo two", "echo three"):
            sh.run(command)
        for keys, wanted in (("k", "echo three"), ("2k", "echo two"), ("3-", "echo one"), ("kkkj", "echo two"), ("kkk+", "echo two"),
                             ("3G", "echo one"), ("G", "set -o vi"), ("ku", "echo three")):
            sh.send("new" + ESC + keys)
            sees(sh, keys, wanted, 0)
            sh.interrupt()
        sh.send("new" + ESC + "kj")
        sees(sh, "back to what was typed", "new", 0)
        sh.interrupt()


def test_searches():
    """/ and ? search by patterns, ^ anchors, n and N repeat, an empty pattern is the last one"""
    with vi() as sh:
        for command in ("echo one", "true one", "echo two"):
            sh.run(command)
        for keys, wanted in (("/one\r", "true one"), ("/one\rn", "echo one"), ("/one\rnN", "true one"), ("/^echo\r", "echo two"),
                             ("/^echo\rn", "echo one"), ("/t*e\r", "true one"), ("/o?e\r/\r", "echo one"),
                             ("3k?two\r", "echo two"), ("/onx\x7fe\r", "true one")):
            sh.send(ESC + keys)
            sees(sh, keys, wanted, 0)
            sh.interrupt()
        sh.send("kept" + ESC + "/nothing of this\r")
        sees(sh, "no match", "kept", 3)
        sh.send("/abc\x1b")
        sees(sh, "given up", "kept", 3)


def test_bigword_of_the_line_before():
    """_ appends the last bigword of the line before, with a count that one"""
    with vi() as sh:
        sh.run("true one two/x three")
        sh.send("echo" + ESC + "_X")
        sees(sh, "_", "echo threeX", 11)
        sh.interrupt()
        sh.send("echo" + ESC + "3_X")
        sees(sh, "3_", "echo two/xX", 11)
        sh.interrupt()
        sh.send("echo" + ESC + "9_")
        sees(sh, "there are not so many", "echo", 3)


def test_pathname_expansion():
    r"""* expands the bigword, \ completes it, = lists what it may be"""
    with vi() as sh:
        for name in ("prefix one", "prefix-two", "other"):
            open(sh.path(name), "w").close()
        os.mkdir(sh.path("dir"))
        sh.send("echo pre" + ESC + "*X")
        sees(sh, "*", "echo prefix\\ one prefix-two X", 29)
        sh.interrupt()
        sh.send("echo *e*" + ESC + "*X")
        sees(sh, "* with a pattern", "echo other prefix\\ one prefix-two X", 35)
        sh.interrupt()
        sh.send("echo pre" + ESC + "\\X")
        sees(sh, "\\ inserts what is sure", "echo prefixX", 12)
        sh.interrupt()
        sh.send("echo oth" + ESC + "\\X")
        sees(sh, "\\ finishes a file with a blank", "echo other X", 12)
        sh.interrupt()
        sh.send("ls di" + ESC + "\\X")
        sees(sh, "\\ finishes a directory with a slash", "ls dir/X", 8)
        sh.interrupt()
        sh.send("echo pre" + ESC + "=")
        sh.until_seen(r"^prefix\\ one +prefix-two$")
        sees(sh, "=", "echo pre", 7)


def test_aliases_are_macros():
    """@letter types the value of the alias _letter"""
    with vi() as sh:
        sh.run(r"""alias "_q=$(printf '0ihello \033$')" "_r=$(printf 'ddiecho from-alias\n_')" """)
        sh.send("world" + ESC + "@q")
        sees(sh, "@q", "hello world", 10)
        sh.send("@z")
        sees(sh, "there is no alias _z", "hello world", 10)
        sh.send("@r")
        sh.until_seen("^from-alias$")


def test_comment():
    """# makes the line a comment, which enters the history"""
    with vi() as sh:
        sh.send("echo not run" + ESC + "#")
        sh.until_last(PROMPT.rstrip())
        sh.send(ESC + "k")
        sees(sh, "#", "#echo not run", 0)


def test_editor():
    """v gives the line to VISUAL, EDITOR or vi as a command of the shell, and what it leaves is run; [number]v that command"""
    with vi() as sh:
        with open(sh.path("ed.sh"), "w") as file:
            file.write("sed s/old/new/ \"$1\" >tmp && cat tmp >\"$1\"\necho edited by \"$FROM\"\n")
        sh.run("VISUAL='sh ed.sh'; export FROM=visual")
        sh.send("echo old value" + ESC + "v")
        sh.until_seen("^edited by visual$")
        sh.until_seen("^new value$")
        sh.prompt()
        sh.send(ESC + "k")
        sees(sh, "the history has what was run", "echo new value", 0)
        sh.interrupt()
        sh.run("clear; unset VISUAL; EDITOR='sh ed.sh'; FROM=editor; n=old")
        sh.send(ESC + "4v")
        sh.until_seen("^edited by editor$")
        sh.prompt()
        sh.run("unset EDITOR; vi() { echo function vi; return 1; }")
        sh.send("echo kept" + ESC + "v")
        sh.until_seen("^function vi$")
        sees(sh, "an editor that fails leaves the line", "echo kept", 8)


def test_end_of_line_keys():
    """Enter in command mode runs the line wherever the cursor is; ^D ends the shell only on an empty one"""
    with vi() as sh:
        sh.send("echo whole line" + ESC + "0\r")
        sh.until_seen("^whole line$")
        sh.prompt()
        sh.send("x\x04")
        sees(sh, "not empty", "x", 1)
        sh.send("\x7f\x04")
        assert sh.wait() == 0


def test_several_lines():
    """in a command of several lines j and k go from line to line, 0 and $ stay in one, dd takes one"""
    with vi() as sh:
        sh.send("if true\rthen echo yes" + ESC + "k0iX")
        sh.until(lambda screen: f"{PROMPT}Xif true\n> then echo yes" in screen.text() and screen.column == len(PROMPT) + 1, "k")
        sh.send("\x7f" + ESC + "j$aY")
        sh.until(lambda screen: screen.last() == "> then echo yesY", "j")
        sh.send(ESC + "dd")
        sh.until(lambda screen: screen.text().endswith(PROMPT + "if true"), "dd")
        sh.send("A\rthen echo no; fi\r")
        sh.until_seen("^no$")


run(globals())
