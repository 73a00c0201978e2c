"""tap - runs tests that need a user's home and prints TAP."""
import subprocess
import traceback

from home import FLEETSH, Home
from terminal import Missing, until


def router_is_ready():
    """One that has just been started may not answer yet; a user is told, and here that would be one line too many."""
    return subprocess.run([FLEETSH, "-c", "/bin/busybox true"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def run(tests):
    """tests: pairs of a name and a function of a home. What a test misses is a skip. Returns whether any failed."""
    until(router_is_ready, "a router that starts VMs")
    failed = False
    for number, (name, test) in enumerate(tests, 1):
        try:
            with Home() as home:
                test(home)
            print(f"ok {number} - {name}", flush=True)
        except Missing as reason:
            print(f"ok {number} - {name} # skip {reason}", flush=True)
        except Exception:
            failed = True
            print(f"not ok {number} - {name}")
            print("".join("# " + line + "\n" for line in traceback.format_exc().splitlines()), flush=True)
    print(f"1..{len(tests)}")
    return failed
