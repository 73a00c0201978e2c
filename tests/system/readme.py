#!/usr/bin/env python3
"""The screenful of use in README.md is what a user sees who types it."""
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tty"))
from ptylib import FLEETSH, TOP, Shell, run  # noqa: E402

# What differs from one machine, or one run, to the next.
OTHERWISE = (("fleetsh on vm", ".+?"), ("qemu:///system", "[^ ]+"), ("DNS-SD", "[^ ]+"), ("build/toolbox/", "[^ ]*/"),
             ("tcg", "[a-z]+"))


def screenful():
    """[(command, lines it shows)]"""
    text = open(os.path.join(TOP, "README.md")).read()
    block = re.search(r"## A screenful of use\n\n((?:    .*\n)+)", text).group(1)
    found = []
    for line in block.splitlines():
        line = line[4:]
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def pattern(line):
    """Of what is shown: numbers and runs of blanks are as they are."""
    text = re.escape(line)
    for ours, theirs in OTHERWISE:
        text = text.replace(re.escape(ours), theirs)
    return re.sub(r"(\\ )+", " +", re.sub(r"\d[\d\\.]*", r"[\\d.]+", text))


def is_shown(command, wanted, output):
    """Line by line; VMs in any order, and any number of warm ones."""
    patterns, lines = [pattern(line) for line in wanted], output.splitlines()
    if command != "vm ls":
        return len(patterns) == len(lines) and all(map(re.fullmatch, patterns, lines))
    return (all(any(re.fullmatch(p, line) for line in lines) for p in patterns)
            and all(any(re.fullmatch(p, line) for p in patterns) for line in lines))


def commands(shown):
    """Of the VMs that vm ls shows at work."""
    return tuple(re.split("  +", line)[-1] for line in shown if " running " in line)


def settle(router, wanted):
    """Waits until the VMs of `wanted` commands are at work, and all others are warm."""
    deadline = time.monotonic() + 60
    while True:
        rows = subprocess.run([FLEETSH, "-c", "vm ls"], env={"PATH": os.environ["PATH"], **router}, text=True,
                              stdout=subprocess.PIPE).stdout.splitlines()[1:]
        if sum(row.endswith(command) for row in rows for command in wanted) == len(wanted) and \
                all(" warm " in row or row.endswith(wanted) for row in rows):
            return
        assert time.monotonic() < deadline, rows
        time.sleep(0.05)


def test_screenful():
    """each command shows what README.md says"""
    router = {name: os.environ[name] for name in ("FLEETSH_ROUTER", "DBUS_SYSTEM_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME")
              if name in os.environ}
    with Shell(host=False, prompt="$ ", environment={**router, "FLEETSH_TERMINAL": "paste"}, columns=200, rows=100) as sh:
        sh.expect(r"\x1b\[\?2004h\$ ")
        sh.send("until vm router | grep -q 'state: *connected' && vm ls | grep -q warm; do :; done; true | cat\r")
        sh.expect(r"2004l.*?2004h")
        early = ""
        for command, shown in screenful():
            if command == "vm ls":
                settle(router, commands(shown))
            sh.seen = len(sh.raw)
            sh.send(command + "\r")
            output = sh.expect(r"\x1b\[\?2004l(.*?)\x1b\[\?2004h").group(1).replace("\r", "")
            ended = re.search(r"^\[1\] \+ Terminated .*\n", output, re.M)
            if ended and not any("Terminated" in line for line in shown):
                early, output = ended.group(), output.replace(ended.group(), "")  # the job's end is told by the next prompt
            elif early and not ended and any("Terminated" in line for line in shown):
                output += early
            assert is_shown(command, shown, output), f"{command}\nshows\n{output}\nand README.md says\n" + "\n".join(shown)


run(globals())
