#!/bin/sh
# The manual pages are right to man and to mandoc, and each page and option that one refers to is there.
number=0 status=0
check() { # NAME COMMAND...
    number=$((number + 1))
    name=$1
    shift
    if said=$("$@" 2>&1) && [ -z "$said" ]; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        echo "$said" | sed 's/^/# /'
        status=1
    fi
}

by_man() {
    for page in docs/*.[1-8]; do
        LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null | sed "s|^|$page: |"
    done
}
by_mandoc() {
    mandoc -Tlint -Wwarning docs/*.[1-8]
}
references() { # to our own pages
    sed -n 's/^\.Xr \(fleetsh[a-z-]*\|vm[a-z]*\) \([1-8]\).*/\1.\2/p' docs/*.[1-8] | sort -u | while read -r page; do
        [ -f "docs/$page" ] || echo "$page is referred to and is not there"
    done
}
builtins() { # each built-in utility stands in fleetsh(1), and help knows it
    "$BUILD/fleetsh" -o host -c help | while read -r name rest; do
        case $name in
        . | : | \[) continue ;;
        esac
        sed -n '/^\.Sh BUILT-IN UTILITIES/,/^\.Sh LINE EDITOR/p' docs/fleetsh.1 | grep -qw -- "$name" || echo "$name is not in fleetsh.1"
    done
    sed -n 's/^ *{"\([^"]*\)", builtin_.*/\1/p' builtins/table.c | while read -r name; do
        "$BUILD/fleetsh" -o host -c 'help -- "$1"' sh "$name" >/dev/null || echo "help does not know $name"
    done
}

cd "$TOP" || exit 1
if command -v man >/dev/null; then check "man has nothing to say about the manual pages" by_man; fi
if command -v mandoc >/dev/null; then check "nor has mandoc" by_mandoc; fi
check "the pages that they refer to are there" references
check "each built-in utility has its help and its place in fleetsh(1)" builtins
echo "1..$number"
exit $status
