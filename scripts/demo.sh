# demo.sh - run by `make demo` under fleetsh. Every command that is not built in runs in a VM of its own; `host` runs
# the same on the host, to compare. FLEETSH_VMTRACE_FILE collects a line per VM.
set -o vmtrace
text=/usr/share/common-licenses/GPL-3
failed=0

part() { # TITLE: what follows; forgets the VMs of the part before
    printf '\n\033[1m%s\033[0m\n' "$1"
    : >"$FLEETSH_VMTRACE_FILE"
}

ran() { # what ran where since `part`
    echo "  -- what ran where:"
    while IFS= read -r line; do printf '     %s\n' "$line"; done <"$FLEETSH_VMTRACE_FILE"
}

expect() { # WHAT GOT WANTED
    if [ "$2" = "$3" ]; then
        echo "  ok: $1"
    else
        printf '  WRONG: %s\n    got:    %s\n    wanted: %s\n' "$1" "$2" "$3"
        failed=1
    fi
}

frequencies() { cat $text | tr -cs A-Za-z '\n' | tr A-Z a-z | sort | uniq -c | sort -rn | head -10; }

# Waits, for a few seconds at most, until that many VMs are booted and linked.
await_warm() { # COUNT
    for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
        vm ls >vms
        warm=0
        while read -r vm job state rest; do [ "$state" != warm ] || warm=$((warm + 1)); done <vms
        [ $warm -lt "$1" ] || return
        host sleep 0.2
    done
}

part "Word frequencies of a licence: a pipeline of seven VMs that boot as it runs"
frequencies >words
while IFS= read -r line; do echo "  $line"; done <words
ran

part "The same with VMs that are warm: wired to each other, the shell is not in between"
await_warm 8
frequencies >words.again
ran
host cmp words words.again
expect "the same words" $? 0
host /bin/busybox sh -c "cat $text | tr -cs A-Za-z '\n' | tr A-Z a-z | sort | uniq -c | sort -rn | head -10" >words.host
expect "the same as on the host" "$(while read -r l; do echo "$l"; done <words)" \
    "$(while read -r l; do echo "$l"; done <words.host)"

part "A loop of the shell over that output, with VMs inside"
found=
while read -r count word; do
    [ "$count" -gt 100 ] || continue
    lines=$(grep -c -w "$word" $text)
    echo "  $word: $count times, on $lines lines"
    found="$found $word:$lines"
done <words
ran
wanted=
while read -r count word; do
    [ "$count" -gt 100 ] || continue
    wanted="$wanted $word:$(host /bin/busybox grep -c -w "$word" $text)"
done <words
expect "each grep counted as on the host" "$found" "$wanted"

part "A here-document into a VM, and a redirection to a file"
sort -n >numbers <<END
$((6 * 7))
7
$(echo 1 | tr 1 3)
END
ran
expect "sorted" "$(while read -r n; do printf '%s ' "$n"; done <numbers)" "3 7 42 "

part "An exit status, and death by a signal"
grep -q 'no such line' $text
expect "grep found nothing" $? 1
sleep 100 &
kill -TERM $!
wait $! 2>/dev/null
expect "a terminated sleep" $? 143
ran

part "A background job"
{ sha256sum <$text >sum; } &
job=$!
echo "  meanwhile the shell goes on"
wait $job
expect "its status" $? 0
host /bin/busybox sha256sum <$text >sum.host
read -r sum rest <sum
read -r wanted rest <sum.host
ran
expect "its digest" "$sum" "$wanted"

part "What the shell knows of its router"
vm router
exit $failed
