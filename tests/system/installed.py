#!/usr/bin/env python3
"""`make install` into a root of its own: what lies there runs from there, is documented, and goes with uninstall;
and what `make deb` makes of the same."""
import os
import re
import shutil
import signal
import subprocess
import tempfile

from fleet import TOP, check, finish, skip, until

BUILD = os.environ["BUILD"]


def make(*words):
    run = subprocess.run(["make", "--no-print-directory", "BUILD=" + BUILD, *words], cwd=TOP, text=True,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return run.returncode, run.stdout


def files(root):
    return {os.path.relpath(os.path.join(at, name), root) for at, _, names in os.walk(root) for name in names}


def outside_links(root):
    """Symbolic links that lead to what is not there, seen from the root as a prefix that was moved."""
    return [name for name in files(root) if os.path.islink(os.path.join(root, name))
            and not os.path.exists(os.path.join(root, name))]


def run_installed(root, home, script):
    env = {"PATH": "/usr/bin:/bin", "HOME": home, "LC_ALL": "C", "XDG_RUNTIME_DIR": os.path.join(home, "run"),
           "XDG_CACHE_HOME": home, **{name: os.environ[name] for name in ("FLEETSH_ROUTER", "DBUS_SYSTEM_BUS_ADDRESS")}}
    os.makedirs(env["XDG_RUNTIME_DIR"], 0o700, exist_ok=True)
    run = subprocess.run([os.path.join(root, "opt/fleet/bin/fleetsh"), "-c", script], cwd=home, env=env, text=True,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    return run.returncode, run.stdout, run.stderr


def running_from(prefix):
    """{pid: program}"""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            program = os.readlink(f"/proc/{pid}/exe")
        except OSError:
            continue
        if program.startswith(prefix + "/"):
            found[int(pid)] = program
    return found


def install_and_run(work):
    root, home = os.path.join(work, "root"), os.path.join(work, "home")
    prefix = os.path.join(root, "opt/fleet")
    os.mkdir(home)
    status, text = make("install", "DESTDIR=" + root, "PREFIX=/opt/fleet")
    check("make install with DESTDIR and PREFIX succeeds", status == 0, text)
    check("and puts nothing outside of the prefix", all(name.startswith("opt/fleet/") for name in files(root)), files(root))
    check("and no link that leads nowhere", not outside_links(root), outside_links(root))

    tools = os.path.join(prefix, "libexec/fleetsh/toolbox")
    expected = (0, f"ls is {tools}/ls\nA-B\n", "")
    got = run_installed(root, home, "type ls; echo a b | tr a-z A-Z | sed 's/ /-/'")
    check("the installed shell runs commands in VMs with its own parts", got == expected, got)
    found = running_from(prefix)
    parts = [os.path.join(prefix, "libexec/fleetsh", part) for part in ("vmproc-keep", "vmprocd")]
    check("its vmprocd is the installed one, below the installed vmproc-keep", sorted(found.values()) == parts, found)
    got = run_installed(root, home, "vm stop")
    check("and ends when it is told", got == (0, "", "") and until(lambda: not running_from(prefix), 10), (got, running_from(prefix)))

    for page in ("man1/fleetsh.1", "man1/vm.1", "man5/fleetsh-image.5", "man8/vmprocd.8", "man8/fleetsh-router.8"):
        check(f"{page} is installed", os.path.exists(os.path.join(prefix, "share/man", page)))
    with open(os.path.join(prefix, "lib/systemd/user/fleetsh-vmprocd.service")) as unit:
        text = unit.read()
    check("the user's unit starts the installed vmprocd", "ExecStart=/opt/fleet/libexec/fleetsh/vmprocd\n" in text, text)

    uninstall(root, prefix)


def uninstall(root, prefix):
    theirs = os.path.join(prefix, "share/man/man1/other.1")
    open(theirs, "w").close()
    status, text = make("uninstall", "DESTDIR=" + root, "PREFIX=/opt/fleet")
    check("make uninstall leaves nothing but what is others'", status == 0 and files(prefix) == {"share/man/man1/other.1"},
          (text, files(root)))


def package(work):
    if not shutil.which("dpkg-shlibdeps"):
        skip("make deb makes a package", "dpkg-shlibdeps is not installed")
        return
    status, text = make("deb")
    deb = text.strip().splitlines()[-1] if text.strip() else ""
    check("make deb makes a package", status == 0 and os.path.exists(deb), text)
    fields = subprocess.run(["dpkg-deb", "-f", deb], stdout=subprocess.PIPE, text=True).stdout
    check("which depends on the libraries of vmprocd", re.search(r"^Depends:.*\blibuv1\b.*\blibvirt0\b", fields, re.M), fields)
    root = os.path.join(work, "deb")
    subprocess.run(["dpkg-deb", "-R", deb, root], check=True)
    sums = subprocess.run(["md5sum", "--quiet", "-c", "DEBIAN/md5sums"], cwd=root, stdout=subprocess.PIPE, text=True)
    check("whose sums are right", sums.returncode == 0, sums.stdout)
    version = subprocess.run([os.path.join(root, "usr/bin/fleetsh"), "--version"], stdout=subprocess.PIPE, text=True).stdout
    check("and whose shell is of its version", re.search(r"^Version: (.*)$", fields, re.M).group(1) in version, version)
    if shutil.which("lintian"):
        lint = subprocess.run(["lintian", "--allow-root", deb], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        check("lintian has nothing to say", lint.returncode == 0 and not lint.stdout, lint.stdout)
    else:
        skip("lintian has nothing to say", "lintian is not installed")


work = tempfile.mkdtemp(prefix="fleetsh-install-")
os.chmod(work, 0o755)
try:
    install_and_run(work)
    package(work)
finally:
    for pid in running_from(work):
        os.kill(pid, signal.SIGTERM)
    shutil.rmtree(work)
finish()
