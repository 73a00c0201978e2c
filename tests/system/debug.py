#!/usr/bin/env python3
"""vm debug: gdb looks into a running VM, and lets its program go on."""
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import TOP, check, finish, leased, run, start, until

GROW = os.path.join(os.environ.get("BUILD", os.path.join(TOP, "build")), "prog/grow")
MIB = 1 << 20


class Grow:
    """grow, which has said that it has its first memory and waits for a line; then gives it back, and so on."""

    def __init__(self, sizes):
        self.shell = start(f"{GROW} {sizes}; echo $?")
        self.first = self.shell.stdout.readline()
        until(lambda: self.find() is not None, 20)
        self.number = self.find()

    def find(self):
        return next((vm["vm"] for vm in leased() if "grow" in vm["command"] and vm["image"]), None)

    def line(self):
        self.shell.stdin.write("\n")
        self.shell.stdin.flush()

    def rest(self):
        out, err = self.shell.communicate(timeout=60)
        return out + err


def gdb(directory, commands, **options):
    script = os.path.join(directory, "script")
    with open(script, "w", encoding="utf-8") as file:
        file.write(commands)
    return subprocess.Popen(["gdb", "-nx", "-batch", "-x", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, cwd=directory, **options)


def path_in(out):
    return re.search(r"(?m)^target remote (.*)$", out).group(1)


def a_look(directory):
    grow = Grow("1 1")
    status, out, err = run(f"vm debug {grow.number}")
    path = path_in(out)
    mode = os.stat(path).st_mode
    check("it tells gdb's commands, and the socket is the user's", status == 0 and err == "" and f"file {GROW}\n" in out and
          stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600, (out, err, oct(mode)))
    again = run(f"vm debug {grow.number}")
    check("asked again, it tells the same", again == (status, out, err), again)
    said = os.path.join(directory, "said")
    debugger = gdb(directory, out + f"break munmap\nshell : >{said}\ncontinue\ninfo symbol $pc\nprintf \"size %d\\n\", $rsi\n"
                   "printf \"last %#lx\\n\", *(unsigned long *)($rdi + $rsi - 4096)\ndelete\ndetach\n")
    until(lambda: os.path.exists(said), 60)
    grow.line()
    text, _ = debugger.communicate(timeout=60)
    check("gdb stops the program at a function, and reads registers and memory", "munmap in section .text" in text and
          f"size {MIB}" in text and f"last {(MIB - 4096) ^ MIB:#x}" in text, text)
    again = grow.shell.stdout.readline()
    grow.shell.stdin.close()
    grow.shell.stdin = None
    rest = grow.rest()
    check("detached, the program goes on and ends with its own status", (grow.first, again, rest) == ("1\n", "1\n", "0\n"), (again, rest, text))
    check("the socket goes with the VM", until(lambda: not os.path.exists(path), 20), path)


def the_end(directory):
    grow = Grow("1 1 1")
    link = os.path.join(directory, "a link")
    status, out, err = run(f"vm debug --socket '{link}' {grow.number}")
    path = os.path.realpath(link)
    check("--socket gives it another name", status == 0 and path_in(out) == link and stat.S_ISSOCK(os.stat(link).st_mode), (out, err))
    said = os.path.join(directory, "attached")
    debugger = gdb(directory, out + f"break munmap\nshell : >{said}\ncontinue\nshell sleep 600\n", start_new_session=True)
    until(lambda: os.path.exists(said), 60)
    status, _, err = run(f"vm debug -d {grow.number}")
    check("it does not end while gdb is attached", status == 1 and "attached" in err, (status, err))
    os.killpg(debugger.pid, signal.SIGKILL)  # its breakpoint stays
    debugger.communicate()
    status = until(lambda: run(f"vm debug -d {grow.number}")[0] == 0, 20)
    check("it ends when gdb was killed, and nobody listens any more", status and not os.path.exists(path), run(f"vm debug -d {grow.number}"))
    status, _, err = run(f"vm debug -d {grow.number}")
    check("it ends once", status == 1 and err.count("\n") == 1, (status, err))
    grow.line()
    grow.line()
    second, third = grow.shell.stdout.readline(), grow.shell.stdout.readline()
    check("no breakpoint and no stop is left", (second, third) == ("1\n", "1\n"), (second, third))
    status, out, err = run(f"vm debug --socket '{link}' {grow.number}")
    check("it begins again, by the name of before", status == 0 and os.path.exists(link), (out, err))
    debugger = gdb(directory, f"file {GROW}\ntarget remote {link}\nkill\n")
    text, _ = debugger.communicate(timeout=60)
    grow.shell.stdin.close()
    grow.shell.stdin = None
    rest = grow.rest()
    check("gdb's kill ends the VM under the command", "fleetsh" in rest or "vmproc" in rest or "120" in rest, (rest, text))


def of_a_job():
    status, out, err = run("set -m; busybox sleep 600 & n=0; until vm debug %1 >f 2>err || [ $((n += 1)) = 100 ]; do host sleep 0.1; done; host cat f\n"
                           "vm debug -d %1; echo $?; vm kill %1; wait %1; :")
    check("a job is named as elsewhere", out.count("target remote ") == 1 and out.endswith("\n0\n"), (status, out, err))


def of_what_is_stopped(directory):
    grow = Grow("1 1")
    vm = next(vm for vm in leased() if vm["vm"] == grow.number)
    _, out, _ = run(f"vm debug {grow.number}")
    os.kill(vm["pid"], signal.SIGSTOP)
    stopped = until(lambda: any(vm["vm"] == grow.number and vm["state"] in ("suspended", "stopped") for vm in leased()), 20)
    status, _, err = run(f"vm debug -d {grow.number}")
    check("it does not end while the command is stopped", stopped and status == 1 and "stopped" in err, (stopped, status, err))
    text, _ = gdb(directory, out + "detach\n").communicate(timeout=60)
    os.kill(vm["pid"], signal.SIGCONT)
    grow.line()
    again = grow.shell.stdout.readline()
    grow.shell.stdin.close()
    grow.shell.stdin = None
    rest = grow.rest()
    check("a stopped command that gdb has let go on is continued as ever", (again, rest) == ("1\n", "0\n"), (again, rest, text))


def errors():
    for arguments, status in (("", 2), ("-x 1", 2), ("1 2", 2), ("--socket", 2), ("-d --socket f 1", 2), ("x", 1), ("99999", 1), ("%1", 1), ("-d 99999", 1)):
        got, out, err = run(f"vm debug {arguments}")
        check(f"vm debug {arguments} is refused", got == status and err.count("\n") == 1 and out == "", (got, err))
    grow = Grow("1")
    status, out, err = run(f"vm debug --socket /nosuch/s {grow.number}")
    check("a name that cannot be made is told", status == 1 and "/nosuch/s" in err and out == "", (status, out, err))
    status, _, err = run(f"vm debug -d {grow.number}")
    check("and QEMU does not listen then", status == 1 and "does not listen" in err, (status, err))
    grow.shell.stdin.close()
    grow.shell.stdin = None
    grow.rest()
    warm = next((vm["vm"] for vm in json.loads(run("vm ls --json")[1]) if vm["state"] == "warm"), None)
    if warm:
        status, _, err = run(f"vm debug {warm}")
        check("a VM that has no command yet is refused", status == 1 and err.count("\n") == 1, (status, err))


where = tempfile.mkdtemp(prefix="fleetsh-debug-")
a_look(where)
the_end(where)
of_a_job()
of_what_is_stopped(where)
errors()
shutil.rmtree(where)
finish()
