## XCU id, which is built in: an /etc/profile asks it before there may be a router
=== id is told by the shell itself
type id
id -u >/dev/null && echo known
--- only fleetsh
--- args -o host
--- stdout
id is a shell builtin
known

=== id says what the system's id says
for options in '' -u -g -G -un -gn -Gn -ur -gr -unr; do
    [ "$(id $options)" = "$(/usr/bin/id $options)" ] || echo "id $options: $(id $options), not $(/usr/bin/id $options)"
    for user in root nobody daemon 0; do
        [ "$(id $options $user)" = "$(/usr/bin/id $options $user)" ] || echo "id $options $user: $(id $options $user)"
    done
done
--- only fleetsh
--- args -o host

=== id of a user that is not there, and wrong use
id no-such-user; echo $?
id -n; echo $?
id -u -g; echo $?
id root daemon; echo $?
id -x; echo $?
--- only fleetsh
--- stderr
fleetsh: line 1: id: no-such-user: no such user
fleetsh: line 2: id: usage: id [-G | -g | -u] [-nr] [user]
fleetsh: line 3: id: usage: id [-G | -g | -u] [-nr] [user]
fleetsh: line 4: id: usage: id [-G | -g | -u] [-nr] [user]
fleetsh: line 5: id: -x: no such option
--- stdout
1
2
2
2
2
