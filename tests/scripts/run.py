#!/usr/bin/env python3
"""run.py - real scripts that are installed here do under fleetsh what they do under dash: output, status and files.

Each case is a script of its own that calls `run NAME arguments`: the shell under test runs the installed script NAME.
Both shells work in a directory of the same name. Run by root, the cases run as nobody.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

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
    "ldd": ("ldd", "run ldd /bin/ls; run ldd /nosuch; run ldd --version; run ldd one"),
    "which": ("which", "run which ls sh; run which -a sh; run which nosuch ls; run which; run which -x"),
    "zgrep": ("zgrep", "run zgrep a one.gz; run zgrep -c -i 'beta' one.gz two.gz; run zgrep -e alpha -e gamma -n one.gz one two.gz;"
              " run zgrep nosuch one.gz; run zgrep -q a one.gz; run zgrep a nosuch.gz; run zgrep; run zgrep --help; cat one.gz | run zgrep -h am;"
              " run zgrep -w -- 'beta' 'with space'; run zgrep -l a one.gz two.gz; run zgrep -f one two.gz; run zgrep -r a ."),
    "zegrep and zfgrep": ("zegrep zfgrep", "run zegrep 'a|b' one.gz; run zfgrep a. one.gz; run zfgrep alpha one.gz"),
    "zcat and gunzip": ("zcat gunzip uncompress", "run zcat one.gz two.gz; run zcat nosuch; run gunzip -k -c one.gz; cp one.gz x.gz; run gunzip x.gz; cat x; run zcat --version"),
    "zdiff and zcmp": ("zdiff zcmp", "run zdiff one.gz two.gz; run zdiff -u one.gz two | sed '1,2d'; run zdiff one.gz; run zcmp one.gz two.gz; run zcmp one one.gz; run zdiff - one.gz <two; run zdiff --help"),
    "zforce and znew": ("zforce znew", "cp one.gz c; run zforce c; ls; run znew nosuch.Z; run znew --help"),
    "gzexe": ("gzexe", "printf '#!/bin/sh\\necho unpacked \"$@\"\\n' >prog; chmod +x prog; run gzexe prog; run ./prog a b; run gzexe -d prog; cat prog; rm prog~"),
    "xzgrep": ("xzgrep xzegrep xzfgrep", "run xzgrep a one.xz; run xzgrep -c -i beta one.xz two.xz; run xzgrep -l a one.xz one; run xzgrep nosuch one.xz; run xzgrep; run xzgrep --help;"
               " run xzegrep 'a|b' one.xz; run xzfgrep alpha one.xz; run xzgrep a one.gz"),
    "xzdiff": ("xzdiff xzcmp", "run xzdiff one.xz two.xz; run xzcmp one.xz one; run xzdiff one.xz; run xzdiff one.xz two.gz; run xzdiff --help; run xzcmp one.xz two.xz"),
    "xzless and xzmore": ("xzless xzmore", "run xzless --help; run xzless --version; run xzmore --help; run xzmore one.xz"),
    "bzgrep and bzdiff": ("bzgrep bzdiff bzcmp", "run bzgrep a one.bz2; run bzgrep -c beta one.bz2 two.bz2; run bzgrep -h a one.bz2; run bzgrep; run bzdiff one.bz2 two.bz2; run bzcmp one.bz2 two.bz2; run bzdiff one.bz2"),
    "bzexe": ("bzexe", "printf '#!/bin/sh\\necho unpacked\\n' >prog; chmod +x prog; run bzexe prog; run ./prog; run bzexe -d prog; cat prog; rm prog~"),
    "zstdgrep": ("zstdgrep", "run zstdgrep a one.zst; run zstdgrep -c beta one.zst two.zst; run zstdgrep nosuch one.zst; run zstdgrep"),
    "zipgrep": ("zipgrep", "run zipgrep; run zipgrep a nosuch.zip"),
    "egrep and fgrep": ("egrep fgrep rgrep", "run egrep 'a|b' one; run fgrep a. one; run rgrep alpha . | sort"),
    "lesspipe": ("lesspipe lessfile", "run lesspipe; run lessfile; run lesspipe one.gz; run lesspipe one; run lesspipe nosuch; tar cf t.tar one two; run lesspipe t.tar | sed 's/.*one/one/;s/.*two/two/'"),
    "savelog": ("savelog", "run savelog --help; run savelog; run savelog -h; for i in 1 2 3 4; do echo $i >log; run savelog -l -c 3 log; done; ls; cat log.*; run savelog nosuch; echo x >log; run savelog -n -m 600 log; ls -l log | cut -c1-10"),
    "run-parts over scripts": ("run-parts", "mkdir d; for i in 1 2; do printf '#!/bin/sh\\necho part $0 $*\\n' >d/p$i; chmod +x d/p$i; done; run-parts --test d; for i in d/*; do run $i a; done"),
    "invoke-rc.d": ("invoke-rc.d", "run invoke-rc.d --help; run invoke-rc.d; run invoke-rc.d --query nosuch start; run invoke-rc.d --force nosuch-service status"),
    "service": ("service", "run service --version; run service --help; run service; run service nosuch start"),
    "ucf": ("ucf", "run ucf --help; run ucf; mkdir state; run ucf --three-way --state-dir $PWD/state one $PWD/dest; ls; cat dest; run ucf --state-dir $PWD/state one $PWD/dest;"
            " UCF_FORCE_CONFFNEW=1 run ucf --state-dir $PWD/state two $PWD/dest; cat dest; cat state/hashfile; run ucf --purge --state-dir $PWD/state $PWD/dest; ls state"),
    "ucfr": ("ucfr", "run ucfr --help; run ucfr; mkdir state; run ucfr --state-dir $PWD/state pkg $PWD/one; cat state/*"),
    "dpkg's helpers": ("dpkg-maintscript-helper dpkg-realpath", "run dpkg-realpath /usr/bin/../bin/sh; run dpkg-realpath; run dpkg-maintscript-helper --help; run dpkg-maintscript-helper supports rm_conffile;"
                       " run dpkg-maintscript-helper nosuch; DPKG_MAINTSCRIPT_PACKAGE=p DPKG_MAINTSCRIPT_NAME=preinst run dpkg-maintscript-helper rm_conffile $PWD/conf 1.0 -- upgrade 0.9"),
    "gettext.sh": ("gettext.sh", "run gettext.sh --help; run gettext.sh --version; . gettext.sh; who=world; export who; eval_gettext 'hello $who'; echo; n=3; export n; eval_ngettext '$n file' '$n files' 3; echo"),
    "*-config": ("ncurses6-config", "for c in ncurses6-config ncursesw6-config ncurses5-config libgcrypt-config gpgrt-config libpng16-config xml2-config xslt-config nspr-config nss-config python3-config xmlsec1-config pg_config; do"
                 " command -v $c >/dev/null || continue; for o in --version --cflags --libs --prefix --help --nosuch --ldflags --includes ''; do echo $c $o; run $c $o; done; done"),
    "c89 and c99": ("c89 c99", "echo 'int main(void) { return 3; }' >t.c; run c89 -o t t.c; ./t; echo $?; run c99 -o t t.c -DX='a b'; ./t; echo $?; run c89 -std=c99 -c t.c; run c99 --version"),
    "autoconf": ("autoconf", "run autoconf --version; run autoconf --help; run autoconf --nosuch; run autoconf -o -"),
    "lsb_release": ("lsb_release", "run lsb_release -a; run lsb_release -s -i -r; run lsb_release --help; run lsb_release -x"),
    "sensible utilities": ("sensible-editor sensible-pager sensible-browser", "EDITOR=cat run sensible-editor one; VISUAL='cat -n' run sensible-editor one; PAGER=cat run sensible-pager one; BROWSER=echo run sensible-browser http://localhost/"),
    "ssh-copy-id": ("ssh-copy-id", "run ssh-copy-id -h; run ssh-copy-id; run ssh-copy-id -n -i nosuch host; run ssh-argv0 -h"),
    "fakeroot": ("fakeroot", "run fakeroot --version; run fakeroot --help; run fakeroot --nosuch"),
    "gdb-add-index and gdbtui": ("gdb-add-index", "run gdb-add-index --help; run gdb-add-index; run gdbtui --version"),
    "nroff": ("nroff", "run nroff --version; run nroff --help; printf '.TH A 1\\n.SH NAME\\na\\n' | run nroff -man; run nroff -T nosuch one"),
    "debootstrap": ("debootstrap", "run debootstrap --version; run debootstrap --help; run debootstrap; run debootstrap --nosuch; run debootstrap --print-debs --arch=nosuch nosuchsuite $PWD/t"),
    "update-ca-certificates": ("update-ca-certificates", "run update-ca-certificates --help; run update-ca-certificates --nosuch"),
    "valgrind and perldoc": ("valgrind perldoc", "run valgrind --version; run perldoc -V"),
    "virt-*-validate": ("virt-xml-validate virt-pki-validate", "run virt-xml-validate --help; run virt-xml-validate; run virt-xml-validate nosuch; run virt-pki-validate --help; run virt-pki-validate"),
    "xdg-user-dir": ("xdg-user-dir", "run xdg-user-dir DESKTOP; mkdir .config; echo 'XDG_MUSIC_DIR=\"$HOME/m\"' >.config/user-dirs.dirs; run xdg-user-dir MUSIC; run xdg-user-dir"),
    "tools that print how they are used": ("shadowconfig", "for c in tarcat shadowconfig strace-log-merge wfindent pg_buildext bq installkernel update-shells kernel-install gpg-zip lspgpot heaptrack cob-config cscope-indexer; do command -v $c >/dev/null || continue; echo $c; run $c --help </dev/null; done"),
    "/etc/profile": ("/etc/profile", "unset PATH; . /etc/profile; echo \"$PATH\"; PATH=/usr/bin:/bin; for f in /etc/profile.d/*.sh; do . $f; done; export -p | sed 's/ \\(SH\\|_\\|PWD\\|OLDPWD\\)[=].*//' | sort | grep -v SHLVL"),
    "init scripts' usage": ("/etc/init.d", "for f in /etc/init.d/*; do echo $f; run $f show-usage-please; done"),
    "maintainer scripts with arguments they do not know": ("/var/lib/dpkg/info", "for f in /var/lib/dpkg/info/*.preinst /var/lib/dpkg/info/*.postinst /var/lib/dpkg/info/*.prerm /var/lib/dpkg/info/*.postrm; do"
        " IFS= read -r l <$f; case $l in *perl*|*bash*|*python*) continue;; esac; grep -q 'unknown argument' $f || continue;"
        # `.` of a file that may not be read: 2 in dash, 1 in fleetsh, both are errors of a special built-in utility
        " case $f in *ca-certificates-java.*) continue;; esac; echo $f; DPKG_MAINTSCRIPT_PACKAGE=p DPKG_MAINTSCRIPT_NAME=${f##*.} DEBIAN_FRONTEND=noninteractive run $f show-usage-please; done"),
    "git submodule": ("/usr/lib/git-core/git-submodule", "git init -q -b main ../sub; (cd ../sub; echo s >s; git add s; git commit -q -m sub); git config --global protocol.file.allow always;"
        " run git-submodule add ../sub lib; run git-submodule status; git commit -q -m sub; run git-submodule foreach 'echo $name $sm_path $toplevel'; run git-submodule summary HEAD~1; run git-submodule sync;"
        " run git-submodule deinit lib; run git-submodule update --init; run git-submodule -h; run git-submodule nosuch; run git-submodule update nosuchpath; run git-submodule absorbgitdirs; cat lib/s .gitmodules"),
    "git bisect": ("/usr/lib/git-core/git-bisect", "for i in 1 2 3 4 5 6 7 8; do echo $i >a; git commit -q -a -m c$i; done; run git-bisect start HEAD HEAD~7; run git-bisect run sh -c '[ $(cat a) -lt 4 ]'; run git-bisect log; run git-bisect reset; run git-bisect nosuch; run git-bisect visualize"),
    "git filter-branch": ("/usr/lib/git-core/git-filter-branch", "for i in 1 2 3; do echo $i >a; echo $i >b; git add .; git commit -q -m \"c$i message\"; done; export FILTER_BRANCH_SQUELCH_WARNING=1;"
        " run git-filter-branch -f --msg-filter 'sed s/message/new/' HEAD | tr '\\r' '\\n' | sed 's/(.*)//'; git log --format='%H %s'; run git-filter-branch -f --index-filter 'git rm -q --cached --ignore-unmatch b' HEAD | tr '\\r' '\\n' | sed 's/(.*)//'; git ls-files; run git-filter-branch -h; run git-filter-branch --nosuch"),
    "git merges": ("/usr/lib/git-core/git-merge-octopus", "for b in x y z; do git checkout -q -b $b main; echo $b >$b; git add $b; git commit -q -m $b; done; git checkout -q main; run git-merge-octopus main -- HEAD x y z; git status --short; run git-merge-one-file; run git-merge-resolve HEAD -- x y;"
        " h=$(git hash-object -w a); run git-merge-one-file '' '' $h new '' '' 100644; ls"),
    "git request-pull and mergetool": ("/usr/lib/git-core/git-request-pull", "echo b >b; git add b; git commit -q -m 'second one'; run git-request-pull HEAD~1 . HEAD; run git-request-pull; run git-mergetool --tool-help; run git-mergetool; run git-mergetool -h; run git-quiltimport; run git-web--browse"),
    "git subtree": ("/usr/lib/git-core/git-subtree", "mkdir d; echo 1 >d/f; git add .; git commit -q -m 'with d'; run git-subtree split -q --prefix=d; run git-subtree; run git-subtree add --prefix=e . main; ls e; git log --format=%s | head -3; run git-subtree split --prefix=nosuch"),
}


def environment(directory, shell):
    return {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": directory, "TMPDIR": os.path.join(directory, "tmp"), "LC_ALL": "C",
            "SH": shell, "TERM": "dumb", "TZ": "UTC", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@localhost",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@localhost", "GIT_AUTHOR_DATE": "@1700000000 +0000",
            "GIT_COMMITTER_DATE": "@1700000000 +0000", "PERL_BADLANG": "0"}


# What differs from run to run: addresses, names made by mktemp, process numbers in names, times in listings.
VARIABLE = [(re.compile(r"0x[0-9a-f]{8,}"), "ADDRESS"), (re.compile(r"\b(tmp|ucf|file|[bgx]z[a-z]*)[.-]?[A-Za-z0-9]{6,10}\b"), "TEMPORARY"),
            (re.compile(r"\.git-rewrite/\S*|[._-]\d{3,7}\b|\bgz\d+\b"), "PID"), (re.compile(r"\b\d\d:\d\d(:\d\d)?\b"), "TIME")]
# Messages of the shells themselves: their words differ, that there is one does not.
OWN = re.compile(r"^((\S+: )?(fleetsh|dash|/\S+|\S+): (line )?\d+: .*|Illegal option .*)$", re.M)


def normal(text):
    text = OWN.sub("(a message of the shell)", text).replace("No such file or directory", "No such file")
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
                    found[os.path.relpath(file, directory)] = content.read()
    return {normal(name): len(data) if b"\0" in data else normal(data.decode("utf-8", "replace")) for name, data in found.items()}


def outcome(shell, script, directory):
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
        status = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        status = "hung"
    return {"status": status, "stdout": normal(out.decode("utf-8", "replace")), "stderr": normal(err.decode("utf-8", "replace")),
            "files": files_below(directory)}


def is_there(name):
    return os.path.exists(name) if name.startswith("/") else shutil.which(name, path="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")


def show(ours, theirs):
    if isinstance(ours, str) and isinstance(theirs, str):
        import difflib
        return "".join(f"#      {line}\n" for line in list(difflib.unified_diff(theirs.splitlines(), ours.splitlines(), "dash", "fleetsh", lineterm="", n=1))[:30])
    if isinstance(ours, dict):
        return "".join(f"#      {name}: fleetsh {ours.get(name)!r:.300}\n#      dash {theirs.get(name)!r:.300}\n" for name in sorted(set(ours) | set(theirs)) if ours.get(name) != theirs.get(name))
    return f"#      fleetsh {ours}, dash {theirs}\n"


def main():
    chosen = {name: case for name, case in CASES.items() if len(sys.argv) < 3 or sys.argv[2] in name}
    failed, top = False, tempfile.mkdtemp(prefix="fleetsh-scripts-")
    directory, shell = os.path.join(top, "work"), os.path.join(top, "fleetsh")
    os.chmod(top, 0o755)
    shutil.copy(FLEETSH, shell)  # nobody may look into the build directory
    print(f"1..{len(chosen)}")
    try:
        for number, (name, (needs, body)) in enumerate(chosen.items(), 1):
            missing = [need for need in needs.split() + ["dash"] if not is_there(need)]
            if missing:
                print(f"ok {number} - {name} # skip {missing[0]} is not installed")
                continue
            script = (GIT if name.startswith("git ") else PREAMBLE) + body
            ours, theirs = (outcome(which, script, directory) for which in (shell + " -o host", "dash"))
            wrong = [what for what in ours if ours[what] != theirs[what]]
            failed |= bool(wrong)
            print("".join(f"#   {what}:\n{show(ours[what], theirs[what])}" for what in wrong)
                  + f"{'not ok' if wrong else 'ok'} {number} - {name}", flush=True)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    return 1 if failed else 0


sys.exit(main())
