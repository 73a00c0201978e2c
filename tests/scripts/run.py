#!/usr/bin/env python3
"""run.py - real scripts that are installed here do under fleetsh what they do under dash: output, status and files.

Each case is a script of its own that calls `run NAME arguments`: the shell under test runs the installed script NAME.
Both shells work at the same time, each in a directory of its own. Run by root, the cases run as nobody.
"""
import concurrent.futures
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from results import compare

FLEETSH = os.path.realpath(os.environ.get("FLEETSH", os.path.join(os.environ.get("BUILD", "build"), "fleetsh")))
LIMIT = 100  # seconds until a script counts as hung

PREAMBLE = """
run() {
    case $1 in */*) script=$1 ;; *) script=$(command -v "$1") || script=$1 ;; esac
    shift
    $SH "$script" "$@" || echo "status $?"
}
printf 'alpha\\nbeta\\ngamma\\n' >one; printf 'alpha\\nBETA\\ngamma\\n' >two; cp one 'with space'
for z in gzip:gz bzip2:bz2 xz:xz zstd:zst; do
    command -v ${z%:*} >/dev/null && for f in one two; do ${z%:*} <$f >$f.${z#*:}; done; done
"""
GIT = PREAMBLE + """
PATH=$PATH:/usr/lib/git-core
git init -q -b main repo; cd repo; echo a >a; git add a; git commit -q -m one
"""

# name: the scripts it needs; the case
CASES = {
    "ldd": ("ldd", r"""
run ldd /bin/ls
run ldd /nosuch
run ldd --version
run ldd one
"""),
    "which": ("which", r"""
run which ls sh
run which -a sh
run which nosuch ls
run which
run which -x
"""),
    "zgrep": ("zgrep", r"""
run zgrep a one.gz
run zgrep -c -i 'beta' one.gz two.gz
run zgrep -e alpha -e gamma -n one.gz one two.gz
run zgrep nosuch one.gz
run zgrep -q a one.gz
run zgrep a nosuch.gz
run zgrep
run zgrep --help
cat one.gz | run zgrep -h am
run zgrep -w -- 'beta' 'with space'
run zgrep -l a one.gz two.gz
run zgrep -f one two.gz
run zgrep -r a .
"""),
    "zegrep and zfgrep": ("zegrep zfgrep", r"""
run zegrep 'a|b' one.gz
run zfgrep a. one.gz
run zfgrep alpha one.gz
"""),
    "zcat and gunzip": ("zcat gunzip uncompress", r"""
run zcat one.gz two.gz
run zcat nosuch
run gunzip -k -c one.gz
cp one.gz x.gz
run gunzip x.gz
cat x
run zcat --version
"""),
    "zdiff and zcmp": ("zdiff zcmp", r"""
run zdiff one.gz two.gz
run zdiff -u one.gz two | sed '1,2d'
run zdiff one.gz
run zcmp one.gz two.gz
run zcmp one one.gz
run zdiff - one.gz <two
run zdiff --help
"""),
    "gzexe": ("gzexe", r"""
printf '#!/bin/sh\necho unpacked "$@"\n' >prog; chmod +x prog
run gzexe prog
run ./prog a b
run gzexe -d prog
cat prog; rm prog~
"""),
    "xzgrep": ("xzgrep xzegrep xzfgrep", r"""
run xzgrep a one.xz
run xzgrep -c -i beta one.xz two.xz
run xzgrep -l a one.xz one
run xzgrep nosuch one.xz
run xzgrep
run xzgrep --help
run xzegrep 'a|b' one.xz
run xzfgrep alpha one.xz
run xzgrep a one.gz
"""),
    "xzdiff": ("xzdiff xzcmp", r"""
run xzdiff one.xz two.xz
run xzcmp one.xz one
run xzdiff one.xz
run xzdiff one.xz two.gz
run xzdiff --help
run xzcmp one.xz two.xz
"""),
    "bzgrep and bzdiff": ("bzgrep bzdiff bzcmp", r"""
run bzgrep a one.bz2
run bzgrep -c beta one.bz2 two.bz2
run bzgrep -h a one.bz2
run bzgrep
run bzdiff one.bz2 two.bz2
run bzcmp one.bz2 two.bz2
run bzdiff one.bz2
"""),
    "egrep and fgrep": ("egrep fgrep rgrep", r"""
run egrep 'a|b' one
run fgrep a. one
run rgrep alpha . | sort
"""),
    "savelog": ("savelog", r"""
run savelog --help
run savelog
run savelog -h
for i in 1 2 3 4; do echo $i >log
run savelog -l -c 3 log; done
ls
cat log.*
run savelog nosuch; echo x >log
run savelog -n -m 600 log
ls -l log | cut -c1-10
"""),
    "dpkg's helpers": ("dpkg-maintscript-helper dpkg-realpath", r"""
run dpkg-realpath /usr/bin/../bin/sh
run dpkg-realpath
run dpkg-maintscript-helper --help
run dpkg-maintscript-helper supports rm_conffile
run dpkg-maintscript-helper nosuch; DPKG_MAINTSCRIPT_PACKAGE=p DPKG_MAINTSCRIPT_NAME=preinst run dpkg-maintscript-helper rm_conffile $PWD/conf 1.0 -- upgrade 0.9
"""),
    "/etc/profile": ("/etc/profile", r"""
PATH=/usr/bin:/bin; . /etc/profile; echo "$PATH"; PATH=/usr/bin:/bin
for f in /etc/profile.d/*.sh; do . $f; done; export -p | sed 's/ \(SH\|_\|PWD\|OLDPWD\)[=].*//' | sort | grep -v SHLVL
"""),
    "git submodule": ("/usr/lib/git-core/git-submodule", r"""
git init -q -b main ../sub; (cd ../sub; echo s >s
git add s
git commit -q -m sub)
git config --global protocol.file.allow always
run git-submodule add ../sub lib
run git-submodule status
git commit -q -m sub
run git-submodule foreach 'echo $name $sm_path $toplevel'
run git-submodule summary HEAD~1
run git-submodule sync
run git-submodule deinit lib
run git-submodule update --init
run git-submodule -h
run git-submodule nosuch
run git-submodule update nosuchpath
run git-submodule absorbgitdirs
cat lib/s .gitmodules
"""),
    "git bisect": ("/usr/lib/git-core/git-bisect", r"""
for i in 1 2 3 4 5 6 7 8; do echo $i >a
git commit -q -a -m c$i; done
run git-bisect start HEAD HEAD~7
run git-bisect run sh -c '[ $(cat a) -lt 4 ]'
run git-bisect log
run git-bisect reset
run git-bisect nosuch
run git-bisect visualize
"""),
}


def environment(directory, shell):
    return {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": directory, "TMPDIR": os.path.join(directory, "tmp"),
            "LC_ALL": "C", "SH": shell, "TERM": "dumb", "TZ": "UTC", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@localhost", "GIT_AUTHOR_DATE": "@1700000000 +0000",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@localhost", "GIT_COMMITTER_DATE": "@1700000000 +0000"}


# What differs from run to run: addresses, names made by mktemp, process numbers in names, times in listings.
VARIABLE = [
    (re.compile(r"0x[0-9a-f]{8,}"), "ADDRESS"),
    (re.compile(r"\b(tmp|file|[bgx]z[a-z]*)[.-]?[A-Za-z0-9]{6,10}\b"), "TEMPORARY"),
    (re.compile(r"[._-]\d{3,7}\b|\bgz\d+\b"), "PID"),
    (re.compile(r"\b\d\d:\d\d(:\d\d)?\b"), "TIME"),
]
# Messages of the shells themselves: their words differ, that there is one does not.
OWN = re.compile(r"^((\S+: )?(fleetsh|dash|/\S+|\S+): (line )?\d+: .*|Illegal option .*)$", re.M)


def normal(text, directory):
    text = OWN.sub("(a message of the shell)", text.replace(directory, "/PLACE"))
    text = text.replace("No such file or directory", "No such file")
    for pattern, word in VARIABLE:
        text = pattern.sub(word, text)
    return text


def files_below(directory):
    found = {}
    for path, directories, names in os.walk(directory):
        directories[:] = [name for name in directories if name not in (".git", "tmp")]
        for name in names:
            file = os.path.join(path, name)
            if os.path.isfile(file) and not os.path.islink(file):
                with open(file, "rb") as content:
                    data = content.read()
                found[normal(os.path.relpath(file, directory), directory)] = \
                    "a binary file" if b"\0" in data else normal(data.decode("utf-8", "replace"), directory)
    return found


def outcome(shell, script, directory):
    """What came of it, each part as text."""
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(os.path.join(directory, "tmp"))
    command = shell.split() + ["-c", script]
    if os.getuid() == 0:
        for path in (directory, os.path.join(directory, "tmp")):
            os.chown(path, 65534, 65534)
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"] + command
    process = subprocess.Popen(command, cwd=directory, env=environment(directory, shell), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    try:
        out, err = process.communicate(timeout=LIMIT)
        status = str(process.returncode)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        status = "hung"
    return {"status": status, "stdout": normal(out.decode("utf-8", "replace"), directory),
            "stderr": normal(err.decode("utf-8", "replace"), directory)} | files_below(directory)


def is_there(name):
    return os.path.exists(name) if name.startswith("/") else shutil.which(name, path="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")


def main():
    failed = False
    print(f"1..{len(CASES)}")
    with tempfile.TemporaryDirectory(prefix="fleetsh-scripts-") as top, concurrent.futures.ThreadPoolExecutor(2) as pool:
        shell, places = os.path.join(top, "fleetsh"), [os.path.join(top, name) for name in "12"]
        os.chmod(top, 0o755)
        shutil.copy(FLEETSH, shell)  # nobody may look into the build directory
        for number, (name, (needs, body)) in enumerate(CASES.items(), 1):
            missing = [need for need in needs.split() + ["dash"] if not is_there(need)]
            if missing:
                print(f"ok {number} - {name} # skip {missing[0]} is not installed")
                continue
            script = (GIT if name.startswith("git ") else PREAMBLE) + body
            ours, theirs = pool.map(outcome, (shell + " -o host", "dash"), [script] * 2, places)
            good = compare(ours, theirs)
            failed |= not good
            print(f"{'ok' if good else 'not ok'} {number} - {name}", flush=True)
    return 1 if failed else 0


sys.exit(main())
