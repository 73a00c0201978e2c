#!/usr/bin/env python3
"""The text being typed: several lines, wide and combining characters, undo, kill and yank, search, the screen."""
import os
import random
import subprocess
import tempfile
import time

from ptylib import LIMIT, PROMPT, Shell, run, shell_after

ESC = "\x1b"
ALT_ENTER = "\x1b\r"


def parent_of(pid):
    try:
        return int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError):
        return 0


def wait_until(condition, what):
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def at(sh, line, column, what=None):
    """The cursor's line is that, prompt included, and the cursor stands at that column."""
    sh.until(lambda screen: screen.last() == line and screen.column == column, f"{what or line!r} with the cursor at {column}")


def shows(sh, *lines):
    """The screen ends with these lines."""
    sh.until(lambda screen: screen.text().split("\n")[-len(lines):] == list(lines), f"{lines}")


def test_arrows_in_an_open_command():
    """up and down move inside an open command; what was changed above runs"""
    with shell_after() as sh:
        sh.send("for i in a b; do\recho $i\r")
        shows(sh, PROMPT + "for i in a b; do", "> echo $i", ">")
        sh.send("\x1b[A\x1b[A\x1b[F")
        sh.until(lambda screen: screen.column == len(PROMPT + "for i in a b; do"), "first line, its end")
        sh.send("\x1b[D\x1b[D\x1b[D\x1b[D c\x1b[B\x1b[Bdone\r")
        sh.until_seen("^a\nb\nc$")
        sh.prompt()
        sh.send("\x1b[A")
        shows(sh, PROMPT + "for i in a b c; do", "> echo $i", "> done")
        sh.interrupt()
        assert "a b c" in sh.run("fc -ln -1")


def test_an_open_command_is_erased_from_below():
    """Backspace at the beginning of a line joins it to the one above, and ^K there takes the newline"""
    with shell_after() as sh:
        sh.send("echo 'one\rtwo'\x1b[H\x7f\r")
        sh.until_seen("^onetwo$")
        sh.prompt()
        sh.send("echo 'one\rtwo'\x1b[A\x05\x0b\r")
        sh.until_seen("^onetwo$\n.*^onetwo$|^onetwo$")
        sh.prompt()


def test_an_open_command_that_is_opened_otherwise():
    """a command whose first line is emptied while it is open is a new one"""
    with shell_after() as sh:
        sh.send("if true; then\r")
        shows(sh, PROMPT + "if true; then", ">")
        sh.send("\x7f\x15echo other\r")
        sh.until_seen("^other$")
        sh.prompt()
        assert sh.run("echo $?") == "0\n"


def test_alt_enter():
    """Alt and Enter begin a line without running anything, and Enter runs all of it"""
    with shell_after() as sh:
        sh.send("echo one" + ALT_ENTER + "echo two")
        shows(sh, PROMPT + "echo one", "> echo two")
        sh.send("\x1b[Ax\r")
        sh.until_seen("^onex$")
        sh.until_seen("^two$")


def test_end_of_file_in_an_open_command():
    """^D in an open command deletes, and ^C discards all its lines"""
    with shell_after() as sh:
        sh.send("while true; do\recho x")
        shows(sh, PROMPT + "while true; do", "> echo x")
        sh.send("\x1b[D\x04")
        shows(sh, PROMPT + "while true; do", "> echo")
        sh.interrupt()
        assert sh.run("echo fine") == "fine\n"


def test_wide_characters():
    """a wide character is one to the keys and two columns to the screen, at the edge, too"""
    with shell_after(columns=20) as sh:
        sh.send(": 漢字ab")
        at(sh, PROMPT + ": 漢字ab", 4 + 2 + 4 + 2)
        sh.send("\x1b[D\x1b[D\x1b[D")
        sh.until(lambda screen: screen.column == 4 + 2 + 2, "before the second")
        sh.send("\x7f")
        at(sh, PROMPT + ": 字ab", 4 + 2)
        sh.send("\x05xxxxxxxxx")
        at(sh, PROMPT + ": 字abxxxxxxxxx", 19)
        sh.send("語")  # one column is left: it goes to the next row
        sh.until(lambda screen: screen.text().split("\n")[-1] == "語" and screen.column == 2, "on the next row")
        sh.send("\x7f")
        at(sh, PROMPT + ": 字abxxxxxxxxx", 19)
        sh.interrupt()


def test_combining_characters():
    """a combining character takes no column, and the keys take it together with its letter"""
    with shell_after() as sh:
        sh.send(": ae\u0301i")
        at(sh, PROMPT + ": ae\u0301i", 4 + 2 + 3)
        sh.send("\x1b[D\x1b[D")
        sh.until(lambda screen: screen.column == 4 + 2 + 1, "before the e")
        sh.send("\x1b[3~")
        at(sh, PROMPT + ": ai", 4 + 2 + 1)
        sh.send("o\u0308\x7f\x05\r")
        sh.prompt()
        assert "\u0308" not in open(sh.path(".local/state/fleetsh/history")).read()


def test_control_characters():
    """^V inserts a control character, shown as ^X, and the command gets it"""
    with shell_after() as sh:
        sh.send("printf %s 'a\x16\x01b' | od -An -tx1")
        at(sh, PROMPT + "printf %s 'a^Ab' | od -An -tx1", len(PROMPT + "printf %s 'a^Ab' | od -An -tx1"))
        sh.send("\r")
        sh.until_seen("61 01 62")


def test_bytes_that_are_no_characters():
    """a byte that is no character is shown as ?, edited as one, and reaches the command"""
    with shell_after() as sh:
        sh.send("printf %s 'a\udcffb' | od -An -tx1")
        sh.until_last(PROMPT + "printf %s 'a?b' | od -An -tx1")
        sh.send("\r")
        sh.until_seen("61 ff 62")


def test_undo():
    """^_ takes back word by word, kill by kill; M-r all"""
    with shell_after() as sh:
        sh.send("echo one two\x17\x17")
        sh.until_last(PROMPT + "echo")
        sh.send("\x1f")
        sh.until_last(PROMPT + "echo one")
        sh.send("\x18\x15")
        sh.until_last(PROMPT + "echo one two")
        sh.send("\x1f")
        sh.until_last(PROMPT + "echo one")
        sh.send("\x1f\x1f\x1f\x1f\x1f")
        sh.until_last(PROMPT.rstrip())
        sh.send("abc\x01\x1br")
        sh.until_last(PROMPT.rstrip())


def test_undo_of_a_paste():
    """a paste is taken back at once"""
    with shell_after() as sh:
        sh.send("echo \x1b[200~one\ntwo\x1b[201~")
        shows(sh, PROMPT + "echo one", "> two")
        sh.send("\x1f")
        shows(sh, PROMPT + "echo")


def test_kill_and_yank():
    """^Y puts what ^K, ^U, ^W and M-d took; several in a row are one; M-y goes through older ones"""
    with shell_after() as sh:
        sh.send("one two three\x17\x17\x15\x19")
        sh.until_last(PROMPT + "one two three")
        sh.send("\x15first\x15\x19 \x19")
        sh.until_last(PROMPT + "first first")
        sh.send("\x1by")
        sh.until_last(PROMPT + "first one two three")
        sh.send("\x1by\x1by")
        sh.until_last(PROMPT + "first first")
        sh.send("\x01\x1bd\x06\x1bd\x19")
        sh.until_last(PROMPT.rstrip() + "  first")
        sh.interrupt()
        sh.send("a b\x01\x00\x05\x18\x17\x19\x19")  # mark, kill the region
        sh.until_last(PROMPT + "a ba b")


def test_words_and_case():
    """M-f, M-b, M-u, M-l, M-c, M-t and ^T"""
    with shell_after() as sh:
        sh.send("one two-three\x01\x1bf!\x1bb\x1bu")
        sh.until_last(PROMPT + "ONE! two-three")
        sh.send("\x1bc\x1bl\x1bb\x1bc")
        sh.until_last(PROMPT + "ONE! Two-Three")
        sh.send("\x05\x1bt")
        sh.until_last(PROMPT + "ONE! Three-Two")
        sh.send("\x14")
        sh.until_last(PROMPT + "ONE! Three-Tow")
        sh.send("\x1b3\x02\x1b2x")
        sh.until_last(PROMPT + "ONE! Three-xxTow")


def test_last_argument():
    """M-. puts the last word of the command before, then of the one before that"""
    with shell_after("true one", "true two three") as sh:
        sh.run("true four")
        sh.send("echo \x1b.")
        sh.until_last(PROMPT + "echo four")
        sh.send("\x1b.\x1b.")
        sh.until_last(PROMPT + "echo three")


def test_operate_and_get_next():
    """^O runs a command of the history and shows the one after it"""
    with shell_after("echo a", "echo b", "echo c") as sh:
        sh.send("\x1b[A\x1b[A\x1b[A\x1b[A\x0f")
        sh.until_seen("^a$")
        sh.until_last(PROMPT + "echo b")
        sh.send("\x0f")
        sh.until_seen("^b$")
        sh.until_last(PROMPT + "echo c")


def test_search_rules():
    """^R goes on with ^R, back with ^S; Backspace seeks again; ^G restores, ESC stays, other keys do what they do"""
    with shell_after("echo needle one", "echo needle two", "echo hay") as sh:
        sh.send("typed\x12needle")
        shows(sh, PROMPT + "echo needle two", "earlier: needle_")
        sh.send("\x12")
        shows(sh, PROMPT + "echo needle one", "earlier: needle_")
        sh.send("\x12")
        shows(sh, PROMPT + "echo needle one", "no earlier: needle_")
        sh.send("\x13")
        shows(sh, PROMPT + "echo needle two", "later: needle_")
        sh.send("\x07")
        shows(sh, PROMPT + "typed")
        sh.send("\x15\x12hay\x7f\x7f\x7fone")
        shows(sh, PROMPT + "echo needle one", "earlier: one_")
        sh.send(ESC)
        shows(sh, PROMPT + "echo needle one")
        sh.send("\x15\x12two\x05!\r")
        sh.until_seen("^needle two!$")
        sh.prompt()
        sh.send("\x12\x1b[200~needle one\n\x1b[201~")
        shows(sh, PROMPT + "echo needle one", "earlier: needle one_")
        sh.send("\x07\x12needle")
        shows(sh, PROMPT + "echo needle two!", "earlier: needle_")
        sh.interrupt()
        assert sh.run("echo $?") == "130\n"


def test_external_editor():
    """^X^E gives the line to the user's editor and runs what it leaves; one that fails leaves the line"""
    with shell_after() as sh:
        with open(sh.path("ed.sh"), "w") as file:
            file.write('printf "echo from\\necho editor\\n" >"$1"; exit $FAIL\n')
        sh.run("EDITOR='sh ed.sh'")
        sh.send("kept\x18\x05")
        sh.until_seen("^from$")
        sh.until_seen("^editor$")
        sh.prompt()
        sh.run("export FAIL=1")
        sh.send("kept\x18\x05")
        shows(sh, PROMPT + "kept", PROMPT + "kept")
        sh.interrupt()
        assert not [name for name in os.listdir(sh.directory) if name.startswith("fleetsh-edit")]


def test_long_text():
    """a text longer than the screen shows the part around the cursor, and runs whole"""
    with shell_after(rows=6, columns=40) as sh:
        sh.send("\x1b[200~" + "\n".join(f"echo line{i} >>out" for i in range(20)) + "\x1b[201~")
        sh.until(lambda screen: screen.last() == "> echo line19 >>out" and "line14" in screen.text(), "the end")
        sh.send("\x1b[A" * 19)
        sh.until(lambda screen: screen.last() == PROMPT + "echo line0 >>out" and screen.row == 0, "the beginning")
        sh.send("\x1b[F" + "\x1b[B" * 19)
        sh.until_last("> echo line19 >>out")
        sh.send("\r")
        sh.prompt()
        sh.until(lambda _: os.path.exists(sh.path("out")) and len(open(sh.path("out")).readlines()) == 20, "all have run")


def test_rows_at_the_edge():
    """a line that fills its row exactly has its cursor on the next one, and comes back"""
    with shell_after(columns=20) as sh:
        sh.send("x" * (20 - len(PROMPT)))
        sh.until(lambda screen: screen.column == 0 and screen.text().endswith("x\n") or screen.text().endswith("x"), "full")
        sh.until(lambda screen: screen.column == 0, "cursor on the next row")
        sh.send("y")
        sh.until(lambda screen: screen.last() == "y" and screen.column == 1, "y")
        sh.send("\x7f\x7f")
        at(sh, PROMPT + "x" * 15, 19)
        sh.send("\x01Z")
        sh.until(lambda screen: screen.last() == PROMPT + "Z" + "x" * 15 and screen.column == 5, "inserted at the beginning")


def test_wide_prompt():
    """a prompt wider than the screen, and one as wide as it"""
    for width in (20, 30, 40, 45):
        with Shell(columns=20, prompt="p" * width) as sh:
            sh.until(lambda screen: screen.text().count("p") == width, "the prompt")
            sh.send("echo abc\x01X\x7f\x05\r")
            sh.until_seen("^abc$")


def test_resize_in_mid_edit():
    """a resize shows the line again, in a command of several lines, too"""
    with shell_after(columns=80) as sh:
        sh.send("if true\rthen echo yes")
        shows(sh, PROMPT + "if true", "> then echo yes")
        sh.resize(30, 12)
        sh.until(lambda screen: "".join(screen.text().split()).endswith(">thenechoyes"), "narrow")
        sh.resize(30, 60)
        sh.until(lambda screen: screen.last() == "> then echo yes", "wide again")
        sh.send("; fi\r")
        sh.until_seen("^yes$")


def test_stale_replies():
    """answers of the terminal that come late are not typed into the line"""
    replies = ["\x1b[12;40R", "\x1b[?62;22c", "\x1b[>1;10;0c", "\x1bP1$r0m\x1b\\", "\x1bP>|xterm(380)\x1b\\", "\x1b]11;rgb:0000/0000/0000\x07",
               "\x1b]52;c;c2VjcmV0\x1b\\", "\x1b[?2026;2$y", "\x1b[I", "\x1b[<0;10;10M"]
    for mode in ("emacs", "vi"):
        with shell_after(f"set -o {mode}") as sh:
            for reply in replies:
                sh.send("echo " + reply + "x")
                sh.until_last(PROMPT + "echo x")
                sh.interrupt()


def test_slow_directory():
    """a directory that does not answer holds TAB up only until ^C, which is told with how far it is, and leaves no process"""
    library = tempfile.NamedTemporaryFile(suffix=".so")
    subprocess.run(["cc", "-shared", "-fPIC", "-D_GNU_SOURCE", "-o", library.name, os.path.join(os.path.dirname(__file__), "hang.c")],
                   check=True)
    with library, Shell(environment={"LD_PRELOAD": library.name, "ASAN_OPTIONS": "verify_asan_link_order=0"}) as sh:
        sh.prompt()
        os.mkdir(sh.path("hang"))
        open(sh.path("file"), "w").close()
        sh.send("echo hang/x\t")
        children = lambda: [pid for pid in os.listdir("/proc") if pid.isdigit() and parent_of(pid) == sh.pid]

        def gone():
            if children():
                sh.interrupt()  # each prompt takes what has ended meanwhile
            return not children()

        sh.until_last(PROMPT + "echo hang/x")
        wait_until(children, "a child looks")
        sh.until_seen("^looking; \\^C ends it$")
        sh.interrupt()
        wait_until(gone, "it is gone")
        assert "looking" not in sh.screen.text()
        os.mkdir(sh.path("endless"))
        for name in ("aa", "ab", "b"):
            open(sh.path(f"endless/{name}"), "w").close()
        sh.send("echo endless/a\t")
        sh.until_seen("^looking: 2 so far; \\^C ends it$")
        sh.interrupt()
        wait_until(gone, "it is gone")
        sh.send("echo fi\t")
        sh.until_last(PROMPT + "echo file")


def drawn(sh, keys, sign):
    """Sends keys; the line and the cursor's column once all is drawn: sign is then seen, and ^G rings the bell behind it."""
    sh.seen = len(sh.raw)
    sh.send(keys)
    sh.expect(sign)
    sh.until(lambda screen: "Ω" in screen.text(), "Ω")
    sh.seen = len(sh.raw)
    sh.send("\x07")
    sh.expect("\x07")
    return sh.screen.text().split(PROMPT, 1)[1:], sh.screen.column


def test_what_is_drawn_is_what_is_there():
    """after any keys the screen shows what it shows when all is drawn anew"""
    keys = ["a", "b ", "漢", "e\u0301", "x" * 17, "\x1b\r", "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[B", "\x01", "\x05", "\x0b", "\x15", "\x7f", "\x17",
            "\x19", "x\x1b[D\x04", "\x14", "\x1bb", "\x1bf", "\x16\x01", "\x1b."]
    chance = random.Random(20221030)
    quiet = {"FLEETSH_TERMINAL": "paste suggest"}  # a command that is missing is drawn at a time of its own
    for columns in (19, 80, 11):
        with shell_after(f"echo {'0123456789' * 4}", columns=columns, rows=100, environment=quiet) as sh:
            for _ in range(20):
                sent = "".join(chance.choice(keys) for _ in range(chance.randint(1, 12)))
                after_keys = drawn(sh, sent + "Ω", "Ω")
                anew = drawn(sh, "\x0c", r"\x1b\[2J.*Ω")
                assert after_keys == anew, f"{sent!r}:\n{after_keys}\n{anew}"
                sh.send("\x7f")
                sh.until(lambda screen: "Ω" not in screen.text(), "it is erased")
                if chance.random() < 0.3:
                    sh.interrupt()
                    sh.run("clear")


run(globals())