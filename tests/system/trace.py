#!/usr/bin/env python3
"""vm trace: a file by the rules of the Trace Event Format, in which each VM of a command is told from fork to reap."""
import json
import os
import sys
import tempfile

TOP = os.environ.setdefault("TOP", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
os.environ.setdefault("FLEETSH", os.path.join(os.environ.get("BUILD", os.path.join(TOP, "build")), "fleetsh"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fleet import check, finish, run

directory = tempfile.mkdtemp(prefix="fleetsh-trace-")
number = 0


def trace(command, words="'{}'"):
    """Events of a command that is traced, and what the shell said."""
    global number
    number += 1
    path = os.path.join(directory, f"{number}.json")
    status, out, err = run(f"vm trace -o {path} " + words.format(command.replace("'", "'\\''")))
    with open(path) as file:
        events = json.load(file)["traceEvents"]
    return events, status, out, err


def format_errors(events):
    """What breaks the rules by which ui.perfetto.dev reads: fields, matched ends, slices that nest within a track."""
    errors, tracks = [], {}
    for event in events:
        phase = event.get("ph")
        if phase not in ("X", "B", "E", "i", "M") or type(event.get("pid")) is not int:
            errors.append(f"phase or pid: {event}")
            continue
        if phase == "M":
            if event["name"] not in ("process_name", "thread_name", "process_labels") or len(event["args"]) != 1:
                errors.append(f"metadata: {event}")
            continue
        if type(event.get("tid")) is not int or not event.get("ts", -1) > 0 or (phase != "E" and not event.get("name")):
            errors.append(f"track, time or name: {event}")
            continue
        if phase == "X" and not event.get("dur", -1) >= 0:
            errors.append(f"duration: {event}")
        if phase == "i" and event.get("s") not in ("t", "p", "g"):
            errors.append(f"scope: {event}")
        tracks.setdefault((event["pid"], event["tid"]), []).append(event)
    for track, members in tracks.items():
        begun, slices = [], [(round(e["ts"] * 1000), round((e["ts"] + e["dur"]) * 1000), e["name"]) for e in members if e["ph"] == "X"]
        for event in sorted((e for e in members if e["ph"] in "BE"), key=lambda e: e["ts"]):
            if event["ph"] == "B":
                begun.append(event)
            elif not begun:
                errors.append(f"an end without a beginning: {event}")
            else:
                begin = begun.pop()
                slices.append((round(begin["ts"] * 1000), round(event["ts"] * 1000), begin["name"]))
        errors += [f"no end: {event}" for event in begun]
        stack = []
        for start, end, name in sorted(slices, key=lambda s: (s[0], -s[1])):
            while stack and stack[-1][1] <= start:
                stack.pop()
            if stack and end > stack[-1][1] + 1:  # rounding of two figures: 1 ns
                errors.append(f"{name} overlaps {stack[-1][2]} on track {track}")
            stack.append((start, end, name))
    return errors


def life_errors(events, pid):
    """What is missing or out of order in the life of one command."""
    mine = [event for event in events if event["pid"] == pid]
    at = {event["name"]: event["ts"] for event in mine if event["ph"] in "XBi"}
    order = ["start", "LEASE to GRANT", "EXEC sent", "serving", "delivery, DONE", "reaped"]
    missing = [name for name in order + ["EXEC to STARTED", "STARTED to EXITED"] if name not in at]
    if missing:
        return missing
    forked = [event["ts"] for event in mine if event["ph"] == "B"]
    times = forked + [at[name] for name in order]
    return [] if len(forked) == 1 and times == sorted(times) else [str(sorted(at.items(), key=lambda item: item[1]))]


def commands(events):
    return {event["pid"]: event["args"]["name"] for event in events
            if event["ph"] == "M" and event["name"] == "process_name" and event["args"]["name"].startswith("VM ")}


events, status, out, err = trace("seq 1000 | sort -r | head -n 3")
check("the command runs as it would without", (status, out, err) == (0, "999\n998\n997\n", ""), (status, out, err))
check("the file follows the format's rules", format_errors(events) == [], "\n".join(format_errors(events)))
names = commands(events)
check("each VM of a pipeline is a process", sorted(name.split(": ")[1] for name in names.values()) == ["head", "seq", "sort"], names)
errors = [error for pid in names for error in life_errors(events, pid)]
check("which is told from fork to reap", errors == [], errors)
daemon = [event["pid"] for event in events if event["ph"] == "M" and event["args"].get("name") == "vmprocd"]
leased = {event["tid"] for event in events if event["pid"] in daemon and event.get("name") == "leased"}
check("vmprocd tells how long each VM was leased",
      {int(name.split()[1].rstrip(":")) for name in names.values()} <= leased, (names, leased))

events, status, out, err = trace("/bin/busybox true; /bin/busybox true", "-- '{}'")
check("the VM is made ready again in the trace", any(event.get("name") == "reset to READY" for event in events), events)
check("two commands, two processes", len(commands(events)) == 2, commands(events))

events, status, out, err = trace("", "printf '%s|' 'a b' \"it's\"")
check("several operands are words", (status, out) == (0, "a b|it's|"), (status, out, err))
check("a trace without VMs is well-formed", format_errors(events) == [] and commands(events) == {}, events)
events, status, out, err = trace("/bin/busybox sh -c 'exit 3'")
check("the status is the command's", status == 3, (status, out, err))

events, status, out, err = trace("echo one | xargs busybox echo")
check("what a VM starts is recorded, too",
      out == "one\n" and format_errors(events) == [] and any(event.get("name") == "start by another VM" for event in events),
      (out, err, format_errors(events)))

status, out, err = run("vm trace -o /dev/null/file :")
check("a file that cannot be written is an error", status == 1 and "/dev/null/file" in err, (status, err))
status, out, err = run("vm trace; echo $?; vm trace -x y; echo $?")
check("usage errors have status 2", out == "2\n2\n", out)

import shutil
shutil.rmtree(directory)
finish()
