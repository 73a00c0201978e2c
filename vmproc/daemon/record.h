/*
 * record.h - what a DNS-SD record of type _libvirt._tcp says of a router.
 *
 * A record is untrusted input: anybody on the network, or any local user, can publish one. A libvirt URI can name
 * programs to run (command=), sockets, and hosts to log in to, so of a record's uri only whole values from a list
 * are taken, and the URI of a router on another machine is made here, of a host's name that is nothing else. What may
 * be shown on a terminal holds no control characters. docs/PROTOCOL.md has the TXT keys.
 */
#ifndef VMPROC_DAEMON_RECORD_H
#define VMPROC_DAEMON_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_TLS_PORT  16514
#define RECORD_ADDRESSES 6

struct record {
    char name[64];                      /* of the service */
    char host[128];                     /* without a dot at its end */
    char address[RECORD_ADDRESSES][48]; /* of either protocol, in no order; "": no more */
    uint32_t port;
    bool local;    /* its address is one of this host's */
    uint32_t keys; /* which TXT keys have come, as bits */
    char txtvers[8], uri[128], accel[16], arch[16], id[40], images[128], labels[128]; /* "": not told */
};

/* One string of the TXT record. Of a key that comes twice the first counts; a value that cannot be is not taken. */
void record_take_txt(struct record *record, const uint8_t *text, size_t size);

/* why: set on refusal, a static string. */
bool record_acceptable(const struct record *record, const char **why);

/* Has room for a few, of several interfaces; an address that is there already is not added. */
void record_add_address(struct record *record, const char *address);

/*
 * Whether both lead to the same service of the same machine: its name, which may change when another machine has it,
 * or an address is the same.
 */
bool record_same_place(const struct record *a, const struct record *b);

/* Whether that host, or address, and port (in digits) are where it leads. */
bool record_leads_to(const struct record *record, const char *host, const char *port);

/* Whether another machine's identity stands under the name that known had. */
bool record_is_other(const struct record *record, const struct record *known);

/* How another machine is reached that is called so: its name, or one of its addresses. */
void record_far_uri(const struct record *record, const char *host, char uri[192]);

#endif
