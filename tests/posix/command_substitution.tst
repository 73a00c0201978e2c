## XCU 2.6.3 Command substitution
## - $(command) and `command` are replaced by the standard output without its trailing newlines.
=== the output replaces the substitution
echo $(echo a) `echo b` "$(echo c)" "`echo d`"
--- stdout
a b c d

=== all trailing newlines are removed, others are kept
x=$(printf 'a\n\nb\n\n\n')
printf '[%s]\n' "$x"
--- stdout
[a

b]

=== trailing blanks are kept
x=$(printf 'a \n \n\n')
printf '[%s]\n' "$x"
--- stdout
[a 
 ]

=== output of newlines alone is the null string
x=$(printf '\n\n\n')
echo "[$x]" $(printf '\n') "$(echo)"
--- stdout
[] 

=== an empty substitution
x=$()
echo "[$x]" "[$( )]" "[`` ]" [$(
)]
--- stdout
[] [] [ ] []

=== the result is split and matched when unquoted
>f1; >f2
set -- $(echo 'a  b' 'f*')
printf '[%s]' "$@"; echo
set -- "$(echo 'a  b' 'f*')"
printf '[%s]' "$@"; echo
--- stdout
[a][b][f1][f2]
[a  b f*]

=== the result is not expanded again
printf '%s\n' "$(printf '%s' '$x $(echo) ~ \\')"
--- stdout
$x $(echo) ~ \\

=== a substitution in the middle of a word
set -- a$(echo 'b c')d
printf '[%s]' "$@"; echo
--- stdout
[ab][cd]

=== an unquoted substitution without output is no field
set -- $(true) `true` "$(true)"
echo $#
--- stdout
1

=== large output is read whole
x=$(i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i + 1)); done)
echo ${#x}
--- stdout
219999

=== null bytes in the output do not stop what follows
x=$(printf 'a\000b') 2>/dev/null
case $x in a*b | a*) echo ok;; esac
--- stderr any
--- stdout
ok

## - The command runs in a subshell environment.
=== assignments, functions, directory and options within do not reach out
x=1
f() { echo old; }
y=$(x=2; f() { echo new; }; cd /; set -f; f)
echo $x $y $(f)
case $- in *f*) echo f;; esac
test "$PWD" != / && echo same
--- stdout
1 new old
same

=== exit within ends the substitution only
x=$(echo a; exit 3; echo b)
echo $x $?
--- stdout
a 3

=== a substitution sees variables, functions, positional parameters and aliases
v=var
f() { echo fun$1; }
set -- pos
echo $(echo $v; f 1; echo $1 $#)
--- stdout
var fun1 pos 1

=== an unset or null variable assigned within has no effect outside
unset x
: $(: ${x=1})
echo ${x-unset}
--- stdout
unset

=== break and return within a substitution act in it alone
for i in 1 2; do echo $(for j in a b; do echo $j; break; done); done
f() { echo $(return 4; echo no) $?; }
f
--- stdout
a
a
0

=== standard input is that of the shell
echo line1 >f; echo line2 >>f
{ x=$(read a; echo $a); read b; echo "$x $b"; } <f
--- stdout
line1 line2

=== standard error is not captured
x=$(echo out; echo err >&2)
echo "[$x]"
--- stderr
err
--- stdout
[out]

## - The status of a simple command without a name is that of the last substitution in it.
=== the status of an assignment
x=$(exit 3); echo $?
x=$(false) y=$(true); echo $?
x=$(true) y=$(false); echo $?
x=`exit 4`; echo $?
--- stdout
3
0
1
4

=== the status of a command that a substitution leaves empty
$(exit 5); echo $?
$(true); echo $?
`exit 6`; echo $?
--- stdout
5
0
6

=== the status of a command with a name is its own
echo $(exit 3) >/dev/null; echo $?
--- stdout
0

=== a redirection with a substitution
>$(echo f; exit 2)
echo $?
ls f
--- stdout
2
f

=== a substitution may name the command
$(echo echo) a
$(echo echo b c)
x=echo; $(echo $x) d
--- stdout
a
b c
d

## - Substitutions nest; quotes within $( ) are independent of those around it.
=== $( ) nest without escapes
echo $(echo $(echo $(echo deep)))
echo "$(echo "$(echo "$(echo 'a  b')")")"
--- stdout
deep
a  b

=== ` ` nest with escaped back-quotes
echo `echo \`echo \\\`echo deep\\\`\``
--- stdout
deep

=== $( ) within ` ` and ` ` within $( )
echo `echo $(echo a)` $(echo `echo b`)
--- stdout
a b

=== parentheses balance within $( )
echo $( (echo sub) ) $( (echo a); (echo b) ) $({ echo c; })
--- stdout
sub a b c

=== $((...)) that is no arithmetic is a substitution of a subshell
echo $((echo a); (echo b))
echo $( (echo c) | cat)
--- stdout
a b
c

=== case, comments, functions and here-documents within $( )
echo $(case a in a) echo 1;; b) echo 2;; esac
# comment ) ' "
f() { echo fn; }; f
cat <<E
body )
E
)
--- stdout
1 fn body )

=== several here-documents around and within a substitution
cat <<A; echo $(cat <<B
b
B
)
a
A
--- stdout
a
b

=== a substitution within a here-document
cat <<E
$(echo a; echo b) `echo c`
$(cat <<F
inner
F
)
E
--- stdout
a
b c
inner

=== a substitution within an arithmetic expansion and within ${ }
unset x
echo $(( $(echo 1) + `echo 2` )) ${x-$(echo d)} "${x-`echo e`}"
--- stdout
3 d e

=== a substitution of several lines
x=$(
  if true
  then
    echo yes
  fi
)
echo $x
--- stdout
yes

=== a substitution ends with a comment's newline, not in the comment
echo $(echo a #)
)
--- stdout
a

=== 100 levels of $( )
s=echo
i=0
c='echo deep'
while [ $i -lt 100 ]; do c="echo \$($c)"; i=$((i + 1)); done
eval "$c"
--- stdout
deep

## - Within ` `, a backslash is literal but before $ ` and backslash.
=== backslashes in ` `
x=1
printf '%s\n' `printf '%s\n' '\a' '\\\\b' \\$x \\\\\\$x`
--- stdout
\a
\\b
$x
\$x

=== backslashes in $( ) are as outside
printf '%s\n' $(printf '%s\n' '\a' '\\b' \$x)
--- stdout
\a
\\b
$x

=== an escaped $ in ` ` is expanded by the inner command
x=v
echo `echo \$x` `echo '\$x'`
--- stdout
v $x

=== quotes within ` `
x='a  b'
echo `echo "$x"`
echo "`echo '$x'`"
--- stdout
a b
$x

=== a single quote within ` ` is quoted to the next
echo `echo 'a;b'`
--- stdout
a;b

=== a newline after a backslash in ` `
echo `echo a\
b`
--- stdout
ab

## - A substitution with redirections alone is unspecified except for $(< file), which most shells have as an extension.
=== the shell's exit trap does not run in a substitution
trap 'echo trap' EXIT
x=$(echo a)
echo $x
trap - EXIT
--- stdout
a

=== an exit trap of the substitution runs there
x=$(trap 'echo bye' EXIT; echo hi)
echo $x
--- stdout
hi bye

=== a background command's output within a substitution is captured
x=$(echo a & wait; echo b)
echo $x
--- stdout
a b

=== a substitution waits for the command alone
x=$(sleep 60 >/dev/null 2>&1 & echo $!)
kill $x && echo quick
--- stdout
quick

=== umask and ulimit changes within a substitution stay there
umask 022
x=$(umask 077; umask)
echo $x $(umask)
--- stdout
0077 0022

=== closing standard output before a substitution
exec 3>&1 >&-
x=$(echo captured)
echo "$x" >&3
--- stdout
captured

=== an assignment that a value brings into arithmetic within $( ) stays there
w='v=1' v=0
x=$(: $(($w))) y=$(echo $(($w))) z=$(printf %s "$((1 ? $w : 2))")
set -- 'v+=5'
: "$(: $(($1)))"
echo $v $z
--- stdout
0 1

=== a line continuation in backquotes vanishes whatever is around it
x=`printf %s 'a\
b' # c \
echo no`
y=`cat <<\\E
c\
d
E
`
z=`printf %s 'e\\
f'`
echo "$x" "$y" "$z"
--- stdout
ab cd e\
f
