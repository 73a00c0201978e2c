#!/usr/bin/env python3
"""The line editor: keys, several lines, pastes, prompts, signals, size."""
import os
import signal
import subprocess

from ptylib import FLEETSH, PROMPT, Shell, run


def test_prompt_and_command():
    """a command runs and the prompt comes back"""
    with Shell() as sh:
        sh.prompt()
        assert sh.run("echo hello") == "hello\n"


def test_status_of_exit():
    """exit ends the shell with its status"""
    with Shell() as sh:
        sh.prompt()
        sh.line("exit 3")
        assert sh.wait() == 3


def test_end_of_file():
    """^D on an empty line ends the shell with the last status"""
    with Shell() as sh:
        sh.prompt()
        sh.run("false")
        sh.send("\x04")
        assert sh.wait() == 1


def test_ignoreeof():
    """set -o ignoreeof: ^D does not end the shell"""
    with Shell() as sh:
        sh.prompt()
        sh.run("set -o ignoreeof")
        sh.send("\x04")
        sh.until_seen('Use "exit"')
        sh.prompt()
        sh.line("exit 4")
        assert sh.wait() == 4


def test_open_mode_is_marked():
    """set -o ambient is marked in the prompt, whatever PS1 is"""
    with Shell() as sh:
        sh.prompt()
        sh.line("set -o ambient")
        sh.send("x")
        sh.until_last("[ambient] " + PROMPT + "x")
        sh.send("\x7fset +o ambient\ry")
        sh.until_last(PROMPT + "y")


def test_keys_of_emacs_mode():
    """arrows, ^A, ^E, ^K, ^U (to the beginning), ^W, ^B, ^F, Home, End, Delete and Backspace edit the line"""
    with Shell() as sh:
        sh.prompt()
        sh.send("cho b\x01e\x05c")  # echo bc
        sh.until_last(PROMPT + "echo bc")
        sh.send("\x1b[D\x1b[Da\x1b[F d\x02\x02X\x06\x7f")
        sh.until_last(PROMPT + "echo abcXd")
        sh.send("\x05\x15echo one two\x17")
        sh.until_last(PROMPT + "echo one")
        sh.send("\x1b[H\x1b[3~\x1b[3~\x1b[3~\x1b[3~printf\x05 x y\x1b[D\x1b[D\x0b")
        sh.until_last(PROMPT + "printf one  x")
        sh.send("\r")
        sh.expect("one")


def test_interrupt_discards_the_line():
    """^C discards the line, status 130"""
    with Shell() as sh:
        sh.prompt()
        sh.send("echo never")
        sh.until_last(PROMPT + "echo never")
        sh.interrupt()
        assert sh.run("echo $?") == "130\n"
        assert "never\r\n" not in sh.raw.replace("echo never", "")


def test_interrupt_discards_a_command_of_several_lines():
    """^C at the continuation prompt discards what was typed before, too"""
    with Shell() as sh:
        sh.prompt()
        sh.line("for i in 1 2; do")
        sh.until_last(">")
        sh.send("echo $i\x03")
        sh.prompt()
        assert sh.run("echo good") == "good\n"


def test_interrupt_runs_a_trap():
    """^C at the prompt runs the action of a trap and discards the line"""
    with Shell() as sh:
        sh.prompt()
        sh.run("trap 'echo caught' INT")
        sh.send("echo never")
        sh.until_last(PROMPT + "echo never")
        sh.send("\x03")
        sh.until_seen("^caught$")
        sh.prompt()
        assert sh.run("echo ok") == "ok\n"


def test_trap_runs_while_a_line_is_typed():
    """a trap's action runs while a line is typed, and the line is still there"""
    with Shell() as sh:
        sh.prompt()
        sh.run("trap 'echo usr1' USR1")
        sh.send("echo kept")
        sh.until_last(PROMPT + "echo kept")
        os.kill(sh.pid, signal.SIGUSR1)
        sh.until_seen("^usr1$")
        sh.until_last(PROMPT + "echo kept")
        sh.send("\r")
        sh.until_seen("^kept$")


def test_exit_in_a_trap():
    """exit in a trap's action ends the shell while a line is typed"""
    with Shell() as sh:
        sh.prompt()
        sh.run("trap 'exit 7' USR1")
        sh.send("echo never")
        sh.until_last(PROMPT + "echo never")
        os.kill(sh.pid, signal.SIGUSR1)
        assert sh.wait() == 7


def test_continuation_prompt():
    """an incomplete command goes on after PS2"""
    with Shell() as sh:
        sh.prompt()
        sh.line("if true")
        sh.until_last(">")
        sh.line("then echo yes")
        sh.until_last(">")
        sh.line("fi")
        sh.until_seen("^yes$")
        sh.prompt()


def test_here_document():
    """a here-document is typed after PS2"""
    with Shell() as sh:
        sh.prompt()
        sh.line("cat <<END")
        sh.until_last(">")
        sh.line("one two")
        sh.until_last(">")
        sh.line("END")
        sh.until_seen("^one two$")


def test_syntax_error_keeps_the_shell():
    """a syntax error is told and the shell goes on, status 2"""
    with Shell() as sh:
        sh.prompt()
        sh.run("echo )")
        assert sh.run("echo $?") == "2\n"


def test_paste_is_not_executed():
    """three pasted lines are executed by Enter, not before"""
    with Shell() as sh:
        sh.prompt()
        sh.send("\x1b[200~echo one >f1\necho two >f2\necho three >f3\n\x1b[201~")
        sh.until_last("> echo three >f3")
        assert not os.path.exists(sh.path("f1"))
        sh.send("\r")
        sh.prompt()
        sh.until(lambda _: os.path.exists(sh.path("f3")), "the third command has run")
        assert open(sh.path("f1")).read() == "one\n"
        assert open(sh.path("f2")).read() == "two\n"


def test_paste_can_be_edited_and_discarded():
    """a paste goes to the cursor, can be edited, and ^C discards it"""
    with Shell() as sh:
        sh.prompt()
        sh.send("echo []\x1b[D\x1b[200~mid\x1b[201~dle")
        sh.until_last(PROMPT + "echo [middle]")
        sh.interrupt()
        sh.send("\x1b[200~touch f\n\n\x1b[201~")
        sh.until_last(PROMPT + "touch f")
        sh.interrupt()
        assert not os.path.exists(sh.path("f"))


def test_paste_of_what_looks_like_keys():
    """tabs, escape sequences and half an end mark in a paste are text"""
    with Shell() as sh:
        sh.prompt()
        sh.send("\x1b[200~printf '%s|' a\tb \x1b[201 'ü'\x1b[201~")
        sh.send("\r")
        found = sh.expect(r"2004l(a\|b\|.*?\|ü\|)")
        assert found.group(1) == "a|b|\x1b[201|ü|", repr(found.group(1))


def test_paste_in_pieces():
    """a paste may arrive byte by byte"""
    with Shell() as sh:
        sh.prompt()
        for byte in "\x1b[200~echo a\necho b\x1b[201~":
            sh.send(byte)
        sh.until_last("> echo b")
        sh.send("\r")
        sh.until_seen("^a$")
        sh.until_seen("^b$")


def test_what_follows_a_paste():
    """what is typed right behind a paste belongs to the line, and behind Enter to the command"""
    with Shell() as sh:
        sh.prompt()
        command = 'read -r x; echo "<$x>"'
        for at in (len(command), 1, 8, 0):
            sh.send(f"\x1b[200~{command[:at]}\x1b[201~{command[at:]}\rhello {at}\r")
            sh.until_seen(f"^<hello {at}>$")
            sh.prompt()


def test_long_paste():
    """a paste of more than a megabyte arrives whole"""
    with Shell() as sh:
        sh.prompt()
        sh.run("\x1b[200~x=" + "0123456789abcdef" * 81920 + "\x1b[201~")
        assert sh.run('echo "${#x}"') == "1310720\n"


def test_paste_in_vi_mode():
    """pasted newlines execute nothing in vi mode, either"""
    with Shell() as sh:
        sh.prompt()
        sh.run("set -o vi")
        sh.send("\x1b[200~touch f1\ntouch f2\x1b[201~")
        sh.until_last("> touch f2")
        assert not os.path.exists(sh.path("f1"))
        sh.send("\r")
        sh.until(lambda _: os.path.exists(sh.path("f2")), "both have run")


def test_vi_mode():
    """set -o vi: ESC and commands edit the line"""
    with Shell() as sh:
        sh.prompt()
        sh.run("set -o vi")
        sh.send("echo onX two\x1b")
        sh.send("0fXre")
        sh.until_last(PROMPT + "echo one two")
        sh.send("A!\r")
        sh.until_seen("^one two!$")


def test_neither_mode():
    """set +o emacs: plain reading with the terminal's own editing"""
    with Shell() as sh:
        sh.prompt()
        sh.line("set +o emacs")
        sh.expect(r"2004l")
        sh.prompt()
        sh.line("echo plain\x7f\x7fn")
        sh.until_seen("^plan$|^plain$")
        assert "2004h" not in sh.raw[sh.seen:]


def test_type_ahead_belongs_to_the_command():
    """what is typed behind a command's line is read by the command"""
    with Shell() as sh:
        sh.prompt()
        sh.send("read x; echo \"[$x]\"\rtyped ahead\recho next\r")
        sh.until_seen(r"^\[typed ahead\]$")
        sh.until_seen("^next$")


def test_utf8_editing():
    """UTF-8 characters are edited as one, wide ones take two columns"""
    with Shell() as sh:
        sh.prompt()
        sh.send("echo grüße\x7f\x7fß\r")
        sh.until_seen("^grüß$")
        sh.prompt()
        sh.send("echo 漢字\x1b[D\x1b[Dx\r")
        sh.expect(r"2004lx漢字\r\n")


def test_combining_characters():
    """a combining character reaches the command as it was typed"""
    with Shell() as sh:
        sh.prompt()
        sh.send("printf %s e\u0301x | od -An -tx1\r")
        sh.until_seen("65 cc 81 78")


def test_lone_escape():
    """ESC alone neither blocks the editor nor enters the line"""
    with Shell() as sh:
        sh.prompt()
        sh.run("set -o vi")
        sh.send("echo ab\x1b")
        sh.until(lambda screen: screen.column == len(PROMPT + "echo ab") - 1, "command mode, cursor on b")
        sh.send("iX\r")
        sh.until_seen("^aXb$")


def test_screen_out_of_the_way():
    """redirections of small descriptors leave the editor its own, and nothing of it comes into the files"""
    numbers = range(3, 15)
    with Shell() as sh:
        sh.prompt()
        sh.line("exec " + " ".join(f"{n}>f{n}" for n in numbers))
        sh.until(lambda _: os.path.exists(sh.path("f14")), "it has run")
        sh.prompt()
        sh.send("cho edited\x01e\r")
        sh.until_seen("^edited$")
        sh.prompt()
        assert all(os.path.getsize(sh.path(f"f{n}")) == 0 for n in numbers)


def test_screen_taken_away():
    """a redirection of the editor's own descriptor leads to plain reading, and nothing is written into the file"""
    with Shell() as sh:
        sh.prompt()
        sh.line("exec 250>f250 251>f251 252>f252")
        sh.until(lambda _: os.path.exists(sh.path("f252")), "it has run")
        sh.prompt()
        sh.line("echo still here")
        sh.until_seen("^still here$")
        sh.prompt()
        assert all(os.path.getsize(sh.path(f"f{n}")) == 0 for n in range(250, 253))


def test_modes_exclude_each_other():
    """set -o emacs after set -o vi gives emacs keys back"""
    with Shell() as sh:
        sh.prompt()
        sh.run("set -o vi")
        sh.run("set -o emacs")
        sh.send("cho x\x01e\r")
        sh.until_seen("^x$")


def test_not_a_terminal():
    """-i without a terminal reads plainly, with prompts on standard error"""
    done = subprocess.run([FLEETSH, "-o", "host", "-i"], input=b"echo one\nif true\nthen echo two; fi\n", capture_output=True,
                          env={"PATH": os.environ["PATH"], "PS1": "P ", "PS2": "Q "}, timeout=60)
    assert (done.returncode, done.stdout) == (0, b"one\ntwo\n"), done
    assert done.stderr.endswith(b"P P Q P "), done.stderr


def test_utf8_prompt_in_the_c_locale():
    """a UTF-8 prompt in the C locale does not crash the editor"""
    with Shell(environment={"LC_ALL": "C"}, prompt="λ> ") as sh:
        sh.until_last("??>")
        sh.send("echo ok\r")
        sh.until_seen("^ok$")


def test_utf8_input_in_the_c_locale():
    """bytes that are no characters of the C locale do no harm"""
    with Shell(environment={"LC_ALL": "C"}) as sh:
        sh.prompt()
        sh.send("echo \u00e4ok\r")
        sh.until_seen("ok$")
        sh.until_last(PROMPT.rstrip())


def test_colours_at_the_prompts_end():
    """an escape sequence at the very end of the prompt is not lost"""
    with Shell(prompt="\x1b[32mgreen$\x1b[0m ") as sh:
        sh.until_last("green$")
        sh.expect(r"\x1b\[32mg.*\x1b\[0m")
    with Shell(prompt="\x1b[32mgreen$ \x1b[0m") as sh:
        sh.until_last("green$")
        sh.expect(r"\x1b\[32mg.*\x1b\[0m")
        sh.send("echo x\r")
        sh.until_seen("^x$")
    with Shell(prompt="\x1b[32mgreen$\x1b[0m") as sh:
        sh.until_last("green$")
        sh.expect(r"\x1b\[32mg.*\x1b\[0m")


def test_adjacent_escape_sequences():
    """two escape sequences in a row print no garbage, and the cursor is where it should be"""
    with Shell(prompt="\x1b[1m\x1b[31mred\x1b[0m\x1b[1m$\x1b[0m\x1b[K ") as sh:
        sh.until_last("red$")
        sh.send("echo x\x01e\x05y")
        sh.until_last("red$ eecho xy")
        assert sh.screen.column == len("red$ eecho xy")


def test_prompt_of_several_lines():
    """a prompt of several lines is shown whole"""
    with Shell(prompt="first\nsecond> ") as sh:
        sh.until_seen("^first\nsecond>")
        sh.send("echo x\x01\x05y")
        sh.until_last("second> echo xy")


def test_prompt_is_expanded():
    """PS1 undergoes parameter expansion, and ! is the command's number"""
    with Shell(prompt="$X!!!> ", environment={"X": "v"}) as sh:
        sh.until_last("v!1>")
        sh.send(":\r")
        sh.until_last("v!2>")


def test_long_line_wraps():
    """a line longer than the terminal wraps and can be edited"""
    with Shell(columns=20) as sh:
        sh.prompt()
        sh.send("echo 0123456789abcdefghij")
        sh.until(lambda screen: screen.text().endswith("cdefghij"), "wrapped")
        sh.send("\x01\x05X\r")
        sh.expect(r"2004l0123456789abcdefghijX\r\n")


def test_resize():
    """after a change of the window's size the line is shown anew and COLUMNS follows"""
    with Shell() as sh:
        sh.prompt()
        sh.send("echo $COLUMNS")
        sh.until_last(PROMPT + "echo $COLUMNS")
        sh.resize(30, 50)
        sh.until(lambda screen: screen.text().endswith("echo $COLUMNS"), "the line is back")
        sh.send("\r")
        sh.until_seen("^80$|^50$")
        sh.until_last(PROMPT.rstrip())
        assert sh.run("echo $LINES $COLUMNS") == "30 50\n"


def test_dumb_terminal():
    """TERM=dumb: plain reading, no control sequence is written"""
    with Shell(environment={"TERM": "dumb"}) as sh:
        sh.prompt()
        sh.line("echo plain")
        sh.until_seen("^plain$")
        sh.prompt()
        sh.line("if true")
        sh.until_last(">")
        sh.send("\x03")
        sh.prompt()
        sh.line("echo $?")
        sh.until_seen("^130$")
        sh.prompt()
        sh.send("\x04")
        assert sh.wait() == 0
        assert "\x1b" not in sh.raw


def test_unknown_terminal():
    """an unknown TERM is no reason for a message"""
    with Shell(environment={"TERM": "no-such-terminal"}) as sh:
        sh.until_last(PROMPT.rstrip())
        sh.send("echo works\r")
        sh.until_seen("works")
        assert "No entry" not in sh.raw and "dumb terminal" not in sh.raw


def test_the_terminal_is_as_it_was():
    """a command finds the terminal in its usual mode"""
    with Shell() as sh:
        sh.prompt()
        modes = sh.run("stty -a")
        assert " icanon" in modes and " echo " in modes and "-icanon" not in modes


def test_interrupt_behind_keys():
    """^C right behind other keys, of which the terminal forgets those that have not been read, is not lost"""
    with Shell() as sh:
        sh.prompt()
        for _ in range(1000):
            sh.send("\x1b[A\x12x\x07abc\x01\x05def")
            sh.interrupt()
        assert sh.run("echo $?") == "130\n"


def test_hangup():
    """the shell ends when the terminal goes away"""
    sh = Shell()
    with sh:
        sh.prompt()
        os.close(sh.fd)
        sh.fd = -1
        _, status = os.waitpid(sh.pid, 0)
        sh.status = status


run(globals())
