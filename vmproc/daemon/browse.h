/*
 * browse.h - looks for routers that advertise themselves over DNS-SD as _libvirt._tcp.
 *
 * A record is untrusted input: anybody on the network, or any local user, can publish one. What is taken from
 * it is checked by record_acceptable(); a libvirt URI can name programs to run (command=), sockets, and hosts
 * to log in to, so only whole URIs from a list are taken, and those only from an address of this very host.
 */
#ifndef VMPROC_DAEMON_BROWSE_H
#define VMPROC_DAEMON_BROWSE_H

#include <stdbool.h>

struct record {
    char name[64];
    char uri[128];
    char accel[16];
    char id[40];
    bool local; /* its address is one of this host's */
};

/* why: set on refusal, a static string. */
bool record_acceptable(const struct record *record, const char **why);

/*
 * Blocks for at most milliseconds, less when an acceptable record comes (the first is taken; when name is not
 * NULL the first of that name). known: the router used last, or NULL; a record of the same name with another
 * identity is not that router and is passed over. (That is a tripwire: a copy of the record has its identity
 * too. What makes a router on this host trustworthy is who may make libvirt's socket.) Returns 0 with *found
 * filled; -ENOENT: none; -ENOTCONN: no avahi-daemon or no D-Bus.
 */
int browse_routers(const char *name, const struct record *known, unsigned milliseconds, struct record *found);

#endif
