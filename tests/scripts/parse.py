#!/usr/bin/env python3
"""parse.py - sh scripts that are installed here: fleetsh -n and dash -n say the same of each."""
import glob
import os
import re
import shutil
import subprocess
import sys

FLEETSH = os.environ.get("FLEETSH", os.path.join(os.environ.get("BUILD", "build"), "fleetsh"))
SHEBANG = re.compile(rb"#![ \t]*(/usr)?/bin/(env[ \t]+)?(da)?sh\b")

# where, and whether a file there is sh without saying so
PLACES = {
    "/usr/bin": ("/usr/bin/*", False),
    "/usr/sbin": ("/usr/sbin/*", False),
    "git's programs": ("/usr/lib/git-core/*", False),
    "init scripts": ("/etc/init.d/*", False),
    "maintainer scripts": ("/var/lib/dpkg/info/*.p*", False),
    "/etc/profile and what it reads": ("/etc/profile*", True),
    "/etc/profile.d": ("/etc/profile.d/*.sh", True),
    "shell fragments of git": ("/usr/lib/git-core/git-sh-*", True),
    "parts of other packages": ("/usr/{lib,share,share/doc,libexec}/*/*.sh", False),
    "cron's scripts": ("/etc/cron.*/*", False),
    "network and udev hooks": ("/etc/{network,dhcp,kernel,X11}/*/*", False),
}


def expand(pattern):
    braces = re.match(r"(.*)\{(.*)\}(.*)", pattern)
    for choice in braces.group(2).split(",") if braces else [None]:
        yield from glob.iglob(braces.group(1) + choice + braces.group(3) if braces else pattern)


def is_script(path, says_nothing):
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            head = file.read(128)
    except OSError:
        return False
    return bool(SHEBANG.match(head)) or (says_nothing and not head.startswith(b"#!"))


def verdict(shell, path):
    """True: accepted. A shell that died is neither."""
    done = subprocess.run(shell + ["-n", path], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    return done.returncode == 0 if done.returncode >= 0 else f"signal {-done.returncode}"


def main():
    number, failed = 0, False
    print(f"1..{len(PLACES)}")
    for name, (pattern, says_nothing) in PLACES.items():
        number += 1
        files = sorted({os.path.realpath(path) for path in expand(pattern) if is_script(path, says_nothing)})
        wrong = []
        if not shutil.which("dash"):
            print(f"ok {number} - {name} # skip no dash to compare with")
            continue
        if not files:
            print(f"ok {number} - {name} # skip no sh script there")
            continue
        for path in files:
            ours, peers = verdict([FLEETSH], path), verdict(["dash"], path)
            if ours != peers:
                wrong.append(f"{path}: fleetsh {ours}, dash {peers}")
        failed |= bool(wrong)
        print("".join(f"#   {text}\n" for text in wrong) + f"{'not ok' if wrong else 'ok'} {number} - {name}: {len(files)} scripts")
    return 1 if failed else 0


sys.exit(main())
