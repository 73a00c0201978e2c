#!/bin/sh
# The model of a wire's ring (docs/ring.pml) holds, and would not without its rules.
number=0 status=0
model=$TOP/docs/ring.pml
if ! command -v spin >/dev/null || ! command -v cc >/dev/null; then
    echo "1..0 # SKIP spin and cc are needed"
    exit 0
fi
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1

# errors OPTION...: how many errors an exhaustive search finds, "?" when it was not exhaustive.
errors() {
    spin "$@" -a "$model" >spin.out 2>&1 && cc -O2 -w -DSAFETY -DNOREDUCE -DCOLLAPSE -o pan pan.c && ./pan -E -m200000 >pan.out 2>&1
    if grep -q 'max search depth too small\|out of memory' pan.out; then
        echo '?'
    else
        sed -n 's/.*errors: \([0-9]*\).*/\1/p' pan.out
    fi
}
check() { # SENTENCE WANT OPTION...
    number=$((number + 1))
    sentence=$1 want=$2
    shift 2
    have=$(errors "$@")
    if [ "$have" = "$want" ]; then
        echo "ok $number - $sentence"
    else
        echo "not ok $number - $sentence"
        sed 's/^/# /' spin.out pan.out
        status=1
    fi
}

check "the ring's rules hold in each of its states" 0
check "they hold for another size" 0 -DSIZE=1 -DTOTAL=2
check "without fences a bell can be lost" 1 -DNO_FENCE
check "without a second look a bell can be lost" 1 -DNO_RECHECK
check "with the end looked at after the count, bytes can be lost" 1 -DEND_AFTER_COUNT
echo "1..$number"
exit $status
