#!/bin/sh
# Rules of the tree that a compiler does not check.
number=0 status=0
check() { # NAME COMMAND...
    number=$((number + 1))
    name=$1
    shift
    if "$@"; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        status=1
    fi
}

links_only() { # PROGRAM PATTERN: no library but those that match
    ! ldd "$1" | sed 's/^[ \t]*//' | grep -vE "^($2)"
}
is_static() {
    ldd "$1" 2>&1 | grep -q 'not a dynamic executable\|statically linked'
}
includes_sorted_table() { # FILE: rows {"name", are in order
    sed -n 's/^ *{"\([^"]*\)",.*/\1/p' "$1" >"$tmp" && [ -s "$tmp" ] && LC_ALL=C sort -c "$tmp"
}
keys_of_spec() { grep -ho '{"[a-z-]*", JSON_' vmproc/spec/*_*.c | cut -d'"' -f2 | LC_ALL=C sort; }
keys_of_schema() {
    python3 -c '
import json, sys
def keys(node):
    for key, value in node.get("properties", {}).items():
        yield key
        yield from keys(value)
        if isinstance(value.get("additionalProperties"), dict):
            yield from keys(value["additionalProperties"])
print("\n".join(sorted(keys(json.load(sys.stdin)))))' <docs/fleetsh-image.schema.json
}
documented_keys() { # each key stands in the manual page, too
    for key in $(keys_of_spec); do
        grep -q "^\.It Va $key" docs/fleetsh-image.5 || { echo "$key is not in fleetsh-image.5"; return 1; }
    done
    [ "$(keys_of_spec)" = "$(keys_of_schema)" ]
}
tests_are_executable() { # else tests/run takes them for modules of other tests
    ! git ls-files -s 'tests/*.py' 'tests/*.sh' | while read -r mode _ _ file; do
        [ "$mode" = 100755 ] || [ "$(head -c 2 "$file")" != '#!' ] || echo "$file begins with #! and cannot be executed"
    done | grep .
}
tmp=$(mktemp) && trap 'rm -f "$tmp"' EXIT

check "dependencies point one way and fork stands in two files" scripts/check-deps
check "fleetsh links nothing but libc" links_only "$BUILD/fleetsh" 'linux-vdso|libc\.so|/lib64/ld-linux|libm\.so|statically'
check "the shim is static" is_static "$BUILD/vmproc-run"
check "the table of built-in utilities is sorted" includes_sorted_table builtins/table.c
check "docs/POSIX.md is what tests/posix says" scripts/ledger --check
check "docs/SYSCALLS.md is what the guest's table says" scripts/syscalls --check
check "the schema and the manual page have the keys of image specs" documented_keys
check "each test is executable" tests_are_executable
echo "1..$number"
exit $status
