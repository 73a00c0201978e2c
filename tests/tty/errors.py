#!/usr/bin/env python3
"""What a user is told of mistakes."""
import os

from ptylib import Shell, run


def test_nearest_command():
    """the command that was probably meant is named"""
    with Shell() as sh:
        sh.prompt()
        assert sh.run("epxort x") == "fleetsh: epxort: not found; did you mean export?\n"
        sh.run("qqx() { :; }; qqxyz() { :; }")
        assert sh.run("qqxy") == "fleetsh: qqxy: not found; did you mean qqxyz?\n"  # begun, not finished
        assert sh.run("unalais x") == "fleetsh: unalais: not found; did you mean unalias?\n"
        sh.run("my_function() { :; }")
        assert sh.run("my_functoin; echo $?") == "fleetsh: my_functoin: not found; did you mean my_function?\n127\n"


def test_no_command_is_near():
    """what is like nothing is told with where it was looked for, and what to ask"""
    with Shell() as sh:
        sh.prompt()
        said = sh.run("qxqxqxqxqx")
        assert said.startswith("fleetsh: qxqxqxqxqx: not found") and "help" in said and "PATH" in said and "`vm image add`" in said
        assert "mean" not in sh.run("./expotr") and "mean" not in sh.run("q")


def test_scripts_are_not_asked():
    """a script's message stays as it is"""
    with Shell() as sh:
        sh.prompt()
        with open(sh.path("script"), "w") as file:
            file.write("epxort x\necho )\n")
        os.chmod(sh.path("script"), 0o755)
        assert sh.run("./script") == ("fleetsh: line 1: epxort: not found\n"
                                      'fleetsh: line 2: syntax error: unexpected ")"\n')


def test_syntax_error_is_underlined():
    """the word that a syntax error is about is underlined in its line"""
    with Shell() as sh:
        sh.prompt()
        assert sh.run("echo a; fi b") == 'fleetsh: syntax error: unexpected "fi"\n    echo a; \x1b[31;4mfi\x1b[39;24m b\n'
        assert "\x1b[31;4m;;\x1b[39;24m y" in sh.run("eval 'x;; y'")
        sh.line("if true")
        sh.until_last(">")
        assert "\n    a \x1b[31;4m)\x1b[39;24m b\n" in sh.run("a ) b")
        assert "\n    a \x1b[4m)\x1b[24m b\n" in sh.run("NO_COLOR=1; eval 'a ) b'")


def test_help():
    """help tells how a built-in utility is called, and which there are"""
    with Shell() as sh:
        sh.prompt()
        assert sh.run("help cd").startswith("cd [-L | -P [-e]] [directory | -]\n")
        assert "unalias" in sh.run("help") and "help: nothing: not a built-in utility" in sh.run("help nothing")


run(globals())
