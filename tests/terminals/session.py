"""session - what a user does at a terminal, as data. matrix.py does it at each one.

A step is a name and actions. Actions:
  line TEXT       types TEXT, sees it, presses Enter      key NAME        presses a key
  type TEXT       types TEXT                              paste TEXT      pastes TEXT
  see PATTERN     waits until a line matches it           unseen PATTERN  no line matches it
  once PATTERN    waits until just one line matches it
  last TEXT       waits until the last line is TEXT       prompt          waits for an empty prompt
  resize R C      resizes the terminal                    ended           waits for the terminal's end
  status N        the last command's, as marked           output TEXT     likewise (where the terminal knows it)
  title TEXT      waits for the window's title            cwd PATH        waits for the directory that it knows
  screenshot      keeps a picture                         untitled TEXT   no title has had TEXT in it
  clip TEXT       puts TEXT into the clipboard            clipped TEXT    it is still there
"""

import re

PROMPT = "fs$"

PROFILE = """\
PS1='fs$ ' RPS1=
PATH=$FLEETSH_TEST_PATH
HISTFILE=$HOME/history
echo profile read
"""

LONG = "echo " + " ".join(f"word{n:02}" for n in range(12))  # wraps at 80 columns and at 60
PASTED = "echo pasted 1\necho pasted 2\necho pasted 3\n"


def row(number, text, columns):
    """Of a text that wraps."""
    return [text[at:at + columns].rstrip() for at in range(0, len(text), columns)][number]


def exact(line):
    return "^" + re.escape(line) + "$"


HOSTILE = """\
cat ~/attacks/together
dd bs=1 if=~/attacks/short 2>/dev/null
for part in ~/attacks/*.part; do cat "$part"; done
echo; echo written
host "$PROBE_PYTHON" "$PROBE" answers
read wait
"""

LEAVES = """\
MODES='1 5 7 9 25 45 69 1000 1002 1003 1004 1006 1015 1016 1047 2004 2026'
printf '\\033[?1;5;9;1000;1002;1003;1004;1006;1015;1016;45;69;2004;2026;1047h\\033=\\033[4h\\033[?25;7l\\033[5;10r'
printf '\\033[31;1m\\033(0\\033[5 q\\033[=15u\\033[>4;2m\\033]2;without an end'
"""


def hostile(home):
    """What attacks.py has is written by VMs; nothing comes of it."""
    return [
        ("login", [("see", "^profile read$"), ("prompt",), ("clip", "kept")]),
        ("attacks", [("line", ". ~/hostile"), ("see", "^written$"), ("see", "^answers: none$"), ("title", ". ~/hostile"),
                     ("clipped", "kept"), ("key", "Enter"), ("prompt",), ("title", "~"), ("cwd", home),
                     ("untitled", "stolen")]),
        ("the line after them", [("key", "C-l"), ("prompt",), ("line", "echo fine"), ("see", "^fine$"), ("prompt",),
                                 ("status", 0)]),
        # That the terminal would have answered shows that all this can fail.
        ("an ordinary program", [("line", "host cat ~/attacks/control; host $PROBE_PYTHON $PROBE answers"),
                                 ("see", "answers: '.x1b"), ("prompt",)]),
        ("what one that was killed has left on", [("key", "C-l"), ("prompt",), ("line", ". ~/leaves"), ("prompt",),
                                                  ("line", "echo visible"), ("see", "^visible$"), ("prompt",)]),
        ("is off", [("line", "host $PROBE_PYTHON $PROBE modes $MODES"), ("see", "^modes: (7 25|unknown)$"), ("see", "^keyboard: (0|unknown)$"), ("prompt",)]),
        ("exit", [("line", "exit"), ("ended",)]),
    ]


def session(home):
    """home: the user's directory, as the terminal shall tell it."""
    typed = f"{PROMPT} {LONG}"
    return [
        ("login", [("see", "^profile read$"), ("prompt",), ("title", "~"), ("cwd", home)]),

        # Twelve commands.
        ("a builtin", [("line", "echo hello, world"), ("see", "^hello, world$"), ("prompt",), ("status", 0),
                       ("output", "hello, world")]),
        ("a directory", [("line", 'mkdir "dir x" && cd "dir x"'), ("prompt",), ("title", "~/dir x"),
                         ("cwd", home + "/dir x")]),
        ("a pipeline of VMs", [("line", "printf '%s\\n' one two three | sort -r | head -n 1"), ("see", "^two$"),
                               ("prompt",), ("status", 0)]),
        ("a failure", [("line", "false"), ("prompt",), ("status", 1)]),
        ("its status", [("line", "echo status $?"), ("see", "^status 1$"), ("prompt",)]),
        ("an unknown command", [("line", "nosuchcommand"), ("see", "nosuchcommand: .*not found"), ("prompt",),
                                ("status", 127)]),
        ("colours", [("line", "printf '\\033[1;31mred\\033[0m, \\033[32mgreen\\033[m, plain\\n'"),
                     ("see", "^red, green, plain$"), ("prompt",)]),
        ("a loop", [("line", 'for i in 1 2 3; do echo "turn $i"; done'), ("see", "^turn 3$"), ("prompt",)]),
        ("a VM that reads a file", [("line", "busybox grep -c ^PS1 ~/.profile"), ("see", "^1$"), ("prompt",)]),
        ("a function", [("line", 'f() { echo "f was given $1"; }; f x'), ("see", "^f was given x$"), ("prompt",)]),
        ("files", [("line", "echo inside >alpha1; >alpha2; ls -1"), ("see", "^alpha1$"), ("see", "^alpha2$"), ("prompt",)]),
        ("the size", [("line", "echo $LINES lines, $COLUMNS columns"), ("see", "^24 lines, 80 columns$"), ("prompt",)]),

        ("completion menu", [("type", "cat al"), ("last", "fs$ cat al"), ("key", "Tab"), ("last", "fs$ cat alpha"),
                             ("key", "Tab"), ("see", "^alpha1 +alpha2$"),
                             ("key", "Tab"), ("see", r"^fs\$ cat alpha1$"), ("screenshot",), ("key", "Enter"),
                             ("last", "fs$ cat alpha1"), ("key", "Enter"), ("see", "^inside$"), ("prompt",)]),
        ("^C", [("line", "echo running; sleep 100"), ("see", "^running$"), ("title", "echo running; sleep 100"),
                ("key", "C-c"), ("prompt",), ("status", 130), ("line", "echo broken off: $?"),
                ("see", "^broken off: 130$"), ("prompt",)]),
        ("^Z and fg", [("line", "busybox sh -c 'echo up; read x; echo got $x'"), ("see", "^up$"), ("key", "C-z"),
                       ("see", "Stopped"), ("prompt",), ("line", "echo between"), ("see", "^between$"), ("prompt",),
                       ("line", "fg"), ("see", "^busybox sh -c"), ("type", "abc"), ("last", "abc"), ("key", "Enter"),
                       ("see", "^got abc$"), ("prompt",)]),
        ("paste of three lines", [("key", "C-l"), ("prompt",), ("paste", PASTED), ("last", "> echo pasted 3"),
                                  ("unseen", "^pasted"), ("key", "Enter"), ("see", "^pasted 1$"), ("see", "^pasted 3$"),
                                  ("prompt",)]),
        ("resize in mid-edit", [("key", "C-l"), ("prompt",), ("type", LONG), ("last", row(-1, typed, 80)),
                                ("resize", 30, 60), ("last", row(-1, typed, 60)), ("once", exact(row(0, typed, 60))),
                                ("type", " end"), ("last", row(-1, typed + " end", 60)), ("key", "Enter"),
                                ("see", exact(row(0, LONG[5:], 60))), ("see", exact(row(-1, LONG[5:] + " end", 60))),
                                ("prompt",), ("line", "echo $LINES by $COLUMNS"), ("see", "^30 by 60$"), ("prompt",),
                                ("resize", 24, 80), ("prompt",)]),
        ("vi in a VM", [("line", "echo before; busybox vi file"), ("see", "^~$"), ("unseen", "^before$"), ("type", "ihello"),
                        ("key", "Enter"), ("type", "from vi"), ("see", "^from vi$"), ("see", "^I file"), ("key", "Escape"), ("see", "^- file"), ("type", ":wq"),
                        ("key", "Enter"), ("see", "^before$"), ("prompt",), ("line", "cat file"), ("see", "^from vi$"),
                        ("prompt",)]),
        ("wide characters", [("key", "C-l"), ("prompt",), ("type", "echo x漢字"), ("last", "fs$ echo x漢字"),
                             ("key", "BackSpace"), ("last", "fs$ echo x漢"), ("key", "BackSpace"), ("type", "y字z"),
                             ("last", "fs$ echo xy字z"), ("key", "Enter"), ("see", "^xy字z$"), ("prompt",)]),
        ("combining characters", [("key", "C-l"), ("prompt",), ("type", "echo ae\u0301"), ("last", "fs$ echo ae\u0301"),
                                  ("type", "x"), ("last", "fs$ echo ae\u0301x"), ("key", "BackSpace"),
                                  ("last", "fs$ echo ae\u0301"), ("key", "BackSpace"), ("last", "fs$ echo a"),
                                  ("type", "o\u0301"), ("last", "fs$ echo ao\u0301"), ("key", "Enter"),
                                  ("see", "^ao\u0301$"), ("prompt",)]),
        ("history search", [("key", "C-r"), ("type", "hello, w"), ("see", "echo hello, world"), ("key", "Enter"),
                            ("see", "^hello, world$"), ("prompt",), ("type", "false"), ("last", "fs$ false"),
                            ("key", "C-u"), ("prompt",), ("type", "for"), ("key", "Up"),
                            ("last", 'fs$ for i in 1 2 3; do echo "turn $i"; done'), ("key", "Enter"),
                            ("see", "^turn 3$"), ("prompt",)]),
        ("exit", [("line", "exit"), ("ended",)]),
    ]
