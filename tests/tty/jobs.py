#!/usr/bin/env python3
"""Job control as a user sees it."""
import signal
import time

from ptylib import FLEETSH, LIMIT, Shell, run


def test_stop_and_foreground():
    """^Z stops a command, fg continues it"""
    with Shell() as sh:
        sh.prompt()
        sh.start("sh -c 'echo up; read x; echo got $x'")
        sh.send("\x1a")
        sh.until_seen("Stopped")
        sh.prompt()
        sh.line("fg")
        sh.until_seen("^sh -c")
        sh.line("text")
        sh.until_seen("^got text$")
        sh.prompt()


def test_stop_and_background():
    """bg continues a stopped command in the background, and its end is told before the next prompt"""
    with Shell() as sh:
        sh.prompt()
        sh.run("mkfifo f")
        sh.start("sh -c 'echo up; exec cat f >out'")
        sh.send("\x1a")
        sh.until_seen("Stopped")
        sh.prompt()
        assert "exec cat f >out" in sh.run("bg")
        assert "Running" in sh.run("jobs")
        told = sh.run("echo x >f")  # it may have ended before this prompt, or before a later one
        limit = time.monotonic() + LIMIT
        while "Done" not in told:
            assert time.monotonic() < limit
            told = sh.run(":")
        assert sh.run("jobs") == ""


def test_status_of_a_stopped_command():
    """a stopped command's status is 128 + SIGTSTP"""
    with Shell() as sh:
        sh.prompt()
        sh.start("sh -c 'echo up; exec cat'")
        sh.send("\x1a")
        sh.until_seen("Stopped")
        sh.prompt()
        assert sh.run("echo $?") == "148\n"
        sh.run("kill -9 %1")
        sh.run("wait 2>/dev/null")


def test_interrupt_of_a_command():
    """^C ends the foreground command and not the shell, status 130"""
    with Shell() as sh:
        sh.prompt()
        sh.start("sh -c 'echo up; exec cat'")
        sh.interrupt_command()
        assert sh.run("echo $?") == "130\n"


def test_interrupt_of_a_loop():
    """^C ends a loop that runs in the shell"""
    with Shell() as sh:
        sh.prompt()
        sh.start("echo up; while :; do :; done")
        sh.interrupt_command()
        sh.line("echo $?")
        sh.until_seen("^130$")


def test_quit_of_a_command():
    """^\\ ends the foreground command and is told"""
    with Shell() as sh:
        sh.prompt()
        sh.run("ulimit -c 0")
        sh.start("sh -c 'echo up; exec cat'")
        sh.send("\x1c")
        sh.prompt()
        assert sh.run("echo $?") == "131\n"


def test_interrupt_spares_the_background():
    """^C at the prompt does not reach background jobs"""
    with Shell() as sh:
        sh.prompt()
        sh.run("sleep 100 &")
        sh.interrupt()
        assert "Running" in sh.run("jobs")
        sh.run("kill %1; wait 2>/dev/null")


def reader_stops(sh):
    """A command in the background reads the terminal, and is stopped for it."""
    sh.run("cat &")
    limit = time.monotonic() + LIMIT
    while "Stopped" not in sh.run("jobs"):
        assert time.monotonic() < limit
    sh.run("kill -9 %1; wait 2>/dev/null")


def test_background_cannot_read():
    """a background job that reads the terminal is stopped"""
    with Shell() as sh:
        sh.prompt()
        reader_stops(sh)


def test_stops_ignored_on_entry():
    """a shell that was started with TSTP, TTIN and TTOU ignored, as tmux does, has job control all the same"""
    with Shell() as sh:
        sh.prompt()
        sh.line(f"trap '' TSTP TTIN TTOU; exec {FLEETSH} -o host -i")
        sh.prompt()
        reader_stops(sh)
        ignored = int(sh.run("grep SigIgn /proc/self/status").split()[1], 16)
        assert not any(ignored >> (number - 1) & 1 for number in (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU))


def test_orphaned_in_the_background():
    """an interactive shell in the background that nobody can bring forward does without job control"""
    with Shell() as sh:
        sh.prompt()
        sh.line(f"sh -c '{{ while kill -0 $$; do :; done 2>/dev/null; PS1= exec {FLEETSH} -o host -i </dev/null; }} &' &")
        sh.line("wait; echo wa''ited")
        sh.until_seen("waited")
        sh.until_seen("job control is off")
        sh.line("echo sti''ll")
        sh.until_seen("still")


def test_notice_at_once():
    """set -b tells of the end of a job while a line is typed, and keeps the line"""
    with Shell() as sh:
        sh.prompt()
        sh.run("set -b; mkfifo f")
        sh.run("cat f &")
        sh.send("echo kept")
        sh.until_last("fs$ echo kept")
        open(sh.path("f"), "w").close()
        sh.until_seen("Done")
        sh.until_last("fs$ echo kept")
        sh.send("\r")
        sh.until_seen("^kept$")


def test_pipeline_is_one_job():
    """a pipeline is stopped and continued as one job"""
    with Shell() as sh:
        sh.prompt()
        sh.start("sh -c 'echo up; exec cat' | cat | cat")
        sh.line("one")
        sh.until_seen("^one\none$")
        sh.send("\x1a")
        sh.until_seen("Stopped")
        sh.prompt()
        assert len(sh.run("jobs").splitlines()) == 1
        sh.line("fg")
        sh.expect("cat' \\| cat \\| cat\r\n")
        sh.line("two")
        sh.until_seen("^two\ntwo$")
        sh.send("\x04")
        sh.prompt()


def test_terminal_modes_come_back():
    """a command that leaves the terminal in raw mode and dies does not spoil the prompt"""
    with Shell() as sh:
        sh.prompt()
        assert "Killed" in sh.run("sh -c 'stty raw -echo; kill -9 $$'")
        assert sh.run("echo back") == "back\n"


run(globals())
