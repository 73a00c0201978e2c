i=0
while [ $i -lt 100000 ]; do printf '%5d %s %x\n' $i word 255; i=$((i+1)); done
