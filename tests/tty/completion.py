#!/usr/bin/env python3
"""TAB: commands, files, variables, jobs."""
import os

from ptylib import PROMPT, Shell, run


def shell_with(*names):
    sh = Shell()
    for name in names:
        path = sh.path(name)
        if name.endswith("/"):
            os.makedirs(path, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, "w").close()
    sh.prompt()
    return sh


def completes(sh, typed, result):
    """typed and TAB give result; then the line is discarded."""
    sh.send(typed + "\t")
    sh.send("|")
    sh.until_last(PROMPT + result + "|")
    sh.interrupt()


def test_files():
    """a file's name is completed, with a blank behind it; a directory's with a slash"""
    with shell_with("unique-file", "some-dir/", "some-dir/inner") as sh:
        completes(sh, "echo uni", "echo unique-file ")
        completes(sh, "echo some", "echo some-dir/")
        completes(sh, "echo some-dir/", "echo some-dir/inner ")
        completes(sh, "echo ./uni", "echo ./unique-file ")
        completes(sh, "echo ~/uni", "echo ~/unique-file ")
        completes(sh, "echo >uni", "echo >unique-file ")
        completes(sh, "x=uni", "x=unique-file ")
        completes(sh, "dd if=uni", "dd if=unique-file ")


def test_quoting():
    """special characters are quoted, in the way that the word is"""
    with shell_with("a b$c'd") as sh:
        completes(sh, "echo a", "echo a\\ b\\$c\\'d ")
        completes(sh, 'echo "a', "echo \"a b\\$c'd\" ")
        completes(sh, "echo 'a", "echo 'a b$c'\\''d' ")
        completes(sh, "echo a\\ b", "echo a\\ b\\$c\\'d ")
        sh.send("echo a\t\r")
        sh.until_seen(r"^a b\$c'd$")


def test_common_prefix_and_list():
    """what several names have in common is inserted, then TAB lists them"""
    with shell_with("prefix-one", "prefix-two", ".hidden") as sh:
        sh.send("echo p\t")
        sh.until_last(PROMPT + "echo prefix-")
        sh.send("\t")
        sh.until_seen("^prefix-one +prefix-two$")
        sh.until_last(PROMPT + "echo prefix-")
        sh.send("t\t\r")
        sh.until_seen("^prefix-two$")


def test_commands():
    """built-in utilities, functions, aliases and programs are completed where a command stands"""
    with shell_with("bin/") as sh:
        open(sh.path("bin/zz-program"), "w").close()
        os.chmod(sh.path("bin/zz-program"), 0o755)
        sh.run("PATH=$PATH:$HOME/bin")
        sh.run("zz_function() { :; }")
        sh.run("alias zz%alias=true")
        completes(sh, "zz-", "zz-program ")
        completes(sh, "zz_", "zz_function ")
        completes(sh, "zz%", "zz%alias ")
        completes(sh, "unal", "unalias ")
        completes(sh, "true; unal", "true; unalias ")
        completes(sh, "if unal", "if unalias ")
        completes(sh, "echo $(unal", "echo $(unalias ")
        completes(sh, "x=1 unal", "x=1 unalias ")
        completes(sh, "echo unal", "echo unal")
        completes(sh, "./bin/zz", "./bin/zz-program ")


def test_variables():
    """names of variables are completed behind $ and ${"""
    with shell_with() as sh:
        sh.run("UNIQUE_NAME=1")
        completes(sh, "echo $UNIQ", "echo $UNIQUE_NAME")
        completes(sh, "echo ${UNIQ", "echo ${UNIQUE_NAME}")
        completes(sh, 'echo "a $UNIQ', 'echo "a $UNIQUE_NAME')
        completes(sh, "echo '$UNIQ", "echo '$UNIQ")


def test_jobs():
    """jobs are completed behind % for the utilities that take them"""
    with shell_with() as sh:
        sh.run("sleep 100 &")
        completes(sh, "kill %", "kill %1 ")
        sh.run("kill %1")


def test_in_the_middle():
    """what is behind the cursor stays"""
    with shell_with("unique-file") as sh:
        sh.send("echo uni end\x1b[D\x1b[D\x1b[D\x1b[D\t")
        sh.until_last(PROMPT + "echo unique-file  end")
        sh.interrupt()


run(globals())
