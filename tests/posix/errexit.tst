## XCU set: -e
## - A failing command ends the shell.
=== the shell ends at a failing simple command with its status
set -e
(exit 5)
echo no
--- status 5

=== a failing built-in utility ends it
set -e
test -n ''
echo no
--- status 1

=== a failing assignment from a command substitution ends it
set -e
x=$(exit 3)
echo no
--- status 3

=== a failing subshell ends it
set -e
(false; echo no)
echo no
--- status 1

=== a command that is not found ends it with 127
set -e
nosuchcommand 2>/dev/null
echo no
--- status 127

=== a function whose last command failed ends it
set -e
f() { (exit 4); }
f
echo no
--- status 4

=== a redirection error ends it
set -e
{ { echo no; } <nosuch; } 2>/dev/null
echo no
--- status 1

=== a failing pipeline ends it, one of its earlier commands does not
set -e
false | true
echo on
true | false
echo no
--- stdout
on
--- status 1

=== the last command of an AND-OR list ends it
set -e
true && false
echo no
--- status 1

=== a failing wait ends it
set -e
(exit 6) &
wait $!
echo no
--- status 6

=== a failing command in a compound command ends it
set -e
if true; then false; echo no; fi
echo no
--- status 1

=== a failing command in a loop's body ends it
set -e
while true; do false; echo no; done
echo no
--- status 1

=== a failing command in eval and in a dot script ends it
echo 'false
echo no' >f
(set -e; eval 'false; echo no'; echo no)
echo $?
(set -e; . ./f; echo no)
echo $?
--- stdout
1
1

=== it holds in the subshell of a command substitution
set -e
x=$(false; echo no)
echo no
--- status 1

=== the EXIT trap runs, with the status
set -e
trap 'echo exit $?' EXIT
(exit 7)
echo no
--- stdout
exit 7
--- status 7

=== -e on the command line
$TESTEE -e -c 'false; echo no'
echo $?
$TESTEE -ec 'false; echo no'
echo $?
--- stdout
1
1

## - Exempt are conditions, negations and all but the last command of AND-OR lists.
=== conditions of if, elif, while and until are exempt
set -e
if false; then :; elif false; then :; fi
while false; do :; done
until true; do :; done
echo on
--- stdout
on

=== commands before && and || are exempt
set -e
false && echo no
false || true
true && false || true
echo on
--- stdout
on

=== a negated pipeline is exempt
set -e
! true
! false
! { false; echo in; }
echo on
--- stdout
in
on

=== exemption reaches into compound commands, functions, eval and dot scripts
set -e
echo 'false; echo dot' >f
g() { false; echo function; }
if { false; echo brace; }; then :; fi
if g; then :; fi
g || :
if eval 'false; echo eval'; then :; fi
if . ./f; then :; fi
if (false; echo subshell); then :; fi
--- stdout
brace
function
function
eval
dot
subshell

## - A compound command whose failure was exempt within it is exempt.
=== a compound command is exempt when its status comes from an exempt failure
set -e
{ false && true; }
for i in 1; do false && true; done
case a in a) false && true;; esac
if :; then false && true; fi
echo on
--- stdout
on

=== a subshell is not
set -e
(false && true)
echo no
--- status 1

=== an asynchronous list does not end the shell
set -e
false &
wait
echo on
--- stdout
on

=== a failing command substitution among arguments does not
set -e
echo $(false) on
--- stdout
on

=== set +e ends it
set -e
set +e
false
echo on
--- stdout
on
