i=0
while [ $i -lt 60000 ]; do set -- a b c "$i"; shift; x=$3; for y do :; done; i=$((i+1)); done
