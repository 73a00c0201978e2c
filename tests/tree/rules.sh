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
tmp=$(mktemp) && trap 'rm -f "$tmp"' EXIT

check "dependencies point one way and fork stands in two files" scripts/check-deps
check "fleetsh links nothing but libc" links_only "$BUILD/fleetsh" 'linux-vdso|libc\.so|/lib64/ld-linux|libm\.so|statically'
check "the shim is static" is_static "$BUILD/vmproc-run"
check "the table of built-in utilities is sorted" includes_sorted_table builtins/table.c
check "docs/POSIX.md is what tests/posix says" scripts/ledger --check
check "docs/SYSCALLS.md is what the guest's table says" scripts/syscalls --check
echo "1..$number"
exit $status
