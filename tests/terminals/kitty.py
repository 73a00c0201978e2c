"""kitty: asked through its remote control socket; the output of the last command by its shell integration's marks."""
import json
import os
import socket

from terminal import need, until
from x11 import X11

BEGIN, END = b"\x1bP@kitty-cmd", b"\x1b\\"
VERSION = [0, 26, 0]  # of the protocol that is spoken
OPTIONS = ("allow_remote_control=yes", "remember_window_size=no", "initial_window_width=80c", "initial_window_height=24c",
           "shell_integration=disabled", "update_check_interval=0", "clipboard_control=write-clipboard write-primary "
           "read-clipboard read-primary", "font_family=DejaVu Sans Mono", "font_size=10", "linux_display_server=x11",
           "confirm_os_window_close=0", "cursor_blink_interval=0", "enable_audio_bell=no", "sync_to_monitor=no",
           "window_padding_width=0", "placement_strategy=top-left")


class Kitty(X11):
    name = "kitty"
    knows = X11.knows | {"output"}

    def start(self):
        need("kitty")
        self.start_display()
        self.socket = os.path.join(self.directory, "socket")
        self.kitty = self.child(["kitty", "--config", "NONE", "--listen-on", f"unix:{self.socket}",
                                 *(word for option in OPTIONS for word in ("-o", option)), *self.command],
                                env={**self.environment, "KITTY_CACHE_DIRECTORY": self.directory})
        self.find_window(self.kitty, "--class", "kitty")
        until(self.listens, "kitty's socket")

    def listens(self):
        with socket.socket(socket.AF_UNIX) as connection:
            return connection.connect_ex(self.socket) == 0

    def ask(self, command, **payload):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(30)
            connection.connect(self.socket)
            message = {"cmd": command, "version": VERSION, "no_response": False, "payload": payload}
            connection.sendall(BEGIN + json.dumps(message).encode() + END)
            answer = b""
            while not answer.endswith(END):
                more = connection.recv(65536)
                assert more, f"kitty said {answer!r}"
                answer += more
        answer = json.loads(answer[len(BEGIN):-len(END)])
        assert answer["ok"], answer
        return answer.get("data")

    def ended(self):
        return not self.kitty.alive()

    def lines(self):
        return [line.rstrip() for line in self.ask("get-text", extent="screen", wrap_markers=True).replace("\r", "\n").split("\n")]

    def paste(self, text):
        self.set_clipboard(text)
        self.key("ctrl+shift+v")

    def resize(self, rows, columns):
        self.ask("resize-os-window", width=columns, height=rows, unit="cells", action="resize")

    def output(self):
        return self.ask("get-text", extent="last_cmd_output").rstrip("\n")
