"""tmux: capture-pane shows the screen, formats tell title and directory, buffers are its clipboard."""
import os
import subprocess

from terminal import Terminal, need, path_of

NAMES = {"Enter": "Enter", "Tab": "Tab", "Escape": "Escape", "BackSpace": "BSpace"}
OPTIONS = "set -g status off\nset -g set-clipboard on\nset -g allow-passthrough on\nset -g default-terminal tmux-256color\n" \
          "set -s escape-time 0\nset -g remain-on-exit off\n"


class Tmux(Terminal):
    name = "tmux"
    knows = frozenset(("title", "cwd", "clipboard"))

    def start(self):
        need("tmux")
        options = os.path.join(self.directory, "tmux.conf")
        with open(options, "w") as file:
            file.write(OPTIONS)
        self.tmux("-f", options, "new-session", "-d", "-c", self.environment["HOME"], "-x", str(self.columns), "-y", str(self.rows),
                  *(f"-e{name}={value}" for name, value in self.environment.items()), *self.command)

    def tmux(self, *words, check=True, stdin=None):
        done = subprocess.run(["tmux", "-S", os.path.join(self.directory, "socket"), *words], input=stdin,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment)
        assert not check or done.returncode == 0, (words, done.stderr)
        return done.stdout if done.returncode == 0 else None

    def stop(self):
        if os.path.exists(os.path.join(self.directory, "socket")):
            self.tmux("kill-server", check=False)
        super().stop()

    def ended(self):
        return self.tmux("has-session", check=False) is None

    def lines(self):
        return [line.rstrip() for line in self.tmux("capture-pane", "-p").split("\n")]

    def type(self, text):
        self.tmux("send-keys", "-l", "--", text)

    def key(self, name):
        self.tmux("send-keys", NAMES.get(name, name))

    def paste(self, text):
        self.tmux("load-buffer", "-b", "pasted", "-", stdin=text)
        self.tmux("paste-buffer", "-p", "-d", "-b", "pasted")

    def resize(self, rows, columns):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def title(self):
        return self.tmux("display-message", "-p", "#{pane_title}").rstrip("\n")

    def cwd(self):
        return path_of(self.tmux("display-message", "-p", "#{pane_path}").rstrip("\n"))

    def set_clipboard(self, text):
        self.tmux("set-buffer", "-b", "kept", text)

    def clipboard(self):
        return self.tmux("list-buffers", "-F", "#{buffer_sample}").strip()
