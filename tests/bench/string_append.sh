s= i=0
while [ $i -lt 20000 ]; do
    s="$s"x
    i=$((i+1))
done
echo ${#s}
