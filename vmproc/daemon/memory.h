/*
 * memory.h - how much memory VMs may use, and what happens when it is more.
 *
 * A VM's memory is a promise: QEMU maps it, and what its guest has never touched costs nothing. So each VM is
 * started with more than most programs need (2.5 GiB), grows by need, and gives all back when it ends; one that
 * has grown is not reset but ended (pool.h). What can be had at all is bounded by a budget for all VMs of the
 * user on one router: three quarters of its memory, or FLEETSH_MAX_MEMORY.
 *
 *   all leased VMs at their greatest fit in the budget    nothing is measured
 *   they do not                                           libvirt is asked, the more often the less is left
 *   they use it up                                        no lease is granted; the VM that uses most is ended,
 *                                                         and its command says why
 */
#ifndef VMPROC_DAEMON_MEMORY_H
#define VMPROC_DAEMON_MEMORY_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct daemon;
struct router;

struct memory {
    uint64_t machine; /* bytes that the router has; 0: not known */
    uint64_t budget;  /* bytes for all VMs; 0: no limit */
    uint64_t shared;  /* of each VM's resident bytes, with all others */
    uv_timer_t tick;
};

void memory_init(struct router *r);

/* The router's memory is known: the budget, and the size of VMs where the user has not said it, follow. */
void memory_router_up(struct router *r);

/* Whether a router has so much at all. */
bool memory_has(const struct daemon *d, uint64_t bytes);

/* Whether n more VMs may run; else why (of ADMIT_WHY bytes) is filled. */
bool memory_admits(const struct router *r, unsigned n, char *why);

void memory_lease_begins(struct router *r);

/* The figures of its VMs are fresh. */
void memory_measured(struct router *r);

#endif
