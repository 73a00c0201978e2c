"""foot, in sway without a screen: its pipe-visible binding tells what is seen, the compositor the title and the size."""
import glob
import json
import os
import subprocess
import time

from terminal import LIMIT, Terminal, need, until

COMPOSITOR = """\
output HEADLESS-1 resolution 1100x800
default_border none
default_floating_border none
focus_on_window_activation focus
xwayland disable
for_window [app_id="foot"] floating enable, move position 0 0
"""
OPTIONS = """\
[main]
font=DejaVu Sans Mono:size=10
initial-window-size-chars=80x24
pad=0x0
resize-delay-ms=0
[colors]
background=101418
foreground=d8dee4
[csd]
preferred=none
[key-bindings]
pipe-visible=[sh -c "cat >SCREEN.new && mv SCREEN.new SCREEN"] F12
clipboard-paste=F9
"""
NOBODY = 65534
KEYSYMS = {"Enter": "Return"}


class Foot(Terminal):
    name = "foot"
    knows = frozenset(("title", "clipboard", "screenshot"))

    def start(self):
        need("foot", "sway", "swaymsg", "wtype", "wl-copy", "grim", "convert")
        self.screen = os.path.join(self.directory, "screen")
        runtime = os.path.join(self.directory, "run")
        os.mkdir(runtime, 0o700)
        sway = ["sway", "-c", os.path.join(self.directory, "sway.conf")]
        if os.geteuid() == 0:  # whom sway refuses
            need("setpriv")
            os.chown(runtime, NOBODY, NOBODY)
            for path in (os.path.dirname(self.directory), self.directory):
                os.chmod(path, 0o711)
            sway = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *sway]
        for name, text in (("sway.conf", COMPOSITOR), ("foot.ini", OPTIONS.replace("SCREEN", self.screen))):
            with open(os.path.join(self.directory, name), "w") as file:
                file.write(text)
        own = {"XDG_RUNTIME_DIR": runtime, "XDG_CONFIG_HOME": self.directory, "WLR_BACKENDS": "headless",
               "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}
        sway = self.child(sway, "sway", env={**self.environment, **own, "HOME": runtime}, cwd="/")

        def socket(pattern):
            def found():
                assert sway.alive(), open(sway.log.name, errors="replace").read()
                return [path for path in glob.glob(os.path.join(runtime, pattern)) if not path.endswith(".lock")]
            return until(found, "sway's socket")[0]

        # The shell keeps its own XDG_RUNTIME_DIR; a display's name may be a path.
        self.environment = {**self.environment, "SWAYSOCK": socket("sway-ipc.*.sock"),
                            "WAYLAND_DISPLAY": socket("wayland-*")}
        # A keyboard that stays: the seat has one before foot asks, and does not lose it with each key that is typed.
        self.child(["wtype", "-s", "86400000"])
        self.foot = self.child(["foot", "--config", os.path.join(self.directory, "foot.ini"), *self.command])
        window = until(self.window, "foot's window")
        until(self.hears, "foot gets the keyboard")
        self.cell = window["rect"]["width"] // self.columns, window["rect"]["height"] // self.rows

    def hears(self):
        """Its first keys may be lost: it has not got its keyboard yet."""
        self.key("F12")
        time.sleep(0.2)
        return os.path.exists(self.screen)

    def client(self, *command, stdin=None):
        done = subprocess.run(command, input=stdin, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, timeout=60)
        assert done.returncode == 0, (command, done.stderr, done.stdout)
        return done.stdout

    def window(self):
        assert not hasattr(self, "foot") or self.foot.alive(), open(self.foot.log.name, errors="replace").read()

        def search(node):
            if node.get("app_id") == "foot":
                return node
            return next(filter(None, map(search, node["nodes"] + node["floating_nodes"])), None)
        return search(json.loads(self.client("swaymsg", "-r", "-t", "get_tree")))

    def ended(self):
        return not self.foot.alive()

    def lines(self):
        if os.path.exists(self.screen):
            os.remove(self.screen)
        self.key("F12")
        until(lambda: os.path.exists(self.screen), "foot pipes its screen")
        with open(self.screen, encoding="utf-8") as file:
            text = file.read()
        # A line that wraps comes as one; only narrow characters wrap in the session.
        columns = self.window()["rect"]["width"] // self.cell[0]
        return [line[at:at + columns].rstrip() for line in text.split("\n")
                for at in range(0, max(1, len(line)), columns)]

    def type(self, text):
        self.client("wtype", "--", text)

    def key(self, name):
        *modifiers, key = name.replace("C-", "ctrl ").split()
        around = [word for modifier in modifiers for word in ("-M", modifier)]
        behind = [word for modifier in modifiers for word in ("-m", modifier)]
        self.client("wtype", *around, "-k", KEYSYMS.get(key, key), *behind)

    def paste(self, text):
        # Nothing is typed until foot has what it asked for: a new key would be one of a new keyboard to it, and break it off.
        self.client("wl-copy", "--clear")
        owner = subprocess.Popen(["wl-copy", "--foreground", "--paste-once"], stdin=subprocess.PIPE, text=True,
                                 env=self.environment, stderr=subprocess.DEVNULL)
        owner.stdin.write(text)
        owner.stdin.close()
        until(lambda: subprocess.run(["wl-paste", "--list-types"], env=self.environment, stdout=subprocess.PIPE,
                                     stderr=subprocess.DEVNULL).stdout, "the clipboard")
        self.key("F9")
        owner.wait(LIMIT)

    def resize(self, rows, columns):
        self.client("swaymsg", f'[app_id="foot"] resize set width {columns * self.cell[0]} px '
                    f'height {rows * self.cell[1]} px')

    def title(self):
        return self.window()["name"]

    def set_clipboard(self, text):
        # wl-copy stays to serve the clipboard, until another owner or the compositor's end.
        subprocess.run(["wl-copy"], input=text, text=True, env=self.environment, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)
        until(lambda: self.clipboard() == text, "the clipboard")  # and foot has been told of it

    def clipboard(self):
        return self.client("wl-paste", "--no-newline")

    def screenshot(self, path):
        window = self.window()["rect"]
        whole = os.path.join(self.directory, "whole.png")
        self.client("grim", "-g", f"{window['x']},{window['y']} {window['width']}x{window['height']}", whole)
        self.client("convert", whole, "-colors", "64", f"PNG8:{path}")
        os.remove(whole)
