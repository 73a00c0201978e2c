## bind, of the line editor
=== bind -p prints what binding again leaves as it is
bind -p >first
grep '^"' first >lines
while read -r line; do bind "$line" || echo "$line"; done <lines
bind -p >second
host cmp first second && echo same
bind >third
host cmp first third && echo same
--- only fleetsh
--- args -o host
--- stdout
same
same

=== bind -q prints the keys of a function, -s those that type text
bind '"\C-xg": "say \"hi\"\C-m\e[A\\"' '"\M-q":undo' '"\e[15;5~": undo' '"\C-\M-h": undo' '"\x01": undo' '"\101": undo' '"é":undo'
bind -s
bind -q undo
bind -q kill-region; bind -u kill-region; bind -q kill-region; echo $?
bind -r '\C-t'; bind -q transpose-chars; echo $?
bind -l | sed -n '1p;$p'
--- only fleetsh
--- args -o host
--- stdout
"\C-xg": "say \"hi\"\C-m\e[A\\"
"\C-_"
"\C-x\C-u"
"\C-xu"
"\eq"
"\e[15;5~"
"\e\C-h"
"\C-a"
"A"
"é"
"\C-x\C-w"
1
1
abort
yank-pop

=== bind tells what is wrong with each operand, and binds the others
bind foo '"ab": undo' '"\C-": undo' '"": undo' '"a": nosuch' '"a" undo' '"a": "b' '"a": "\q"' '"\C-a": "\000"' '"z": undo'
echo $?
bind -q undo | tail -n 1
bind -q nosuch; echo $?
bind -u nosuch; echo $?
bind -r ab; echo $?
bind -z; echo $?
bind -q
--- only fleetsh
--- args -o host
--- stdout
1
"z"
1
1
1
2
--- stderr
fleetsh: line 1: bind: foo: must be '"KEY": NAME' or '"KEY": "TEXT"'
fleetsh: line 1: bind: "ab": undo: not one key, nor \C-x and another one
fleetsh: line 1: bind: "\C-": undo: not one key, nor \C-x and another one
fleetsh: line 1: bind: "": undo: not one key, nor \C-x and another one
fleetsh: line 1: bind: nosuch: no such function; bind -l lists them
fleetsh: line 1: bind: "a" undo: must be '"KEY": NAME' or '"KEY": "TEXT"'
fleetsh: line 1: bind: "a": "b: the text must be in double-quotes, with known escapes
fleetsh: line 1: bind: "a": "\q": the text must be in double-quotes, with known escapes
fleetsh: line 1: bind: "\C-a": "\000": the text must be in double-quotes, with known escapes
fleetsh: line 4: bind: nosuch: no such function; bind -l lists them
fleetsh: line 5: bind: nosuch: no such function; bind -l lists them
fleetsh: line 6: bind: ab: not one key, nor \C-x and another one
fleetsh: line 7: bind: -z: no such option
fleetsh: line 8: bind: -q: an argument is missing
--- status 2
