i=0 n=0
while [ $i -lt 100000 ]; do
    case file$i.c in
    *.h) n=$((n+1)) ;;
    *[13579].c) n=$((n+2)) ;;
    file*0.?) n=$((n+3)) ;;
    *) n=$((n+4)) ;;
    esac
    i=$((i+1))
done
echo $n
