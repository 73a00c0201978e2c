## Copies within the guest's kernel

=== a file of any length is copied whole, whatever pieces it is read in
for n in 0 131071 131072 1200001; do
    head -c $n /dev/urandom >f
    cat f >g
    cp f h
    cmp f g && cmp f h && echo $n
done
--- stdout
0
131071
131072
1200001

=== a reader that ends early is noticed, and what it did not read is nobody's loss
head -c 4000000 /dev/zero >f
cat f | head -c 5 | tr '\0' x; echo
--- stdout
xxxxx

=== a copy that is refused in the middle says so, and has written what went before
head -c 1000000 /dev/zero >f
(ulimit -f 1000; cat f >g) 2>/dev/null || echo refused
stat -c %s g
--- stdout
refused
512000

=== a copy that stands still is ended by a signal, with pieces under way
head -c 3000000 /dev/zero >f
mkfifo p
cat f >p &
exec 3<p
head -c 1 <&3 | tr '\0' x; echo
kill $!
exec 3<&-
wait $!
[ $? -gt 128 ] && echo ended
--- stdout
x
ended

=== several files, one after the other, and one that is read twice
printf 'a\n' >a; printf 'b\n' >b
head -c 300000 /dev/zero >z
cat a z b | tr -d '\0'
cat z z | wc -c
--- stdout
a
b
600000
