i=0 s=0
while [ "$i" -lt 150000 ]; do
    s=$(( (s * 31 + i) % 1000003 ))
    i=$((i + 1))
done
echo $s
