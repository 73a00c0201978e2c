i=0
while [ $i -lt 20000 ]; do
    read -r x <<EOF
line $i and $((i * 2))
EOF
    i=$((i+1))
done
echo $x
