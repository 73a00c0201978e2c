d=${TMPDIR:-/tmp}/fleetsh-bench-glob.$$
mkdir "$d" && trap 'rm -rf "$d"' EXIT
cd "$d" || exit
i=0
while [ $i -lt 10000 ]; do : >file$i.txt; i=$((i+1)); done
for turn in 1 2 3 4 5 6 7 8 9 10; do set -- *.txt; done
echo $#
set -- *99*.txt
echo $#
cd /
