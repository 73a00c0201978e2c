#!/usr/bin/env python3
"""Programs for aarch64: on a router that can run them they are commands as all others; else they are refused with the reason."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *

BUSYBOX = "/usr/aarch64-linux-gnu/bin/busybox"  # scripts/install-deps test puts it there
BUILD = os.path.dirname(FLEETSH)
IMAGE = os.path.join(BUILD, "guest-aarch64.image")
WORDS = ("cat", "echo", "false", "seq", "sh", "sleep", "sort", "tr", "uname", "wc")

# script, status, output
CASES = (
    ("a program for aarch64 runs, and knows where", "./uname -m", 0, "aarch64\n"),
    ("its arguments, environment and directory are the shell's", "A='x  y' ./sh -c 'echo \"$A\" \"$1\" ${PWD##*/}' sh 'b  c'", 0,
     "x  y b  c work\n"),
    ("its status is the command's", "./false; echo $?; ./sh -c 'exit 7'", 7, "1\n"),
    ("a signal that ends it is the command's end", "./sh -c 'kill -TERM $$'; echo $?", 0, "143\n"),
    ("its handlers run", "./sh -c 'trap \"echo caught; exit 3\" INT; kill -INT $$; echo no'", 3, "caught\n"),
    ("it reads and writes files", "./sh -c 'cat f >g; echo c >>g'; ./sort g", 0, "a\nb\nc\n"),
    ("a pipeline of such programs", "./cat f | ./sort | ./tr a-c A-C", 0, "A\nB\n"),
    ("a pipeline with neighbours of both architectures", "seq 3 | ./tr 1-3 a-c | sort -r | ./cat", 0, "c\nb\na\n"),
    ("all bytes of a long pipeline arrive", "./seq 1 100000 | cat | ./wc -c", 0, "588895\n"),
    ("input that it does not read is left", "{ ./sh -c 'read x; echo got $x'; ./cat; } <f", 0, "got b\na\n"),
    ("a program of one architecture starts one of the other", "sh -c './uname -m; true'; ./sh -c './sh -c \"exit 4\"'; echo $?", 0,
     "aarch64\n4\n"),
)


def cases(work):
    for name, script, status, out in CASES:
        got = run_in(work, script)
        check(name, got == (status, out, ""), got)


def interrupted(work):
    shell = subprocess.Popen([FLEETSH, "-c", "./sh -c 'echo ready; sleep 100'"], cwd=work, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, env=environment(), start_new_session=True)
    shell.stdout.read(6)
    os.killpg(shell.pid, signal.SIGINT)
    check("an interrupt ends it, and the shell", until(lambda: shell.poll() is not None, 30) and shell.returncode != 0,
          shell.returncode)
    shell.stdout.close()


def refused(directory, work):
    """By a vmprocd that has no guest for it."""
    parts, runtime = os.path.join(directory, "libexec"), os.path.join(directory, "run")
    os.mkdir(parts)
    os.mkdir(runtime, 0o700)
    for part in ("vmproc-run", "vmprocd", "guest.elf", "toolbox", "vmproc-spec"):
        os.symlink(os.path.join(BUILD, part), os.path.join(parts, part))
    changes = {"FLEETSH_LIBEXEC_DIR": parts, "XDG_RUNTIME_DIR": runtime}
    status, out, err = run_in(work, "./uname -m", **changes)
    check("where its guest is not installed it is refused with 126, and one line says what is missing",
          status == 126 and out == "" and err.count("\n") == 1 and "aarch64" in err and "guest-aarch64.image" in err,
          (status, out, err))
    got = run_in(work, "uname -m", **changes)
    check("and other commands run", got == (0, "x86_64\n", ""), got)
    run("vm stop", **changes)


def main():
    for need, there in (("qemu-system-aarch64", shutil.which("qemu-system-aarch64")), (BUSYBOX, os.path.exists(BUSYBOX)),
                        (IMAGE, os.path.exists(IMAGE))):
        if not there:
            skip("programs for aarch64", f"{need} is not installed")
            finish()
    with tempfile.TemporaryDirectory(prefix="fleetsh-aarch64-") as directory:
        work = os.path.join(directory, "work")
        os.mkdir(work)
        shutil.copy(BUSYBOX, os.path.join(work, "busybox"))
        for word in WORDS:
            os.symlink("busybox", os.path.join(work, word))
        with open(os.path.join(work, "f"), "w") as file:
            file.write("b\na\n")
        cases(work)
        interrupted(work)
        refused(directory, work)
    finish()


main()
