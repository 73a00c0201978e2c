"""What the system tests share: a shell on pipes, the processes and VMs of this test's router, TAP."""
import atexit
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.environ["TOP"]
FLEETSH = os.environ["FLEETSH"]

_number = 0
_failed = False


def check(name, holds, detail=""):
    """One TAP line."""
    global _number, _failed
    _number += 1
    print(f"{'ok' if holds else 'not ok'} {_number} - {name}", flush=True)
    if not holds:
        _failed = True
        print("# " + str(detail).replace("\n", "\n# "), flush=True)


def skip(name, reason):
    global _number
    _number += 1
    print(f"ok {_number} - {name} # skip {reason}", flush=True)


def finish():
    print(f"1..{_number}")
    sys.exit(1 if _failed else 0)


def until(condition, limit):
    """Polls; True as soon as the condition holds, False after limit seconds."""
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def environment(**changes):
    result = dict(os.environ, LC_ALL="C")
    for name, value in changes.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result


def run_in(directory, script, limit=60, **changes):
    """Runs a script in that directory; (status, stdout, stderr), status None when it hung."""
    process = subprocess.Popen([FLEETSH, "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, cwd=directory, env=environment(**changes),
                               start_new_session=True)
    try:
        out, err = process.communicate(timeout=limit)
        return process.returncode, out, err
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        return None, out, err


def run(script, limit=60, **changes):
    """The same in an empty directory."""
    with tempfile.TemporaryDirectory(prefix="fleetsh-system-") as directory:
        return run_in(directory, script, limit, **changes)


_started = []


def start(script, **changes):
    """A shell left running, in a process group of its own. A test that fails in its middle leaves none to the others."""
    shell = subprocess.Popen([FLEETSH, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, env=environment(**changes), start_new_session=True)
    _started.append(shell)
    return shell


@atexit.register
def _end_started():
    for shell in _started:
        if shell.poll() is None:
            os.killpg(shell.pid, signal.SIGKILL)


def children(pid):
    try:
        found = []
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                found += [int(word) for word in file.read().split()]
        return found
    except OSError:
        return []


def command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().replace(b"\0", b" ").decode("utf-8", "replace").strip()
    except OSError:
        return ""


def processes(pattern):
    """Pids whose command line matches, ourselves not."""
    return [int(pid) for pid in os.listdir("/proc")
            if pid.isdigit() and int(pid) != os.getpid() and re.search(pattern, command_line(pid))]


def shims(pid):
    return [child for child in children(pid) if command_line(child).startswith("vmproc-run")]


def lives(pid):
    """Whether a process runs; one that is only waited for does not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def router_pid(part):
    """Of a part of this test's router: libvirtd, avahi..."""
    with open(os.path.join(os.environ["FLEETSH_ROUTER_DIR"], part + ".pid")) as file:
        return int(file.read())


def router_start():
    """Brings back what is missing of it."""
    subprocess.run([os.path.join(TOP, "scripts", "router"), "start"], check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)


def dynamic_shim(directory):
    """Parts with a shim into which something can be preloaded, below that directory: their place, and the shim."""
    parts, build = os.path.join(directory, "libexec"), os.path.dirname(FLEETSH)
    shim = os.path.join(build, "fault", "vmproc-run")
    os.mkdir(parts)
    for part in ("vmprocd", "guest.elf", "toolbox", "vmproc-spec"):
        os.symlink(os.path.join(build, part), os.path.join(parts, part))
    os.symlink(shim, os.path.join(parts, "vmproc-run"))
    return parts, shim


def vmprocd(directory=None):
    """Pid of the vmprocd of a runtime directory, by default this test's."""
    wanted = f"XDG_RUNTIME_DIR={directory or os.environ['XDG_RUNTIME_DIR']}".encode()
    for pid in processes(r"^\S*vmprocd\b(?!.*--sweep)"):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if wanted in file.read().split(b"\0"):
                    return pid
        except OSError:
            pass
    return None


def vms(**changes):
    """Rows of `vm ls --json` as dictionaries."""
    import json
    done = subprocess.run([FLEETSH, "-c", "vm ls --json"], stdout=subprocess.PIPE, text=True, env=environment(**changes))
    return json.loads(done.stdout or "[]")


def leased():
    return [vm for vm in vms() if vm["state"] in ("leased", "running", "stopped", "suspended")]


def qemus():
    """QEMU processes of this test's vmprocd, whose number is part of each domain's name."""
    instance = vms()[0]["domain"].rpartition("-")[0]
    return processes(rf"^\S*qemu-system-x86_64 .*guest={instance}-")
