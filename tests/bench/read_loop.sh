t=${TMPDIR:-/tmp}/fleetsh-bench-lines.$$
trap 'rm -f "$t"' EXIT
i=0
while [ $i -lt 1000 ]; do printf '%s\n' "line $i of the text" "another one" "third $i" "a b c d e"; i=$((i+1)); done >"$t"
for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
    while read -r a b; do n=$b; done <"$t"
done
echo $n
