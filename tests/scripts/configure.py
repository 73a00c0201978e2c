#!/usr/bin/env python3
"""configure.py - a configure script made by autoconf does under fleetsh what it does under dash.

Every file that it makes is compared. CONFIG_SHELL and SHELL are a program of the same name for both shells. Numbers of
configure's lines are not compared: Debian's dash has no LINENO, so that configure writes itself anew with the numbers of
the lines where the word LINENO stands, not those where the command begins (XCU 2.5.3; tests/posix has cases of it).
"""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

from results import compare

FLEETSH = os.path.realpath(os.environ.get("FLEETSH", os.path.join(os.environ.get("BUILD", "build"), "fleetsh")))

CONFIGURE_AC = """\
AC_INIT([a project], [1.0], [nobody@localhost])
AC_CONFIG_SRCDIR([main.c])
AC_CONFIG_HEADERS([config.h])
AC_PROG_CC
AC_PROG_SED
AC_PROG_AWK
AC_PROG_LN_S
AC_PROG_MAKE_SET
AC_CHECK_HEADERS([unistd.h no_such_header.h])
AC_CHECK_FUNCS([fork no_such_function])
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
    "config.h.in": "#undef HAVE_UNISTD_H\n#undef HAVE_NO_SUCH_HEADER_H\n# undef HAVE_FORK\n#undef THING\n#undef PACKAGE_STRING\n"
                   "#undef HAVE_STRUCT_STAT_ST_MTIM\n",
    "main.c": "int main(void) { return 0; }\n",
    "Makefile.in": "@SET_MAKE@\nSHELL = @SHELL@\nCC = @CC@\nCFLAGS = @CFLAGS@\nFLAVOUR = @FLAVOUR@\nPART = @part@\n"
                   "prefix = @prefix@\nLIBS = @LIBS@\nsrcdir = @srcdir@\n"
                   "prog: @srcdir@/main.c\n\t$(CC) $(CFLAGS) -o prog @srcdir@/main.c\n",
    "script.in": "#! @SHELL@\necho @PACKAGE_NAME@ \"$@\"\n",
}

# name, what is called below the directory where configure stands
RUNS = {
    "options, variables, a cache, and config.status --recheck":
        "./configure -C --enable-thing --with-part=/p FLAVOUR='sweet & sour' CFLAGS='-O1 -g' --prefix=/opt/x; ./config.status --recheck",
    "another directory, and config.status":
        "mkdir b; cd b; ../configure -q; make -s prog && ./prog && ./script a; ./config.status --file=x:script.in; cat x;"
        " ./config.status --header=h:config.h.in; ./config.status --config; ./config.status --version; ./config.status --nosuch",
    "--help and usage errors":
        "./configure --help; ./configure --version; ./configure --help=short; ./configure --enable-; ./configure --nosuch;"
        " ./configure --with-p@rt; ./configure CC=nosuch-cc; ./configure --srcdir=/nosuch",
}
DASH_ONLY = {"config.status", "configure.lineno"}  # the one with numbers of configure's lines, the other for that
LIMIT = 300  # seconds until configure counts as hung

# What differs from run to run: process numbers in names, names made by mktemp and the compiler, addresses.
VARIABLE = [
    (re.compile(r"\b(conf|cf|ac)[0-9a-zA-Z]*\d{2,}\b"), "PID"),
    (re.compile(r"/tmp/cc\w+"), "TEMPORARY"),
    (re.compile(r"=0x\w+|\bconf\w{6}\b"), "NAME"),
    # Numbers of lines, and the shells' own messages.
    (re.compile(r"(configure|config\.status):\d+:?"), "LINE:"),
    (re.compile(r"\S+: line \d+:|\S+: \d+:( eval:)?"), "LINE:"),
    (re.compile(r"No such file or directory|not found"), "ABSENT"),
]


def normal(data, place):
    text = data.decode("utf-8", "replace").replace(place, "/PLACE")
    for pattern, word in VARIABLE:
        text = pattern.sub(word, text)
    return text


def run(shell, place, command):
    """Everything that came of it: name: text. place: a directory with `source`, for this shell alone."""
    work, sh = os.path.join(place, "work"), os.path.join(place, "sh")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(os.path.join(place, "source"), work, symlinks=True)
    with open(sh, "w", encoding="ascii") as file:
        file.write(f'#!/bin/sh\nexec {shell} "$@"\n')
    os.chmod(sh, 0o755)
    environment = {"PATH": "/usr/bin:/bin", "HOME": place, "LC_ALL": "C", "CONFIG_SHELL": sh, "SHELL": sh, "TERM": "dumb"}
    done = subprocess.run([sh, "-c", command], cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=LIMIT)
    results = {"status": str(done.returncode), "standard output": normal(done.stdout, place),
               "standard error": normal(done.stderr, place)}
    for path, directories, names in os.walk(work):
        directories[:] = [name for name in directories if name != "autom4te.cache"]
        for name in names:
            with open(os.path.join(path, name), "rb") as file:
                data = file.read()
            results[os.path.relpath(os.path.join(path, name), work)] = \
                normal(data, place) if b"\0" not in data else "a binary file"
    return results


def make_source(source):
    os.makedirs(source)
    for name, text in FILES.items():
        with open(os.path.join(source, name), "w", encoding="ascii") as file:
            file.write(text)
    subprocess.run(["autoconf"], cwd=source, check=True)


def main():
    print(f"1..{len(RUNS)}")
    missing = [name for name in ("autoconf", "dash", "cc", "make") if not shutil.which(name)]
    for number, name in enumerate(RUNS if missing else [], 1):
        print(f"ok {number} - {name} # skip {missing[0]} is not installed")
    if missing:
        return 0
    failed = False
    with tempfile.TemporaryDirectory(prefix="fleetsh-configure-") as top, concurrent.futures.ThreadPoolExecutor(2) as pool:
        places = [os.path.join(top, name) for name in "12"]
        make_source(os.path.join(places[0], "source"))
        shutil.copytree(os.path.join(places[0], "source"), os.path.join(places[1], "source"))
        for number, (name, command) in enumerate(RUNS.items(), 1):
            ours, theirs = pool.map(run, (FLEETSH + " -o host", "dash"), places, [command] * 2)
            good = compare(ours, theirs, lambda what: os.path.basename(what) in DASH_ONLY)
            failed |= not good
            print(f"{'ok' if good else 'not ok'} {number} - {name}: {len(ours)} results", flush=True)
    return 1 if failed else 0


sys.exit(main())
