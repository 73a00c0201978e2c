#!/usr/bin/env python3
"""bind: which key of the line editor does what."""
from ptylib import PROMPT, run, shell_after


def becomes(sh, keys, line):
    """The keys lead to this line, which is then discarded."""
    sh.send(keys + "|")
    sh.until_last(PROMPT + line)
    sh.interrupt()


def test_functions():
    """a key does what it was bound to: control, Alt, arrows with modifiers, function keys, behind ^X, characters"""
    with shell_after(r"""bind '"\C-t": beginning-of-line' '"\M-x": kill-whole-line' '"\e[1;5B": upcase-word' '"\e[15~": end-of-line'""",
                    r"""bind '"\eOP":beginning-of-line' '"\C-xg": transpose-chars' '"\M-\C-e": undo' '"é": backward-char' '"q" : undo' || echo bad""",
                    r"""bind '"\e\\": yank'""") as sh:
        becomes(sh, "ab\x14", "|ab")
        becomes(sh, "ab\x1bx", "|")
        becomes(sh, "ab\x14\x1b[1;5B", "AB|")
        becomes(sh, "ab\x14\x1b[15~", "ab|")
        becomes(sh, "ab\x1bOP", "|ab")
        becomes(sh, "ab\x18g", "ba|")
        becomes(sh, "a b\x1b\x05", "a|")
        becomes(sh, "abé", "a|b")
        becomes(sh, "ab\x1bx\x1b\\", "ab|")
        becomes(sh, "aq", "aq|")  # that was no operand
        becomes(sh, "ab\x1b[24~\x1bOQ", "ab|")  # function keys that are not bound are dropped


def test_macros():
    """a key types text, which may run; a macro begins no other, and not itself"""
    with shell_after(r"""bind '"\C-xs": "echo \"status\"\C-m"' '"\C-g": "a\C-gb"' '"\C-]": "x\e[Dy\C-a0"'""") as sh:
        sh.send("\x18s")
        sh.until_seen("^status$")
        sh.prompt()
        becomes(sh, "\x07", "ab|")
        becomes(sh, "\x07c\x07", "abcab|")
        becomes(sh, "\x1d", "0|yx")


def test_removing():
    """-r and -u take bindings away, self-insert gives a character back; the next prompt knows; vi's insert mode has them"""
    with shell_after(r"bind -r '\C-a'; bind -u end-of-line") as sh:
        becomes(sh, "ab\x01\x05\x1b[F\x1b[H", "|ab")
        sh.run(r"""bind '"\C-a": beginning-of-line'""")
        becomes(sh, "ab\x01", "|ab")
        sh.run(r"""bind '"x": backward-delete-char'""")
        becomes(sh, "abx", "a|")
        sh.run(r"""bind '"\C-b": self-insert' '"z": self-insert'; set -o vi""")
        becomes(sh, "ab\x01", "|ab")
        becomes(sh, "abxz", "az|")


def test_completion():
    """options, and names of functions behind the options that take one, are completed"""
    with shell_after() as sh:
        for typed, line in (("bind -q back\tw\t", "bind -q backward-word |"), ("bind -u yank-p\t", "bind -u yank-pop |"), ("help bin\t", "help bind |")):
            becomes(sh, typed, line)


run(globals())
