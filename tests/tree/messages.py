#!/usr/bin/env python3
"""Messages between processes do not change behind a version's back.

messages.txt has, for each header, the version that it was last noted with and a checksum of its declarations (comments and layout
do not count). A change of the declarations needs a higher version: shells, shims, guests and a vmprocd of before and after an upgrade
meet. One version is raised once between two releases, however often the messages change meanwhile: then `--write` notes them.
What vmprocd_proto.h declares counts the guest's version in: a shim that speaks another one to guests needs another vmprocd.
"""
import hashlib
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
NOTED = os.path.join(HERE, "messages.txt")
# version: the header that has it, and all whose declarations it stands for
VERSIONS = {
    "GUEST_ABI_VERSION": ["guest_abi.h", "ring_abi.h"],
    "VMP_VERSION": ["vmprocd_proto.h"],
    "SHIM_ARGS_VERSION": ["shim_args.h", "policy.h"],
}


def declarations(header):
    with open(os.path.join(TOP, "vmproc", header), encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)
    text = re.sub(r"#define [A-Z_]*_VERSION +\d+u?", "", text)
    return " ".join(re.findall(r"\w+|[^\w\s]", text))


def number(name):
    with open(os.path.join(TOP, "vmproc", VERSIONS[name][0]), encoding="utf-8") as file:
        return int(re.search(rf"#define {name} +(\d+)", file.read()).group(1))


def present():
    rows = {}
    for name, headers in VERSIONS.items():
        text = "".join(declarations(header) for header in headers)
        if name == "VMP_VERSION":
            text += str(number("GUEST_ABI_VERSION"))
        rows[name] = (number(name), hashlib.sha256(text.encode()).hexdigest()[:16])
    return rows


def noted():
    with open(NOTED, encoding="ascii") as file:
        return {name: (int(version), checksum) for name, version, checksum in (line.split() for line in file)}


if sys.argv[1:] == ["--write"]:
    with open(NOTED, "w", encoding="ascii") as out:
        for row in present().items():
            out.write(f"{row[0]} {row[1][0]} {row[1][1]}\n")
    sys.exit(0)
now, before, failed = present(), noted(), False
for i, name in enumerate(VERSIONS, 1):
    good = now[name] == before.get(name)
    failed |= not good
    print(f"{'ok' if good else 'not ok'} {i} - the messages of {name} {now[name][0]} are those that were noted")
    if not good:
        print(f"# {' and '.join(VERSIONS[name])}: now {now[name]}, noted {before.get(name)}.\n# Raise {name}, unless that was done since the "
              "last release already; then tests/tree/messages.py --write.")
print(f"1..{len(VERSIONS)}")
sys.exit(failed)
