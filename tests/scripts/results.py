"""results.py - what two shells made of the same script, side by side."""
import difflib


def compare(ours, theirs, ignored=lambda what: False):
    """True when both have the same text for each thing that is not ignored; else prints what differs as comments."""
    wrong = sorted(what for what in set(ours) | set(theirs) if not ignored(what) and ours.get(what) != theirs.get(what))
    for what in wrong:
        print(f"#   {what}:")
        lines = [results.get(what, "").splitlines() for results in (theirs, ours)]
        for line in list(difflib.unified_diff(*lines, "dash", "fleetsh", lineterm="", n=1))[:30]:
            print(f"#      {line}")
    return not wrong
