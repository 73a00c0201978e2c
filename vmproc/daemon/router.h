/*
 * router.h - one router: the connection to its libvirtd, and what is known of it. fleet.h has them all.
 *
 *           router_want()               connected
 *   DOWN ----------------> CONNECTING ------------> UP
 *    ^  ^--- error --------'   | deadline            | libvirtd ended, or hangs (watchdog.h)
 *    |                         v                     v
 *    '---- late answer ---- STUCK               its VMs are lost or adrift (adrift.h), DOWN
 *
 * STUCK: libvirt's connect call has not returned within the deadline and cannot be cancelled. Nothing is
 * tried until it does; what it then brings is used. CONNECTING may begin with waiting for a record of DNS-SD: until
 * there is one, or this host's avahi-daemon has told all it has, or RECORD_MS. After a failure a timer tries again, at
 * growing intervals up to 10 s; a new request tries at once. A libvirtd that has ended is often being restarted, so who
 * asks then is not refused before 2 s have passed.
 */
#ifndef VMPROC_DAEMON_ROUTER_H
#define VMPROC_DAEMON_ROUTER_H

#include "find.h"
#include "found.h"
#include "memory.h"
#include "placement.h"
#include "pool.h"
#include "vmproc/vmprocd_proto.h"
#include "watchdog.h"

#include <stdbool.h>
#include <sys/queue.h>
#include <uv.h>

struct daemon;

enum router_state { ROUTER_DOWN, ROUTER_CONNECTING, ROUTER_STUCK, ROUTER_UP };

struct router {
    TAILQ_ENTRY(router) link; /* fleet.routers */
    struct daemon *d;
    char name[64];         /* short, and of this router alone */
    const char *wish;      /* a URI or a service's name; NULL: whichever router_find() finds */
    struct record *record; /* what DNS-SD says of it; NULL: it was not found so (found.h) */
    bool offered;          /* it was found, and nobody has said that it may be used: nothing connects to it */
    bool absent;           /* offered, and not seen any more */
    bool awaits_record;    /* CONNECTING: it is not known yet where that is */
    bool again;            /* CONNECTING: what is tried was begun before the user accepted its certificate */
    bool drained;          /* the user wants no new commands there */
    bool swept;            /* of what vmprocds that are gone have left there, since we began */
    bool measured;         /* measure.h asks it */
    struct placement_router placing; /* what fleet.h chooses by; fleet_weigh() */
    enum router_state state;
    char images[128],
        labels[128]; /* what its record of DNS-SD says that it is meant for, and has (placement.h) */
    struct router_facts facts; /* all zero before it was connected to for the first time */
    struct stat resident;      /* the file here that its VMs hold as the resident program; st_size 0: none */
    struct pool pool;
    struct watchdog watchdog;
    uint64_t tsc_hz; /* of another machine (far_tsc.h); 0: not known yet */
    uv_timer_t tsc_gap;
    struct memory memory;
    virConnectPtr conn;            /* UP only */
    unsigned epoch;                /* counts connections: what belongs to an older one is ignored */
    struct trust trust;            /* the certificate that was seen last */
    char error[256];               /* of the last failure; "" when UP */
    uint64_t retry_ms, restart_by; /* uv_now(); 0: it has not ended */
    uv_timer_t deadline, retry, strays;
};

/* wish: as above; the router keeps it. It is to be in the fleet already, for the sake of its name. */
void router_init(struct daemon *d, struct router *r, const char *wish);

/*
 * Somebody needs a VM: begins to connect unless that is under way. pool_router_up() or pool_router_failed()
 * follows, the latter at once when STUCK.
 */
void router_want(struct router *r);

/* There is reason to think that it can be connected to now: what was left of the wait until the next try is not waited. */
void router_try_now(struct router *r);

/* DNS-SD has news. */
void router_look_again(struct router *r);

/* For VMP_ROUTER: all that is told of it. */
void router_describe(struct router *r, struct vmp_router *info);

/* Its certificate is not known any more: what runs there is lost, and nothing is started there. */
void router_forgotten(struct router *r);

/* Whether it is of another machine by its wish: that is known before it is connected to, facts.far after. */
bool router_wishes_far(const struct router *r);

/* Whether it is connected, as far as is known without asking it. */
bool router_answers(const struct router *r);

/* Whether its libvirtd has ended just now, so that it may be worth while to wait. */
bool router_restarts(const struct router *r);

/* The watchdog's verdict: the same as if libvirtd had ended. */
void router_hangs(struct router *r);

#endif
