#!/usr/bin/env python3
"""Random pipelines of 1 to 8 stages: VMs, built-in utilities, loops, groups, host commands; wired and not.

What arrives is compared byte for byte with what the stages' models compute; nothing hangs, nothing is left.
COUNT=10000 SEED=7 runs other ones; FIRST=n begins at pipeline n, to see one again.
"""
import concurrent.futures
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import *

COUNT = int(os.environ.get("COUNT", "150"))
FIRST = int(os.environ.get("FIRST", "0"))
SEED = os.environ.get("SEED", "1")
LIMIT = 60  # seconds until a pipeline counts as hung
ROTATED = bytes(range(ord("b"), ord("z") + 1))


def sized(rng, most):
    """Sizes of all magnitudes, and those around buffers' ends."""
    if rng.random() < 0.3:
        near = rng.choice([0, 1, 512, 4096, 16384, 65536, 131072, 262144])
        return max(0, min(most, near + rng.choice([-1, 0, 0, 1, 7])))
    return min(most, int(2 ** rng.uniform(0, most.bit_length())))


# A stage is (text of the command, what it makes of its input).

def same(text):
    return text, lambda data: data


def pass_on(rng, _size):
    return same(rng.choice([
        "cat", "cat", "cat", "cat -", "cat <&0", "cat 2>&1", "{ cat; }", "(cat)", "pass", "if :; then cat; fi",
        "eval cat", "cat 3<&0 <&3 3<&-", "cat 3>&1 >&3 3>&-", "host /bin/busybox cat", "cat 9<&0 8>&1 0<&9 1>&8",
        "for i in 1 2; do cat; done", "command cat", "x=1 cat", "cat 2>/dev/null", "cat 5>>side"]))


def blocks(rng, size):
    """Not more than some thousand: each is a system call of a VM."""
    return same(f"dd bs={sized(rng, 300000) + 1 + size // 3000} 2>/dev/null")


def exact_share(rng, _size):
    """The first command takes so much and no more from an input that both have."""
    return same(f"{{ dd bs={sized(rng, 5000) + 1} count={rng.randint(1, 4)} iflag=fullblock 2>/dev/null; cat; }}")


def first_bytes(rng, size):
    n = sized(rng, 2 * size + 2)
    return f"head -c {n}", lambda data: data[:n]


def last_bytes(rng, size):
    n = sized(rng, 2 * size + 2)
    return f"tail -c {n}", lambda data: data[-n:] if n else b""


def without_first(rng, size):
    n = sized(rng, size + 1) + 1
    return f"tail -c +{n}", lambda data: data[n - 1:]


def rotate(_rng, _size):
    table = bytes.maketrans(b"abcdefghijklmnopqrstuvwxy", ROTATED)
    return "tr a-y b-z", lambda data: data.translate(table)


def there_and_back(rng, _size):
    return same(rng.choice(["gzip -1 | gunzip", "base64 | base64 -d", "gzip -1 | { gunzip; }"]))


def lines(rng, _size):
    """A loop of the shell among VMs; for text only."""
    return same(rng.choice(['{ while IFS= read -r x; do printf "%s\\n" "$x"; done; printf %s "$x"; }',
                            '{ IFS= read -r x && printf "%s\\n" "$x" || printf %s "$x"; cat; }']))


def reads_nothing(rng, _size):
    return rng.choice(["/bin/busybox true", "true", "sh -c 'kill -KILL $$'", "cat </dev/null", ":"]), lambda data: b""


STAGES = [(pass_on, 30), (blocks, 8), (exact_share, 6), (first_bytes, 8), (last_bytes, 3), (without_first, 3),
          (rotate, 6), (there_and_back, 3), (reads_nothing, 1)]
MONOTONIC = (pass_on, blocks, exact_share, first_bytes, rotate)
SOURCES = ["cat <f", "cat f", "cat <f |cat", "dd if=f bs={} 2>/dev/null", "host /bin/busybox cat f", "{{ cat <f; }}",
           "(exec cat f)", "cat f - </dev/null", "tail -c +1 f", "cat 3<f <&3"]
ENDS = ["", "", "", " >out; cat out", " >>out; host cat out", " | cat >out; cat <out"]


class Pipeline:
    def __init__(self, number):
        rng = random.Random(f"{SEED}-{number}")
        self.number = number
        text = rng.random() < 0.15
        size = sized(rng, 3000 if text else 3 << 20)
        if text:
            words = (f"{rng.getrandbits(rng.randint(1, 200)):x} \\ '\t x".encode() for _ in range(size // 20))
            self.data = b"".join(word + b"\n" for word in words)
        else:
            self.data = rng.randbytes(size)
        kinds, weights = zip(*(STAGES + ([(lines, 12)] if text else [])))
        chosen = rng.choices(kinds, weights, k=rng.randint(0, 7))
        stages = [kind(rng, len(self.data)) for kind in chosen]
        self.expected = self.data
        for _, model in stages:
            self.expected = model(self.expected)
        source = rng.choice(SOURCES).format(sized(rng, 200000) + 1 + len(self.data) // 3000)
        self.script = "pass() { cat; }\n" + " | ".join([source] + [stage for stage, _ in stages]) + rng.choice(ENDS)
        # A beginning of the input makes a beginning of the output; but for messages that are in it.
        self.monotonic = all(kind in MONOTONIC for kind in chosen) and "2>&1" not in self.script
        self.kill = rng.randint(1, 8) if rng.random() < 0.12 else 0
        self.patience = rng.choice([0, 0, 0.01, 0.05, 0.2])

    def kill_one(self, shell):
        """SIGKILL for one of the pipeline's processes, at whatever it is doing then."""
        until(lambda: shell.poll() is not None or len(children(shell.pid)) >= self.kill, self.patience)
        victims = children(shell.pid)
        if victims:
            try:
                os.kill(victims[self.kill % len(victims)], signal.SIGKILL)
            except ProcessLookupError:
                pass

    def run(self):
        """None, or what was wrong."""
        with tempfile.TemporaryDirectory(prefix="fleetsh-streams-") as directory:
            with open(os.path.join(directory, "f"), "wb") as file:
                file.write(self.data)
            shell = subprocess.Popen([FLEETSH, "-c", self.script], stdin=subprocess.DEVNULL, cwd=directory,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
                                     start_new_session=True)
            if self.kill:
                self.kill_one(shell)
            try:
                out, err = shell.communicate(timeout=LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(shell.pid, signal.SIGKILL)
                out, err = shell.communicate()
                return f"hung; {len(out)} bytes came; {err[:300]!r}"
        if self.kill:  # what follows a killed stage got a beginning of its input
            if self.monotonic and not self.expected.startswith(out):
                return f"a stage was killed, and {len(out)} bytes are no beginning of what was to come"
            return None
        if out != self.expected:
            at = next((i for i, (a, b) in enumerate(zip(out, self.expected)) if a != b), min(len(out), len(self.expected)))
            return f"{len(out)} bytes, not {len(self.expected)}; they differ at {at}; {err[:300]!r}"
        if err and b"true" not in err:
            return f"stderr: {err[:300]!r}"
        return None


def all_pipelines():
    wrong = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        made = (Pipeline(number) for number in range(FIRST, FIRST + COUNT))
        for pipeline, problem in pool.map(lambda p: (p, p.run()), made):
            if problem:
                wrong.append(f"SEED={SEED} FIRST={pipeline.number} COUNT=1: {problem}\n{pipeline.script}")
                print("# " + wrong[-1].replace("\n", "\n# "), flush=True)
    check(f"{COUNT} random pipelines: every byte arrives, none hangs", not wrong, f"{len(wrong)} of {COUNT}")


if __name__ == "__main__":
    all_pipelines()
    check("no VM is left", until(lambda: not leased(), 10), leased())
    finish()
