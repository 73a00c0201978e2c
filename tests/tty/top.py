#!/usr/bin/env python3
"""vm top on a terminal, against a scripted vmprocd: what it shows, asks and survives."""
import os
import re
import signal
import socket
import struct
import termios
import threading

from ptylib import FLEETSH, TOP, Shell, run

with open(os.path.join(TOP, "vmproc/vmprocd_proto.h"), encoding="utf-8") as header:
    VERSION = int(re.search(r"VMP_VERSION +(\d+)u", header.read()).group(1))
LIST, KILL, MEASURE, OK, ERROR, VM, END = 6, 8, 11, 66, 67, 69, 71
MIB = 1 << 20


def packet(kind, body=b""):
    return struct.pack("<HHI", VERSION, kind, len(body)) + body


def vm(number, state=2, command=b"sleep 5", cpu_ms=0, resident=20 * MIB, in_out=(0, 0), pid=0, age=65250, run_ms=1250):
    return packet(VM, struct.pack("<QIIIIQQQII4Q64s64s256s256s", number, state, pid, pid, 9, 512 * MIB, age, run_ms, 0, 0,
                                  cpu_ms * 1000000, resident, *in_out, b"fsh-%d" % number, b"here", command,
                                  b"/usr/bin/" + command.split(b" ")[0] if command else b""))


class Daemon:
    """Listens where sh expects vmprocd; rows(turn) are the VMs of the turn-th sample, None: the connection closes."""

    def __init__(self, directory, rows):
        self.rows, self.asked, self.turn = rows, [], 0
        os.mkdir(os.path.join(directory, "fleetsh"), 0o700)
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.server.bind(os.path.join(directory, "fleetsh", "vmprocd.sock"))
        self.server.listen(5)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.server.accept()
            with connection:
                while self.answer(connection):
                    pass

    def answer(self, connection):
        try:
            request = connection.recv(4096)
        except ConnectionResetError:  # it left with an answer unread
            return False
        if not request:
            return False
        _, kind, _ = struct.unpack_from("<HHI", request)
        if kind == LIST:
            self.turn += 1
            rows = self.rows(self.turn)
            if rows is None:
                return False
            for row in rows:
                connection.send(row)
            connection.send(packet(END))
        else:
            if kind != MEASURE:
                self.asked.append((kind, struct.unpack_from("<Q", request, 8)[0]))
            connection.send(packet(OK))
        return True


def shell(rows=24, columns=80, **environment):
    sh = Shell(rows=rows, columns=columns, environment={"XDG_RUNTIME_DIR": "", **environment})
    sh.prompt()
    return sh


def top(sh, rows, arguments=""):
    """Starts a vmprocd and vm top in sh's directory."""
    os.chmod(sh.directory, 0o700)
    daemon = Daemon(sh.directory, rows) if rows else None
    sh.line(f"XDG_RUNTIME_DIR=$HOME vm top -d 0.1 {arguments}")
    return daemon


def leave(sh):
    sh.seen = len(sh.raw)
    sh.send("q")
    sh.expect(r"1049l.*2004h")


def test_screen():
    """a screen of 80 columns and 24 lines shows a line per VM, what runs first"""
    with shell() as sh:
        top(sh, lambda turn: [vm(3, 1, b"", run_ms=0), vm(12, cpu_ms=100 * turn, command=b"grep -q x f", in_out=(1500000, 12))])
        sh.until_seen(r"^ *12 - +running +[0-9.]+ .*\n *3 - +warm +0.0 ")
        lines = sh.screen.text().splitlines()
        assert lines[0] == "2 VMs: 1 running, 0 stopped, 1 warm  CPU " + lines[0][41:].split("%")[0] + "%  memory 40M  router here", lines[0]
        assert lines[2] == "   VM JOB  STATE     CPU%   MEM    IN   OUT    AGE IMAGE      COMMAND", lines[2]
        assert lines[3].startswith("   12 -    running "), lines[3]
        assert lines[3].endswith("   20M 1465K    12   1.2s grep       grep -q x f"), lines[3]
        assert lines[4] == "    3 -    warm       0.0   20M     0     0  1m05s -          -", lines[4]
        assert len(lines) == 24 and lines[23].startswith("q quit  s stop"), lines[-1]
        assert all(len(line) <= 80 for line in lines)
        leave(sh)


def test_narrow():
    """a narrow screen leaves columns out, the command stays; one that is too small says so; both recover"""
    with shell() as sh:
        top(sh, lambda turn: [vm(7, command=b"sort -u")])
        sh.until_seen("sort -u")
        for rows, columns, expected in ((10, 44, r"^ *7 - +running +[0-9.]+ +20M +sort -u$"), (4, 80, "^too small$"),
                                        (24, 80, r"1.2s sort +sort -u$")):
            sh.resize(rows, columns)
            sh.until_seen(expected)
        leave(sh)


def test_kill_asks():
    """k kills the selected VM when y follows, and nothing else does"""
    with shell() as sh:
        daemon = top(sh, lambda turn: [vm(1), vm(2), vm(3)])
        sh.until_seen("^ *3 -")
        sh.send("\x1bOB")
        sh.send("k")
        sh.until_seen(r"^y kills VM 2 \(sleep 5\)")
        sh.send("n")
        sh.send("k")
        sh.until_seen(r"^y kills VM 2")
        sh.send("y")
        sh.until_seen(r"^killed VM 2")
        assert daemon.asked == [(KILL, 2)], daemon.asked
        leave(sh)


def test_sort():
    """keys sort by a column, r reverses, and the selection stays with its VM"""
    with shell() as sh:
        daemon = top(sh, lambda turn: [vm(n, resident=n * MIB) for n in (1, 2, 3)])
        def order(screen):
            return [line.split()[0] for line in screen.text().splitlines()[3:6]]
        sh.until(lambda screen: order(screen) == ["1", "2", "3"], "by state and number")
        sh.send("M")
        sh.until(lambda screen: order(screen) == ["3", "2", "1"], "by memory")
        sh.send("r")
        sh.until(lambda screen: order(screen) == ["1", "2", "3"], "reversed")
        sh.send("M")
        sh.until(lambda screen: order(screen) == ["3", "2", "1"], "by memory again")
        sh.send("k")
        sh.until_seen("^y kills VM 1 ")
        sh.send("n")
        assert daemon.asked == []
        leave(sh)


def test_no_daemon():
    """without vmprocd the view says so and goes on, and shows what comes later"""
    with shell() as sh:
        top(sh, None)
        sh.until_seen("^no VMs: vmprocd does not run$")
        os.makedirs(os.path.join(sh.directory, "fleetsh"), 0o700, exist_ok=True)
        os.rmdir(os.path.join(sh.directory, "fleetsh"))
        Daemon(sh.directory, lambda turn: [vm(5)])
        sh.until_seen("^ *5 - +running")
        leave(sh)


def test_daemon_ends():
    """a vmprocd that ends under the view is said, and so is one that talks nonsense"""
    with shell() as sh:
        top(sh, lambda turn: [vm(5)] if turn < 3 else None if turn == 3 else [packet(VM, b"short")] if turn < 9 else [])
        sh.until_seen("^ *5 - +running")
        sh.until_seen("^vmprocd has ended$")
        sh.until_seen("^vmprocd is of another version")
        sh.until_seen("^0 VMs: ")
        leave(sh)


def test_control_characters():
    """what a command is called cannot write on the terminal"""
    with shell() as sh:
        top(sh, lambda turn: [vm(5, command=b"a\x1b[31mb\x07\xffc")])
        sh.until_seen(r"\?\[31mb\?")
        assert "\x1b[31m" not in sh.raw
        leave(sh)


def test_unknown_terminal():
    """a terminal type that is not known is an error, with a way out"""
    with shell(TERM="no-such-terminal") as sh:
        output = sh.run("vm top; echo =$?")
        assert "vm top: the terminal type no-such-terminal is not known" in output, output
        assert "=1\n" in output, output


def modes(sh):
    _, _, _, lflag, *_ = termios.tcgetattr(sh.fd)
    return bool(lflag & termios.ICANON), bool(lflag & termios.ECHO)


def test_signals():
    """^C, ^Z and TERM leave the terminal as it was; the job can be continued"""
    with shell() as sh:
        top(sh, lambda turn: [vm(5)])
        sh.until_seen("^ *5 -")
        assert modes(sh) == (False, False)
        sh.send("\x03")
        sh.until_seen(r"^fs\$$")
        assert sh.run("echo $?") == "130\n"
        sh.run("trap 'echo \"canonical\"' USR1")
        sh.line("XDG_RUNTIME_DIR=$HOME vm top -d 0.1")
        sh.until_seen("^ *5 -")
        sh.send("\x1a")
        sh.until_seen("Stopped")
        sh.prompt()
        sh.line("fg")
        sh.until_seen("^ *5 -")
        leave(sh)
        assert sh.run("stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e echo") == "icanon\necho\n"


def test_hang_up():
    """a terminal that goes away ends it"""
    sh = shell()
    top(sh, lambda turn: [vm(5)])
    sh.until_seen("^ *5 -")
    with open(f"/proc/{sh.pid}/task/{sh.pid}/children") as file:
        pid = int(file.read().split()[-1])
    gone = os.pidfd_open(pid)
    os.close(sh.fd)
    sh.fd = -1
    import select
    assert select.select([gone], [], [], 10)[0], "vm-top still runs"
    os.close(gone)
    sh.close()


run(globals())
