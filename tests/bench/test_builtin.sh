i=0
while [ $i -lt 150000 ]; do
    [ -n "$i" ] && [ "$i" != x ] && [ ! "$i" = y -a 1 -eq 1 ]
    i=$((i+1))
done
