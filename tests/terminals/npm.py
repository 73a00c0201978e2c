"""npm - the packages of package.json, installed into $BUILD/terminals by whoever needs them first."""
import filecmp
import os
import shutil
import subprocess

from terminal import Missing, need

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = ("package.json", "package-lock.json")
LIMIT = 120  # seconds for a registry that does not answer


def modules(build):
    """The directory node_modules with them."""
    place = os.path.join(build, "terminals")
    installed = os.path.join(place, "node_modules")
    done = os.path.join(installed, ".package-lock.json")  # npm writes it last
    if os.path.exists(done) and filecmp.cmp(os.path.join(HERE, FILES[1]), os.path.join(place, FILES[1]), shallow=False):
        return installed
    need("npm")
    os.makedirs(place, exist_ok=True)
    for name in FILES:
        shutil.copy(os.path.join(HERE, name), place)
    try:
        result = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"],
                                cwd=place, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, timeout=LIMIT)
        why = result.stdout.strip().split("\n")[0] if result.returncode else None
    except subprocess.TimeoutExpired:
        why = "no answer"
    if why is not None:
        shutil.rmtree(installed, ignore_errors=True)
        raise Missing(f"npm cannot install what package.json names: {why}")
    return installed
