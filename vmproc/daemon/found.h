/*
 * found.h - the routers that DNS-SD tells of (browse.h), and those that it told of earlier (remember.h).
 *
 * One of this machine is what a router without a wish connects to (router.h). One of another machine becomes a router
 * of the fleet as soon as it is seen:
 *
 *                 accepted (vm router trust), or its certificate is known already
 *   OFFERED ------------------------------------------------------------> a router like others
 *   listed as "found", not connected to;     <---- vm router forget ----
 *   not listed while it is not seen
 *
 * Where the user has named routers (FLEETSH_ROUTER, LIBVIRT_DEFAULT_URI) those alone are used: a found one that is known
 * stays offered until `vm router use`. One that was used and is known is connected to at once when vmprocd starts,
 * before anybody has answered.
 */
#ifndef VMPROC_DAEMON_FOUND_H
#define VMPROC_DAEMON_FOUND_H

#include "remember.h"

struct daemon;
struct router;
struct browse_news;

struct found {
    struct browse_news *news; /* NULL: nothing is known yet */
    struct remembered remembered;
    bool automatic; /* the user names no router */
};

enum found_pick {
    FOUND_NONE, /* there is no such record */
    FOUND_WAIT, /* there may be, in a moment */
    FOUND_ONE,
};

/* After fleet_init(), before fleet_want(). */
void found_init(struct daemon *d);

/* The record by which that router is to be connected to, if it needs one. */
enum found_pick found_pick(const struct router *r, struct record *record);

/* The user has named a router: it is not offered any more. */
void found_named(struct daemon *d);

/* It was connected to by that record. */
void found_note(struct daemon *d, const struct record *record);

/* Takes over what that record says that the router is meant for, and has. */
void found_take_offer(struct router *r, const struct record *record);

/* Why FOUND_NONE, for a router that is to be found by its service's name. */
void found_explain(const struct router *r, char error[256]);

/* The user has accepted its certificate, or has not any more. */
void found_trusted(struct router *r);
void found_forgotten(struct router *r);

#endif
