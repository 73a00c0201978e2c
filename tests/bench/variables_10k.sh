i=0
while [ $i -lt 10000 ]; do eval "v$i=\$i"; i=$((i+1)); done
i=0 s=0
while [ $i -lt 10000 ]; do eval "s=\$((s + v$i))"; i=$((i+1)); done
echo $s
