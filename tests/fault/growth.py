#!/usr/bin/env python3
"""growth.py - loops do not grow, and what has ten times the elements costs not much more than ten times the time."""
import os
import resource
import subprocess
import sys

FLEETSH = os.environ.get("FLEETSH", os.path.join(os.environ.get("BUILD", "build"), "fleetsh"))
ALLOWED = 128  # KiB more after ten times the turns
# Not VmHWM: the kernel counts that on each processor for itself, and how much of libc is mapped is chance.
ANONYMOUS = "\nwhile read -r name value unit; do case $name in Anonymous:) echo $value;; esac; done </proc/$$/smaps_rollup"

LOOPS = {
    "an empty loop": ":",
    "an assignment": "x=$i",
    "arithmetic": "x=$((i * 3 % 7))",
    "a function call with arguments and a local variable": "f a \"$i\"",
    "case and test": "case $i in *9) [ $i -gt 5 ];; esac",
    "parameter expansion": "x=${i%?}${i#?}${#i}",
    "set": "set -- $i b c",
    "eval": "eval 'x=$i'",
    "a here-document": "read x <<E\n$i\nE\n",
    "a substitution of a built-in utility": "x=$(echo $i)",
    "a redirection": "{ :; } >/dev/null",
    "an alias, a trap and an option": "alias a=b; trap : USR1; set -f",
    "set and unset": "y=$i; unset y",
    "a function defined again": "g() { echo $i; }",
    "an inner loop": "for j in 1 2; do continue; done",
    "a failing command": "! false || false",
    "a subshell": "(:)",
    "an asynchronous list": ": & wait $!",
    "an asynchronous list that nobody waits for": ": &",
}
TURNS = (10**5, 10**6)
SLOW, SLOW_TURNS = {"eval", "a here-document", "a redirection", "a function defined again"}, (10**4, 10**5)
FORKING, FORKING_TURNS = {name for name in LOOPS if name.startswith(("a subshell", "an asynchronous"))}, (2000, 4000)

# Scripts over $N elements; their time may not grow much faster than N.
LINEAR = {
    "for over N words": "set --; x=$(seq $N); c=0; for i in $x; do c=$((c + 1)); done; [ $c -eq $N ]",
    "N positional parameters": "set -- $(seq $N); c=0; for i do c=$((c + 1)); done; [ $# -eq $c ]",
    "N shifts": "set -- $(seq $N); while [ $# -gt 0 ]; do shift; done",
    "N variables": "i=0; while [ $i -lt $N ]; do eval v$i=$i; i=$((i + 1)); done; eval '[ \"$v7\" = 7 ]'",
    "N functions": "i=0; while [ $i -lt $N ]; do eval \"f$i() { :; }\"; i=$((i + 1)); done; f7",
    "N aliases": "i=0; while [ $i -lt $N ]; do alias a$i=b$i; i=$((i + 1)); done",
    "N lines of a here-document": "read x <<E\n$(seq $N)\nE\n[ $x = 1 ]",
    "N bytes appended one by one": "x=; i=0; while [ $i -lt $N ]; do x=$x.; i=$((i + 1)); done; [ ${#x} -eq $N ]",
    "N commands in a line": "eval \"$(yes 'x=1;' | head -n $N | tr -d '\\n')\"",
    "reading N lines": "seq $N | { c=0; while read -r x; do c=$((c + 1)); done; [ $c -eq $N ]; }",
}


def memory(body, turns):
    script = f"f() {{ local x; x=$2; }}\ni=0\nwhile [ $i -lt {turns} ]; do {body}\ni=$((i + 1)); done{ANONYMOUS}"
    done = subprocess.run([FLEETSH, "-o", "host", "-c", script], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode or done.stderr:
        return None
    return int(done.stdout)


def does_not_grow(name, body):
    few, many = SLOW_TURNS if name in SLOW else FORKING_TURNS if name in FORKING else TURNS
    before, after = memory(body, few), memory(body, many)
    if before is None or after is None:
        return "failed"
    return None if after - before <= ALLOWED else f"{before} KiB after {few} turns, {after} KiB after {many}"


def cost(script, n):
    """CPU seconds of the least of three runs; None: it failed."""
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([FLEETSH, "-o", "host", "-c", f"N={n}\n{script}"],
                              stdin=subprocess.DEVNULL, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode or done.stderr:
            return None
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def is_linear(script):
    small, large = cost(script, 10**4), cost(script, 10**5)
    if small is None or large is None:
        return "failed"
    # Below a few milliseconds start-up is all there is.
    return None if large < 20 * max(small, 0.005) else f"{small:.4f} s of CPU for 10^4, {large:.4f} s for 10^5"


def main():
    count = failed = 0
    checks = [(f"{name}: more turns use no more memory", lambda n=name, b=body: does_not_grow(n, b))
              for name, body in LOOPS.items()]
    checks += [(f"{name}: ten times as many take not twenty times the time", lambda s=script: is_linear(s))
               for name, script in LINEAR.items()]
    for name, check in checks:
        count += 1
        wrong = check()
        failed += bool(wrong)
        if wrong:
            print(f"#   {wrong}")
        print(f"{'not ok' if wrong else 'ok'} {count} - {name}", flush=True)
    print(f"1..{count}")
    return 1 if failed else 0


sys.exit(main())
