#!/usr/bin/env python3
"""tests/guest/run.py [BUILD_DIR [WORD...]] - tests of the guest alone: QEMU is started directly, this program is the shim.

Prints TAP. With words, only the tests whose names contain one of them. No libvirt, no root.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

import cases
import cases_ahead
import cases_bounce
import cases_hostile
import cases_ring
import cases_stats
import cases_wire
import vm

HERE = os.path.dirname(os.path.abspath(__file__))
NATIVE = vm.ARCH == "x86_64"
GCC = "gcc" if NATIVE else f"{vm.ARCH}-linux-gnu-gcc"
# Where the C library of another architecture is.
LIB = f"/usr/{vm.ARCH}-linux-gnu/lib"
DYNAMIC = [] if NATIVE else [f"-Wl,--dynamic-linker={LIB}/ld-linux-{vm.ARCH}.so.1", f"-Wl,-rpath={LIB}"]


def build_programs(dir):
    """The test programs, static, from prog/*.c; and the other two ways to link one of them."""
    out = os.path.join(os.path.abspath(dir), "prog")
    os.makedirs(out, exist_ok=True)
    ways = [(name[:-2], name, ["-static"]) for name in sorted(os.listdir(HERE + "/prog")) if name.endswith(".c")]
    ways += [("args-pie", "args.c", ["-static-pie"]), ("args-dynamic", "args.c", DYNAMIC)]
    headers = [os.path.join(HERE, "prog", name) for name in os.listdir(HERE + "/prog") if name.endswith(".h")]
    for target, source, flags in ways:
        target, source = os.path.join(out, target), os.path.join(HERE, "prog", source)
        if not os.path.exists(target) or os.path.getmtime(target) < max(map(os.path.getmtime, [source, *headers])):
            subprocess.run([GCC, "-O1", "-w", "-D_GNU_SOURCE", *flags, "-o", target, source, "-lm", "-pthread"], check=True)
    return out


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BUILD", "build")
    words = sys.argv[2:]
    os.umask(0)  # the server's files get the modes that the guest asks for
    modules = (cases, cases_ahead, cases_stats, cases_hostile, cases_wire, *([cases_bounce, cases_ring] if NATIVE else []))  # virt has neither
    tests = [t for module in modules for t in module.TESTS
             if not words or any(w in t[0] for w in words)]
    dir = tempfile.mkdtemp(prefix="guest-test-")
    context = cases.Context(build, dir, build_programs(os.path.join(build, "tests-guest" if NATIVE else "tests-guest-" + vm.ARCH)))
    failed = 0
    try:
        for number, (name, function) in enumerate(tests, 1):
            try:
                function(context)
                print(f"ok {number} - {name}", flush=True)
            except Exception:
                failed += 1
                print(f"not ok {number} - {name}")
                print("".join("# " + line + "\n" for line in traceback.format_exc().splitlines()), end="", flush=True)
            context.end_test()
    finally:
        shutil.rmtree(dir, ignore_errors=True)
    print(f"1..{len(tests)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
