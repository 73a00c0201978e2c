"""ptylib - a shell on a pseudo-terminal, for the tests of what a user sees.

A Shell is started with a clean environment in a directory of its own. Nothing here sleeps: every wait is for an event
and has a deadline. Tests are functions in order; run(globals()) prints TAP.
"""
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
import traceback
import unicodedata

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLEETSH = os.environ.get("FLEETSH") or os.path.join(os.environ.get("BUILD", os.path.join(TOP, "build")), "fleetsh")
LIMIT = 10.0  # seconds for one wait: a hang, not a slow machine
PROMPT = "fs$ "


# What the shell tells the terminal beside text (shell/terminal.h): OSC sequences, and the modes it switches off.
MODES = ("\x1b[?2026l\x1b[m\x1b(B\x0f\x1b[4l\x1b[?1l\x1b>\x1b[?5;45;69l\x1b[?9;1000;1002;1003;1005;1006;1015;1016l"
         "\x1b[?1004;2004;2031;2048l\x1b[=0u\x1b[>4m\x1b[?25;7h\x1b[?1047l\x1b[0 q\x1b7\x1b[r\x1b8\x1b[J")
FRESH = "\x1b[?7h\x1b[m\x1b[2m\u23ce\x1b[m"  # then blanks: the prompt is on a row of its own
MARKS = re.compile(r"\x1b\\|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|" + re.escape(FRESH) + r" *\r\x1b\[K|" + re.escape(MODES), re.S)


def unfinished(text):
    """Where a sequence that MARKS may match has begun at the end of text; its length if there is none."""
    at = text.rfind("\x1b]")
    if at >= 0 and not re.search(r"\x07|\x1b\\", text[at:]):
        return at
    at = text.rfind(FRESH)
    if at >= 0 and "\r\x1b[K" not in text[at:]:
        return at
    return min((len(text) - n for whole in (MODES, FRESH) for n in range(len(whole) - 1, 0, -1) if text.endswith(whole[:n])),
               default=len(text))


class Timeout(AssertionError):
    pass


class Skip(Exception):
    """Raised by a test that cannot be done here; its text says why."""


class Screen:
    """As much of a terminal as the line editor and vm top use: cursor movements, erasing, wrapping; no attributes."""

    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.below = None  # cells and cursor of the normal screen while the alternate one is shown
        self.wrap = False  # the last column was written: the next character goes to the next line
        self.rest = ""
        self.saved = (0, 0, False)

    def feed(self, text):
        text, self.rest = self.rest + text, ""
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                found = re.compile(r"\x1b(?:\[([0-9;?<=>]* ?)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-Za-z]|[=>78M\\])").match(text, at)
                if not found:
                    if len(text) - at < 40 or text[at + 1] == "]":
                        self.rest = text[at:]
                        return
                    at += 1
                    continue
                if found.group(2):
                    self.control(found.group(1), found.group(2))
                elif found.group() == "\x1b7":
                    self.saved = self.row, self.column, self.wrap
                elif found.group() == "\x1b8":
                    self.row, self.column, self.wrap = self.saved
                at = found.end()
            else:
                self.put(text[at])
                at += 1

    def line_feed(self):
        if self.row == self.rows - 1:
            self.cells.pop(0)
            self.cells.append([" "] * self.columns)
        else:
            self.row += 1

    def put(self, c):
        if c == "\r":
            self.column, self.wrap = 0, False
        elif c == "\n":
            self.line_feed()
            self.wrap = False
        elif c == "\b":
            self.column, self.wrap = max(0, self.column - 1), False
        elif c == "\t":
            self.column = min(self.columns - 1, self.column // 8 * 8 + 8)
        elif c >= " " and unicodedata.combining(c):
            self.cells[self.row][self.column - (0 if self.wrap else 1)] += c
        elif c >= " ":
            width = 2 if unicodedata.east_asian_width(c) in "WF" else 1
            if self.wrap or self.column + width > self.columns:
                self.column, self.wrap = 0, False
                self.line_feed()
            self.cells[self.row][self.column] = c
            if width == 2:
                self.cells[self.row][self.column + 1] = ""  # its right half
            if self.column + width == self.columns:
                self.column, self.wrap = self.columns - 1, True
            else:
                self.column += width

    def control(self, parameters, final):
        numbers = [int(n) if n.isdigit() else 0 for n in parameters.strip("?<=> ").split(";")]
        n = max(1, numbers[0])
        line = self.cells[self.row]
        self.wrap = self.wrap and final in "mhl"  # colours and modes leave it
        if final == "A":
            self.row = max(0, self.row - n)
        elif final == "B":
            self.row = min(self.rows - 1, self.row + n)
        elif final == "C":
            self.column = min(self.columns - 1, self.column + n)
        elif final == "D":
            self.column = max(0, self.column - n)
        elif final == "G":
            self.column = min(self.columns, n) - 1
        elif final == "d":
            self.row = min(self.rows, n) - 1
        elif final == "b":
            before = line[self.column - 1]
            for _ in range(n):
                self.put(before)
        elif final in "Hf":
            self.row = min(self.rows, n) - 1
            self.column = min(self.columns, max(1, numbers[1] if len(numbers) > 1 else 1)) - 1
        elif final == "K":
            line[self.column:] = [" "] * (self.columns - self.column)
        elif final == "J":
            first = 0 if numbers[0] == 2 else self.row + 1
            line[0 if numbers[0] == 2 else self.column:] = [" "] * (self.columns - (0 if numbers[0] == 2 else self.column))
            for row in range(first, self.rows):
                self.cells[row] = [" "] * self.columns
        elif final == "P":
            del line[self.column:self.column + n]
            line += [" "] * n
        elif final == "@":
            line[self.column:self.column] = [" "] * n
            del line[self.columns:]
        elif final == "X":
            line[self.column:self.column + n] = [" "] * n
            del line[self.columns:]
        elif parameters == "?1049" and final == "h":
            self.below = self.cells, self.row, self.column
            self.cells = [[" "] * self.columns for _ in range(self.rows)]
        elif parameters == "?1049" and final == "l" and self.below:
            (self.cells, self.row, self.column), self.below = self.below, None
        # other h and l, m and the rest change no cell

    def text(self):
        """What is seen, without blank lines at the end."""
        return "\n".join("".join(row).rstrip() for row in self.cells).rstrip("\n")

    def last(self):
        """The line that the cursor is in."""
        return "".join(self.cells[self.row]).rstrip()


class Shell:
    def __init__(self, *arguments, environment=None, rows=24, columns=80, directory=None, prompt=PROMPT, host=True):
        self.own = directory is None
        self.directory = directory or tempfile.mkdtemp(prefix="fleetsh-tty-")
        self.told = ""  # all output so far
        self.raw = ""  # without what MARKS matches
        self.unfinished = ""  # a sequence whose end has not come
        self.seen = 0  # expect() looks behind this
        self.screen = Screen(rows, columns)
        self.status = None
        values = {"PATH": os.environ["PATH"], "HOME": self.directory, "TERM": "xterm", "LC_ALL": "C.UTF-8",
                  "PS1": prompt, "PS2": "> ", "TMPDIR": self.directory}
        values.update(environment or {})
        values = {name: value for name, value in values.items() if value is not None}
        ready, begin = os.pipe()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.close(begin)
            os.read(ready, 1)  # the size is set
            os.close(ready)
            try:
                os.chdir(self.directory)
                os.execve(FLEETSH, [FLEETSH, *(["-o", "host"] if host else []), *arguments], values)
            finally:  # it is a copy of the test: it must not go on
                os._exit(127)
        os.close(ready)
        self.resize(rows, columns, new=True)
        os.close(begin)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.status is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            os.waitpid(self.pid, 0)
            self.status = -1
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
        if self.own:
            shutil.rmtree(self.directory, ignore_errors=True)

    def resize(self, rows, columns, new=False):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if not new:
            self.screen = Screen(rows, columns)

    def send(self, text):
        data = text.encode("utf-8", "surrogateescape")
        while data:
            data = data[os.write(self.fd, data):]

    def line(self, text):
        self.send(text + "\r")

    def pump(self, deadline):
        """Reads once. False when the terminal is closed."""
        left = deadline - time.monotonic()
        ready = select.select([self.fd], [], [], max(0, left))[0]
        if not ready:
            raise Timeout(f"nothing within {LIMIT} s; unseen: {self.raw[self.seen:]!r}\nscreen:\n{self.screen.text()}")
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        text = data.decode("utf-8", "replace")
        self.told += text
        self.screen.feed(text)
        text = MARKS.sub("", self.unfinished + text)
        end = unfinished(text)
        self.raw, self.unfinished = self.raw + text[:end], text[end:]
        return bool(data)

    def expect(self, pattern):
        """Waits until new output matches the regular expression; returns the match. Control sequences are taken out."""
        deadline = time.monotonic() + LIMIT
        while True:
            found = re.search(pattern, self.raw[self.seen:], re.S)
            if found:
                self.seen += found.end()
                return found
            if not self.pump(deadline):
                raise AssertionError(f"closed before {pattern!r}; unseen: {self.raw[self.seen:]!r}")

    def until(self, condition, what):
        """Waits until condition(screen) holds."""
        deadline = time.monotonic() + LIMIT
        while not condition(self.screen):
            try:
                alive = self.pump(deadline)
            except Timeout as error:
                raise Timeout(f"{what}: {error}") from None
            if not alive:
                raise AssertionError(f"closed before: {what}\nscreen:\n{self.screen.text()}")

    def until_last(self, text):
        self.until(lambda screen: screen.last() == text, f"cursor's line {text!r}")

    def until_seen(self, pattern):
        self.until(lambda screen: re.search(pattern, screen.text(), re.M), f"screen shows {pattern!r}")

    def prompt(self):
        """Waits for an empty prompt."""
        self.until_last(PROMPT.rstrip())

    def interrupt_command(self, *screens):
        """
        Sends ^C to a command that it ends, and waits for the prompt, or until the screen ends with one of these texts. The kernel sends
        the signal before it echoes the key, so that the echo may come behind the prompt.
        """
        self.send("\x03")
        self.until(lambda screen: screen.text().endswith(screens or ("fs$", "fs$ ^C")), f"an empty prompt, or ^C behind it {screens!r}")

    def run(self, command):
        """Types a command; waits until it has run and the next prompt is there. Returns what it wrote."""
        self.seen = len(self.raw)
        self.line(command)
        # The line editor switches bracketed paste off when a line is complete, and on for the next one.
        output = self.expect(r"\x1b\[\?2004l(.*?)\x1b\[\?2004h").group(1).replace("\r", "")
        self.prompt()
        return output

    def start(self, command, sign="up"):
        """Types a command and waits until it has written the line sign: from then on it has the terminal."""
        self.seen = len(self.raw)
        self.line(command)
        self.expect(r"2004l(?:.*\r\n)?" + sign + r"\r\n")

    def interrupt(self):
        """Types ^C at the prompt; waits for the next one."""
        self.seen = len(self.raw)
        self.send("\x03")
        self.expect(r"\x1b\[\?2004l.*?\x1b\[\?2004h")
        self.prompt()

    def wait(self):
        """Waits for the shell's end; returns its status, negative for a signal."""
        deadline = time.monotonic() + LIMIT
        while self.pump(deadline):
            pass
        _, status = os.waitpid(self.pid, 0)
        self.status = os.waitstatus_to_exitcode(status)
        return self.status

    def path(self, name):
        return os.path.join(self.directory, name)


def shell_after(*commands, **options):
    """A shell that has run these, with nothing on its screen but the prompt."""
    sh = Shell(**options)
    sh.prompt()
    for command in commands:
        sh.run(command)
    sh.run("clear")
    return sh


def run(namespace):
    """Runs the test_ functions in the order of their definition; the docstring is the test's name."""
    if not os.access(FLEETSH, os.X_OK):
        sys.exit(f"{FLEETSH}: not built")
    tests = [value for name, value in namespace.items() if name.startswith("test_")]
    wanted = [word for word in sys.argv[1:] if not word.startswith("/")]
    failed = False
    if wanted:
        tests = [test for test in tests if any(word in test.__name__ for word in wanted)]
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} - {test.__doc__}", flush=True)
        except Skip as reason:
            print(f"ok {number} - {test.__doc__} # skip {reason}", flush=True)
        except Exception:
            failed = True
            print(f"not ok {number} - {test.__doc__}", flush=True)
            for line in traceback.format_exc().splitlines():
                print(f"# {line}", flush=True)
    print(f"1..{len(tests)}")
    sys.exit(1 if failed else 0)
