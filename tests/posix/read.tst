## XCU read
## - A line is split by IFS; the last variable takes the rest.
=== fields, white space and the rest
printf '  a  b  c  \n' | { read x y; echo "[$x][$y]"; }
printf '  a b  \n' | { read x; echo "[$x]"; }
printf '  a b  \n' | { IFS= read x; echo "[$x]"; }
printf 'a\n' | { read x y; echo "[$x][$y]"; }
--- stdout
[a][b  c]
[a b]
[  a b  ]
[a][]

=== a delimiter that only ends the last field is dropped
printf 'a:b:\n' | { IFS=: read x y; echo "[$x][$y]"; }
printf 'a:b::\n' | { IFS=: read x y; echo "[$x][$y]"; }
printf 'a:b:c:\n' | { IFS=: read x y; echo "[$x][$y]"; }
printf 'a:\n' | { IFS=: read x; echo "[$x]"; }
printf ' a : b : \n' | { IFS=' :' read x y; echo "[$x][$y]"; }
--- stdout
[a][b]
[a][b::]
[a][b:c:]
[a]
[a][b]

=== characters of several bytes in IFS
LC_ALL=C.UTF-8
printf 'aébéc\n' | { IFS=é read x y; echo "[$x][$y]"; }
--- only fleetsh
--- stdout
[a][béc]

## - A backslash keeps the next character from being a delimiter, and continues a line; -r makes it ordinary.
=== backslashes
printf 'a\\ b c\\\nd e\n' | { read x y; echo "[$x][$y]"; }
printf 'a\\ b c\\\nd e\n' | { read -r x y; printf '[%s][%s]\n' "$x" "$y"; }
printf 'a b\\ \n' | { read x y; echo "[$x][$y]"; }
printf 'a\\:b:c\n' | { IFS=: read x y; echo "[$x][$y]"; }
--- stdout
[a b][cd e]
[a\][b c\]
[a][b ]
[a:b][c]

## - -d names the delimiter; null is NUL.
=== other delimiters
printf 'a;b c;' | { read -d ';' x; read -d ';' y; echo "[$x][$y]"; }
printf 'a\nb\0c' | { read -r -d '' x; echo "[$x]"; }
--- only fleetsh
--- stdout
[a][b c]
[a
b]

## - Status 1 at the end of input, greater on an error.
=== the end of input
printf a | { read x; echo "$? [$x]"; }
x=old; read x </dev/null; echo "$? [$x]"
--- stdout
1 [a]
1 []

=== errors
readonly r
echo a | { read r; test $? -gt 1 && echo readonly; }
read x <&-; test $? -gt 1 && echo closed
read 1x </dev/null; test $? -gt 1 && echo name
--- only fleetsh
--- stderr some
--- stdout
readonly
closed
name

## - No byte behind the line is taken.
=== other readers of a file find the next line
seq 10 >f
{ read a; cat; } <f | head -n 1
{ read a; read b; (read c; echo $c); read d; x=$(head -n 1); echo "$a $b $d $x"; } <f
{ read a; read b <f; read c; echo $a $b $c; } <f
exec 3<f; read a <&3; read b <&3; echo $a $b
--- stdout
2
3
1 2 4 5
1 1 2
1 2

=== other readers of a pipe find the next line
seq 300 | {
    while read x; do [ $x -eq 100 ] && break; done
    (read y; echo $y)
    read z; echo $z
    while read x; do [ $x -eq 150 ] && break; done
    sed -n 1p
}
--- stdout
101
102
151

=== a pipe may be read after its descriptor moved
seq 300 | { while read x; do [ $x -eq 100 ] && break; done; exec 5<&0 </dev/null; read x <&5; echo $x; head -n 1 <&5; }
--- stdout
101
102

=== a descriptor that is open for writing too
exec 0<>f
printf 'l1\nl2\nl3\n' >f
read a
echo XX >&0
read b
echo $a $b
cat f
--- stdout
l1 l3
l1
XX
l3

=== an asynchronous reader takes turns with the shell
seq 300 >f
{ read a; (read b <&3; echo $b) & wait; read c; echo $a $c; (read d <&3; echo $d) & wait; } <f 3<&0
--- stdout
2
1 3
4

=== the descriptors with which read looks ahead give way to the script's
i=0
while [ $i -lt 300 ]; do echo "line $i of the input that is read"; i=$((i + 1)); done | {
    n=0
    while read -r word number rest; do
        n=$((n + 1)) last=$number
        [ $n = 100 ] && eval 'exec 10>&1 11>&1 12>&1 13>&1'
    done
    echo "$n $last"
} | cat
--- stdout
300 299
