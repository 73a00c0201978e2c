## XCU 2.3.1 Alias substitution
## - A word in the place of a command name that names an alias is replaced by its value, before reserved words are recognised.
=== an alias is replaced in command position
alias e='echo hello'
e world
--- stdout
hello world

=== an alias takes effect with the next line, not on its own
alias foo='echo one'
alias foo='echo two'; foo
foo
--- stdout
one
two

=== an alias is replaced in every command position
alias e='echo x'
e 1; e 2 && e 3 | cat
(e 4)
{ e 5; }
if e 6; then e 7; fi
case a in a) e 8;; esac
! e 9
--- status 1
--- stdout
x 1
x 2
x 3
x 4
x 5
x 6
x 7
x 8
x 9

=== an alias is replaced after assignments and redirections
alias e='echo x'
a=1 e 1
>f e 2
a=1 2>/dev/null e 3
cat f
--- stdout
x 1
x 3
x 2

=== an alias is not replaced in argument position
alias a=wrong
echo a
--- stdout
a

=== a quoted word is not replaced
alias echo='echo wrong'
\echo a
'echo' b
e"cho" c
ech\
o d
--- stdout
a
b
c
wrong d

=== a word from an expansion is not replaced
alias e='echo wrong'
x=e
$x 2>/dev/null || echo $?
--- stdout
127

=== a reserved word may come from an alias
alias wenn='if true' dann=then ende=fi
wenn; dann echo yes; ende
--- stdout
yes

=== an alias may hold several commands and operators
alias two='echo 1; echo'
two 2
alias both='echo a &&'
both echo b
--- stdout
1
2
a
b

=== an alias may hold a newline
alias nl='echo 1
echo 2'
nl 3
--- stdout
1
2 3

=== an alias may hold an unfinished compound command
alias begin='{ echo in;' for3='for i in 1 2 3'
begin echo more; }
for3; do echo $i; done
--- stdout
in
more
1
2
3

=== an alias may hold a redirection
alias tof='>f'
tof echo x
cat f
--- stdout
x

=== an alias may hold assignments
alias a='x=1'
a
echo $x
a $TESTEE -c 'echo $x'
--- stdout
1
1

=== an alias may hold the beginning of a function definition
alias def='f()'
def { echo body; }
f
--- stdout
body

=== an alias may hold the operator of a here-document
alias here='cat <<E'
here
text
E
--- stdout
text

=== an alias may hold part of a pipeline
alias up='tr a-z A-Z' src='echo abc |'
src up
--- stdout
ABC

=== an alias may be empty
alias e=
e echo a
e
echo b
--- stdout
a
b

=== a comment in an alias ends at its end of line
alias c='echo a #'
c b
--- stdout
a

## - The value of an alias is not searched for the alias itself, but for others.
=== an alias may name itself
alias echo='echo x'
echo y
--- stdout
x y

=== aliases may name each other without end
alias a='b 1' b='a 2'
a 2>/dev/null || echo $?
--- stdout
127

=== an alias's first word is searched for aliases again
alias one='two 1' two='echo 2'
one x
--- stdout
2 1 x

=== an alias with ; finds aliases after it
alias one='true; two 1' two='echo 2'
one x
--- stdout
2 1 x

## - When the value ends in a blank, the next word is searched for aliases too.
=== a value that ends in a blank lets the next word be replaced
alias e='echo ' a=b
e a a
--- stdout
b a

=== a trailing tab counts as a blank
alias e='echo	' a=b
e a a
--- stdout
b a

=== the blank may chain on
alias e='echo ' a='b ' c=d
e a c c
--- stdout
b d c

=== a value that ends in a blank searches a word after a self-reference
alias echo='echo ' a=b
echo a
--- stdout
b

=== the blank's word is not replaced when quoted
alias e='echo ' a=b
e \a
e 'a'
--- stdout
a
a

=== the blank has no effect across an operator
alias e='echo x ' a=echo
e;a y
--- stdout
x
y

## - Aliases are expanded when a command is read, so within functions, eval, dot scripts and command substitutions as well.
=== an alias is expanded when a function is defined, not when it runs
alias e='echo old'
f() { e; }
alias e='echo new'
f
e
--- stdout
old
new

=== eval reads its string with the aliases of that time
alias e='echo one'; eval e
--- stdout
one

=== a dot script is read with the shell's aliases
alias e='echo x'
echo 'e dot' >f
. ./f
--- stdout
x dot

=== an alias is expanded within $( ) and ` `
alias e='echo x'
echo $(e 1) `e 2` "$(e 3)"
--- stdout
x 1 x 2 x 3

=== an alias that is defined within $( ) does not reach out
x=$(alias zz='echo in'; eval zz)
echo "$x"
zz 2>/dev/null || echo $?
--- stdout
in
127

=== aliases are not inherited by a shell that is invoked
alias e='echo x'
$TESTEE -c 'e' 2>/dev/null || echo $?
--- stdout
127

=== a subshell inherits aliases
alias e='echo x'
(e 1)
--- stdout
x 1

=== an alias is replaced before the name is taken as a function or a special built-in
alias set='echo set'
f() { echo function; }
alias f='echo alias'
set -- a
f
--- stdout
set -- a
alias

=== unalias ends the replacement at the next line
alias e='echo x'
unalias e
e 2>/dev/null || echo $?
--- stdout
127

## - The names of aliases hold letters, digits, underscores and any of !%,-@ .
=== an alias name may hold special characters
alias 1a='echo a' a-b='echo b' a,b='echo c' a@b='echo d' %='echo e' _a='echo f' a!b='echo g' 22='echo h'
1a; a-b; a,b; a@b; %; _a; a!b; 22
--- stdout
a
b
c
d
e
f
g
h

=== a word that is followed by ( of a function definition
alias f=g
f() { echo body; }
unalias f
g
--- stdout
body

=== the name of for and the words of case are not replaced
alias i=wrong x=wrong in=wrong
for i in x; do echo $i; done
case x in x) echo yes;; esac
--- stdout
x
yes

=== a word in command position within an alias's case clause is replaced
alias c='case x in x) e' e='echo yes'
c;; esac
--- stdout
yes

## - The end of $( ) is found without alias substitution, and its commands are read with the aliases of the time when it is executed.
=== an alias within $( ) of a function is that of the time when it runs
alias e='echo old'
f() { echo "$(e)" `e`; }
alias e='echo new'
f
--- stdout
new new

=== an alias that is no longer there when $( ) runs
alias e='echo alias'
f() { echo "$(e)"; }
unalias e
e() { echo function; }
f
--- stdout
function

=== the end of $( ) is found without aliases
alias echo=')'
f() { printf '%s\n' "$(echo x)"; }
unalias echo
f
--- stdout
x

=== a line of $( ) may define an alias for the lines after it
x=$(alias e='echo one'
e; alias e='echo two'; e
e)
echo "$x"
y=`alias e='echo three'
e`
echo "$y"
--- stdout
one
one
two
three

=== what a command of $( ) runs may define an alias for its other lines
f() { alias g='echo yes'; }
x=$(f
g) y=$(eval 'alias g="echo and yes"'
g) z=$(command alias g='echo indeed'
g)
echo "$x $y $z"
v=alias
x=$("$v" g='echo also'
g)
echo "$x"
--- stdout
yes and yes indeed
also

=== commands of $( ) that only aliases make sense of
alias begin='{ echo in;' if2='if true'
x=$(begin echo more; }) y=`if2; then echo $(begin echo else; }); fi`
echo $x $y
--- stdout
in more in else

=== an alias whose value has $( ) with its own name ends
alias e='echo $(e 2>&1)'
PATH=/nonexistent
e >/dev/null; echo done
--- stdout
done

=== LINENO of commands of $( ) that are read anew
alias e=echo
x=$(

e $LINENO)
echo $x
--- stdout
4
