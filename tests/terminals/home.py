"""home - a user's directory for a session, with what attacks.py and session.py want there."""
import os
import shutil
import sys
import tempfile

import session
from attacks import ATTACKS, CAN, CSI
from terminal import BUILD

HERE = os.path.dirname(os.path.abspath(__file__))
FLEETSH = os.environ.get("FLEETSH") or os.path.join(BUILD, "fleetsh")
PASSED_ON = ("XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "FLEETSH_ROUTER", "DBUS_SYSTEM_BUS_ADDRESS", "ASAN_OPTIONS")
FILES = ((".profile", session.PROFILE), ("hostile", session.HOSTILE), ("leaves", session.LEAVES))


def write_attacks(home):
    """One VM writes those that may follow each other, the others have a VM each."""
    directory, together, short = os.path.join(home, "attacks"), b"", b""
    os.mkdir(directory)
    for number, (name, attack) in enumerate(ATTACKS.items()):
        if name[-1].isdigit() or name.endswith("without an end"):
            with open(os.path.join(directory, f"{number:03}.part"), "wb") as file:
                file.write(attack)
        else:
            together += attack + CAN + b"\n"
            short += attack + CAN + b"\n" if len(attack) < 10000 else b""
    for name, data in (("together", together), ("short", short), ("control", CSI + b"c")):
        with open(os.path.join(directory, name), "wb") as file:
            file.write(data)


class Home:
    """The user's (path), and one for the driver of a terminal (driver); gone at the end."""

    def __enter__(self):
        self.root = tempfile.mkdtemp(prefix="fleetsh-term-")
        self.path, self.driver = os.path.join(self.root, "home"), os.path.join(self.root, "driver")
        os.mkdir(self.path)
        os.mkdir(self.driver)
        for name, text in FILES:
            with open(os.path.join(self.path, name), "w") as file:
                file.write(text)
        write_attacks(self.path)
        self.environment = {**{name: os.environ[name] for name in PASSED_ON if name in os.environ},
                            "HOME": self.path, "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "SHELL": FLEETSH,
                            "FLEETSH_TEST_PATH": f"{BUILD}/toolbox:{os.environ['PATH']}", "TMPDIR": self.root,
                            "PROBE": os.path.join(HERE, "probe.py"), "PROBE_PYTHON": sys.executable}
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root, ignore_errors=True)

    def start(self, driver, **more):
        """A terminal with a login shell in it; more: of its environment."""
        return driver(self.driver, [FLEETSH, "-l"], {**self.environment, **more})
