#!/usr/bin/env python3
"""vm strace: the system calls of what is started and of what runs, decoded; it never keeps a program from running on."""
import os
import re
import select
import signal
import subprocess
import sys

TOP = os.environ.setdefault("TOP", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
os.environ.setdefault("FLEETSH", os.path.join(os.environ.get("BUILD", os.path.join(TOP, "build")), "fleetsh"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import check, finish, leased, run, start, until


def number_of(command):
    until(lambda: any(vm["command"] == command for vm in leased()), 20)
    return next((vm["vm"] for vm in leased() if vm["command"] == command), None)


def of_a_command():
    status, out, err = run("printf 'one\\n' >f; vm strace cat f nosuch; echo $?")
    lines = [re.sub(r"^\[pid \d+\] ", "", line) for line in err.splitlines()]
    check("output and status are the command's", out == "one\n1\n", (out, err))
    wanted = ['openat(AT_FDCWD, "f", O_RDONLY) = 3', 'openat(AT_FDCWD, "nosuch", O_RDONLY) = -1 ENOENT (No such file or directory)',
              'exit_group(1) = ?']
    check("calls have their names, arguments and results", all(line in lines for line in wanted), err)
    status, out, err = run("vm strace -tT -o log 'printf x | busybox dd bs=1 of=copy 2>/dev/null'; cat log; cat copy")
    check("a file takes the lines, with the time of day and what each took", status == 0 and err == "" and
          re.search(r'(?m)^\[pid \d+\] \d\d:\d\d:\d\d\.\d{6} read\(0, "x", 1\) = 1 <0\.\d{6}>$', out) and out.endswith("x"), (out[-800:], err))
    status, out, err = run("vm strace -o log sh -c 'sleep 0; (exit 3); cat </dev/null'; host grep -c ' execve(' log; host grep -o 'execve.*' log; host sed -n 's/.pid \\([0-9]*\\).*/\\1/p' log | host sort -u | host wc -l")
    lines = out.splitlines()
    check("what the command starts is seen, too", len(lines) > 2 and any('execve("' in line and '["cat"]' in line for line in lines) and int(lines[-1]) >= 3, (out, err))
    status, out, err = run("vm strace /bin/kill -s USR1 0 2>&1 | host grep -c 'kill(0, SIGUSR1'")
    check("signals have names", out == "1\n", (out, err))


def of_what_runs():
    shell = start("cat; :")
    number = number_of("cat")
    watcher = start(f"vm strace -p {number}")

    def goes_by():  # a line through cat; true when the watcher has seen some call
        shell.stdin.write("again\n")
        shell.stdin.flush()
        shell.stdout.readline()
        return bool(select.select([watcher.stderr], [], [], 0)[0])

    until(goes_by, 20)
    shell.stdin.write("last\n")
    shell.stdin.close()
    shell.stdin = None
    out, _ = shell.communicate(timeout=30)
    _, err = watcher.communicate(timeout=30)
    check("what runs already is traced until its end, and then vm strace ends", watcher.returncode == 0 and
          'write(1, "last\\n", 5) = 5' in err and "exit_group(0) = ?" in err and out.endswith("last\n"), (watcher.returncode, err[-600:]))
    check("without a process number while there is but one", "[pid " not in err, err[:300])

    shell = start("busybox yes >/dev/null")
    number = number_of("busybox yes")
    watcher = start(f"vm strace -p {number} 2>&1 | host head -n 5")
    out, err = watcher.communicate(timeout=60)
    check("a reader that has seen enough ends it", out.count("\n") == 5 and 'write(1, "y\\n' in out, (out, err))
    watcher = start(f"vm strace -p {number}")
    first = watcher.stderr.readline()
    watcher.send_signal(signal.SIGKILL)
    watcher.communicate()
    quiet = until(lambda: cpu_goes_on(number), 20)
    check("a watcher that is killed leaves the program running", first != "" and quiet, first)
    watcher = subprocess.Popen([os.environ["FLEETSH"], "-c", f"vm strace -p {number}"], stdin=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, start_new_session=True)
    watcher.stderr.read(100)
    os.killpg(shell.pid, signal.SIGTERM)  # while nobody reads
    ended = until(lambda: shell.poll() is not None, 30)
    check("a watcher that does not read keeps no signal away", ended, shell.poll())
    watcher.stderr.close()
    watcher.kill()
    watcher.wait()
    shell.communicate()


def cpu_goes_on(number):
    _, before, _ = run("vm top --json")
    _, after, _ = run("vm top --json")
    return f'"vm":{number}' in before.replace(" ", "") and before != after


def errors():
    for arguments, status in (("", 2), ("-p", 2), ("-x true", 2), ("-p 1 true", 2), ("-p x", 1), ("-p 99999", 1), ("-p %1", 1),
                              ("-o /nosuch/x true", 1)):
        got, out, err = run(f"vm strace {arguments}")
        check(f"vm strace {arguments} is refused", got == status and err.count("\n") == 1 and out == "", (got, err))


of_a_command()
of_what_runs()
errors()
finish()
