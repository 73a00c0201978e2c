## XCU alias, unalias
=== alias prints a definition that can be read again
alias a='echo "x y" '\''z'\'
alias a >out
unalias a
eval "alias $(cat out)"
alias a >out2
cmp out out2 && eval a
--- only fleetsh
--- stdout
x y z

=== alias without operands prints all definitions
alias b=two
alias a=one
alias >out
grep -c . out
grep one out >/dev/null && grep two out >/dev/null && echo both
--- only fleetsh
--- stdout
2
both

=== alias of an unknown name fails and goes on with the rest
alias a=one
alias nosuch a >out 2>/dev/null
[ $? -gt 0 ] && grep one out >/dev/null && echo good
--- stdout
good

=== the value may hold equals signs and be empty
alias a=b=c e=
alias a e
--- only fleetsh
--- stdout
a='b=c'
e=''

=== unalias removes
alias a='echo alias'
unalias a
a() { echo function; }
a
--- stdout
function

=== unalias -a removes all
alias a=one b=two
unalias -a
alias
--- stdout

=== unalias of an unknown name fails
unalias nosuch 2>/dev/null || echo failed
--- stdout
failed

=== unalias without operands fails
unalias 2>/dev/null || echo failed
--- only fleetsh
--- stdout
failed

=== aliases with all the characters of XBD 3.10
alias a!%,@_9='echo good'
eval 'a!%,@_9'
--- stdout
good

=== names that could not be a command word are refused
alias 'a b=c' 2>/dev/null || echo refused
alias 'a$b=c' 2>/dev/null || echo refused
--- only fleetsh
--- stdout
refused
refused

=== subshells inherit aliases and cannot change the parent's
alias a='echo one'
(alias a)>out
(unalias a)
alias a >out2
cmp out out2 && echo same
--- stdout
same
