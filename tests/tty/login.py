#!/usr/bin/env python3
"""The login shell: start-up files, hang-up, stopped jobs at the end, no router, ssh."""
import os
import pwd
import re
import shutil
import signal
import subprocess
import time

from ptylib import FLEETSH, LIMIT, Shell, Skip, run


def write(sh_path, text):
    with open(sh_path, "w") as file:
        file.write(text)


def home_with(**files):
    """A shell that serves as a directory; HOME of the others."""
    sh = Shell()
    sh.prompt()
    for name, text in files.items():
        write(sh.path("." + name), text)
    return sh


def test_login_by_option():
    """-l reads ~/.profile, then the file that ENV names; a shell without it only the latter"""
    with home_with(profile="PS1='fs$ '; echo from profile; ENV=$HOME/.rc; export ENV; set -- a b; profile_var=1", rc="echo from rc") as home:
        with Shell("-l", directory=home.directory) as sh:
            sh.prompt()
            assert re.search("from profile\r\nfrom rc\r\n", sh.raw), sh.raw
            assert sh.run("echo $profile_var$#") == "12\n"
        with Shell(directory=home.directory, environment={"ENV": "$HOME/.rc"}) as sh:
            sh.prompt()
            assert "from rc" in sh.raw and "from profile" not in sh.raw


def test_login_by_name():
    """a name that begins with - makes a login shell; the login program's way"""
    with home_with(profile="PS1='fs$ '; echo from profile $0") as home:
        home.line(f"exec python3 -c 'import os; os.execv(\"{FLEETSH}\", [\"-fleetsh\", \"-o\", \"host\"])'")
        home.until_seen("^from profile -fleetsh$")
        home.prompt()
        home.line("exit 3")
        assert home.wait() == 3


def test_broken_start_up_files():
    """errors in start-up files are told and do not lock the user out"""
    with home_with(profile="PS1='fs$ '; nosuchcommand\n)\n", rc="${x?broken}; echo never\n") as home:
        with Shell("-l", directory=home.directory, environment={"ENV": "$HOME/.rc"}) as sh:
            sh.prompt()
            assert "nosuchcommand: not found" in sh.raw and "syntax error" in sh.raw and "broken" in sh.raw
            assert sh.run("echo works") == "works\n"


def test_messages_of_start_up_files():
    """an error in a start-up file, or one that it reads, is told with the file's name and line"""
    with home_with(profile="PS1='fs$ '\n\ncd /no/such\n. $HOME/.more\n", more="\n\nshift 9\n", rc="eval 'cd /no/such'\n") as home:
        with Shell("-l", directory=home.directory, environment={"ENV": "$HOME/.rc"}) as sh:
            sh.prompt()
            for message in (home.path(".more") + ": line 3: shift", home.path(".profile") + ": line 3: cd: /no/such",
                            home.path(".rc") + ": line 1: cd: /no/such"):
                assert "fleetsh: " + message in sh.raw, (message, sh.raw)
            assert sh.run("cd /no/such") == "fleetsh: cd: /no/such: No such file or directory\n"


def test_unreadable_home():
    """a HOME that is not there and cannot be made is no obstacle"""
    with Shell("-l", environment={"HOME": "/dev/null/home"}) as sh:
        sh.line("PS1='fs$ '")
        sh.prompt()
        assert sh.run("echo works") == "works\n"
        assert sh.run("fc -ln").endswith("\techo works\n")


def test_hang_up():
    """SIGHUP ends the shell, and its jobs hear of it"""
    with Shell() as sh:
        sh.prompt()
        sh.run("sh -c 'trap \"echo hup >hup; exit\" HUP; echo ready >ready; while :; do sleep 0.1; done' &")
        wait_for(lambda: os.path.exists(sh.path("ready")))
        os.kill(sh.pid, signal.SIGHUP)
        assert sh.wait() == -signal.SIGHUP
        wait_for(lambda: os.path.exists(sh.path("hup")))


def wait_for(condition):
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_stopped_jobs_at_the_end():
    """the end of file is taken back once while jobs are stopped, and says so"""
    with Shell() as sh:
        sh.prompt()
        sh.start("sh -c 'echo up; exec cat'")
        sh.send("\x1a")
        sh.until_seen("Stopped")
        sh.prompt()
        sh.send("\x04")
        sh.until_seen("there are stopped jobs")
        sh.prompt()
        sh.send("\x04")
        assert sh.wait() == 148


NO_ROUTER = "qemu+unix:///system?socket=/nonexistent"


def test_no_router():
    """without a router the shell starts, says so once and how to go on, and does what needs none"""
    with home_with() as home:
        os.mkdir(home.path("run"), 0o700)
        environment = {"FLEETSH_ROUTER": NO_ROUTER, "XDG_RUNTIME_DIR": home.path("run")}
        with Shell(host=False, directory=home.directory, environment=environment) as sh:
            sh.prompt()
            while "no router" not in sh.raw:  # it is sought while the user types
                sh.run("echo local works")
            assert re.search("fleetsh: no router.*/nonexistent.*`host COMMAND`.*`vm router`", sh.raw)
            sh.run("")
            assert sh.raw.count("fleetsh: no router") == 1
            assert sh.run("cd /usr; pwd; host echo yes") == "/usr\nyes\n"
            assert "no VM" in sh.run("cat </dev/null; echo $?")
            sh.run("vm stop")


DEBIANS_PROFILE = """\
if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
fi
export PATH
if [ -d /etc/profile.d ]; then
  for i in /etc/profile.d/*.sh; do
    if [ -r $i ]; then . $i; fi
  done
  unset i
fi
"""


def test_debians_profile_without_a_router():
    """a login with Debian's /etc/profile and no router is told nothing but that, and PATH begins with the toolbox"""
    with home_with(profile=DEBIANS_PROFILE) as home:
        os.mkdir(home.path("run"), 0o700)
        environment = {"FLEETSH_ROUTER": NO_ROUTER, "XDG_RUNTIME_DIR": home.path("run"), "PS1": None}
        with Shell("-l", host=False, directory=home.directory, environment=environment, columns=500) as sh:
            sh.until_seen(r"~ [#$]$")
            sh.line("echo path $PATH; id -u; type cat; unset PS1; PS1='fs$ '")
            sh.until_seen(r"^path .*:/usr/bin")
            sh.prompt()
            toolbox = os.path.join(os.path.dirname(FLEETSH), "toolbox")
            assert f"cat is {toolbox}/cat" in sh.screen.text().replace("\n", "")
            assert f"{os.getuid()}" in sh.screen.text().split("\n")
            told = [line for line in sh.raw.split("\n") if "fleetsh: " in line]
            assert all("no router" in line for line in told) and len(told) <= 1, told
            sh.run("vm stop")


def sshd_command(directory, shell):
    """A real sshd that talks over its standard input, in a mount namespace whose passwd(5) names the shell."""
    def path(name):
        return os.path.join(directory, name)
    user = pwd.getpwuid(os.getuid())
    for key in ("key", "host_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path(key)], check=True)
    shutil.copy(path("key.pub"), path("authorized"))
    os.mkdir(path("home"))
    os.mkdir(path("run"), 0o700)
    write(path("passwd"), "".join(
        f"{e.pw_name}:x:{e.pw_uid}:{e.pw_gid}::{path('home') if e.pw_uid == user.pw_uid else e.pw_dir}:"
        f"{shell if e.pw_uid == user.pw_uid else e.pw_shell}\n" for e in pwd.getpwall()))
    write(path("sshd_config"), f"HostKey {path('host_key')}\nAuthorizedKeysFile {path('authorized')}\nStrictModes no\n"
                               "UsePAM no\nPidFile none\nPermitRootLogin yes\nPrintMotd no\nPrintLastLog no\n"
                               f"SetEnv XDG_RUNTIME_DIR={path('run')} FLEETSH_ROUTER={NO_ROUTER} FLEETSH_IDLE_EXIT=5 LC_ALL=C.UTF-8\n")
    write(path("sshd"), f"mount --bind {path('passwd')} /etc/passwd && mount -t tmpfs none /run && mkdir /run/sshd &&\n"
                        f"exec {shutil.which('sshd', path=SBIN)} -i -f {path('sshd_config')} 2>>{path('log')}\n")
    return (f"ssh -F none -i {path('key')} -o UserKnownHostsFile={path('known')} -o StrictHostKeyChecking=no"
            f" -o LogLevel=ERROR -o IdentitiesOnly=yes -o ProxyCommand='unshare -m sh {path('sshd')}'")


SBIN = "/usr/sbin:/usr/local/sbin:/usr/bin"


def test_ssh():
    """a login over ssh: start-up files, terminal, job control, status; commands given to ssh run, too"""
    if not shutil.which("sshd", path=SBIN) or not shutil.which("ssh"):
        raise Skip("no sshd")
    if subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL).returncode != 0:
        raise Skip("no mount namespace of its own may be made")
    with Shell() as sh:
        sh.prompt()
        ssh = sshd_command(sh.directory, FLEETSH)
        write(sh.path("home/.profile"), "echo from profile $0; PS1='remote> '; set -o host\n")
        sh.line(f"{ssh} -tt {pwd.getpwuid(os.getuid()).pw_name}@localhost; echo status $?")
        sh.until_seen("^from profile -fleetsh$")
        sh.until_last("remote>")
        sh.line("pwd; echo $TERM $COLUMNS; tty")
        sh.until_seen("^" + sh.path("home") + r"\nxterm 80\n/dev/pts/\d+$")
        sh.line("sh -c 'echo up; exec cat'")
        sh.until_seen("^up$")
        sh.send("\x1a")
        sh.until_seen("Stopped")
        sh.until_last("remote>")
        sh.line("fg")
        sh.line("through fg")
        sh.until_seen("^through fg$")  # typed ahead of the job's modes it may not have been echoed
        sh.send("\x03")
        sh.until_last("remote>")
        sh.line("vm stop; exit 7")
        sh.until_seen("^status 7$")
        sh.prompt()
        assert sh.run(f"{ssh} localhost 'echo \"$0\" from a command; exit 9'; echo $?") == \
            "fleetsh from a command\n9\n", sh.raw[-500:]
        assert sh.run(f"echo input | {ssh} localhost 'read x; echo got $x'") == "got input\n"


run(globals())
