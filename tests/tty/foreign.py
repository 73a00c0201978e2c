#!/usr/bin/env python3
"""bash, zsh and fish complete fleetsh's programs."""
import os
import re
import shutil
import subprocess

from ptylib import FLEETSH, TOP, Shell, Skip, run

COMPLETIONS = os.path.join(TOP, "scripts/completions")


def needs(program):
    if not shutil.which(program):
        raise Skip(f"{program} is not installed")


def options():
    text = subprocess.run([FLEETSH, "-o", "host", "-c", "set +o"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return sorted(re.findall(r"^set [-+]o (\w+)$", text, re.M))


def test_options_are_complete():
    """each completion knows each option of set -o, and no other"""
    for name in ("fleetsh.bash", "fleetsh.zsh", "fleetsh.fish"):
        text = open(os.path.join(COMPLETIONS, name)).read()
        words = re.search(r"\ballexport[\s\S]*?xtrace\b", text).group().replace("\\", "").split()
        assert words == options(), (name, words)


def test_letters_are_complete():
    """and each letter of the synopsis"""
    usage = subprocess.run([FLEETSH, "--help"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    letters = sorted(set(re.search(r"\[-(\w+)\]", usage).group(1)) | set("cos"))
    for name, pattern in (("fleetsh.bash", r"(?<=[ \"])-(\w)(?= [^\"]*--help)"), ("fleetsh.zsh", r"['\"]\*?-(\w)\["), ("fleetsh.fish", r" -s (\w) ")):
        found = sorted(set(re.findall(pattern, open(os.path.join(COMPLETIONS, name)).read())))
        assert found == letters, (name, found, letters)


def test_bash():
    """bash completes options, their names, files, and what fleetsh-router does"""
    needs("bash")
    script = f"""
    . {COMPLETIONS}/fleetsh.bash
    _fleetsh fleetsh pip -o; echo "${{COMPREPLY[@]}}"
    _fleetsh fleetsh --v fleetsh; echo "${{COMPREPLY[@]}}"
    cd {COMPLETIONS}; _fleetsh fleetsh fleetsh.b fleetsh; echo "${{COMPREPLY[@]}}"
    complete -p fleetsh-router
    """
    got = subprocess.run(["bash", "--norc", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    assert got == "pipefail\n--version\nfleetsh.bash\ncomplete -W 'start stop status env' fleetsh-router\n", got


def test_fish():
    """fish does, with descriptions"""
    needs("fish")
    with Shell() as sh:
        script = (f"source {COMPLETIONS}/fleetsh.fish; source {COMPLETIONS}/fleetsh-router.fish; complete -C 'fleetsh -o pip';"
                  "complete -C 'fleetsh --v'; complete -C 'fleetsh-router sta'")
        env = {"HOME": sh.directory, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        got = subprocess.run(["fish", "--no-config", "-c", script], stdout=subprocess.PIPE, text=True, env=env, cwd=sh.directory).stdout
    assert got.splitlines() == ["pipefail\tSets an option", "--version\tPrints the version", "start\tStarts what is missing of a router",
                                "status\tTells what runs"], got


def test_zsh():
    """zsh does, once it is found in fpath"""
    needs("zsh")
    with Shell() as sh:
        sh.prompt()
        os.mkdir(sh.path("functions"))
        shutil.copy(os.path.join(COMPLETIONS, "fleetsh.zsh"), sh.path("functions/_fleetsh"))
        sh.line("exec zsh -f")
        sh.line("PS1='z> '; RPS1=; fpath=($HOME/functions $fpath); autoload -Uz compinit; compinit -D -u; clear")
        sh.until_last("z>")
        for typed, wanted in (("fleetsh -o pip", "fleetsh -o pipefail"), ("fleetsh --ver", "fleetsh --version"),
                              ("fleetsh-router stat", "fleetsh-router status")):
            sh.send(typed + "\t")
            sh.until_last("z> " + wanted)
            sh.send("\x15")
            sh.until_last("z>")


run(globals())
