#!/usr/bin/env python3
"""configure.py - a configure script made by autoconf 2.71 does under fleetsh what it does under dash.

Every file that it makes is compared. For dash, whose LINENO it does not trust, configure writes itself anew with the
numbers of its lines in place of LINENO; so those in config.log are the right ones. CONFIG_SHELL and SHELL are a program of
the same name for both shells.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile

FLEETSH = os.path.realpath(os.environ.get("FLEETSH", os.path.join(os.environ.get("BUILD", "build"), "fleetsh")))

CONFIGURE_AC = """\
AC_INIT([a project], [1.0], [nobody@localhost])
AC_CONFIG_SRCDIR([main.c])
AC_CONFIG_HEADERS([config.h])
AC_PROG_CC
AC_PROG_SED
AC_PROG_AWK
AC_PROG_GREP
AC_PROG_LN_S
AC_PROG_MAKE_SET
AC_C_INLINE
AC_C_BIGENDIAN
AC_SYS_LARGEFILE
AC_CHECK_HEADERS([unistd.h sys/stat.h no_such_header.h])
AC_CHECK_FUNCS([fork no_such_function])
AC_CHECK_SIZEOF([long])
AC_TYPE_PID_T
AC_CHECK_MEMBERS([struct stat.st_mtim])
AC_SEARCH_LIBS([sqrt], [m])
AC_ARG_ENABLE([thing], [AS_HELP_STRING([--enable-thing], [a thing])], [], [enable_thing=no])
AC_ARG_WITH([part], [AS_HELP_STRING([--with-part=DIR], [where it is])])
AC_ARG_VAR([FLAVOUR], [how it tastes])
AS_IF([test "x$enable_thing" = xyes], [AC_DEFINE([THING], [1], [the thing])])
AS_CASE([$with_part], [/*], [part=$with_part], [part='a "quoted" \\$part'])
AC_SUBST([part])
AC_MSG_NOTICE([part is $part])
AC_CONFIG_FILES([Makefile script], [chmod +x script])
AC_CONFIG_LINKS([linked.c:main.c])
AC_CONFIG_COMMANDS([stamp], [echo "$first" >stamp], [first='one & two'])
AC_OUTPUT
"""
FILES = {
    "configure.ac": CONFIGURE_AC,
    "main.c": "int main(void) { return 0; }\n",
    "Makefile.in": "@SET_MAKE@\nSHELL = @SHELL@\nCC = @CC@\nCFLAGS = @CFLAGS@\nFLAVOUR = @FLAVOUR@\nPART = @part@\nprefix = @prefix@\nLIBS = @LIBS@\n"
                   "srcdir = @srcdir@\nprog: @srcdir@/main.c\n\t$(CC) $(CFLAGS) -o prog @srcdir@/main.c\n",
    "script.in": "#! @SHELL@\necho @PACKAGE_NAME@ \"$@\"\n",
}

# name, how configure is called below the directory where it stands
RUNS = {
    "plain": "./configure",
    "with options, variables and a cache": "./configure -C --enable-thing --with-part=/p FLAVOUR='sweet & sour' CFLAGS='-O1 -g' --prefix=/opt/x",
    "from the cache": "./configure -C --enable-thing --with-part=/p FLAVOUR='sweet & sour' CFLAGS='-O1 -g' --prefix=/opt/x; ./configure -C FLAVOUR='sweet & sour' CFLAGS='-O1 -g'",
    "in another directory": "mkdir b; cd b; ../configure -q; make -s prog && ./prog && ./script a",
    "--help": "./configure --help; ./configure --version; ./configure --help=short",
    "usage errors": "./configure --enable-; ./configure --nosuch; ./configure --with-p@rt; ./configure CC=nosuch-cc; ./configure --srcdir=/nosuch",
    "config.status": "./configure -q; ./config.status; ./config.status --recheck; ./config.status --file=x:script.in; cat x; ./config.status --config; ./config.status --nosuch",
}
DASH_ONLY = {"config.status", "configure.lineno"}  # the one with numbers of configure's lines, the other for that
VARIABLE = [(re.compile(r"\b(conf|cf|ac)[0-9a-zA-Z]*\d{2,}\b"), "PID"), (re.compile(r"/tmp/cc\w+"), "TEMPORARY"), (re.compile(r"=0x\w+|\bconf\w{6}\b"), "NAME"),
            (re.compile(r"config\.status:\d+"), "config.status:LINE"), (re.compile(r"\S+: line \d+:|\S+: \d+:( eval:)?"), "LINE:"), (re.compile(r"No such file or directory|not found"), "ABSENT")]


def normal(data):
    text = data.decode("utf-8", "replace")
    for pattern, word in VARIABLE:
        text = pattern.sub(word, text)
    return text


def run(shell, top, command):
    """Everything that came of it: name: text."""
    work, tools = os.path.join(top, "work"), os.path.join(top, "tools")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(os.path.join(top, "source"), work, symlinks=True)
    with open(os.path.join(tools, "sh"), "w", encoding="ascii") as file:
        file.write(f'#!/bin/sh\nexec {shell} "$@"\n')
    os.chmod(os.path.join(tools, "sh"), 0o755)
    environment = {"PATH": "/usr/bin:/bin", "HOME": top, "LC_ALL": "C", "CONFIG_SHELL": os.path.join(tools, "sh"), "SHELL": os.path.join(tools, "sh"), "TERM": "dumb"}
    done = subprocess.run([os.path.join(tools, "sh"), "-c", command], cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    results = {"status": str(done.returncode), "standard output": normal(done.stdout), "standard error": normal(done.stderr)}
    for path, directories, names in os.walk(work):
        directories[:] = [name for name in directories if name != "autom4te.cache"]
        for name in names:
            with open(os.path.join(path, name), "rb") as file:
                data = file.read()
            results[os.path.relpath(os.path.join(path, name), work)] = normal(data) if b"\0" not in data else str(len(data))
    return results


def compare(ours, theirs):
    wrong = sorted(what for what in set(ours) | set(theirs)
                   if os.path.basename(what) not in DASH_ONLY and ours.get(what) != theirs.get(what))
    for what in wrong:
        print(f"#   {what}:")
        lines = [results.get(what, "").splitlines() for results in (theirs, ours)]
        for line in list(difflib.unified_diff(*lines, "dash", "fleetsh", lineterm="", n=1))[:30]:
            print(f"#      {line}")
    return not wrong


def main():
    print(f"1..{len(RUNS)}")
    missing = [name for name in ("autoconf", "dash", "cc", "make") if not shutil.which(name)]
    for number, name in enumerate(RUNS if missing else [], 1):
        print(f"ok {number} - {name} # skip {missing[0]} is not installed")
    if missing:
        return 0
    failed = False
    with tempfile.TemporaryDirectory(prefix="fleetsh-configure-") as top:
        source = os.path.join(top, "source")
        os.makedirs(os.path.join(top, "tools"))
        os.makedirs(source)
        for name, text in FILES.items():
            with open(os.path.join(source, name), "w", encoding="ascii") as file:
                file.write(text)
        subprocess.run(["autoconf"], cwd=source, check=True)
        subprocess.run(["autoheader"], cwd=source, check=True, stderr=subprocess.DEVNULL)
        for number, (name, command) in enumerate(RUNS.items(), 1):
            ours = run(FLEETSH + " -o host", top, command)
            good = compare(ours, run("dash", top, command))
            failed |= not good
            print(f"{'ok' if good else 'not ok'} {number} - {name}: {len(ours)} results", flush=True)
    return 1 if failed else 0


sys.exit(main())
