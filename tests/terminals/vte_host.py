"""A terminal window of VTE, for vte.py, which writes requests (a JSON array a line) and reads answers (likewise)."""
import json
import sys

import gi
gi.require_version("Gtk", "3.0")
gi.require_version("Vte", "2.91")
from gi.repository import GLib, Gtk, Pango, Vte

TITLES, URIS = [], []
terminal, window = Vte.Terminal(), Gtk.Window()


def lines():
    """What is seen. VTE gives a line that wraps as one; only narrow characters wrap in the session."""
    columns = terminal.get_column_count()
    return [line[at:at + columns].rstrip() for line in terminal.get_text(None, None)[0].split("\n")
            for at in range(0, max(1, len(line)), columns)]


def resize(rows, columns):
    terminal.set_size(columns, rows)
    natural = terminal.get_preferred_size()[1]
    window.resize(natural.width, natural.height)


REQUESTS = {"lines": lines, "resize": resize, "paste": terminal.paste_text, "titles": lambda: TITLES,
            "uri": lambda: URIS[-1] if URIS else ""}


def answer(channel, _):
    line = channel.readline()
    if not line:
        Gtk.main_quit()
        return False
    what, *operands = json.loads(line)
    print(json.dumps(REQUESTS[what](*operands)), flush=True)
    return True


terminal.set_size(80, 24)
terminal.set_font(Pango.FontDescription("DejaVu Sans Mono 10"))
terminal.connect("window-title-changed", lambda t: (TITLES.append(t.get_window_title()), window.set_title(TITLES[-1] or "")))
terminal.connect("current-directory-uri-changed", lambda t: URIS.append(t.get_current_directory_uri()))
terminal.connect("child-exited", lambda *_: Gtk.main_quit())
window.connect("destroy", lambda *_: Gtk.main_quit())
window.set_wmclass("vte-host", "vte-host")
window.add(terminal)
window.show_all()
terminal.spawn_async(Vte.PtyFlags.DEFAULT, None, sys.argv[1:], None, GLib.SpawnFlags.DEFAULT, None, None, -1, None, None)
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, answer)
Gtk.main()
