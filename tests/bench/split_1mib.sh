s='some words that are split at blanks and counted '
for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do s=$s$s; done
for turn in 1 2 3; do set -- $s; done
echo $#
