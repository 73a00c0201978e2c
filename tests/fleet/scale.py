#!/usr/bin/env python3
"""vmprocd's placement in a simulated fleet (scale/placement.c, docs/SCALE.md): small runs of what is written there."""

import glob
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "daemon"))
from bench import BUILD, done, ok

HERE = os.path.dirname(os.path.abspath(__file__))
TRACES = sorted(glob.glob(os.path.join(HERE, "scale", "*.trace")))


def simulate(*options):
    said = subprocess.run([os.path.join(BUILD, "scale", "placement"), *options, *TRACES], text=True, capture_output=True, timeout=120)
    if said.returncode != 0:
        return {"decisions": said.stderr, "commands": "0"}
    return dict(line.split() for line in said.stdout.splitlines())


def number(result, name):
    return float(result.get(name, "nan"))


light = simulate("-c", "30000")
again = simulate("-c", "30000")
ok(light["decisions"] == again["decisions"] and light["commands"] == "30000", "the same seed decides the same", (light, again))
other = simulate("-c", "30000", "-s", "2")
ok(light["decisions"] != other["decisions"], "another one something else")
ok(number(light, "warm") > 0.99, "where there is room, commands get a VM that is ready", light)
ok(number(light, "calls_per_command") < 1.5, "a command costs little more than one call to a router", light)

linear = simulate("-c", "30000", "-l")
ok(linear["decisions"] == light["decisions"], "the tournament decides as who looks at all routers does", (light, linear))
ok(number(light, "placement_ns_median") < number(linear, "placement_ns_median") / 3,
   "and is far quicker at a thousand routers", (light, linear))

full = simulate("-r", "100", "-c", "30000", "-n", "1000")
ok(number(full, "routers_used") == 100 and number(full, "jain_per_processor") > 0.9,
   "under load all routers have their share, by their processors", full)
failing = simulate("-r", "100", "-c", "30000", "-n", "1000", "-f", "20")
ok(failing["commands"] == "30000" and number(failing, "failures") > 0 and 0 < number(failing, "lost") < 3000,
   "routers fail and come back: what ran there is lost, all else is done", failing)
ok(number(failing, "jain_per_processor") > 0.85, "and the shares stay fair", failing)
many = simulate("-r", "100", "-c", "30000", "-n", "100", "-u", "10")
ok(number(many, "warm") > 0.9 and number(many, "jain_per_processor") > 0.5,
   "vmprocds that know nothing of each other do not all take the same routers", many)
done()
