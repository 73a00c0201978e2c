i=0
while [ $i -lt 3000 ]; do (x=$i; :); i=$((i+1)); done
