i=0
while [ $i -lt 1500 ]; do echo $i | while read -r x; do :; done; i=$((i+1)); done
