"""xterm: prints its screen to a file when asked by a key, as its printer; everything a program may ask of it is allowed."""
import os

from terminal import need, until
from x11 import X11

RESOURCES = ("*allowWindowOps: true", "*disallowedWindowOps:", "*allowTitleOps: true", "*disallowedColorOps:",
             "*disallowedTcapOps:", "*printAttributes: 0", "*printerAutoClose: true", "*printOptsNoXHTML: true",
             "*faceName: DejaVu Sans Mono", "*faceSize: 10", "*background: #101418", "*foreground: #d8dee4",
             "*answerbackString: answered", "*selectToClipboard: false")
TRANSLATIONS = "*VT100.translations: #override <Key>F12: print()\\n Shift <Key>Insert: insert-selection(CLIPBOARD)"
SECOND_COLUMN = "\uffff"  # of a wide character, as xterm prints it


class Xterm(X11):
    name = "xterm"

    def start(self):
        need("xterm")
        self.start_display()
        self.screen = os.path.join(self.directory, "screen")
        resources = [*RESOURCES, TRANSLATIONS, f"*printerCommand: cat >{self.screen}.new && mv {self.screen}.new {self.screen}"]
        self.xterm = self.child(["xterm", "-geometry", f"{self.columns}x{self.rows}",
                                 *(word for line in resources for word in ("-xrm", "XTerm" + line)), "-e", *self.command])
        self.find_window(self.xterm, "--class", "XTerm")

    def ended(self):
        return not self.xterm.alive()

    def lines(self):
        if os.path.exists(self.screen):
            os.remove(self.screen)
        self.key("F12")
        until(lambda: os.path.exists(self.screen), "xterm prints its screen")
        with open(self.screen, encoding="utf-8", errors="replace") as file:
            return [line.rstrip() for line in file.read().replace(SECOND_COLUMN, "").split("\n")]

    def paste(self, text):
        self.set_clipboard(text)
        self.key("shift+Insert")

    def resize(self, rows, columns):
        self.x("xdotool", "windowsize", "--usehints", self.window, str(columns), str(rows))
