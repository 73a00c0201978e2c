/*
 * router.h - the connection to the one libvirtd that this vmprocd uses.
 *
 *           router_want()               connected
 *   DOWN ----------------> CONNECTING ------------> UP
 *    ^  ^--- error --------'   | deadline            | libvirtd ended, or hangs (watchdog.h)
 *    |                         v                     v
 *    '---- late answer ---- STUCK               all VMs are lost, DOWN
 *
 * STUCK: libvirt's connect call has not returned within the deadline and cannot be cancelled. Nothing is
 * tried until it does; what it then brings is used. After a failure a timer tries again, at growing intervals
 * up to 10 s; a new request tries at once.
 */
#ifndef VMPROC_DAEMON_ROUTER_H
#define VMPROC_DAEMON_ROUTER_H

#include "find.h"
#include "vmproc/vmprocd_proto.h"

#include <stdbool.h>
#include <uv.h>

struct daemon;

enum router_state { ROUTER_DOWN, ROUTER_CONNECTING, ROUTER_STUCK, ROUTER_UP };

struct router {
    enum router_state state;
    struct router_facts facts;
    virConnectPtr conn; /* UP only */
    unsigned epoch;     /* counts connections: what belongs to an older one is ignored */
    char error[256];    /* of the last failure; "" when UP */
    uint64_t retry_ms;
    uv_timer_t deadline, retry, strays;
};

void router_init(struct daemon *d);

/*
 * Somebody needs a VM: begins to connect unless that is under way. pool_router_up() or pool_router_failed()
 * follows, the latter at once when STUCK.
 */
void router_want(struct daemon *d);

/* For VMP_ROUTER: fills what the router knows. */
void router_describe(struct daemon *d, struct vmp_router *info);

/* The watchdog's verdict: the same as if libvirtd had ended. */
void router_hangs(struct daemon *d);

#endif
