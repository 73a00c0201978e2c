#!/usr/bin/env python3
"""docs/examples/web-terminal in Chromium: what it makes of the marks, and who gets nothing from its server."""
import http.client
import sys
import urllib.parse

import tap
from chromium import Chromium
from headless import Headless
from player import Player
from terminal import until

START = ("login", [("see", "^profile read$"), ("prompt",)])


def test_marks(home):
    """the page knows each command and its status, shows those that failed, and jumps from prompt to prompt"""
    terminal = home.start(Chromium)
    page = terminal.page
    try:
        Player(terminal).play([
            START,
            ("commands", [("line", "echo one;"), ("prompt",), ("line", "false"), ("prompt",), ("key", "Enter"), ("prompt",)]),
            ("a failure is told", [("line", "mkdir sub; cd sub; (exit 3)"), ("prompt",), ("status", 3)]),
        ])
        known = "commands.filter((c) => c.status !== undefined).map((c) => [c.text, c.status])"
        assert page.evaluate(known) == [["echo one;", 0], ["false", 1], ["mkdir sub; cd sub; (exit 3)", 3]], page.evaluate(known)
        until(lambda: page.evaluate("document.querySelectorAll('.mark.failed').length") == 2, "two red marks")
        assert page.evaluate("document.getElementById('status').textContent") == "status 3"
        assert page.evaluate("document.getElementById('directory').textContent") == home.path + "/sub"
        assert page.evaluate("document.title") == "~/sub - fleetsh"
        Player(terminal).play([("many lines", [
            ("line", "i=0; while [ $i -lt 60 ]; do echo row $i; i=$((i+1)); done"), ("see", "^row 59$"), ("prompt",)])])
        top = "terminal.buffer.active.viewportY"
        page.evaluate("document.getElementById('previous').click()")
        until(lambda: page.evaluate(f"{top} === commands.at(-2).prompt.line"), "the view is at the loop's prompt")
        page.key("ArrowUp", "ArrowUp", 38, 2 | 8)  # Ctrl and Shift
        until(lambda: page.evaluate(f"{top} === commands.at(-3).prompt.line"), "the view is at the prompt before it")
        page.evaluate("document.getElementById('next').click()")
        until(lambda: page.evaluate(f"{top} === commands.at(-2).prompt.line"), "the view is at the loop's prompt again")
    finally:
        terminal.stop()


def test_refusals(home):
    """without the token, by another name and for other files the server refuses"""
    terminal = home.start(Chromium)
    try:
        url = urllib.parse.urlsplit(terminal.url)
        token = url.fragment

        def status(method, path, headers, body=None):
            connection = http.client.HTTPConnection("127.0.0.1", url.port, timeout=30)
            try:
                connection.request(method, path, body, headers)
                return connection.getresponse().status
            finally:
                connection.close()
        assert status("GET", "/", {}) == 200
        assert status("GET", "/", {"Host": "evil.example"}) == 403
        assert status("GET", "/output", {}) == 403
        assert status("GET", "/output", {"X-Token": token[:-1]}) == 403
        assert status("GET", "/output", {"X-Token": token, "Host": "evil.example"}) == 403
        assert status("POST", "/input", {"X-Token": "", "X-Shell": "x"}, "id\r") == 403
        assert status("POST", "/input", {"X-Token": token, "X-Shell": "x"}, "id\r") == 410
        for path in ("/../server.py", "/server.py", "//etc/passwd", "/%2e%2e/server.py"):
            assert status("GET", path, {"X-Token": token}) == 404, path
    finally:
        terminal.stop()


def test_vscode(home):
    """under VS Code the terminal sees OSC 633 with the command, the nonce, the directory and the status"""
    terminal = home.start(Headless, TERM_PROGRAM="vscode", VSCODE_NONCE="n-1")
    try:
        Player(terminal).play([START, ("commands", [("line", "echo 'a;b'"), ("prompt",), ("line", "false"), ("prompt",),
                                                    ("status", 1)])])
        marks = terminal.ask("seen", "marks")
        assert marks[:2] == [f"P;Cwd={home.path}", "A"] and "E;echo 'a\\x3bb';n-1" in marks, marks
        assert marks[marks.index("E;false;n-1"):][:3] == ["E;false;n-1", "C", "D;1"], marks
    finally:
        terminal.stop()


sys.exit(tap.run([(test.__doc__, test) for test in (test_marks, test_refusals, test_vscode)]))
