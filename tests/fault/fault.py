#!/usr/bin/env python3
"""fault.py - each call that the interpreter makes fails once, and each with all that follow.

Each script runs with the first call of a kind failing, then the second, and so on until one runs untouched. Whatever
fails: no crash and no hang; what differs from the untouched run is said on standard error; a script under set -e does
not end with 0 and less output; descriptors do not leak; and after an error for which XCU 2.8.1 lets the script go on,
it goes on. What is no error (EINTR, one byte moved instead of many) changes nothing.
"""
import concurrent.futures
import itertools
import mmap
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

BUILD = os.environ.get("BUILD", "build")
FLEETSH = os.path.realpath(os.environ.get("FLEETSH", os.path.join(BUILD, "fleetsh")))
LIBRARY = os.path.abspath(os.path.join(BUILD, "failnth.so"))
LIMIT = 20  # seconds until a run counts as hung

# failnth.c's numbers, and the errno that says what this kind of call says when the system is exhausted
MEMORY, OPEN, DUP, FORK, PIPE, WRITE, READ = range(1, 8)
EINTR, EIO, EAGAIN, ENOMEM, EMFILE, ENOSPC, SHORT = 4, 5, 11, 12, 24, 28, 0
ERRORS = [("memory", MEMORY, ENOMEM), ("open", OPEN, EMFILE), ("dup", DUP, EMFILE), ("fork", FORK, EAGAIN),
          ("pipe", PIPE, EMFILE), ("write", WRITE, ENOSPC), ("read", READ, EIO)]
HARMLESS = [("write interrupted", WRITE, EINTR), ("read interrupted", READ, EINTR),
            ("short write", WRITE, SHORT), ("short read", READ, SHORT)]

# name, script: under set -e, so that a failure that matters ends it
STRICT = {
    "words and functions": """
        f() { local x=$1; printf '%s\\n' "$x-$2"; }
        for i in 1 2 3; do f "$i" "${i}x"; done
        case abc in a[!c-z]*) echo star;; esac
        x=$((3 * 4)); echo "$x ${x%2}" ~ "$*" ${unset-a b c}
        while [ $x -gt 9 ]; do x=$((x - 1)); done; echo $x
        eval 'echo evaluated; unset x'; readonly r=1; export e=2; alias a=echo; echo ${x-none}""",
    "command substitutions": """
        x=$(printf '%s\\n' a b c); y=$(echo one; echo two); echo "$x$y"
        x=$(y=$(echo deep; exit 0); echo "$y"); echo "$x"; x=`echo back; exit 0`; echo $x""",
    "pipelines": """
        echo one | { read x; echo "got $x"; }
        printf '%s\\n' a b c | { read l; read m; echo "$l$m"; } | { cat; }
        ! false | false; (exit 0); (echo sub)""",
    "redirections": """
        echo one >file; echo two >>file; { read a; read b; } <file; echo "$a$b"
        { echo to three >&3; } 3>&1; exec 4<file; read a <&4; exec 4<&-; echo $a
        for i in 1 2; do echo $i; done >loop; read a <loop; echo "$a" 6>/dev/null
        exec {n}>named; echo x >&$n; exec {n}>&-; read a <named; echo $a""",
    "here-documents": """
        read a <<E
$((1 + 1)) $HOME
E
        echo "$a"; n=0; big=; while [ $n -lt 400 ]; do big="$big 0123456789abcdef"; n=$((n + 1)); done
        { read first rest; echo "$first ${#rest}"; } <<E
$big
E
        cat <<'E'
literal
E""",
    "asynchronous lists": """
        { echo async; exit 0; } & wait $!; : & wait; cat & wait $!""",
    "files and directories": """
        : >a; : >b; mkdir d; : >d/c; echo *; set -- d/*; echo "$@"; cd d; echo *; cd - >where; pwd >/dev/null
        echo 'echo "sourced $1"' >lib; . ./lib arg; [ -f lib ] && test -d d; umask 022; umask""",
    "traps and exits": """
        trap 'echo bye' EXIT; trap 'echo usr1' USR1; kill -USR1 $$; trap; ( trap - EXIT; exit 0 ); exit 0""",
    "external commands": """
        /bin/echo external; cat /dev/null; PATH=/usr/bin:/bin env true; hash cat; command -v cat
        printf '%s\\n' 'echo "script $1"' >s; chmod +x s; ./s one; exec /bin/echo last""",
}

# name: the script, and the kinds of failure that must not keep it from printing `after`
GOES_ON = {
    "a redirection of a utility that is no special built-in": ("echo one >file\n", {OPEN, DUP, WRITE}),
    "a redirection of a compound command": ("{ echo one; } 3>file 4>&1 5</dev/null\n", {OPEN, DUP, WRITE}),
    "a redirection of a function": ("f() { echo one; }\nf >file 3>&1\n", {OPEN, DUP, WRITE}),
    "a here-document": ("cat <<E\nsome text\nE\n", {PIPE, DUP, WRITE, READ}),
    "a long here-document": ("read x <<E\n" + "long line\n" * 1000 + "E\n", {OPEN, DUP, READ}),
    "read": ("read x <in\nread y <in\n", {OPEN, DUP, READ}),
    "output of built-in utilities": ("echo one\nprintf 'two\\n'\numask\nalias a=b\nalias\n", {WRITE}),
    "dot by command": ("echo : >lib\ncommand . ./lib\n", {OPEN, READ}),
    "exec by command": ("command exec 3<in 4<in\n", {OPEN, DUP}),
}
AFTER = "echo after\nset -- /proc/$$/fd/*\necho \"fds $#\"\n"


STARTING = {}  # kind: calls before the first command, which one job alone lets fail


class Run:
    def __init__(self, script, plan=None):
        self.calls = self.failed = 0
        directory = tempfile.mkdtemp(prefix="fleetsh-fault-")
        try:
            self.run(directory, script, plan)
        finally:
            shutil.rmtree(directory)

    def run(self, directory, script, plan):
        work = os.path.join(directory, "work")
        os.mkdir(work)
        with open(os.path.join(work, "in"), "w", encoding="ascii") as file:
            file.write("first\nsecond\n")
        kind, error, n, all_after = plan or (0, 0, 0, False)
        with open(os.path.join(directory, "plan"), "w+b") as file:
            file.write(struct.pack("6i", kind, error, n, all_after, 0, 0))
            file.flush()
            state = mmap.mmap(file.fileno(), 24)
        environment = {"PATH": "/usr/bin:/bin", "HOME": "/nowhere", "LC_ALL": "C", "LD_PRELOAD": LIBRARY,
                       "FAILNTH_FILE": os.path.join(directory, "plan"), "FAILNTH_EXE": FLEETSH}
        process = subprocess.Popen([FLEETSH, "-o", "host", "-c", script], cwd=work, env=environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   start_new_session=True)
        try:
            out, err = process.communicate(timeout=LIMIT)
            self.status = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            out, err = process.communicate()
            self.status = "hung"
        self.out, self.err = out.decode("utf-8", "replace"), err.decode("utf-8", "replace")
        self.calls, self.failed = struct.unpack("2i", state[16:24])
        state.close()

    def outcome(self):
        return self.status, self.out


def judge(run, base, kind, all_after, strict, goes_on):
    """What is wrong with a run in which calls failed; None: nothing."""
    if run.status == "hung":
        return "hung"
    if run.status < 0:
        return f"died of signal {-run.status}"
    if re.search(r"12[89]|1[3-9]\d|Segmentation|Abort", run.err) and "line" not in run.err:
        return "a child died"
    if run.outcome() == base.outcome():
        return None
    silenced = kind == WRITE and all_after
    if not run.err and not silenced:
        return "differs, and says nothing"
    stray = [line for line in run.err.splitlines() if not line.startswith(("fleetsh: ", "cat: ", "mkdir: ", "chmod: "))]
    if stray:
        return f"stray message: {stray[0]}"
    if strict and run.status == 0 and run.out != base.out:
        return "status 0, and the output is not complete"
    if kind in goes_on and not re.search("^(after|fds)", run.out, re.M) and not (kind == WRITE and all_after):
        return "did not go on"
    fds = [re.search(r"^fds (\d+)$", text, re.M) for text in (run.out, base.out)]
    if all(fds) and int(fds[0].group(1)) > int(fds[1].group(1)):
        return f"descriptors: {fds[0].group(1)}, not {fds[1].group(1)}"
    return None


def inject(script, base, kind, error, all_after, same, strict, goes_on):
    """Until a run is untouched. Returns how many were not, and what went wrong."""
    problems, count, n = [], 0, 1 + STARTING.get(kind, 0)
    while True:
        run = Run(script, (kind, error, n, all_after))
        if not run.failed:
            return count, problems
        wrong = judge(run, base, kind, all_after, strict, goes_on)
        if not wrong and same and run.outcome() != base.outcome():
            wrong = "is no error, but changes the outcome"
        if wrong:
            problems.append(f"call {n}{' and later' if all_after else ''}: {wrong}; status {run.status}, "
                            f"stdout {run.out!r}, stderr {run.err!r}")
        count += 1
        # The shell ends where memory ends: what follows the first failure is other processes' alone.
        n += 5 if kind == MEMORY and all_after else 1


def survives(job):
    name, script, strict, goes_on = job
    base = Run(script)
    results = []
    if base.status != 0 or base.err:
        return [(f"{name}: runs when nothing fails", [f"status {base.status}: {base.err}"])]
    for what, kind, error in ERRORS:
        problems, count = [], 0
        for all_after in (False, True):
            more, wrong = inject(script, base, kind, error, all_after, False, strict, goes_on)
            count, problems = count + more, problems + wrong
        if count:
            results.append((f"{name}: {what} fails, {count} ways", problems))
    problems, count = [], 0
    for what, kind, error in HARMLESS:
        more, wrong = inject(script, base, kind, error, False, True, False, goes_on)
        if error == SHORT and Run(script, (kind, error, 1, True)).outcome() != base.outcome():
            wrong.append("always one byte: changes the outcome")
        count, problems = count + more, problems + [f"{what}, {text}" for text in wrong]
    results.append((f"{name}: interrupted and partial calls, {count} ways", problems))
    return results


def main():
    if subprocess.run(["nm", "-D", FLEETSH], capture_output=True, text=True).stdout.count("__asan_"):
        print("ok 1 - faults # skip AddressSanitizer has the allocator\n1..1")
        return 0
    jobs = [(name, "set -e -o pipefail\n" + script, True, set()) for name, script in STRICT.items()]
    jobs += [(name, script + AFTER, False, kinds) for name, (script, kinds) in GOES_ON.items()]
    jobs = [job for job in jobs if len(sys.argv) < 3 or sys.argv[2] in job[0]]
    count = failed = 0
    results = survives(("start-up", ":", True, set())) if len(sys.argv) < 3 else []
    STARTING.update({kind: Run(":", (kind, 0, 1 << 30, 0)).calls for kind in (MEMORY, OPEN, READ, WRITE)})
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for results in itertools.chain([results], pool.map(survives, jobs)):
            for name, problems in results:
                count += 1
                failed += bool(problems)
                for text in problems:
                    print("#   " + text)
                print(f"{'not ok' if problems else 'ok'} {count} - {name}", flush=True)
    print(f"1..{count}")
    return 1 if failed else 0


sys.exit(main())
