i=0
while [ $i -lt 60000 ]; do
    p=/usr/local/share/doc/file.tar.gz
    a=${p##*/} b=${p%/*} c=${a%%.*} d=${a#*.}
    i=$((i+1))
done
echo $a $b $c $d
