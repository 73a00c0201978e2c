"""xterm.js in Chromium: the page of docs/examples/web-terminal, asked over the browser's debugging pipe."""
import json
import math
import os
import re
import subprocess
import sys

import npm
from cdp import Page
from terminal import BUILD, TOP, Terminal, need, until

SERVER = os.path.join(TOP, "docs", "examples", "web-terminal", "server.py")
PIECE = re.compile("[ -~](?![\u0300-\u036f])|[ -~]?[^ -~]+")  # a key, or what an input method gives: with its marks
CONTROL = 2  # of the debugging protocol's modifiers
KEYS = {"Enter": ("Enter", "Enter", 13, "\r"), "Tab": ("Tab", "Tab", 9, None), "Escape": ("Escape", "Escape", 27, None),
        "BackSpace": ("Backspace", "Backspace", 8, None), "Up": ("ArrowUp", "ArrowUp", 38, None),
        "Down": ("ArrowDown", "ArrowDown", 40, None), "Left": ("ArrowLeft", "ArrowLeft", 37, None),
        "Right": ("ArrowRight", "ArrowRight", 39, None), "Home": ("Home", "Home", 36, None), "End": ("End", "End", 35, None)}

# Beside the page's own handlers, which see each sequence after these.
WATCH = """(() => {
    window.seen = { titles: [], statuses: [] };
    terminal.onTitleChange((title) => seen.titles.push(title));
    for (const number of [133, 633]) terminal.parser.registerOscHandler(number, (data) => {
        const [kind, status] = data.split(";");
        if (kind === "D" && status !== undefined) seen.statuses.push(Number(status));
        return false;
    });
})()"""
LINES = """(() => {
    const buffer = terminal.buffer.active, found = [];
    for (let row = 0; row < terminal.rows; row++)
        found.push(buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? "");
    return found;
})()"""
CELL = """(() => {
    const screen = document.querySelector(".xterm-screen").getBoundingClientRect();
    return [screen.width / terminal.cols, screen.height / terminal.rows, fit.proposeDimensions()];
})()"""


class Chromium(Terminal):
    name = "xterm.js"
    knows = frozenset(("title", "titles", "cwd", "statuses", "screenshot"))
    page = None

    def start(self):
        need("chromium")
        modules = npm.modules(BUILD)
        server = self.child([sys.executable, SERVER, "--modules", modules, "--shell", self.command[0]], "server",
                            stdout=subprocess.PIPE, text=True)
        self.url = url = server.process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), f"the server said {url!r}"
        self.page = Page(self.start_browser, self.directory, url)
        until(lambda: self.page.evaluate("typeof commands === 'object' && document.readyState") == "complete", "the page")
        self.page.evaluate(WATCH)
        self.resize(self.rows, self.columns)

    def start_browser(self, command, reads, writes):
        return self.child(command, "chromium", pass_fds=(reads, writes),
                          env={**self.environment, "IN": str(reads), "OUT": str(writes), "HOME": self.directory})

    def stop(self):
        super().stop()
        if self.page:
            self.page.close()
            self.page = None

    def ended(self):
        return self.page.evaluate("ended") == "the shell has ended"

    def lines(self):
        return [line.rstrip() for line in self.page.evaluate(LINES)]

    def type(self, text):
        for piece in PIECE.findall(text):
            if piece.isascii():
                self.page.call("Input.dispatchKeyEvent", type="char", text=piece, key=piece)
            else:
                self.page.compose(piece)

    def key(self, name):
        if name.startswith("C-"):
            letter = name[2:]
            self.page.key(letter, "Key" + letter.upper(), ord(letter.upper()), CONTROL)
        else:
            key, code, number, text = KEYS[name]
            self.page.key(key, code, number, text=text)

    def paste(self, text):
        self.page.evaluate(f"terminal.paste({json.dumps(text)})")

    def resize(self, rows, columns):
        """By the window's size, as the page makes of it."""
        def fits():
            width, height, now = self.page.evaluate(CELL)
            if now and (now["rows"], now["cols"]) == (rows, columns):
                return self.page.evaluate("[terminal.rows, terminal.cols]") == [rows, columns]
            view = self.page.evaluate("[innerWidth, innerHeight]")
            if now:
                self.page.size(math.ceil(view[0] + (columns - now["cols"]) * width),
                               math.ceil(view[1] + (rows - now["rows"]) * height))
            return False
        until(fits, f"{rows} rows, {columns} columns")

    def title(self):
        return self.page.evaluate("document.title").removesuffix(" - fleetsh")

    def titles(self):
        return self.page.evaluate("seen.titles")

    def cwd(self):
        return self.page.evaluate("cwd")  # the page's own handler saw the first, before there was another

    def statuses(self):
        return self.page.evaluate("seen.statuses")

    def screenshot(self, path):
        self.page.screenshot(path)
