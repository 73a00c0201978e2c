t=${TMPDIR:-/tmp}/fleetsh-bench-parse.$$
trap 'rm -f "$t"' EXIT
i=0
{
    echo 'if false; then'
    while [ $i -lt 10000 ]; do
        echo 'if [ "$x" = "${y:-z}" ]; then'
        echo "    echo \"some \$text with \${expansions#*.}\" 'and quotes' >/dev/null"
        echo 'else a=$(($b + 1)); f "$@" | g || h'
        echo '    case $x in a|b) c;; *) d;; esac'
        echo 'fi'
        i=$((i+1))
    done
    echo 'fi'
} >"$t"
. "$t"
. "$t"
