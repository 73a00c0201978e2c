#!/usr/bin/env python3
"""Three routers of one vmprocd on this machine: `on` and placements of specs, and how background jobs spread."""

import collections
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "daemon"))
import vmp
from bench import BUILD, Bench, done, ok

def shell(bench, script, **how):
    return subprocess.run([os.path.join(BUILD, "fleetsh"), "-c", script], env=bench.env, text=True, capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=60, **how)


def running(rundir):
    """Where commands run: their words by router."""
    found = collections.defaultdict(list)
    for v in vmp.vms(rundir):
        if v["state"] == "leased":
            found[v["router"]].append(v["command"])
    return {name: sorted(words) for name, words in found.items()}


class Held:
    """A script that runs until its standard input ends."""

    def __init__(self, bench, script):
        self.shell = subprocess.Popen([os.path.join(BUILD, "fleetsh"), "-c", script], env=bench.env, text=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def end(self):
        return self.shell.communicate(timeout=60)


with Bench(FLEETSH_POOL="4") as one, Bench() as two, Bench() as three:
    r = one.rundir
    one.env["FLEETSH_ROUTER"] = ", ".join(bench.env["FLEETSH_ROUTER"] for bench in (one, two, three))
    names = ["local", "local-2", "local-3"]
    one.start_daemon()
    ok(vmp.until(lambda: {i["name"]: i["warm"] for i in vmp.routers(r)} == dict.fromkeys(names, 4), 60),
       "three routers keep VMs ready", vmp.routers(r))

    # ---- on ----
    for script, words, sentence in (
            ("on local-2 cat", ["cat"], "on runs a command's VM on the router it names"),
            ("f() { cat; }; on local-2 f", ["cat"], "and those of a function"),
            ("on local-2 eval 'cat | cat'", ["cat", "cat"], "and a pipeline's, that eval is given"),
            ("on local-3 on local-2 cat", ["cat"], "the inner of two decides"),
            ("on local-2 env cat", ["env cat"], "what a program becomes stays there"),
            ("on local-2 sh -c 'cat; :'", ["cat", "sh -c cat; :"], "what a program starts, too"),
            ("on local-2 command cat", ["cat"], "and what command runs")):
        held = Held(one, script)
        ok(vmp.until(lambda: running(r) == {"local-2": words}, 20), sentence, (script, running(r)))
        said = held.end()
        ok(said == ("", "") and held.shell.returncode == 0, f"`{script}` ends well", said)

    held = Held(one, "on local-2 cat | on local-3 cat | cat")
    ok(vmp.until(lambda: sorted(len(running(r).get(name, [])) for name in names) == [1, 1, 1] or
                 len(running(r).get("local-2", [])) + len(running(r).get("local-3", [])) >= 2, 20) and
       running(r).get("local-3"), "each stage of a pipeline has its own on", running(r))
    held.shell.stdin.write("through three\n")
    ok(held.end() == ("through three\n", ""), "and what goes from one to the next arrives")

    script = os.path.join(one.dir, "script")
    with open(script, "w", encoding="ascii") as out:
        out.write("#!/bin/sh\necho ${FLEETSH_ON-unset}\ncat\n")
    os.chmod(script, 0o755)
    held = Held(one, f"on local-2 {script}")
    ok(vmp.until(lambda: running(r) == {"local-2": ["cat"]}, 20), "a script's commands run there", running(r))
    ok(held.end() == ("unset\n", ""), "and no command sees how it is told")

    after = shell(one, "x=1; f() { x=2; return 3; }; on local-2 f; echo $? $x; on local-3 cd /; pwd; on local echo word")
    ok(after.stdout == "3 2\n/\nword\n" and after.stderr == "", "functions and built-in utilities run in the shell itself", after)

    nobody = shell(one, "on nobody echo ran; echo $?; f() { echo f; }; on nobody f")
    ok(nobody.stdout == "125\n" and nobody.returncode == 125 and
       nobody.stderr == "fleetsh: line 1: on: nobody: no such router; `vm router ls` lists them\n" * 2,
       "where there is no such router nothing runs, status 125", nobody)
    ok(shell(one, "on local").returncode == 2 and shell(one, "on").returncode == 2, "on without a command is an error of usage")
    vmp.choose(r, vmp.DRAIN, "local-3")
    drained = shell(one, "on local-3 echo ran")
    ok(drained.returncode == 125 and drained.stdout == "" and "local-3: it is drained" in drained.stderr,
       "nor on a drained one", drained)
    vmp.choose(r, vmp.USE, "local-3")
    vmp.choose(r, vmp.USE, "")
    host = shell(one, "set -o host; on local echo ran")
    ok(host.returncode == 2 and "set -o host" in host.stderr, "with set -o host there is no router to run on", host)

    try:
        vmp.Lease(r, place=vmp.place(architecture="vax"))
        ok(False, "an architecture that no router has is refused")
    except vmp.Refused as refused:
        ok(refused.code == vmp.E_PLACE and "vax" in refused.text, "an architecture that no router has is refused", refused)
    info = json.loads(shell(one, "vm router --json").stdout)
    ok([i["name"] for i in info] == names and
       all(i["architecture"] == os.uname().machine and i["processors"] > 0 and "placement_load_us" in i for i in info),
       "vm router tells what the choice is made by", info)

    # ---- spread ----
    ok(vmp.until(lambda: [i["warm"] for i in vmp.routers(r)] == [4, 4, 4], 60), "all are ready again", vmp.routers(r))
    for i in range(9):
        open(os.path.join(one.dir, f"f{i}"), "w", encoding="ascii").close()
    held = Held(one, f"cd {one.dir}; for f in f*; do cat - \"$f\" <&3 & done 3<&0; wait")
    ok(vmp.until(lambda: sum(map(len, running(r).values())) == 9, 40), "nine background jobs run at a time", running(r))
    ok([len(running(r).get(name, [])) for name in names] == [3, 3, 3], "three on each of three routers", running(r))
    ok(held.end() == ("", "") and held.shell.returncode == 0, "and all end")
done()
