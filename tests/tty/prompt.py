#!/usr/bin/env python3
"""Prompts: escapes, values, colours, the right prompt, the default."""
import os
import re
import socket

from ptylib import Shell, run


def shows(prompt, text, environment=None, **options):
    """A shell with that prompt, which is seen as text."""
    sh = Shell(prompt=prompt, environment=environment, **options)
    try:
        sh.until_last(text)
    except BaseException:
        sh.close()
        raise
    return sh


def test_letters():
    """the letters of escapes: directory, user, host, privilege, number, octal, newline"""
    host = socket.gethostname()
    mark = "#" if os.geteuid() == 0 else "$"
    shows("\\w|\\W|\\$|\\!|\\u|\\h|\\H>", f"~|~|{mark}|1|me|{host.split('.')[0]}|{host}>", {"LOGNAME": "me"}).close()
    shows("a\\nb\\141\\\\>", "ba\\>").close()
    shows("\\q \\d>", "\\q \\d>").close()
    with shows("\\t \\A>", "") as sh:
        sh.until(lambda screen: re.fullmatch(r"\d\d:\d\d:\d\d \d\d:\d\d>", screen.last()), "the time")


def test_directory():
    """\\w is the directory below HOME, \\W its last name"""
    with shows("\\w|\\W>", "~|~>") as sh:
        os.makedirs(sh.path("one/two"))
        sh.line("cd one/two")
        sh.until_last("~/one/two|two>")
        sh.line("cd /usr")
        sh.until_last("/usr|usr>")


def test_hostile_directory():
    """the name of a directory commands neither the shell nor the terminal"""
    with shows("\\w>", "~>") as sh:
        os.mkdir(sh.path("$(touch x)`touch x`\\$HOME \x1b]0;evil\x07\x9b!"))
        sh.line("cd ??touch*")
        sh.until_last("~/$(touch x)`touch x`\\$HOME ?]0;evil??!>")
        assert not os.path.exists(sh.path("x")) and "\x1b]0;" not in sh.told


def test_values():
    """\\{name} is a value, \\{name:text} only shown when there is something to tell"""
    with shows("\\{status}\\{status: failed: %}\\{jobs: %j}>", "0>") as sh:
        sh.line("(exit 3)")
        sh.until_last("3 failed: 3>")
        sh.line("sleep 100 &")
        sh.until_last("0 1j>")
        sh.line("kill %1; wait")
        sh.until_last("0>")
    shows("\\{mode:[%]}\\{mode} \\{router}\\{nonsense}>", "[host]host none needed\\{nonsense}>").close()


def test_substitutions():
    """what is in a substitution has no escapes; ! is a number outside of it"""
    shows("$(printf '%s\\n' 'a\\w')${X:-\\w}`echo '\\\\w'`${X}!>", "a\\wv\\wv1>", {"X": "v"}).close()
    shows("!!\\!$?>", "!10>").close()


def test_colours():
    """colours are escape sequences unless NO_COLOR is set"""
    with shows("\\{red}a\\{plain}\\{bold}>", "a>") as sh:
        assert "\x1b[31ma" in sh.told
    with shows("\\{red}a\\{plain}>", "a>", {"NO_COLOR": "1"}) as sh:
        assert "\x1b[31m" not in sh.told
    with shows("\\{red}a\\[\x1b[1m\\]>", "a>", {"TERM": "dumb"}) as sh:
        assert "\x1b[31m" not in sh.told


def test_right_prompt():
    """RPS1 stands at the right edge, and only beside a first line"""
    with shows("x>", "x>" + " " * 72 + "right", {"RPS1": "\\{red}right"}) as sh:
        sh.send("echo a")
        sh.until_last("x>echo a" + " " * 66 + "right")
        assert sh.screen.column == len("x>echo a")
        sh.send("\r")
        sh.until_seen("^a$")
        sh.line("if true")
        sh.until_last(">")


def test_right_prompt_of_nothing():
    """a right prompt in which nothing is to be seen moves no cursor"""
    with shows("x>", "x>", {"RPS1": "\\{red}\\{took:%} \\{plain}"}) as sh:
        sh.send("echo a")
        sh.until_last("x>echo a")
        assert "\x1b[31m" not in sh.raw and "  " not in sh.raw


def test_time_of_a_slow_command():
    """\\{took:%} tells how long a command took that took long"""
    with shows("x>", "x>", {"RPS1": "\\{took:%}"}) as sh:
        sh.line("sleep 2")
        sh.until(lambda screen: re.fullmatch(r"x> +\d+\.\d s", screen.last()), "the time")
        sh.line("true")
        sh.until_last("x>")


def test_default():
    """without PS1 the prompt shows the directory and what is out of the ordinary; POSIXLY_CORRECT: POSIX's own"""
    mark = "#" if os.geteuid() == 0 else "$"
    with shows(None, f"host ~ {mark}") as sh:
        sh.line("false")
        sh.until_last(f"host ~ 1 {mark}")
    for plain in ({"POSIXLY_CORRECT": "1"}, {"TERM": "dumb"}):
        shows(None, mark, plain).close()


def test_broken_templates():
    """a template that ends too early is shown as far as it goes"""
    for template in ("\\", "a\\{", "a\\{status", "a\\{status:", "a${", "a$(", "a`", "\\[", "\\[\\]", "a\\4", "$"):
        with shows(template + "\n>", ">") as sh:
            sh.line("echo works")
            sh.until_seen("^works$")


run(globals())
