#!/usr/bin/env python3
"""What the shell tells its terminal: marks, directory, title, modes."""
import os
import re
import socket
import urllib.parse

from ptylib import FRESH, MODES, PROMPT, Shell, run

ST = "\x1b\\"
FRESH_LINE = re.escape(FRESH) + r" *\r\x1b\[K"


def osc(text):
    return "\x1b]" + text + ST


def marks(sh, number="133"):
    """A, B, C..., D... in the order in which they came, when the prompt is complete: B comes behind it."""
    def found():
        return re.findall(r"\x1b\]%s;([^\x1b]*)\x1b\\" % number, sh.told)
    sh.until(lambda screen: not found() or found()[-1] == "B", "the prompt's end")
    return found()


def test_marks_of_a_command():
    """prompt, command and status are marked: A, B, C with the command's text, D with its status"""
    with Shell() as sh:
        sh.prompt()
        sh.run("echo 'a;b'")
        sh.run("false")
        assert marks(sh) == ["A", "B", "C;cmdline_url=echo%20%27a%3Bb%27", "D;0", "A", "B", "C;cmdline_url=false",
                             "D;1", "A", "B"], marks(sh)


def test_marks_stand_where_they_belong():
    """A stands before the prompt, B right behind it, C before the output, D after it"""
    with Shell(prompt="\x1b[1mfs$ \x1b[0m") as sh:
        sh.prompt()
        sh.line("echo out")
        sh.until_seen("^out$")
        sh.until(lambda screen: sh.told.count(osc("133;B")) == 2, "the second prompt")
        plain = re.sub(FRESH_LINE + r"|\x1b\[[0-9;?]*[A-Za-z]|\x1b\](?!133)[^\x1b]*\x1b\\", "", sh.told.replace(MODES, ""))
        pattern = re.escape(osc("133;A")) + r"\r?fs\$ " + re.escape(osc("133;B")) + r"(.*)" + \
            re.escape(osc("133;C;cmdline_url=echo%20out")) + "out\r\n" + re.escape(ST + osc("133;D;0") + osc("133;A"))
        assert re.search(pattern, plain, re.S), repr(plain)


def test_no_command():
    """an empty line and a discarded one end without a status"""
    with Shell() as sh:
        sh.prompt()
        sh.run("")
        sh.send("echo never")
        sh.until_last(PROMPT + "echo never")
        sh.interrupt()
        assert marks(sh) == ["A", "B", "D", "A", "B", "D", "A", "B"], marks(sh)


def test_command_of_several_lines():
    """a command typed in several lines is one command; several that are pasted together are several"""
    with Shell() as sh:
        sh.prompt()
        sh.line("for i in 1 2; do")
        sh.until_last(">")
        sh.line("echo $i; done")
        sh.until_seen("^2$")
        sh.prompt()
        assert marks(sh)[2] == "C;cmdline_url=for%20i%20in%201%202%3B%20do%0Aecho%20%24i%3B%20done"
        sh.send("\x1b[200~true\nfalse\x1b[201~\r")
        sh.until(lambda screen: len(marks(sh)) == 14, "the next prompt")
        assert marks(sh)[6:] == ["C;cmdline_url=true", "D;0", "A", "B", "C;cmdline_url=false", "D;1", "A", "B"]


def test_directory():
    """OSC 7 tells the directory, with the host's name, at each prompt"""
    with Shell() as sh:
        sh.prompt()
        os.mkdir(sh.path("a b;\x01ü"))
        sh.run("cd a*")
        path = urllib.parse.quote(sh.path("a b;\x01ü"))
        assert sh.told.rindex(osc(f"7;file://{socket.gethostname()}{path}")) > sh.told.rindex(osc("133;D;0"))


def test_title():
    """the title is the directory while a line is typed and the command while it runs, without control characters"""
    with Shell() as sh:
        sh.prompt()
        assert osc("2;~") in sh.told
        os.mkdir(sh.path("x\x1b]0;evil\x07\x9b"))
        sh.run("cd x*")
        assert osc("2;~/x ]0;evil  ") in sh.told
        sh.send("\x1b[200~echo 1 &&\necho 2\x1b[201~\r")
        sh.until_seen("^2$")
        assert osc("2;echo 1 &&") in sh.told
        assert "evil\x07" not in sh.told and "\x1b]0" not in sh.told


def test_vscode():
    """under VS Code the marks are 633, with the command's text, its nonce, and the directory"""
    with Shell(environment={"TERM_PROGRAM": "vscode", "VSCODE_NONCE": "n-1"}) as sh:
        sh.prompt()
        sh.run("echo 'a;\\b'")
        assert marks(sh, "633") == [f"P;Cwd={sh.directory}", "A", "B", "E;echo 'a\\x3b\\\\b';n-1", "C", "D;0",
                                    f"P;Cwd={sh.directory}", "A", "B"], marks(sh, "633")
        assert marks(sh) == []


def test_modes_are_switched_off():
    """what a program leaves switched on is off at the next prompt"""
    with Shell() as sh:
        sh.prompt()
        sh.run("printf '\\033[?25l\\033[?1000h\\033[31m'")
        assert sh.told.rindex(MODES) > sh.told.rindex("\x1b[?1000h")


def test_fresh_line():
    """the prompt is on a row of its own, behind a sign where the output did not end with a newline"""
    with Shell(columns=20) as sh:
        sh.prompt()
        sh.run("printf abc")
        sh.send("echo 345678901234567890")  # it wraps where the terminal does
        sh.until_last("4567890")
        assert sh.screen.text().split("\n") == ["fs$ printf abc", "abc\u23ce", "fs$ echo 34567890123", "4567890"]
        sh.interrupt()
        sh.run("clear")
        sh.run("printf %19s 9; true")
        sh.run("printf %20s 0; true")
        sh.run("echo x")
        assert sh.screen.text().split("\n")[1:] == [
            "rue", " " * 18 + "9\u23ce", "fs$ printf %20s 0; t", "rue", " " * 19 + "0", "fs$ echo x", "x", "fs$"]
    with Shell(environment={"LC_ALL": "C"}) as sh:
        sh.prompt()
        sh.line("printf abc")
        sh.until_seen("^abc%$")
    with Shell(environment={"FLEETSH_TERMINAL": "marks"}) as sh:
        sh.prompt()
        sh.line("printf abc")
        sh.until_last("abc" + PROMPT.rstrip())


def test_interrupted_utility():
    """^C ends a built-in utility that reads, and a loop; the prompt comes on a row of its own, without the sign"""
    for settings in ({}, {"TERM": "dumb"}):
        with Shell(environment=settings) as sh:
            sh.prompt()
            sh.line("echo up; read x")
            sh.until_seen("^up$")
            sh.send("abc")
            sh.until_last("abc")
            sh.interrupt_command("\nabc^C\nfs$", "\nabc\nfs$ ^C")
            sh.line("echo go; while :; do :; done")
            sh.until_seen("^go$")
            sh.interrupt_command("\ngo\n^C\nfs$", "\ngo\n\nfs$ ^C")
            sh.line("echo $?")
            sh.until_seen("^130$")
            sh.prompt()


def test_switched_off():
    """FLEETSH_TERMINAL lists what is wanted"""
    with Shell(environment={"FLEETSH_TERMINAL": "cwd paste"}) as sh:
        sh.prompt()
        sh.run("true")
        assert set(re.findall(r"\x1b\](\d+);", sh.told)) == {"7"} and MODES not in sh.told
    with Shell(environment={"FLEETSH_TERMINAL": ""}) as sh:
        sh.prompt()
        sh.line("echo x")
        sh.until_seen("^x$")
        sh.prompt()
        assert "\x1b]" not in sh.told and "2004" not in sh.told


def test_terminals_without_sequences():
    """a terminal that does not know such sequences gets none, and neither does a file"""
    with Shell(environment={"TERM": "linux"}) as sh:
        sh.prompt()
        sh.run("true")
        assert "\x1b]" not in sh.told
    with Shell(environment={"TERM": "dumb"}) as sh:
        sh.prompt()
        sh.line("true; set -o")
        sh.prompt()
        assert "\x1b" not in sh.told
    with Shell() as sh:
        sh.prompt()
        sh.line("exec 2>errors")
        sh.line("cat errors; exit")
        assert sh.wait() == 0
        assert "\x1b" not in open(sh.path("errors")).read()


run(globals())
