## XCU jobs, bg, fg
## - Jobs are listed, named, and continued in the foreground and the background.
=== jobs lists a running job in the standard's form
mkfifo f
cat f &
jobs >g
: >f
wait
grep -q '^\[1\] + Running *cat f *$' g && echo on
--- stdout
on

=== jobs -p lists the process
mkfifo f
cat f &
jobs -p >g
: >f
wait
read p <g
test "$p" = $! && echo on
--- stdout
on

=== jobs -l has the process as well
mkfifo f
cat f &
jobs -l >g
: >f
wait
grep -q "^\[1\] + $! Running *cat f *\$" g && echo on
--- stdout
on

=== the current and the previous job are marked
mkfifo f
cat f &
cat f &
cat f &
jobs >g
for i in 1 2 3; do : >f; done
kill %1 %2 %3 2>/dev/null
wait
sed 's/ *R.*//' g
--- stdout
[1]
[2] -
[3] +

=== an ended job is told once, with its status
(exit 3) &
while kill -0 $! 2>/dev/null && ! jobs | grep -q Done; do :; done
jobs | grep -c 'Done(3)'
--- stdout
1

=== job IDs by number, %%, %+, %-, beginning and part of the command
mkfifo f g
cat f &
p=$!
cat g &
q=$!
for i in %1 %- %?f %'cat f'; do jobs -p "$i"; done >x
for i in %2 %% %+ %?g %'cat g'; do jobs -p "$i"; done >y
: >f
: >g
wait
sort -u x >x1
sort -u y >y1
read a <x1
read b <y1
test "$a $b" = "$p $q" && echo on
--- stdout
on

=== an ambiguous job ID is an error
mkfifo f
cat f &
cat f &
jobs %cat 2>/dev/null
test $? -gt 0 && echo error
kill %1 %2
wait
--- stdout
error

=== jobs in a command substitution and in a pipeline shows the shell's jobs
mkfifo f
cat f &
test "$(jobs -p)" = $! && echo on
jobs -p | grep -c .
: >f
wait
--- stdout
on
1

=== fg and bg need job control
: &
fg %1 2>/dev/null
test $? -gt 0 && echo error
bg %1 2>/dev/null
test $? -gt 0 && echo error
wait
--- stdout
error
error

=== set -m: a stopped job is continued by fg
set -m
$TESTEE -c 'kill -STOP $$; echo continued' &
while ! jobs | grep -q Stopped; do :; done
fg %1
--- stderr any
--- stdout
$TESTEE -c 'kill -STOP $$; echo continued'
continued

=== set -m: a stopped job is continued by bg
set -m
$TESTEE -c 'kill -STOP $$; echo continued' &
while ! jobs | grep -q Stopped; do :; done
bg %1
wait
--- stderr any
--- stdout
[1] $TESTEE -c 'kill -STOP $$; echo continued'
continued

=== set -m: a stopped foreground job has a status above 128
set -m
$TESTEE -c 'kill -STOP $$; echo continued' 2>/dev/null
echo $?
fg >/dev/null
--- stderr any
--- stdout
147
continued
