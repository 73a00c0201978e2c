#!/usr/bin/env python3
"""differential.py [SEED [COUNT]] - random scripts, run on fleetsh and its peers; the majority is right until read.

Compared: status, standard output, and whether standard error is empty. A script counts only where at least three peers
agree with each other and no peer disagrees with them (UNANIMOUS=0: a majority is enough). Prints TAP; each difference
is printed whole, so that it can become a case in tests/posix.
"""
import collections
import os
import random
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLEETSH = os.environ.get("FLEETSH", os.path.join(TOP, "build", "fleetsh"))
PEERS = [peer for peer in (["dash"], ["bash", "--posix"], ["yash", "-o", "posix"], ["mksh"], ["ksh93"])
         if shutil.which(peer[0])]
UNANIMOUS = os.environ.get("UNANIMOUS", "1") == "1"


class Script:
    """A random script: statements over a few variables, functions and files, of bounded depth."""

    def __init__(self, rng):
        self.rng, self.depth, self.in_function = rng, 0, False
        self.loops = 0

    def pick(self, *choices):
        return self.rng.choice(choices)

    def text(self):
        lines = ["f1() { echo \"f1:$#:$1\"; }", "set -- one 'two words' '' four", "a=alpha b='x  y' c= d=7 e=a:b:c"]
        lines += [self.statement() for _ in range(self.rng.randint(2, 6))]
        return "\n".join(lines) + "\necho \"end $?\"\n"

    # ---- words ----

    def name(self):
        return self.pick("a", "b", "c", "d", "e", "u")

    def literal(self):
        return self.pick("x", "foo", "a.b", "1", "-n", "ab:cd", "'q q'", '"d d"', "\\*", "*.none", "''", "z\\ z", "10", "/tmp",
                         "t", "=", "a=b", "'$a'", "%s", "--")

    def parameter(self):
        name = self.pick(self.name(), self.name(), "1", "2", "3", "9", "#", "@", "*")
        if name in "@*#":
            return self.pick("$" + name, "${" + name + "}")
        kind = self.rng.randrange(12)
        if kind < 4:
            return self.pick("$" + name, "${" + name + "}")
        if kind < 7:
            return "${" + name + self.pick(":-", "-", ":+", "+") + self.operand() + "}"
        if kind < 8 and not name.isdigit():
            return "${" + name + self.pick(":=", "=") + self.operand() + "}"
        if kind < 9:
            return "${#" + name + "}"
        return "${" + name + self.pick("#", "##", "%", "%%") + self.pattern() + "}"

    def operand(self):
        return "" if self.rng.random() < 0.2 else self.pick("w", "p q", "$a", "\"$b\"", "'s s'", "${c:-deep}", "x$d", "*")

    def pattern(self):
        return self.pick("?", "*", "a*", "*a", "*:", ":*", "[a-c]", "x", "[!a]*", "\"*\"", "$c", "*[[:digit:]]")

    def arith(self, depth=0):
        if depth > 2 or self.rng.random() < 0.3:
            return self.pick("1", "2", "0", "7", "010", "0x1f", "d", "$d", "-3", "u", "${#a}")
        kind = self.rng.randrange(8)
        if kind == 0:
            return "(" + self.arith(depth + 1) + ")"
        if kind == 1:
            return self.pick("-", "~", "!") + " " + self.arith(depth + 1)
        if kind == 2:
            return f"{self.arith(depth + 1)} ? {self.arith(depth + 1)} : {self.arith(depth + 1)}"
        if kind == 3:
            return f"(d {self.pick('=', '+=', '-=', '*=', '|=', '^=', '&=')} {self.arith(depth + 1)})"
        return f"{self.arith(depth + 1)} {self.pick('+', '-', '*', '<', '>', '<=', '>=', '==', '!=', '&', '|', '^', '&&', '||', '<< 1 +', '>> 1 +')} {self.arith(depth + 1)}"

    def substitution(self):
        self.depth += 1
        body = self.pick("echo " + self.words(2), "printf '%s\\n' " + self.words(2), self.statement())
        self.depth -= 1
        return "$(" + body + "\n)" if self.rng.random() < 0.8 else "$(echo nested)"

    def word(self):
        kind = self.rng.randrange(12)
        if kind < 4:
            return self.literal()
        if kind < 6:
            return '"' + self.parameter() + '"'
        if kind < 9:
            return self.parameter()
        if kind < 10:
            return "$((" + self.arith() + "))"
        if kind < 11 and self.depth < 3:
            return self.pick('"%s"', "%s") % self.substitution()
        return self.literal() + self.parameter() + self.literal()

    def words(self, most=3):
        return " ".join(self.word() for _ in range(self.rng.randint(1, most)))

    # ---- commands ----

    def simple(self):
        kind = self.rng.randrange(16)
        if kind < 4:
            return "printf '<%s>' " + self.words(4) + "; echo"
        if kind < 5:
            return self.name() + "=" + self.word() + " f1 " + self.words(2)
        if kind < 7:
            return self.name() + "=" + self.word()
        if kind < 8:
            return "set -- " + self.words(4)
        if kind < 9:
            return self.pick("true", "false", ":", "! true", "! false")
        if kind < 10:
            return "f1 " + self.words(3)
        if kind < 11:
            return "unset " + self.name()
        if kind < 12:
            return self.pick("IFS=:", "IFS=", "unset IFS", "IFS=' :'", "IFS='x'")
        if kind < 13:
            return "[ " + self.pick(f'"{self.parameter()}" = "{self.parameter()}"', f'-n "{self.parameter()}"',
                                    f'{self.rng.randint(0, 9)} -{self.pick("lt", "ge", "eq")} 5', f'-z "{self.parameter()}"') + " ]"
        if kind < 14:
            return "echo " + self.word() + " >file; while read -r r; do echo \"r=$r\"; done <file"
        if kind < 15:
            return "read " + self.pick("a b", "-r a", "a", "-r a b c") + " <<E\n" + self.pick("$e", "one two three", " x : y ", "a\\b c", "") + "\nE\n"
        return self.pick("shift", "(exit 3)", "eval 'echo \"$a\"'", "trap 'echo bye' EXIT", "export a", "command echo hi", "set -f", "set +f",
                         "return 2>/dev/null" if self.in_function else "true", "getopts ab: o -a -b x; echo $o$OPTIND")

    def statement(self):
        if self.depth > 3:
            return self.simple()
        self.depth += 1
        try:
            return self.compound()
        finally:
            self.depth -= 1

    def body(self):
        return "\n".join(self.statement() for _ in range(self.rng.randint(1, 2)))

    def compound(self):
        kind = self.rng.randrange(20)
        if kind < 9:
            return self.simple()
        if kind < 10:
            return f"if {self.simple()}\nthen\n{self.body()}\nelse\n{self.body()}\nfi"
        if kind < 12:
            self.loops += 1
            inner = self.body() + ("\n" + self.pick("break", "continue", "break 2", ":") if self.rng.random() < 0.4 else "")
            self.loops -= 1
            return f"for i in {self.words()}\ndo\necho \"i=$i\"\n{inner}\ndone"
        if kind < 13:
            return f"n=0\nwhile [ $n -lt {self.rng.randint(0, 3)} ]\ndo\nn=$((n+1))\n{self.simple()}\ndone"
        if kind < 14:
            return f"case {self.word()} in\n{self.pattern()}) {self.simple()}\n;;\n({self.pattern()}|{self.pattern()})\n{self.simple()}\n;;\n*)\n{self.simple()}\n;;\nesac"
        if kind < 15:
            return "(\n" + self.body() + "\n)"
        if kind < 16:
            return "{\n" + self.body() + "\n}" + self.pick("", " >file\ncat file", " 2>&1", " 2>/dev/null")
        if kind < 17:
            return f"{self.pick('true', 'false', '(exit 2)')} {self.pick('&&', '||')} {{\n{self.simple()}\n}}"
        if kind < 18:
            return "{\n" + self.simple() + "\n} | {\n" + self.pick("cat", "while read -r l; do echo \"[$l]\"; done", "read x; echo \"$x\"; cat") + "\n}"
        if kind < 19:
            self.in_function, was = True, self.in_function
            inner = self.body()
            self.in_function = was
            return "g() {\n" + inner + "\n" + self.pick("return 4", "", "return") + "\n}\ng " + self.words(2)
        return "cat <<END\n" + self.pick("$a ${b:-q}", "$((1 + 2)) $(echo sub)", "\\$a `echo back`", "${u-unset} \"quoted\"") + "\nEND"


def outcome(shell, script):
    with tempfile.TemporaryDirectory(prefix="fleetsh-diff-") as directory:
        try:
            done = subprocess.run(shell + ["-c", script, "sh"], cwd=directory, stdin=subprocess.DEVNULL, timeout=20,
                                  capture_output=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/"})
        except subprocess.TimeoutExpired:
            return ("hung", b"", False)
        return (done.returncode, done.stdout, bool(done.stderr))


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 1
    count = int(sys.argv[2]) if len(sys.argv) > 2 else int(os.environ.get("COUNT", "150"))
    compared = differ = 0
    for number in range(seed, seed + count):
        script = Script(random.Random(number)).text()
        votes = collections.Counter(outcome(peer, script) for peer in PEERS)
        best, agree = votes.most_common(1)[0]
        if agree < 3 or (UNANIMOUS and len(votes) > 1):
            continue
        compared += 1
        ours = outcome([FLEETSH, "-o", "host"], script)
        if ours != best:
            differ += 1
            print(f"# seed {number}: ours {ours}\n#   peers ({agree} of {len(PEERS)}) {best}")
            print("#   " + script.replace("\n", "\n#   "))
    print(f"{'not ok' if differ or not compared else 'ok'} 1 - {compared} of {count} random scripts on which peers agree"
          f" ({differ} differ)\n1..1")
    return 1 if differ or not compared else 0


sys.exit(main())
