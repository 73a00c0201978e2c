l='a b c d e f g h i j k l m n o p q r s t'
i=0
while [ $i -lt 6000 ]; do for x in $l; do y=$x; done; i=$((i+1)); done
