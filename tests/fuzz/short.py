#!/usr/bin/env python3
"""short.py - each libFuzzer target on FUZZ_INPUTS inputs under ASan and UBSan: no finding.

The inputs follow from FUZZ_SEED and the tree alone, so that a commit that passes once passes always. The hunt with
coverage is tests/fuzz/run's.
"""
import concurrent.futures
import glob
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
SEED = os.environ.get("FUZZ_SEED", "1")
INPUTS = os.environ.get("FUZZ_INPUTS", "20000")


def has_fuzzer():
    with tempfile.TemporaryDirectory() as directory:
        source = os.path.join(directory, "t.c")
        with open(source, "w", encoding="ascii") as file:
            file.write("int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return 0; }\n")
        return subprocess.run(["clang", "-fsanitize=fuzzer,address,undefined", "-o", source + ".out", source],
                              capture_output=True).returncode == 0


def fuzz(target):
    done = subprocess.run([os.path.join(HERE, "run"), "-m", INPUTS, "-s", SEED, target], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def main():
    targets = sorted(os.path.basename(path)[:-2] for path in glob.glob(os.path.join(HERE, "*.c")))
    print(f"1..{len(targets)}")
    if not shutil.which("clang") or not has_fuzzer():
        for number, target in enumerate(targets, 1):
            print(f"ok {number} - {target} # skip clang has no libFuzzer here (libclang-rt-dev)")
        return 0
    built = subprocess.run(["make", "-s", "-j2", "-f", "scripts/fuzz.mk", f"BUILD={BUILD}"],
                           cwd=os.path.join(HERE, "..", ".."), stdout=subprocess.DEVNULL)
    failed = built.returncode != 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for number, (target, (status, log)) in enumerate(zip(targets, pool.map(fuzz, targets)), 1):
            failed |= status != 0
            if status:
                print("\n".join("#   " + line for line in log.splitlines()[-36:]))
            runs = [line.split()[-1] for line in log.splitlines() if "number_of_executed_units" in line]
            print(f"{'not ok' if status else 'ok'} {number} - {target}: {runs[0] if runs else 'no'} inputs without a finding",
                  flush=True)
    return 1 if failed else 0


sys.exit(main())
