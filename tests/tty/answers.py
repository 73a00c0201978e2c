#!/usr/bin/env python3
"""What a terminal answers to questions that nobody waits for any more never becomes text of the line."""
from ptylib import PROMPT, Shell, run

ST = "\x1b\\"
ANSWERS = {
    "primary attributes": "\x1b[?62;4;22c",
    "secondary attributes": "\x1b[>41;379;0c",
    "tertiary attributes": f"\x1bP!|7E565445{ST}",
    "status": "\x1b[0n",
    "cursor": "\x1b[24;80R",
    "cursor in the first line": "\x1b[1;5R",
    "cursor with page": "\x1b[?5;10;1R",
    "mode": "\x1b[?2026;2$y",
    "ANSI mode": "\x1b[4;2$y",
    "parameters": "\x1b[2;1;1;112;112;1;0x",
    "size of the text": "\x1b[8;24;80t",
    "title": f"\x1b]lrm -rf x{ST}",
    "icon's title": f"\x1b]Lrm -rf x{ST}",
    "background": f"\x1b]11;rgb:0000/0000/0000{ST}",
    "background, ended by BEL": "\x1b]11;rgb:0000/0000/0000\a",
    "clipboard": f"\x1b]52;c;{'cm0gLXJmIHgK' * 400}{ST}",
    "setting (DECRQSS)": f"\x1bP1$r0;4m{ST}",
    "checksum (DECRQCRA)": f"\x1bP1!~FE12{ST}",
    "name and version": f"\x1bP>|xterm(379){ST}",
    "capability": f"\x1bP1+r544e=787465726d{ST}",
    "image": f"\x1b_Gi=1;OK{ST}",
    "focus": "\x1b[I\x1b[O",
    "mouse": "\x1b[<0;3;4M\x1b[<0;3;4m",
    "mouse of 1979": "\x1b[M !!",
    "mouse of urxvt": "\x1b[32;3;4M",
    "keyboard": "\x1b[?0u",
    "several": f"\x1b[?62c\x1b]4;1;rgb:1/2/3{ST}\x1b[0n",
    "one broken off by another": "\x1b]11;rgb:00\x1b[0n",
}


def check(sh, left, right):
    for name, answer in ANSWERS.items():
        sh.send(left)
        sh.until_last(PROMPT + left)
        sh.send(answer)
        sh.send(right)
        sh.until(lambda screen: screen.last().endswith(right), name)
        assert sh.screen.last() == PROMPT + left + right, (name, sh.screen.last())
        sh.interrupt()


def test_answers_in_emacs_mode():
    """answers and reports of any kind are dropped while a line is typed"""
    with Shell() as sh:
        sh.prompt()
        check(sh, "ab", "z")


def test_answers_in_vi_mode():
    """the same with set -o vi, where they neither are text nor leave insert mode"""
    with Shell("-o", "vi") as sh:
        sh.prompt()
        check(sh, "ab", "z")


def test_answers_in_pieces():
    """an answer may arrive byte by byte"""
    with Shell() as sh:
        sh.prompt()
        for byte in ANSWERS["setting (DECRQSS)"] + ANSWERS["primary attributes"]:
            sh.send(byte)
        sh.send("z")
        sh.until_last(PROMPT + "z")


def test_answers_to_a_command_that_has_ended():
    """an answer that arrives while a command runs is not text of the next line"""
    with Shell() as sh:
        sh.prompt()
        sh.line("stty -echo; echo up; until [ -e told ]; do :; done; stty echo")
        sh.until_seen("^up$")
        sh.send("\x1b[?62;4c\x1b]11;rgb:0000/0000/0000\x1b\\ls")
        open(sh.path("told"), "w").close()
        sh.until_last(PROMPT + "ls")


def test_unknown_function_keys():
    """a function key that has no name for the editor writes nothing"""
    with Shell() as sh:
        sh.prompt()
        for mode in ("emacs", "vi"):
            sh.run(f"set -o {mode}")
            sh.send("b")
            sh.until_last(PROMPT + "b")
            for key in ("\x1b[15~", "\x1b[1;2A", "\x1b[24;7~", "\x1b[97;5u", "\x1b[27;5;9~", "\x1bOQ", "\x1bOj"):
                sh.send(key)
            sh.send("c")
            sh.until(lambda screen: screen.last().endswith("c"), "the next key")
            assert sh.screen.last() == PROMPT + "bc", (mode, sh.screen.last())
            sh.interrupt()


def test_arrow_keys():
    """the arrows of both cursor key modes are keys"""
    with Shell() as sh:
        sh.prompt()
        for left in ("\x1b[D", "\x1bOD"):
            sh.send("ac")
            sh.until_last(PROMPT + "ac")
            sh.send(left + "b")
            sh.until_last(PROMPT + "abc")
            sh.interrupt()


def test_alt_keys():
    """Alt and a letter that an answer may begin with is a key, and takes nothing of what is typed behind it"""
    with Shell() as sh:
        sh.prompt()
        for key in ("\x1bP", "\x1b]", "\x1b_"):
            sh.send("bc")
            sh.until_last(PROMPT + "bc")
            sh.send(key + "a")
            sh.until_last(PROMPT + "bca")
            sh.interrupt()


run(globals())
