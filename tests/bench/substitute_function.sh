f() { case $1 in *0) echo even;; *) echo other $1;; esac; }
i=0
while [ $i -lt 3000 ]; do x=$(f $i); i=$((i+1)); done
echo $x
