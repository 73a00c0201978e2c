/*
 * inherit.h - the descriptors that the command was started with, as the guest is to see them.
 *
 * Every open descriptor of the process but the shim's own is the program's. Which way each one's bytes
 * travel:
 *
 *   /dev/null                                              VIA_NULL
 *   the pipe that a wire replaces                          VIA_WIRE, and the pipe is closed
 *   written: terminal, pipe, socket behind 1, then 2       VIA_OUT, VIA_ERR: streamed
 *   all else                                               VIA_FID: one request, one system call, exact
 * errors
 *
 * Descriptors that share a description share its way. 1 and 2 opened separately on one terminal or pipe share
 * a port all the same: two ports would mix up the order of what is written.
 */
#ifndef SHIM_INHERIT_H
#define SHIM_INHERIT_H

#include "file.h"
#include "vmproc/guest_abi.h"

#include <stdbool.h>

#define INHERIT_MAX 1024

struct inherit;
struct socket;

struct inherited {
    struct ctl_fd info;
    struct file file;
    struct inherited *next; /* in the list of those that were added */
    unsigned users;         /* fids and calls under way; not counted: the program's descriptors */
    struct inherit *home;   /* of one that was added; NULL: of those that were there */
    bool closed;            /* by the program */
    struct socket *socket;  /* what socket.c knows of it; NULL: nothing yet */
};

struct inherit {
    struct inherited *fd; /* ascending by number */
    unsigned count;
    struct inherited *added;     /* made since, for children: a list */
    uint32_t next_number;        /* of the next of those */
    struct inherited *out, *err; /* where the ports' bytes go; NULL: nobody writes there */
    bool tty;                    /* one of them is a terminal */
};

/*
 * Lists the open descriptors but those in own[]. To be called before the shim opens any. Descriptors 0 to 2
 * that are closed are then reserved, so that nothing of the shim's gets a number that its messages go to. 0
 * or -errno.
 */
int inherit_scan(struct inherit *inherit, const int own[], unsigned nown);

/* What is written to terminals is not filtered. */
void inherit_trust(struct inherit *inherit);

/* Of the descriptors in this set of bits nobody else has the description: what is a file that is read is the guest's. */
void inherit_own(struct inherit *inherit, unsigned fds);

/* Decides the ways; closes the pipes that wires replace. */
void inherit_assign(struct inherit *inherit, bool wire_in, bool wire_out);

/*
 * Adds fd (owned from now on, also on failure) as one more, with a number that no program has used yet: what
 * a child is to share. NULL: no memory.
 */
struct inherited *inherit_add(struct inherit *inherit, int fd);

/* NULL: not open. */
struct inherited *inherit_find(const struct inherit *inherit, uint32_t fd);

/* As long as it is used, it stays where it is, also when the program has closed it. */
void inherit_use(struct inherited *f);
void inherit_unuse(struct inherited *f);

/* Both refer to one open file description; a may be NULL. */
bool inherit_same(const struct inherited *a, const struct inherited *b);

/* The program has closed its last descriptor of this one's description: the host's are closed, too. */
void inherit_close(struct inherit *inherit, struct inherited *which);

#endif
