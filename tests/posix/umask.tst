## XCU umask
=== umask writes an octal mask that umask reads
umask 027
x=$(umask)
umask 0
umask "$x"
umask
--- only fleetsh
--- stdout
0027

=== umask -S writes what is allowed
umask 027
umask -S
umask 777
umask -S
--- stdout
u=rwx,g=rx,o=
u=,g=,o=

=== the output of umask -S is a mask
umask 031
x=$(umask -S)
umask 0
umask "$x"
umask -S
--- stdout
u=rwx,g=r,o=rw

=== symbolic masks say what stays allowed
umask 022
umask g+w
umask -S
umask o-rx
umask -S
umask u=rw,go=
umask -S
umask +x
umask -S
--- stdout
u=rwx,g=rwx,o=rx
u=rwx,g=rwx,o=
u=rw,g=,o=
u=rwx,g=x,o=x

=== classes can be copied
umask 077
umask g=u,o=g
umask -S
umask 027
umask o=g-x
umask -S
--- only fleetsh
--- stdout
u=rwx,g=rwx,o=rwx
u=rwx,g=rx,o=r

=== several operations on one class
umask 077
umask go=rw+x-w
umask -S
--- only fleetsh
--- stdout
u=rwx,g=rx,o=rx

=== X allows execution where somebody may
umask 077
umask o+X
umask -S
umask 177
umask a=r+X
umask -S
--- only fleetsh
--- stdout
u=rwx,g=,o=x
u=r,g=r,o=r

=== the mask is used when files are made
umask 077
: >f
umask 0
: >g
ls -l f g | cut -c1-10
--- stdout
-rw-------
-rw-rw-rw-

=== bad masks are refused and change nothing
umask 022
for mask in 8 1x u+q u ug a=rw, 99999; do umask -- "$mask" 2>/dev/null && echo "took $mask"; done
umask -S
--- only fleetsh
--- stdout
u=rwx,g=rx,o=rx

=== a mask that begins with a hyphen follows --
umask 0
umask -- -w
umask -S
--- stdout
u=rx,g=rx,o=rx

=== umask in a subshell does not change the shell
umask 022
(umask 077)
umask -S
--- stdout
u=rwx,g=rx,o=rx
