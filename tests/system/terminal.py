#!/usr/bin/env python3
"""Jobs on a terminal, terminal programs and the terminal's modes, with VMs."""
import os
import re
import signal
import subprocess
import sys
import termios
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "tests", "tty"), os.path.dirname(os.path.abspath(__file__))]
import ptylib
from ptylib import FLEETSH, LIMIT, Shell, run

os.environ.setdefault("TOP", TOP)
os.environ.setdefault("FLEETSH", FLEETSH)
import fleet

SIG = os.path.join(os.path.dirname(FLEETSH), "prog", "sig")
PASSED_ON = ("XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "FLEETSH_ROUTER", "DBUS_SYSTEM_BUS_ADDRESS", "ASAN_OPTIONS")


def shell(*arguments, **options):
    """A shell on a terminal, its commands in VMs, at its prompt. A trailing job's VM is gone with it."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment.update(options.pop("environment", {}))
    sh = Shell(*arguments, environment=environment, host=False, **options)
    sh.prompt()
    return sh


def wait_for(condition, what):
    if not fleet.until(condition, LIMIT):
        raise AssertionError(f"not within {LIMIT} s: {what}")


def vms_of(sh):
    """Rows of `vm ls` that belong to this shell's jobs."""
    return [vm for vm in fleet.leased() if vm["shell_pid"] == sh.pid]


def is_pending(pid, signo):
    with open(f"/proc/{pid}/status") as file:
        pending = [int(line.split()[1], 16) for line in file if line.startswith(("SigPnd:", "ShdPnd:"))]
    return any(bits >> (signo - 1) & 1 for bits in pending)


def state_in_libvirt(vm):
    done = subprocess.run(["virsh", "-q", "-c", os.environ["FLEETSH_ROUTER"], "domstate", vm["domain"]],
                          stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def cpu_ticks(vm):
    """User and system time of the VM's QEMU."""
    pid = fleet.processes(rf"^\S*qemu-system-x86_64 .*guest={vm['domain']}\b")[0]
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def runs(sh, command, count=1):
    """Types a command that writes nothing; returns when its VMs run it."""
    sh.seen = len(sh.raw)
    sh.line(command)
    sh.expect("2004l")
    wait_for(lambda: sum(1 for vm in vms_of(sh) if vm["command"]) >= count, f"{count} VMs for {command}")


def stop(sh):
    sh.send("\x1a")
    sh.expect("Stopped")
    sh.prompt()


def modes(sh):
    """Modes of the real terminal that a program could have spoiled."""
    _, oflag, _, lflag, *_ = termios.tcgetattr(sh.fd)
    return {"canonical": bool(lflag & termios.ICANON), "echo": bool(lflag & termios.ECHO),
            "signals": bool(lflag & termios.ISIG), "output": bool(oflag & termios.OPOST)}


def test_typed_input():
    """what is typed reaches a VM line by line, and ^D ends it"""
    with shell() as sh:
        runs(sh, "cat")
        sh.line("one")
        sh.until_seen("^one\none$")
        sh.line("two")
        sh.until_seen("^two\ntwo$")
        sh.send("\x04")
        sh.prompt()
        assert sh.run("echo $?") == "0\n"


def test_interrupt():
    """^C ends a VM, status 130; ^\\ too, status 131, and is told"""
    with shell() as sh:
        runs(sh, "sleep 100")
        sh.interrupt_command()
        assert sh.run("echo $?") == "130\n"
        runs(sh, "sleep 100")
        sh.send("\x1c")
        sh.expect("Quit")
        sh.prompt()
        assert sh.run("echo $?") == "131\n"
        for _ in range(5):
            runs(sh, "sleep 100 | cat | cat", 3)
            sh.interrupt_command()
            assert sh.run("echo $?") == "130\n"
            wait_for(lambda: not vms_of(sh), "no VM is left")
        wait_for(lambda: not vms_of(sh), "no VM is left")


def test_interrupt_ends_a_loop():
    """^C ends a loop of short VMs"""
    with shell() as sh:
        sh.line("while :; do /bin/busybox true; echo turn; done")
        sh.expect("turn\r\nturn\r\n")
        sh.interrupt_command()
        sh.line("echo status $?")
        sh.until_seen("^status 130$")


def test_stop_pauses_the_vms():
    """^Z pauses each VM of a pipeline, which uses no CPU then; bg, fg and ^C"""
    with shell() as sh:
        runs(sh, f"{SIG} spin | cat", 2)
        stop(sh)
        rows = vms_of(sh)
        assert len(rows) == 2 and {row["state"] for row in rows} == {"stopped"}, rows
        assert [state_in_libvirt(row) for row in rows] == ["paused", "paused"]
        before = [cpu_ticks(row) for row in rows]
        sh.run("sleep 1")
        after = [cpu_ticks(row) for row in rows]
        assert sum(after) - sum(before) <= 5, (before, after)
        assert len(sh.run("jobs").splitlines()) == 1
        sh.run("bg")
        assert "Running" in sh.run("jobs")
        wait_for(lambda: all(state_in_libvirt(row) == "running" for row in rows), "the VMs run again")
        sh.line("fg")
        sh.expect("spin \\| cat\r\n")
        stop(sh)
        sh.run("kill -9 %1; wait 2>/dev/null")
        wait_for(lambda: not vms_of(sh), "no VM is left")


def test_stop_and_type():
    """a stopped VM goes on where it was: fg, more input, ^D"""
    with shell() as sh:
        runs(sh, "cat")
        sh.line("one")
        sh.until_seen("^one\none$")
        stop(sh)
        assert sh.run("echo between") == "between\n"
        sh.line("fg")
        sh.expect("cat\r\n")
        sh.line("two")
        sh.until_seen("^two\ntwo$")
        sh.send("\x04")
        sh.prompt()
        assert sh.run("echo $?; jobs") == "0\n"


def test_shell_in_a_vm():
    """a shell started as a command: ^Z stops it with what it runs, fg continues both, ^C ends what it runs"""
    with shell() as sh:
        sh.line(f"PS1='inner$ ' {fleet.FLEETSH}")
        sh.expect("inner\\$ ")
        sh.line("sleep 100 | cat")
        wait_for(lambda: sum(1 for vm in vms_of(sh) if vm["command"]) == 3, "shell, sleep and cat run in VMs")
        stop(sh)
        wait_for(lambda: {state_in_libvirt(vm) for vm in vms_of(sh)} == {"paused"}, "all are paused")
        sh.line("fg")
        wait_for(lambda: {vm["state"] for vm in vms_of(sh)} == {"running"}, "all run again")
        sh.send("\x03")
        sh.expect("inner\\$ ")
        sh.line("echo status $?")
        sh.until_seen("^status 130$")
        sh.line("exit 7")
        sh.prompt()
        assert sh.run("echo $?") == "7\n"


def test_mixed_pipeline_is_one_job():
    """VM, loop, built-in utility and host command are one job: stopped, continued and ended together"""
    with shell() as sh:
        sh.start("{ echo up >&2; cat; } | while read -r x; do echo \"<$x>\"; done | host cat | tr a-z A-Z")
        sh.line("one")
        sh.expect("<ONE>\r\n")
        stop(sh)
        assert len([line for line in sh.run("jobs").splitlines() if line.startswith("[")]) == 1
        sh.line("fg")
        sh.expect("tr a-z A-Z\r\n")
        sh.line("two")
        sh.expect("<TWO>\r\n")
        sh.send("\x04")
        sh.prompt()
        assert sh.run("jobs") == ""


def test_background_cannot_read():
    """a background VM that reads the terminal is stopped by SIGTTIN and paused; fg lets it read"""
    with shell() as sh:
        sh.run("cat &")
        deadline = time.monotonic() + LIMIT
        while "SIGTTIN" not in sh.run("jobs"):
            assert time.monotonic() < deadline
        assert [state_in_libvirt(row) for row in vms_of(sh)] == ["paused"]
        sh.line("fg")
        sh.expect("cat\r\n")
        sh.line("text")
        sh.until_seen("^text\ntext$")
        sh.send("\x04")
        sh.prompt()


def test_background_writes_stop_with_tostop():
    """with stty tostop a background VM that writes is stopped by SIGTTOU"""
    with shell() as sh:
        sh.run("stty tostop")
        sh.run("seq 3 &")
        deadline = time.monotonic() + LIMIT
        while "SIGTTOU" not in sh.run("jobs"):
            assert time.monotonic() < deadline
        sh.line("fg")
        sh.until_seen("^1\n2\n3$")
        sh.prompt()


def test_type_ahead():
    """what is typed while a VM runs that does not read is for the shell"""
    with shell() as sh:
        runs(sh, "sleep 2")
        sh.line("echo first; cat")
        sh.line("for the cat")
        sh.expect("first\r\nfor the cat\r\n")
        sh.send("\x04")
        sh.prompt()


def test_second_interrupt():
    """a program that ignores ^C is ended by the second one"""
    with shell() as sh:
        sh.start(f"{SIG} spin", "ready")
        sh.send("\x03")
        sh.expect("\\^C")
        # The terminal signals before it echoes. Two that come before the first was taken are one signal.
        wait_for(lambda: not is_pending(fleet.shims(sh.pid)[0], signal.SIGINT), "the shim takes the first ^C")
        assert vms_of(sh)
        sh.interrupt_command()
        sh.line("echo status $?")
        sh.until_seen("^status 130$")
        wait_for(lambda: not vms_of(sh), "no VM is left")


def test_handlers():
    """a program with a handler gets each ^C and is not ended by two, when it reads its terminal"""
    with shell() as sh:
        sh.start(f"{SIG} count 1 2", "ready")
        sh.send("\x03")
        sh.expect("got 2\r\n")
        sh.prompt()
        assert sh.run("echo $?") == "0\n"


def test_full_screen_editor():
    """vi in a VM: edits, saves, leaves the screen as it was"""
    with shell() as sh:
        sh.line("echo before")
        sh.until_seen("^before$")
        sh.prompt()
        sh.line("busybox vi file")
        sh.until_seen("^~")
        sh.send("ihello\rworld\x1b")
        sh.until_seen("^hello\nworld")
        assert not modes(sh)["canonical"]
        sh.send(":wq\r")
        sh.expect("\x1b\\[\\?1049l.*fs\\$ ")
        with open(sh.path("file")) as file:
            assert file.read() == "hello\nworld\n"
        assert modes(sh)["output"]


def test_pager():
    """less in a VM: pages, searches, follows the window's size, ends"""
    with shell() as sh:
        sh.run("seq 500 >f")
        sh.line("busybox less f")
        sh.until_seen("^23$")
        sh.send(" ")
        sh.until_seen("^46$")
        sh.until_last(":")
        sh.send("/^300\r")
        sh.until_seen("^300$")
        sh.send("q")
        sh.until(lambda screen: screen.last().endswith("fs$"), "the prompt is back")


def test_top():
    """top in a VM refreshes until q"""
    with shell() as sh:
        sh.line("top -d 1")
        sh.until_seen("PID  PPID USER")
        sh.seen = len(sh.raw)
        sh.expect("PID  PPID USER")
        sh.send("q")
        sh.until(lambda screen: screen.last().endswith("fs$"), "the prompt is back")
        assert modes(sh)["output"]


def test_stopped_editor():
    """^Z in vi gives the shell its terminal back, fg gives vi its own"""
    with shell() as sh:
        sh.line("busybox vi file")
        sh.until_seen("^~")
        sh.send("iabc\x1b")
        sh.until_seen("^abc")
        sh.send("\x1a")
        sh.expect("Stopped")
        sh.until(lambda screen: screen.last().endswith("fs$"), "the prompt is back")
        assert sh.run("echo sane") == "sane\n"
        sh.line("fg")
        sh.until_seen("^abc")
        sh.send(":wq\r")
        sh.expect("\x1b\\[\\?1049l.*fs\\$ ")
        with open(sh.path("file")) as file:
            assert file.read() == "abc\n"


def test_window_size():
    """a VM knows the window's size and gets SIGWINCH when it changes"""
    with shell(rows=24, columns=80) as sh:
        sh.start(f"{SIG} winch", "24 rows 80 columns")
        sh.resize(10, 50)
        sh.expect("10 rows 50 columns\r\n")
        sh.resize(40, 120)
        sh.expect("40 rows 120 columns\r\n")
        sh.interrupt_command()
        assert sh.run("stty size") == "40 120\n"


def test_stty():
    """stty in a VM changes the real terminal"""
    with shell() as sh:
        sh.run("stty -echoctl tostop")
        modes_told = sh.run("stty -a")
        assert "-echoctl" in modes_told and "-tostop" not in modes_told, modes_told
        runs(sh, "stty -echo; cat")
        wait_for(lambda: not modes(sh)["echo"], "echo is off")
        sh.line("unseen")
        sh.expect("unseen\r\n")
        sh.send("\x04")
        sh.prompt()
        assert "unseen\nunseen" not in sh.screen.text()
        sh.run("stty echo")


def test_raw_keys():
    """a VM in raw mode sees each key as it is typed, ^C too"""
    with shell() as sh:
        sh.start(f"{SIG} keys")
        for key, code in (("a", 97), ("\x03", 3), ("\x1a", 26), ("\r", 13), ("\x1b", 27)):
            sh.send(key)
            sh.expect(f"key {code}\r\n")
        sh.send("q")
        sh.prompt()
        assert sh.run("echo $?") == "0\n"


def test_killed_editor():
    """a full-screen program that is killed leaves a sane terminal, on the shell's screen"""
    with shell() as sh:
        before = modes(sh)
        sh.line("busybox vi file")
        sh.until_seen("^~")
        sh.send("iabc")
        sh.until_seen("^abc")
        sh.seen = len(sh.raw)
        os.kill(fleet.shims(sh.pid)[0], signal.SIGKILL)
        sh.expect("\x1b\\[\\?1047l.*Killed")
        sh.until(lambda screen: screen.last().endswith("fs$"), "the prompt is back")
        assert modes(sh) == before
        assert sh.run("echo sane") == "sane\n"
        wait_for(lambda: not vms_of(sh), "no VM is left")


def test_stopped_jobs_at_exit():
    """exit tells of stopped jobs once; the second time it ends, and their VMs are gone"""
    with shell() as sh:
        runs(sh, "sleep 100")
        stop(sh)
        assert "stopped jobs" in sh.run("exit")
        sh.line("exit")
        sh.wait()
        wait_for(lambda: not vms_of(sh), "no VM is left")


def close_terminal(sh):
    os.close(sh.fd)
    sh.fd = -1
    deadline = time.monotonic() + LIMIT
    while os.waitpid(sh.pid, os.WNOHANG)[0] == 0:
        assert time.monotonic() < deadline, "the shell does not end"
        time.sleep(0.01)
    sh.status = -signal.SIGHUP


def test_closed_terminal():
    """a terminal that is closed ends the shell and the VMs of all its jobs: foreground, background, stopped"""
    with shell() as sh:
        sh.run("sleep 101 & sleep 102 | cat &")
        runs(sh, "sleep 103", 4)
        stop(sh)
        runs(sh, "sleep 104", 5)
        close_terminal(sh)
        wait_for(lambda: not vms_of(sh), "no VM is left")


def test_closed_terminal_at_the_prompt():
    """the same while the shell waits for a line"""
    with shell() as sh:
        sh.run("sleep 101 &")
        wait_for(lambda: vms_of(sh), "its VM runs")
        close_terminal(sh)
        wait_for(lambda: not vms_of(sh), "no VM is left")


def test_nohup():
    """nohup protects a VM from the end of the terminal"""
    with shell() as sh:
        sh.line("nohup sh -c 'echo up; exec sleep 111' 2>/dev/null | cat &")
        sh.expect("up\r\n")
        sh.run("sleep 112 &")
        wait_for(lambda: len([vm for vm in vms_of(sh) if vm["command"]]) == 3, "its VMs run")
        close_terminal(sh)
        wait_for(lambda: len(vms_of(sh)) == 1, "one VM is left")
        left = vms_of(sh)[0]
        assert "nohup" in left["command"], left
        subprocess.run([FLEETSH, "-c", f"vm kill {left['vm']}"], check=True)
        wait_for(lambda: not vms_of(sh), "no VM is left")


def test_notices():
    """the end of a background VM is told before the next prompt; its status by wait"""
    with shell() as sh:
        sh.run("/bin/busybox false &")
        deadline = time.monotonic() + LIMIT
        while "Done(1)" not in sh.run(":"):
            assert time.monotonic() < deadline
        assert sh.run("jobs") == ""


def test_job_names():
    """%n, %+, %- and %?s name jobs of VMs"""
    with shell() as sh:
        sh.run("sleep 101 & sleep 102 & sleep 103 &")
        assert "sleep 103" in sh.run("jobs %+")
        assert "sleep 102" in sh.run("jobs %-")
        assert "sleep 101" in sh.run("jobs '%?101'")
        sh.run("kill %1 %2 %3; wait 2>/dev/null")
        sh.run(":")
        assert sh.run("jobs") == ""
        wait_for(lambda: not vms_of(sh), "no VM is left")


HOSTILE = "a\\033]0;evil\\007b\\033]52;c;eA==\\007\\033[6nc\\033]133;A\\033\\\\d\\302\\233 \\033[31me\\033[m"
HARMLESS = "abcd? \x1b[31me\x1b[m"


def test_numbers_are_completed():
    """TAB completes numbers of VMs, each with its command, where vm wants one; a warm VM is none"""
    with shell() as sh:
        sh.run("sleep 113 &")
        wait_for(lambda: [vm["command"] for vm in fleet.leased()] == ["sleep 113"], "its VM, and no other one, runs")
        number = str(vms_of(sh)[0]["vm"])
        for command in ("info", "debug", "strace -p", "log"):
            sh.send(f"vm {command} {number}\t.")
            sh.until_last(f"{ptylib.PROMPT}vm {command} {number} .")
            sh.interrupt()
        sh.run("sleep 114 &")
        wait_for(lambda: sorted(vm["command"] for vm in vms_of(sh)) == ["sleep 113", "sleep 114"], "both run")
        sh.send("vm kill \t\t")
        sh.until_seen(f"^{number} +sleep 113$")
        sh.until_seen("^%1 +sleep 113")
        sh.interrupt()
        sh.run("kill %1 %2; wait")


def test_hostile_output():
    """what a VM writes to the terminal is text, colours and cursor control; titles, clipboard and questions are not"""
    with shell() as sh:
        for target in ("", " >&2", " 3>&1 >&3", " >/dev/tty"):
            sh.told = ""
            assert HARMLESS in sh.run(f"busybox printf '{HOSTILE}\\n'{target}"), target
            assert "evil\x07" not in sh.told and "\x1b]52;" not in sh.told and "\x1b[6n" not in sh.told, target
            assert sh.told.count("\x1b]133;A") == 1, target
        sh.run("FLEETSH_RAW_TERMINAL=1 busybox printf '\\033]0;granted\\007'")
        assert "\x1b]0;granted\x07" in sh.told


def test_granted_terminal():
    """a spec in PATH can grant the terminal unfiltered; one elsewhere, or a variable that a spec sets, cannot"""
    def spec(sh, name, more):
        with open(sh.path(name), "w") as file:
            file.write('{"version": 1, "program": "/bin/busybox", "arguments": ["printf"]%s}' % more)
        os.chmod(sh.path(name), 0o755)
    with shell() as sh:
        os.mkdir(sh.path("bin"))
        spec(sh, "bin/granted.vm", ', "terminal": "raw"')
        spec(sh, "bin/tries.vm", ', "environment": {"set": {"FLEETSH_RAW_TERMINAL": "1"}}')
        spec(sh, "elsewhere.vm", ', "terminal": "raw"')
        sh.run("PATH=$HOME/bin:$PATH")
        sh.run("granted '\\033]0;granted\\007'")
        assert "\x1b]0;granted\x07" in sh.told
        assert sh.run("tries '\\033]0;tries\\007seen\\n'") == "seen\n"
        assert "only the spec of a command found in PATH" in sh.run("./elsewhere.vm '\\033]0;elsewhere\\007'")
        sh.run("busybox env FLEETSH_RAW_TERMINAL=1 busybox printf '\\033]0;child\\007'")
        assert "\x1b]0;tries" not in sh.told and "\x1b]0;elsewhere" not in sh.told and "\x1b]0;child\x07" not in sh.told


def test_hostile_name():
    """a terminal that the program opened by its name is no way round"""
    with shell() as sh:
        name = os.ttyname(os.open(f"/proc/{sh.pid}/fd/0", os.O_RDWR | os.O_NOCTTY))
        sh.told = ""
        sh.run(f"busybox printf '{HOSTILE}\\n' >hostile")
        sh.run(f"busybox dd bs=99 if=hostile of={name} 2>/dev/null")
        assert HARMLESS in sh.told and "evil\x07" not in sh.told and "\x1b]52;" not in sh.told, sh.told


def test_what_is_no_terminal_is_exact():
    """a file and a pipe get every byte"""
    with shell() as sh:
        sh.run(f"busybox printf '{HOSTILE}' >out; busybox printf '{HOSTILE}' | cat >piped")
        exact = open(sh.path("out"), "rb").read()
        assert exact.startswith(b"a\x1b]0;evil\x07b") and exact.endswith(b"d\xc2\x9b \x1b[31me\x1b[m")
        assert open(sh.path("piped"), "rb").read() == exact


def test_foreground_reads_after_background():
    """many jobs one after the other keep the terminal's foreground group right"""
    with shell() as sh:
        for _ in range(3):
            sh.run("/bin/busybox true | cat &")
            assert "y\n" in sh.run("echo x | cat | tr x y")
        assert os.tcgetpgrp(sh.fd) == sh.pid


if not os.access(SIG, os.X_OK):
    sys.exit(f"{SIG}: not built; make units")
run(globals())
