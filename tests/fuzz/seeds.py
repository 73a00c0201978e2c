#!/usr/bin/env python3
"""seeds.py TARGET DIRECTORY - a first corpus for a fuzz target: what the cases of tests/posix hold of its language."""
import glob
import hashlib
import os
import re
import shlex
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def scripts():
    """The script of each case."""
    for path in sorted(glob.glob(os.path.join(HERE, "..", "posix", "*.tst"))):
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            for case in re.split(r"^=== .*\n", file.read(), flags=re.M)[1:]:
                yield re.split(r"^--- ", case, flags=re.M)[0]


def lines():
    return (line for script in scripts() for line in script.splitlines())


def expressions():
    return (found for line in lines() for found in re.findall(r"\$\(\((.*?)\)\)", line))


def patterns():
    for line in lines():
        for word, pattern in re.findall(r"case (\S+) in \(?([^)]*)\)", line) + re.findall(r"\$\{(\w+)[#%]+([^}]*)\}", line):
            yield pattern + "\0" + word


def arguments():
    """Of printf, echo and test; the first byte chooses the utility."""
    for line in lines():
        found = re.search(r"\b(printf|echo|test) (.*)", line)
        try:
            words = shlex.split(found.group(2)) if found else []
        except ValueError:
            continue
        if words:
            yield {"printf": "\0", "echo": "\2", "test": "\3"}[found.group(1)] + "\0".join(words)


SOURCES = {"parser": scripts, "expand": lines, "arith": expressions, "pattern": patterns, "printf": arguments}


def main():
    target, directory = sys.argv[1:]
    if target == "shim_9p":
        subprocess.run([sys.executable, os.path.join(HERE, "seeds_9p.py"), directory], check=True)
    for text in SOURCES.get(target, list)():
        data = text.encode("utf-8", "surrogateescape")
        if 0 < len(data) <= 4096:
            with open(os.path.join(directory, hashlib.sha1(data).hexdigest()), "wb") as file:
                file.write(data)


main()
