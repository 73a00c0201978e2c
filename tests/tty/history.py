#!/usr/bin/env python3
"""Command history: the list, the file, fc, search."""
import os
import re
import select
import stat
import subprocess
import time

from ptylib import PROMPT, Shell, run


def commands_in(path):
    """The commands of a history file, one a line; each record must be whole."""
    records = open(path).read().splitlines(keepends=True)
    matches = [re.fullmatch(r"@\d+ (?:---|[ \d]{2}\d) /[^\t]*\t(.*\n)", record) for record in records]
    assert all(matches), records
    return "".join(match.group(1) for match in matches)


def history_of(sh):
    path = sh.path(".local/state/fleetsh/history")
    return commands_in(path) if os.path.exists(path) else None


def test_up_and_down():
    """up and down walk through earlier commands"""
    with Shell() as sh:
        sh.prompt()
        sh.run("echo one")
        sh.run("echo two")
        sh.send("\x1b[A")
        sh.until_last(PROMPT + "echo two")
        sh.send("\x1b[A")
        sh.until_last(PROMPT + "echo one")
        sh.send("\x1b[B")
        sh.until_last(PROMPT + "echo two")
        sh.send("\x10")
        sh.until_last(PROMPT + "echo one")
        sh.send("\r")
        sh.prompt()


def test_prefix_search():
    """up finds commands that begin with what is typed"""
    with Shell() as sh:
        sh.prompt()
        sh.run("echo first")
        sh.run("true echo")
        sh.run("true")
        sh.send("ech\x1b[A")
        sh.until_last(PROMPT + "echo first")
        sh.send("\r")
        sh.until_seen("^first$")


def test_incremental_search():
    """^R finds what was typed anywhere in a command"""
    with Shell() as sh:
        sh.prompt()
        sh.run("echo needle here")
        sh.run("echo hay")
        sh.send("\x12needle")
        sh.until_seen("^earlier: needle_")
        sh.send("\r")
        sh.until_seen("^needle here$")
        sh.prompt()


def test_search_again():
    """^R^R seeks what was sought last; Backspace seeks less, a key that moves leaves the match and does what it does"""
    with Shell() as sh:
        sh.prompt()
        for command in ("echo first", "true f", "echo second"):
            sh.run(command)
        sh.send("\x12fir")
        sh.until_seen("^earlier: fir_$")
        sh.send("\r")
        sh.until_seen("^first$")
        sh.prompt()
        sh.run("true")
        sh.send("\x12\x12")
        sh.until_seen("^earlier: fir_$")
        sh.send("\x7f\x7f")
        sh.until_seen("^earlier: f_$")
        sh.send("\x12")  # what is shown begins it
        sh.until_last(PROMPT + "true f")
        sh.send("\x05!")
        sh.until_last(PROMPT + "true f!")
        sh.interrupt()


def test_file():
    """commands are appended to a file of mode 0600 in a directory of mode 0700 as they run"""
    with Shell() as sh:
        sh.prompt()
        sh.run("echo one")
        sh.run("cat .local/state/fleetsh/history")
        assert history_of(sh) == "echo one\ncat .local/state/fleetsh/history\n"
        assert stat.S_IMODE(os.stat(sh.path(".local/state/fleetsh/history")).st_mode) == 0o600
        assert stat.S_IMODE(os.stat(sh.path(".local/state/fleetsh")).st_mode) == 0o700


def test_state_home_and_histfile():
    """XDG_STATE_HOME and HISTFILE say where the file is; an empty HISTFILE: nowhere"""
    with Shell() as sh:
        with Shell(directory=sh.directory, environment={"XDG_STATE_HOME": sh.path("state")}) as other:
            other.prompt()
            other.run("echo one")
            assert commands_in(sh.path("state/fleetsh/history")) == "echo one\n"
        with Shell(directory=sh.directory, environment={"HISTFILE": sh.path("hist")}) as other:
            other.prompt()
            other.run("echo two")
            assert commands_in(sh.path("hist")) == "echo two\n"
        with Shell(directory=sh.directory, environment={"HISTFILE": ""}) as other:
            other.prompt()
            other.run("echo three")
        sh.prompt()
        assert history_of(sh) is None or "echo" not in history_of(sh)


def test_several_lines_are_one_entry():
    """a command of several lines is one entry, and is read back so"""
    with Shell() as sh:
        sh.prompt()
        sh.send("for i in 1 2\rdo printf '%s\\n' 'a\\b'$i\rdone\r")
        sh.until_seen(r"^a\\b2$")
        sh.prompt()
        assert history_of(sh) == "for i in 1 2\\ndo printf '%s\\\\n' 'a\\\\b'$i\\ndone\n", history_of(sh)
        with Shell(directory=sh.directory) as again:
            again.prompt()
            again.send("\x1b[A")
            again.until_last("> done")
            again.send("\r")
            again.until_seen(r"^a\\b2$")


def test_shells_share_the_file():
    """two shells append to one file and lose nothing"""
    with Shell() as one, Shell(directory=one.directory) as two:
        one.prompt()
        two.prompt()
        for i in range(10):
            one.run(f"echo one{i}")
            two.run(f"echo two{i}")
        lines = history_of(one).splitlines()
        assert len(lines) == 20 and lines[0] == "echo one0" and lines[19] == "echo two9"


def test_histsize():
    """HISTSIZE limits the list, and the file once it is twice as long"""
    with Shell(environment={"HISTSIZE": "5"}) as sh:
        sh.prompt()
        for i in range(12):
            sh.run(f"echo {i}")
        assert len(sh.run("fc -l").splitlines()) == 4  # the fifth is fc's own
        with Shell(directory=sh.directory, environment={"HISTSIZE": "5"}) as again:
            again.prompt()
            assert history_of(sh) == "echo 8\necho 9\necho 10\necho 11\nfc -l\n"
            assert stat.S_IMODE(os.stat(sh.path(".local/state/fleetsh/history")).st_mode) == 0o600
            assert os.listdir(sh.path(".local/state/fleetsh")) == ["history"]


def test_a_long_file():
    """of a file longer than HISTSIZE the last commands are numbered from 1, keep their facts, and make room for new ones"""
    with Shell(environment={"HISTSIZE": "300"}) as sh:
        sh.prompt()
        os.makedirs(sh.path(".local/state/fleetsh"), exist_ok=True)
        with open(sh.path(".local/state/fleetsh/history"), "w") as file:
            for i in range(500):
                file.write(f"@{1000000000 + i} {i % 256:3} /d\\t{i}\techo {i}\\n# \\\\ {i}\n")
            file.write("@1000000500   0 /d\techo cut sho")  # by a full disk
        with Shell(directory=sh.directory, environment={"HISTSIZE": "300", "TZ": "UTC"}) as again:
            again.prompt()
            assert again.run("fc -l 1 1") == "2\techo 201\n\t# \\ 201\n"  # fc has taken the place of 1
            assert again.run("fc -ln 250 250") == "\techo 449\n\t# \\ 449\n"
            assert again.run("fc -lt 299 299").startswith("299\t2001-09-09 01:54:58 242 /d?498\n")
            for i in range(0, 400, 20):  # more than the file gave
                again.send("".join(f"echo new {j}\r" for j in range(i, i + 20)))
                again.until_seen(f"^new {i + 19}$")
            again.prompt()
            assert again.run("fc -l -300 -300") == "405\techo new 101\n"
            assert again.run("fc -l 1 1") == "406\techo new 102\n"
        assert "echo cut sho\nfc -l 1 1\n" in history_of(sh)  # nothing is written into the middle of it


def test_histsize_of_zero():
    """HISTSIZE=0 keeps nothing and breaks nothing"""
    with Shell(environment={"HISTSIZE": "0"}) as sh:
        sh.prompt()
        sh.run("echo x")
        sh.send("\x1b[A\x12x\x07")
        sh.interrupt()
        assert sh.run("fc -l") == ""
        assert "empty" in sh.run("fc -s")


def test_discarded_and_blank_lines():
    """interrupted and blank lines do not enter the history"""
    with Shell() as sh:
        sh.prompt()
        sh.send("echo never")
        sh.until_last(PROMPT + "echo never")
        sh.interrupt()
        sh.run("   ")
        sh.run("echo x")
        assert history_of(sh) == "echo x\n"


def test_syntax_errors_enter():
    """a command with a syntax error can be called back and mended"""
    with Shell() as sh:
        sh.prompt()
        sh.run("echo )")
        sh.send("\x1b[A")
        sh.until_last(PROMPT + "echo )")
        sh.send("\x7fx\r")
        sh.until_seen("^x$")


def test_fc_list():
    """fc -l lists, with -n without numbers, with -r backwards, and takes numbers, offsets and beginnings"""
    with Shell() as sh:
        sh.prompt()
        sh.run("echo a")
        sh.run("echo b")
        sh.run("true c")
        assert sh.run("fc -l") == "1\techo a\n2\techo b\n3\ttrue c\n"
        assert sh.run("fc -ln 2 3") == "\techo b\n\ttrue c\n"
        assert sh.run("fc -lr 1 2") == "2\techo b\n1\techo a\n"
        assert sh.run("fc -l 2 1") == "2\techo b\n1\techo a\n"
        assert sh.run("fc -ln -5 -4") == "\ttrue c\n\tfc -l\n"
        assert sh.run("fc -ln ec tr") == "\techo b\n\ttrue c\n"
        assert sh.run("fc -ln 1 1") == "\techo a\n"
        assert "not in the history" in sh.run("fc -s 999")
        assert sh.run("echo $?") == "1\n"


def test_fc_again():
    """fc -s runs a command again, changed by old=new, and enters it instead of itself"""
    with Shell() as sh:
        sh.prompt()
        sh.run("echo alpha beta")
        sh.run("true")
        assert sh.run("fc -s alpha=gamma ec") == "echo gamma beta\ngamma beta\n"
        assert sh.run("fc -s") == "echo gamma beta\ngamma beta\n"
        assert sh.run("fc -ln 1 9") == "\techo alpha beta\n\ttrue\n\techo gamma beta\n\techo gamma beta\n"
        assert history_of(sh).splitlines()[2:4] == ["echo gamma beta", "echo gamma beta"]
        assert sh.run("fc -e - gamma=delta echo") == "echo delta beta\ndelta beta\n"  # ksh's way to say so
        assert "usage" in sh.run("fc -s -e vi") and "usage" in sh.run("fc -e - -l")


def test_fc_edit():
    """fc -e edits commands and runs the result; a failing editor runs nothing"""
    with Shell() as sh:
        sh.prompt()
        sh.run("echo one")
        sh.run("echo two")
        open(sh.path("ed1"), "w").write('#!/bin/sh\nsed "s/o/0/g" "$1" >"$1.x" && cat "$1.x" >"$1" && rm "$1.x"\n')
        os.chmod(sh.path("ed1"), 0o755)
        sh.run("PATH=$PATH:$HOME")
        assert sh.run("fc -e 'ed1' 1 2; echo done") .startswith("ech0 0ne\nech0 tw0\n")
        sh.run("FCEDIT=false")
        assert sh.run("fc -1; echo status $?") == "status 1\n"
        assert [name for name in os.listdir(sh.directory) if name.startswith("fleetsh-fc")] == []


def test_shells_see_each_other():
    """each prompt takes in what other shells have added"""
    with Shell() as one, Shell(directory=one.directory) as two:
        one.prompt()
        two.prompt()
        two.run("echo of two")
        one.run("echo of one")
        one.send("\x10\x10")
        one.until_last(PROMPT + "echo of two")
        one.interrupt()
        two.run("")
        assert two.run("fc -ln") == "\techo of two\n\techo of one\n"


def test_eight_shells():
    """eight shells that write a thousand commands each at once lose none, and all see them"""
    with Shell(environment={"HISTSIZE": "100000"}) as first:
        first.prompt()
        shells = [Shell(directory=first.directory, environment={"HISTSIZE": "100000", "TERM": "dumb"}) for _ in range(8)]
        try:
            for number, sh in enumerate(shells):
                sh.prompt()
                with open(sh.path(f"in{number}"), "w") as file:
                    file.writelines(f": {number} {i}\n" for i in range(1000))
            feeders = [subprocess.Popen(["cat", sh.path(f"in{number}")], stdout=sh.fd)
                       for number, sh in enumerate(shells)]
            written, deadline = 0, time.monotonic() + 100
            while written < 8000:
                assert time.monotonic() < deadline, written
                for fd in select.select([sh.fd for sh in shells], [], [], 1)[0]:
                    os.read(fd, 65536)
                written = open(first.path(".local/state/fleetsh/history")).read().count("\n")
            assert [feeder.wait() for feeder in feeders] == [0] * 8
        finally:
            for sh in shells:
                sh.close()
        commands = history_of(first).splitlines()
        assert len(commands) == 8000
        for number in range(8):
            mine = [command for command in commands if command.startswith(f": {number} ")]
            assert mine == [f": {number} {i}" for i in range(1000)]
        first.run("")
        assert first.run("fc -l 8000 8000").startswith("8000\t:")


def test_time_directory_and_status():
    """a record has the time, the directory and, once it has ended, the status; fc -lt shows them"""
    with Shell() as sh:
        sh.prompt()
        os.mkdir(sh.path("a\tb"))
        sh.run("cd a*")
        sh.run("(exit 7)")
        sh.run("cat ../.local/state/fleetsh/history")
        records = open(sh.path(".local/state/fleetsh/history")).read().splitlines()
        now = int(time.time())
        assert abs(int(records[0].split()[0][1:]) - now) < 60
        assert [record.partition(" ")[2] for record in records[:2]] == [
            f"  0 {sh.directory}\tcd a*", f"  7 {sh.directory}/a\\tb\t(exit 7)"], records
        assert re.search(r"@\d+ --- [^\n]*cat ../.local", sh.screen.text().replace("\n", ""))
        pattern = r"2\t\d{4}-\d\d-\d\d \d\d:\d\d:\d\d   7 " + re.escape(sh.directory) + r"/a\?b\n\t\(exit 7\)\n"
        assert re.fullmatch(pattern, sh.run("fc -lt 2 2")), sh.raw[-300:]


def test_file_of_another_form():
    """lines without time and status are commands, too"""
    with Shell() as sh:
        sh.prompt()
        os.makedirs(sh.path("old"))
        with open(sh.path("old/history"), "w") as file:
            file.write("echo plain\n@12 x\techo odd\n@1 --- no tab\necho a\\nb\n@99   1 /d\techo new\n@99 --- /cut")
        with Shell(directory=sh.directory, environment={"HISTFILE": sh.path("old/history")}) as other:
            other.prompt()
            assert other.run("fc -ln") == "\techo plain\n\t@12 x\techo odd\n\t@1 --- no tab\n\techo a\n\tb\n\techo new\n"


def test_private_commands():
    """a command that begins with a blank is not kept; HISTCONTROL says so and whether repetitions are"""
    with Shell() as sh:
        sh.prompt()
        sh.run(" echo secret")
        sh.run("echo a")
        sh.run("echo a")
        assert history_of(sh) == "echo a\necho a\n"
        sh.run("HISTCONTROL=ignoredups")
        sh.run(" echo told")
        sh.run(" echo told")
        sh.run("HISTCONTROL=")
        sh.run("HISTCONTROL=")
        assert history_of(sh).splitlines()[2:] == ["HISTCONTROL=ignoredups", " echo told", "HISTCONTROL=", "HISTCONTROL="]
        sh.run("HISTCONTROL=ignoreboth")
        sh.run(" :")
        sh.run("HISTCONTROL=ignoreboth")
        assert history_of(sh).splitlines()[6:] == ["HISTCONTROL=ignoreboth"]


run(globals())
