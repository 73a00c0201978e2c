#!/usr/bin/env python3
"""Commands that are not there, while they are typed."""
import os
import subprocess
import tempfile

from ptylib import PROMPT, TOP, Shell, run

RED, PLAIN = "\x1b[31m", "\x1b[m"


def reds(sh):
    """What has been written in red so far."""
    return [part.split(PLAIN)[0] for part in sh.told.split(RED)[1:]]


def is_red(sh, typed, *names):
    """typed leads to these names in red, and no others."""
    sh.told = ""
    sh.send(typed)
    sh.until_last((PROMPT + typed).rstrip())
    sh.until(lambda _: len(reds(sh)) >= len(names), f"{names} in red")
    assert "".join(reds(sh)) == "".join(names), sh.told
    sh.interrupt()


def is_plain(sh, typed):
    """typed has nothing red in it, though names behind and before it are judged."""
    sh.told = ""
    sh.send("zz1; " + typed + "\x01zz2; ")
    sh.until_last((PROMPT + "zz2; zz1; " + typed).rstrip())
    sh.until(lambda _: "zz1" in reds(sh) and "zz2" in reds(sh), "the first command in red")
    assert all(name in ("zz1", "zz2") for name in reds(sh)), sh.told
    sh.interrupt()


def test_missing():
    """a command that is not there is red as soon as it is finished, or nothing is typed any more; an editor's help, it goes with Enter"""
    with Shell() as sh:
        sh.prompt()
        is_red(sh, "nosuch ", "nosuch")
        is_red(sh, "nosuch", "nosuch")
        is_red(sh, "true | nosuch -x; ./nosuch", "nosuch", "./nosuch")
        is_red(sh, "x=1 nosuch >file", "nosuch")
        is_red(sh, "if nosuch; then", "nosuch")
        is_red(sh, "true $(nosuch 1) nosuch2", "nosuch")
        is_red(sh, "'no such' a", "'no such'")
        sh.line("nosuch")
        sh.expect("not found")
        sh.prompt()
        assert PROMPT + "nosuch" in sh.screen.text().splitlines()


def test_known():
    """what is there, what may be, and what is no command is not"""
    with Shell() as sh:
        sh.prompt()
        sh.run("f() { :; }; alias a=true; >run; chmod +x run")
        for typed in ("ls", "f", "a", "./run", "cd", "if true; then f; fi", "true 2>x >&2 y", "true 2>&1 x", "$x y", "~/nosuch",
                      "true $(true) x", "true `true` x", "g() { true; }; g", "cd /; ./nosuch", "PATH=/x nosuch", "true # nosuch; x",
                      "case x in a) nosuch", "true $((x + 1))", 'true "$(true "a; b")"', "alias n=true; n", "/bin/ls",
                      "x=$(true) true", "{ true; }", "! true", "for i in nosuch; do", "true 'a; b' \"c; d\" e\\; f"):
            is_plain(sh, typed)


def test_change():
    """a word that becomes a command is red no more; what is installed meanwhile is found at the next prompt"""
    with Shell() as sh:
        sh.prompt()
        sh.told = ""
        sh.send("ech ")
        sh.until(lambda _: "ech" in reds(sh), "ech in red")
        sh.told = ""
        sh.send("\x7fo ")
        sh.until_last(PROMPT + "echo")
        sh.until(lambda _: "echo" in sh.told.replace(PLAIN, ""), "echo is written anew")
        sh.interrupt()
        is_red(sh, "./new ", "./new")
        with open(sh.path("new"), "w") as file:
            os.fchmod(file.fileno(), 0o755)
        is_plain(sh, "./new ")


def test_off():
    """NO_COLOR and the user switch it off"""
    for environment in ({"NO_COLOR": "1"}, {"FLEETSH_TERMINAL": "marks suggest"}):
        with Shell(environment=environment) as sh:
            sh.prompt()
            sh.line("nosuch -x; echo 'of''f'")
            sh.until_seen("^off$")
            sh.prompt()
            assert not reds(sh)


def test_with_suggestion():
    """it keeps the suggestion company, and vi's mode and further lines have it, too"""
    with Shell() as sh:
        sh.prompt()
        sh.run("nosuch one two")
        sh.told = ""
        sh.send("nosuch o")
        sh.until(lambda screen: screen.last() == PROMPT + "nosuch one two" and screen.column == len(PROMPT) + 8, "the suggestion")
        sh.until(lambda _: reds(sh) == ["nosuch"], "red")
        sh.interrupt()
        sh.run("set -o vi")
        is_red(sh, "nosuch o", "nosuch")
        sh.send("if true\r")
        sh.until_last(">")
        sh.told = ""
        sh.send("then nosuch2 x")
        sh.until(lambda _: "nosuch2" in reds(sh), "red in the second line")
        sh.interrupt()


def test_hang():
    """a directory in PATH that does not answer holds nothing up, and nothing stays behind"""
    with tempfile.TemporaryDirectory() as directory:
        library = os.path.join(directory, "hang.so")
        subprocess.run(["gcc", "-shared", "-fPIC", "-D_GNU_SOURCE", "-o", library, os.path.join(TOP, "tests/tty/hang.c"), "-ldl"], check=True)
        os.mkdir(os.path.join(directory, "hang"))
        with Shell(environment={"LD_PRELOAD": library, "ASAN_OPTIONS": "verify_asan_link_order=0", "PATH": f"{directory}/hang/:{os.environ['PATH']}"}) as sh:
            sh.prompt()
            for _ in range(3):
                sh.send("nosuch x; nosuch2 y")
                sh.until_last(PROMPT + "nosuch x; nosuch2 y")
                sh.send("\x15")
                sh.prompt()
                assert "here" in sh.run("echo here")
            assert not reds(sh)
            sh.run("/bin/true")  # on a busy machine a child may have been killed so late that it is a job's wait that takes it
            with open(f"/proc/{sh.pid}/task/{sh.pid}/children") as file:
                assert file.read() == ""


run(globals())
