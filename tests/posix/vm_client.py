#!/usr/bin/env python3
"""The vm utility against a scripted vmprocd: what it asks, shows, and does not believe."""
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import traceback

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLEETSH = os.environ.get("FLEETSH") or os.path.join(os.environ.get("BUILD", os.path.join(TOP, "build")), "fleetsh")
with open(os.path.join(TOP, "vmproc", "vmprocd_proto.h")) as header:
    VERSION = int(re.search(r"VMP_VERSION +(\d+)u", header.read()).group(1))
LIST, ROUTER, KILL, SHUTDOWN, OK, ERROR, VM, ROUTER_INFO, END = 6, 7, 8, 9, 66, 67, 69, 70, 71


def packet(kind, body=b"", version=VERSION, length=None):
    return struct.pack("<HHI", version, kind, len(body) if length is None else length) + body


def vm(number=1, state=2, pid=10, pgid=10, command=b"sleep 5", image=b"/bin/sleep"):
    return packet(VM, struct.pack("<QIIIIQQQII4Q64s64s256s256s", number, state, pid, pgid, 9, 16 << 20, 65250, 1250, 1, 0,
                                  0, 0, 0, 0, b"fleetsh-%d" % number, b"here", command, image))


def router():
    return packet(ROUTER_INFO, struct.pack("<64s128s32s16s32s256sIIQQQIIII72s5QIIII32s128s128s", b"here", b"qemu:///system", b"DNS-SD", b"tcg",
                                           b"connected", b"", 4, 1, 71234, 1402, 17, 0, 0, 1, 0, b"sha256:" + b"ab" * 32,
                                           4 << 30, 0, 5000, 20000, 1000, 2, 8, 1, 0, b"x86_64", b"", b""))


def error(text):
    return packet(ERROR, struct.pack("<II504s", 7, 0, text))


def ask(command, answer, **options):
    """Runs command in fleetsh; the daemon answers each question with the packets of answer. Returns what it was asked, too."""
    asked = []
    with tempfile.TemporaryDirectory(prefix="fleetsh-vm-") as directory:
        os.mkdir(os.path.join(directory, "fleetsh"), 0o700)
        server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        server.bind(os.path.join(directory, "fleetsh", "vmprocd.sock"))
        server.listen(5)

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(4096))
                    for one in answer:
                        try:
                            connection.send(one)
                        except OSError:
                            break

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            done = subprocess.run([FLEETSH, "-o", "host", "-c", command], stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=60, env={"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": directory, **options})
        finally:
            server.shutdown(socket.SHUT_RDWR)
            server.close()
            thread.join()
    return done.returncode, done.stdout.decode(), done.stderr.decode(), asked


def test_ls():
    """vm ls prints an aligned table, sorted by number"""
    status, out, err, asked = ask("vm ls", [vm(12, 1, 0, 0, b"", b""), vm(3), packet(END)])
    assert (status, err) == (0, ""), err
    assert out == ("VM  JOB  STATE    MEMORY  AGE    ROUTER  IMAGE       COMMAND\n"
                   "3   -    running  16M     1m05s  here    /bin/sleep  sleep 5\n"
                   "12  -    warm     16M     1m05s  here    -           -\n"), out
    assert asked == [packet(LIST)]


def test_ls_json():
    """vm ls --json is JSON, whatever bytes a command has"""
    status, out, _, _ = ask("vm ls --json", [vm(command=b'a "b\\ \x01\xc3\xa9 \xff\xc3'), packet(END)])
    rows = json.loads(out)
    assert status == 0 and len(rows) == 1
    assert rows[0]["command"] == 'a "b\\ ?\u00e9 \ufffd\ufffd', rows
    assert rows[0]["memory_bytes"] == 16 << 20 and rows[0]["job"] is None and rows[0]["wired_in"] is True


def test_control_characters():
    """control characters of a command do not reach the terminal"""
    _, out, _, _ = ask("vm ls", [vm(command=b"x\x1b[31m\ny"), packet(END)])
    assert "x?[31m?y" in out and "\x1b" not in out


def test_text_without_end():
    """a field that is full to its last byte is cut, not overrun"""
    _, out, _, _ = ask("vm ls", [vm(command=b"c" * 256, image=b"i" * 256), packet(END)])
    assert "c" * 255 in out and "c" * 256 not in out


def test_info():
    """vm info tells about one VM"""
    status, out, _, _ = ask("vm info 3", [vm(2), vm(3), packet(END)])
    assert status == 0 and "vm:       3\n" in out and "vm:       2\n" not in out and "wired:    input\n" in out
    status, out, err, _ = ask("vm info 4", [vm(3), packet(END)])
    assert status == 1 and out == "" and "no such VM" in err


def test_info_of_a_job():
    """vm info %1 tells about the VMs of a job"""
    status, out, _, _ = ask("set -m; sleep 50 & vm info %1; echo $?; kill %1; wait", [vm(3), packet(END)])
    assert out.startswith("1\n"), out


def test_router():
    """vm router tells where VMs run and how fast they start"""
    status, out, _, asked = ask("vm router", [router(), packet(END)])
    assert status == 0 and asked == [packet(ROUTER)]
    for line in ("uri:          qemu:///system", "found by:     DNS-SD", "accelerator:  tcg", "cold start:   71.23 ms",
                 "warm start:   1.40 ms", "certificate:  sha256:" + "ab" * 32 + " (known)", "VMs:          4 warm, 1 in use, 17 started"):
        assert line in out, out
    _, out, _, _ = ask("vm router --json", [router(), packet(END)])
    assert json.loads(out)[0]["cold_start_us"] == 71234


def test_kill_and_stop():
    """vm kill and vm stop send what they should"""
    status, _, _, asked = ask("vm kill 7 8", [packet(OK)])
    assert status == 0 and asked == [packet(KILL, struct.pack("<Q", n)) for n in (7, 8)]
    status, _, _, asked = ask("vm stop", [packet(OK)])
    assert status == 0 and asked == [packet(SHUTDOWN)]


def test_error():
    """an error of vmprocd is told"""
    status, _, err, _ = ask("vm kill 7", [error(b"no VM 7")])
    assert status == 1 and err == "fleetsh: line 1: vm: no VM 7\n", err


def test_malformed():
    """malformed packets are refused"""
    for name, answer in (("short record", [packet(VM, b"x" * 695)]), ("wrong type", [packet(OK)]), ("short head", [b"x"]),
                         ("lying length", [packet(VM, b"x", length=9)]), ("body of END", [packet(END, b"x")]),
                         ("huge", [packet(VM, b"x" * 5000)]), ("short error", [packet(ERROR, b"x")])):
        status, out, err, _ = ask("vm ls", answer)
        assert status == 1 and out == "" and "malformed" in err, (name, status, out, err)


def test_other_version():
    """another version of vmprocd is told as such"""
    status, _, err, _ = ask("vm ls", [packet(END, version=VERSION + 1)])
    assert status == 1 and "another version" in err, err


def test_silence():
    """a vmprocd that closes without an answer is told"""
    status, _, err, _ = ask("vm ls", [vm()])
    assert status == 1 and "ended before it answered" in err, err


failed = False
tests = [value for name, value in list(globals().items()) if name.startswith("test_")]
for number, test in enumerate(tests, 1):
    try:
        test()
        print(f"ok {number} - {test.__doc__}", flush=True)
    except Exception:
        failed = True
        print(f"not ok {number} - {test.__doc__}", flush=True)
        for line in traceback.format_exc().splitlines():
            print(f"# {line}", flush=True)
print(f"1..{len(tests)}")
sys.exit(1 if failed else 0)
