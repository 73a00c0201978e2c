## XCU 2.9.5 Function definition command
## - name() compound-command defines a function; calling it runs the command with the arguments as positional parameters.
=== a function is called with arguments
f() { echo "$# $1 $2"; }
f a 'b c'
f
--- stdout
2 a b c
0  

=== any compound command may be the body
f1() (echo sub; x=1)
f2() if true; then echo if; fi
f3() for i do echo $i; done
f4() while true; do echo while; break; done
f5() case $1 in a) echo case;; esac
f6() until echo until; do :; done
f1; f2; f3 for; f4; f5 a; f6
echo ${x-unset}
--- stdout
sub
if
for
while
case
until
unset

=== newlines and blanks before the body
f()
{ echo a; }
g ( )

{ echo b; }
h()  (echo c)
f; g; h
--- stdout
a
b
c

=== a definition has status 0 and does not run the body
false
f() { echo no; exit 3; }
echo $?
--- stdout
0

=== a definition does not expand anything
x=1
f() { echo $x; }
x=2
f
--- stdout
2

=== the status of a call is the last command's
f() { false; }; f; echo $?
g() { (exit 5); true; }; g; echo $?
h() { return 7; }; h; echo $?
--- stdout
1
0
7

=== variables are the shell's
f() { x=in; }
x=out
f
echo $x
--- stdout
in

=== the positional parameters are restored after the call
f() { shift; set -- x y z; echo $#; }
set -- a b
f 1 2 3
echo $# $1 $2
--- stdout
3
2 a b

=== $# and $@ within, $0 not
f() { printf '%s ' "$#" "$@"; echo; }
set -- out
f a 'b c'
f
--- stdout
2 a b c 
0 

=== recursion
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(($1 * $(fact $(($1 - 1))))); fi; }
fact 10
down() { [ $1 -eq 0 ] || down $(($1 - 1)); }
down 500 && echo ok
--- stdout
3628800
ok

=== a function may redefine and unset itself while it runs
f() { f() { echo second; }; echo first; }
f; f
g() { unset -f g; echo still; }
g
g 2>/dev/null || echo $?
--- stdout
first
second
still
127

=== a redefinition replaces
f() { echo a; }
f() { echo b; }
f
--- stdout
b

=== a definition in a subshell stays there
(f() { echo in; }; f)
f 2>/dev/null || echo $?
--- stdout
in
127

=== a definition in a function or a condition happens when it is executed
f() { g() { echo g; }; }
g 2>/dev/null || echo $?
f; g
if false; then h() { :; }; fi
h 2>/dev/null || echo $?
--- stdout
127
g
127

=== functions and variables have separate names
f=var
f() { echo fn; }
echo $f; f
unset f
f
unset -f f
f 2>/dev/null || echo $?
--- stdout
var
fn
fn
127

=== functions are not exported
f() { echo fn; }
$TESTEE -c f 2>/dev/null || echo $?
--- stdout
127

=== a function's name may be that of a variable of any case, with digits and underscores
_f1() { echo a; }
F() { echo b; }
f() { echo c; }
_f1; F; f
--- stdout
a
b
c

=== assignments before a call
f() { echo $x; x=inner; }
unset x
x=1 f
x=outer
x=2 f
--- stdout
1
2

=== a call with redirections and in a pipeline
f() { cat; echo end; }
echo a | f
f <<E
b
E
f </dev/null >g; cat g
f </dev/null | tr a-z A-Z
--- stdout
a
end
b
end
end
END

=== many functions
i=0
while [ $i -lt 1000 ]; do eval "f$i() { echo $i; }"; i=$((i + 1)); done
f0; f999
--- stdout
0
999

## XCU return
## - return ends the function or the dot script with status n, else that of the last command.
=== return n
f() { return $1; echo no; }
f 0; echo $?
f 3; echo $?
f 255; echo $?
--- stdout
0
3
255

=== return without an operand
f() { (exit 6); return; }
f; echo $?
g() { true; return; }
g; echo $?
--- stdout
6
0

=== return in loops, conditions and groups
f() { while true; do for i in 1; do if true; then { return 4; }; fi; done; done; echo no; }
f; echo $?
--- stdout
4

=== return in a dot script ends that only
echo 'echo a; return 3; echo no' >s
. ./s; echo $?
f() { . ./s; echo "in $?"; }
f
--- stdout
a
3
a
in 3

=== return in a function called in a dot script
echo 'f() { return 5; }; f; echo "in $?"' >s
. ./s
--- stdout
in 5

=== return in a subshell of a function ends the subshell
f() { (return 3; echo no); echo $?; }
f
--- stdout
3

=== return in eval
f() { eval 'return 4'; echo no; }
f; echo $?
--- stdout
4

=== nested returns
f() { g; echo "f $?"; return 1; }
g() { return 2; }
f; echo $?
--- stdout
f 2
1

=== return ends the loops of the function, not of the caller
f() { for j in a b; do return; done; }
for i in 1 2; do f; echo $i; done
--- stdout
1
2
