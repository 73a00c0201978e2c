"""player - does a session's actions at one terminal."""
import re
import unicodedata

import session
from terminal import until


class Player:
    """Does a session's actions at one terminal."""

    def __init__(self, terminal, screenshot=None):
        self.terminal, self.picture = terminal, screenshot

    def play(self, steps):
        for name, actions in steps:
            for action, *operands in actions:
                try:
                    getattr(self, action)(*operands)
                except AssertionError as error:
                    raise AssertionError(f"{self.terminal.name}, {name}: {action} {operands}: {error}") from None

    def lines(self):
        """With characters decomposed: some terminals compose them."""
        return [unicodedata.normalize("NFD", line) for line in self.terminal.lines()]

    def screen(self):
        return "\n".join("| " + line for line in self.lines()).rstrip("| \n")

    def wait(self, condition):
        until(condition, "", self.screen)

    def is_last(self, text):
        lines = self.lines()
        while lines and not lines[-1]:
            lines.pop()
        return bool(lines) and lines[-1] == text

    def matches(self, pattern):
        return sum(1 for line in self.lines() if re.search(pattern, line))

    def line(self, text):
        self.terminal.type(text)
        self.last(f"{session.PROMPT} {text}")
        self.terminal.key("Enter")

    def type(self, text):
        self.terminal.type(text)

    def key(self, name):
        self.terminal.key(name)

    def paste(self, text):
        self.terminal.paste(text)

    def see(self, pattern):
        self.wait(lambda: self.matches(pattern))

    def once(self, pattern):
        self.wait(lambda: self.matches(pattern) == 1)

    def unseen(self, pattern):
        assert not self.matches(pattern), self.screen()

    def last(self, text):
        self.wait(lambda: self.is_last(text))

    def prompt(self):
        self.last(session.PROMPT)

    def resize(self, rows, columns):
        self.terminal.resize(rows, columns)

    def ended(self):
        until(self.terminal.ended, "the terminal ends")

    def told(self, what, expected):
        """Where the terminal knows it."""
        if what in self.terminal.knows:
            ask = getattr(self.terminal, what)
            until(lambda: ask() == expected, f"{what} {expected!r}", lambda: f"it is {ask()!r}\n{self.screen()}")

    def title(self, text):
        self.told("title", text)

    def cwd(self, path):
        self.told("cwd", path)

    def output(self, text):
        self.told("output", text)

    def clip(self, text):
        if "clipboard" in self.terminal.knows:
            self.terminal.set_clipboard(text)

    def clipped(self, text):
        self.told("clipboard", text)

    def untitled(self, text):
        if "titles" in self.terminal.knows:
            assert not any(text in title for title in self.terminal.titles()), self.terminal.titles()

    def status(self, number):
        if "statuses" in self.terminal.knows:
            until(lambda: self.terminal.statuses()[-1:] == [number], f"status {number}",
                  lambda: f"they are {self.terminal.statuses()}\n{self.screen()}")

    def screenshot(self):
        if self.picture and "screenshot" in self.terminal.knows:
            self.terminal.screenshot(self.picture)
