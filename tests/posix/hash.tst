## XCU hash
=== hash remembers a command and lists it
hash cat
hash | grep cat >/dev/null && echo listed
--- stdout
listed

=== hash -r forgets
hash cat
hash -r
hash >out 2>/dev/null
grep -c '/cat' out || :
--- stdout
0

=== hash of a command that does not exist fails
hash no_such_command 2>/dev/null || echo failed
--- stdout
failed

=== a change of PATH forgets
mkdir a b
printf 'echo a\n' >a/cmd
printf 'echo b\n' >b/cmd
chmod +x a/cmd b/cmd
old=$PATH
PATH=$PWD/a:$old
cmd
PATH=$PWD/b:$old
cmd
--- stdout
a
b

=== a remembered command that has gone is searched again
mkdir a b
printf 'echo a\n' >a/cmd
printf 'echo b\n' >b/cmd
chmod +x a/cmd b/cmd
PATH=$PWD/a:$PWD/b:$PATH
cmd
rm a/cmd
hash -r
cmd
--- stdout
a
b

=== hash of built-in utilities and functions is no error
f() { :; }
hash cd f && echo good
--- only fleetsh
--- stdout
good

## - set -h: utilities that a function invokes are located and remembered as the function is defined.
=== set -h remembers the utilities of a function when it is defined
f() { cat; }
hash
set -h
g() {
    if ls; then (cut) | sort & else ! head && tail || tr; fi
    for i in 1; do case 1 in 1) wc;; esac; done
    while cat; do { paste; }; done >/dev/null
    time uniq; /bin/ls; echo no; f; nosuchutility
    h() { od; }
}
hash | while read -r x; do echo "${x##*/}"; done
--- stdout
cat
cut
head
ls
paste
sort
tail
tr
uniq
wc
