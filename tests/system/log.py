#!/usr/bin/env python3
"""vm log: what went wrong with VMs, also when nobody is left to ask."""
import os
import sys

TOP = os.environ.setdefault("TOP", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
os.environ.setdefault("FLEETSH", os.path.join(os.environ.get("BUILD", os.path.join(TOP, "build")), "fleetsh"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import check, finish, leased, run, start, until

run("busybox unshare -u true 2>/dev/null")
MISSED = "system call unshare (272) is not implemented"
written = until(lambda: MISSED in run("vm log -n 1")[1], 10)  # by vmprocd, which nobody has waited for
status, out, err = run("vm log -n 1")
check("a system call that a program missed is in the log", written and out.count("\n") == 1, (out, err))

shell = start("sleep 100")
until(lambda: any(vm["command"] == "sleep 100" for vm in leased()), 10)
number = [vm for vm in leased() if vm["command"] == "sleep 100"][0]["vm"]
run(f"vm kill {number}")
shell.communicate(timeout=20)
LOST = f"-{number}: sleep 100: killed by vm kill\n"
until(lambda: LOST in run(f"vm log {number}")[1], 10)
status, out, err = run(f"vm log {number}")
check("a VM that was killed under its command is in the log of that VM",
      LOST in out, (out, err))
check("where nothing else is", all(f"-{number}: " in line for line in out.splitlines()), out)

run("vm stop")
status, out, err = run("vm log -n 3")
check("the log can be read when vmprocd has ended", status == 0 and out.splitlines()[-1].endswith(": ends"), (status, out, err))
finish()
