"""x11 - what drivers of terminals with an X window have in common: Xvfb, keys and clipboard as a user has them."""
import os
import subprocess

from terminal import Terminal, need, until

SCREEN = "1100x800x24"
# Characters that a session types and no keyboard has: a keycode each, so that nothing is mapped while it is typed.
CHARACTERS = {"漢": 250, "字": 251, "é": 252, "\u0301": 253}
KEYSYMS = {"Enter": "Return", "BackSpace": "BackSpace"}


class X11(Terminal):
    knows = frozenset(("title", "clipboard", "screenshot"))
    window = None  # the terminal's, as xdotool names it

    def start_display(self):
        need("Xvfb", "xdotool", "xclip", "xmodmap", "import")
        told, tell = os.pipe()
        server = self.child(["Xvfb", "-displayfd", str(tell), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"],
                            pass_fds=(tell,))
        os.close(tell)
        with open(told) as file:
            number = file.readline().strip()
        assert number and server.alive(), "Xvfb does not start"
        self.environment = {**self.environment, "DISPLAY": f":{number}", "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1",
                            "NO_AT_BRIDGE": "1"}
        self.x("xmodmap", *(word for character, code in CHARACTERS.items()
                            for word in ("-e", f"keycode {code} = U{ord(character):04X}")))

    def x(self, *command, stdin=None, check=True):
        """Runs a client of the display; returns what it writes."""
        done = subprocess.run(command, input=stdin, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, timeout=60)
        assert not check or done.returncode == 0, (command, done.stderr)
        return done.stdout

    def find_window(self, terminal, *search):
        """Waits for the window of the terminal's process and gives it the keyboard."""
        def found():
            assert terminal.alive(), open(terminal.log.name, errors="replace").read()
            return self.x("xdotool", "search", "--onlyvisible", *search, check=False).split()
        self.window = until(found, "a window")[0]
        self.x("xdotool", "windowmove", self.window, "0", "0", "windowfocus", "--sync", self.window)

    def type(self, text):
        self.x("xdotool", "type", "--delay", "1", "--", text)

    def key(self, name):
        name = KEYSYMS.get(name, name.replace("C-", "ctrl+"))
        self.x("xdotool", "key", "--delay", "1", name)

    def title(self):
        return self.x("xdotool", "getwindowname", self.window).rstrip("\n")

    def set_clipboard(self, text):
        for selection in ("clipboard", "primary"):
            # It stays to serve the selection, until another owner or the display's end.
            subprocess.run(["xclip", "-selection", selection, "-in"], input=text, text=True, env=self.environment,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

    def clipboard(self):
        return self.x("xclip", "-selection", "clipboard", "-out")

    def screenshot(self, path):
        self.x("import", "-window", self.window, "-colors", "64", f"PNG8:{path}")
