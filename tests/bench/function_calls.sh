f() { r=$(($1 + 1)); }
i=0
while [ $i -lt 120000 ]; do f $i; i=$r; done
echo $i
