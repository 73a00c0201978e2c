#!/usr/bin/env python3
"""TAB: commands, files, variables, jobs."""
import os
import tempfile

from ptylib import FLEETSH, PROMPT, Shell, run


NO_ROUTER = "qemu+unix:///system?socket=/nonexistent"
TOOLBOX = os.path.join(os.path.dirname(FLEETSH), "toolbox")


def shell_with(*names, **options):
    sh = Shell(environment={"TOOLBOX": TOOLBOX, **options.pop("environment", {})}, **options)
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
        open(sh.path("bin/zyimage.vm"), "w").close()
        os.chmod(sh.path("bin/zyimage.vm"), 0o755)
        completes(sh, "zyim", "zyimage ")
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


def lists(sh, typed, *patterns):
    """typed and TAB (twice, if something was inserted) lists lines like these; then the line is discarded."""
    sh.send(typed + "\t\t")
    for pattern in patterns:
        sh.until_seen(pattern)
    sh.interrupt()
    sh.run("clear")


def test_descriptions():
    """what is listed is described: built-in utilities, aliases, functions, programs, variables, signals, jobs"""
    with shell_with("bin/") as sh:
        for name in ("uxa-program", "uxb-program"):
            open(sh.path(f"bin/{name}"), "w").close()
            os.chmod(sh.path(f"bin/{name}"), 0o755)
        sh.run("PATH=$PATH:$HOME/bin")
        sh.run("uxc() { :; }; alias uxd='echo d'; UX_A='some value' UX_B=b")
        lists(sh, "ux", "^uxa-program +/.*/bin$", "^uxc +a function$", "^uxd +echo d$")
        lists(sh, "una", "^unalias +removes aliases$", "^uname")
        lists(sh, "echo $UX", "^UX_A +some value$", "^UX_B +b$")
        lists(sh, "kill -s U", "^USR1 +User defined signal 1$")
        lists(sh, "kill -US", "^-USR1 +User defined signal 1$")
        sh.run("sleep 100 & sleep 200 &")
        lists(sh, "fg %", "^%1 +sleep 100$", "^%2 +sleep 200$")
        sh.run("kill %1 %2")


def test_arguments():
    """what a command takes is what is completed"""
    with shell_with("one-dir/", "one-file", ".ssh/config", ".ssh/known_hosts") as sh:
        with open(sh.path(".ssh/config"), "w") as file:
            file.write("Host uniq-a uniq-*\n  HostName x\nhost uniq-b\n")
        with open(sh.path(".ssh/known_hosts"), "w") as file:
            file.write("uniq-c,10.0.0.1 ssh-ed25519 AAAA\n|1|hash= ssh-rsa AAAA\n")
        sh.run("one_function() { :; }; one_variable=1; alias one_alias=true")
        completes(sh, "cd one", "cd one-dir/")
        completes(sh, "unset -f one", "unset -f one_function ")
        completes(sh, "unset one_v", "unset one_variable ")
        completes(sh, "export one", "export one_variable ")
        completes(sh, "export X=one-f", "export X=one-file ")
        completes(sh, "unalias one", "unalias one_alias ")
        completes(sh, "type one_f", "type one_function ")
        completes(sh, "help unal", "help unalias ")
        completes(sh, "set -o pip", "set -o pipefail ")
        completes(sh, "trap 'echo' WIN", "trap 'echo' WINCH ")
        completes(sh, "vm rou", "vm router ")
        completes(sh, "vm router tr", "vm router trust ")
        completes(sh, "with -r one-f", "with -r one-file ")
        completes(sh, "with -r one-file one_f", "with -r one-file one_function ")
        completes(sh, "ls ~roo", "ls ~root/")
        completes(sh, "id roo", "id root ")
        completes(sh, "ping uniq-c", "ping uniq-c ")
        lists(sh, "ssh me@uniq", "^me@uniq-a +known to ssh$", "^me@uniq-b", "^me@uniq-c")
        lists(sh, "cd -", "^-L +keeps symbolic links")
        lists(sh, "fleetsh --", "^--help", "^--version +prints the version$")


def test_subcommands():
    """subcommands of vm, their options and each of their operands; what with, host, command and vm strace run"""
    with shell_with("one-dir/", "one-file", ".local/share/fleetsh/profile/bin/uniq-image", ".local/share/fleetsh/profile/bin/other-image") as sh:
        completes(sh, "vm ima", "vm image ")
        completes(sh, "vm image rollb", "vm image rollback ")
        completes(sh, "vm image rm uniq", "vm image rm uniq-image ")
        completes(sh, "vm image rm uniq-image oth", "vm image rm uniq-image other-image ")
        completes(sh, "vm image add -n name one-file one-d", "vm image add -n name one-file one-dir/")
        completes(sh, "vm ls --j", "vm ls --json ")
        completes(sh, "vm strace -o one-f", "vm strace -o one-file ")
        completes(sh, "vm strace -o one-file una", "vm strace -o one-file una")
        completes(sh, "with -r one-file cd one", "with -r one-file cd one-dir/")
        completes(sh, "host -- find -maxd", "host -- find -maxdepth ")
        completes(sh, "command unali", "command unalias ")
        completes(sh, "command unset -f uni", "command unset -f uni")
        completes(sh, "on far unali", "on far unalias ")
        completes(sh, "on far cd one", "on far cd one-dir/")
        completes(sh, "on -- far find -maxd", "on -- far find -maxdepth ")
        completes(sh, "vm log; cd one", "vm log; cd one-dir/")
        lists(sh, "with -", "^-n +gives this network$", "^-w ")


def test_image_spec():
    """an image's options and operands are completed as its spec says"""
    spec = """{"version": 1, "program": "/bin/busybox", "completion": {
      "options": {"-o": {"about": "writes here", "argument": "directory"}, "-q": "tells nothing",
                  "--format": {"about": "prints so", "argument": ["json", "text"]}},
      "operands": ["host", ["start", "stop"], "file"]}}"""
    with tempfile.TemporaryDirectory() as run_directory, \
            shell_with("bin/", "one-dir/", "one-file", ".ssh/config", host=False,
                       environment={"FLEETSH_ROUTER": NO_ROUTER, "XDG_RUNTIME_DIR": run_directory}) as sh:
        while "no router" not in sh.raw:  # it would be told later, over a line
            sh.run("true")
        for name, text in (("img.vm", spec), ("bad.vm", '{"version": 1, "completion": []}')):
            with open(sh.path(f"bin/{name}"), "w") as file:
                file.write(text)
                os.fchmod(file.fileno(), 0o755)
        with open(sh.path(".ssh/config"), "w") as file:
            file.write("Host uniq-host\n")
        sh.run("PATH=$PATH:$HOME/bin")
        lists(sh, "img -", "^--format +prints so$", "^-o +writes here$", "^-q +tells nothing$")
        completes(sh, "img --fo", "img --format ")
        completes(sh, "img --format js", "img --format json ")
        completes(sh, "img --format=js", "img --format=json ")
        completes(sh, "img -o one", "img -o one-dir/")
        completes(sh, "img -q uniq", "img -q uniq-host ")
        completes(sh, "img -o x -q uniq-host sto", "img -o x -q uniq-host stop ")
        completes(sh, "img h -- start one-f", "img h -- start one-file ")
        completes(sh, "img h start a b one-f", "img h start a b one-file ")
        completes(sh, "with -r /etc img --format js", "with -r /etc img --format json ")
        completes(sh, "bin/img.vm --format js", "bin/img.vm --format json ")
        completes(sh, "bad one-f", "bad one-file ")  # its error is told when it is run
        sh.run("vm stop")


def test_options_of_the_toolbox():
    """options of busybox's applets are known from their --help, and the applets are described"""
    with shell_with() as sh:
        lists(sh, "sort -", "^-n +Sort numbers$", "^-u ")
        completes(sh, "find -maxd", "find -maxdepth ")
        completes(sh, "busybox hexd", "busybox hexdump ")
        completes(sh, "busybox find -maxd", "busybox find -maxdepth ")
        lists(sh, "busybox ta", "^tac +Concatenate FILEs", "^tar +Create, extract")
        sh.run("PATH=$TOOLBOX")
        lists(sh, "ta", "^tac +Concatenate FILEs", "^tar +Create, extract")


def test_hostile_names():
    """what is listed commands the terminal nothing"""
    with shell_with("evil\x1b]0;x\x07a", "evil\x1b]0;x\x07b") as sh:
        lists(sh, "echo evil", r"evil\?\\\]0\\;x\?a +evil\?\\\]0\\;x\?b")
        assert "\x1b]0;" not in sh.told


def test_large_directory():
    """a list of very many is cut, and what they have in common is inserted"""
    with shell_with() as sh:
        os.mkdir(sh.path("many"))
        for i in range(3000):
            open(sh.path(f"many/file{i}"), "w").close()
        completes(sh, "cat many/f", "cat many/file")
        lists(sh, "cat many/file", r"\(2600 more\)$")
        open(sh.path("many/fz"), "w").close()  # is not among the first ones
        completes(sh, "cat many/f", "cat many/f")
        os.rename(sh.path("many/fz"), sh.path("many/file7x"))
        completes(sh, "cat many/f", "cat many/file")
        os.rename(sh.path("many/file7x"), sh.path("many/aa"))  # is, whenever the directory tells of it
        lists(sh, "cat many/", r"\(2601 more\)$")
        completes(sh, "cat many/a", "cat many/aa ")


def test_all_of_a_large_directory():
    """M-* inserts all there are, not those that would be listed"""
    with shell_with() as sh:
        for i in range(1000):
            open(sh.path(f"f{i:03}"), "w").close()
        sh.send("set -- f\x1b*; echo $# names\r")
        sh.until_seen("^1000 names$")


def test_quoted_directory():
    """what is listed is the name in its directory, also where that has to be quoted; what names have in common is quoted"""
    with shell_with("my dir/one a", "my dir/one$b", "my dir/one-c/") as sh:
        os.symlink("one-c", sh.path("my dir/one-d"))
        completes(sh, "ls my\\ dir/o", "ls my\\ dir/one")
        lists(sh, "ls my\\ dir/o", r"^one\\ a +one\\\$b +one-c/ +one-d/$")


def test_in_the_middle():
    """what is behind the cursor stays"""
    with shell_with("unique-file") as sh:
        sh.send("echo uni end\x1b[D\x1b[D\x1b[D\x1b[D\t")
        sh.until_last(PROMPT + "echo unique-file  end")
        sh.interrupt()


run(globals())
