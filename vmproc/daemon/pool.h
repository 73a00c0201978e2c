/*
 * pool.h - which VM of one router is started, leased and given up, and when.
 *
 * All VMs of a router stand in one list in the order of starting, and that is the chain: each is started with
 * its prev port connected to the next port of the one before (where that is still to be had). Leases take
 * from the front, new ones join at the end, so those that wait stay neighbours.
 *
 * How many wait: by need. Each lease that found none, and each run that found too few, raises the target up
 * to pool_max; time without any lets it sink to pool_min, and after five idle minutes to IDLE_POOL.
 *
 * Who gets one: admit.h.
 *
 * A VM of another size or architecture than usual is started when a lease asks for it, is linked to no other, and waits for
 * nobody else.
 *
 * When they are started: at once while somebody waits for a VM; else only when no lease was granted for a
 * moment (REFILL_PAUSE_MS), because a command in the foreground wants the processors more; but also without
 * that pause when less than half of the target is there, and then two at a time. What a short command has
 * just taken counts as there: a VM whose command is done is reset and comes back to its place
 * (pool_wants_again()); a start beside a pipeline of eight takes it longer than the pipeline itself. The
 * first VM of a router has the machine for itself, and the next waits for that moment after it: a command
 * that finds nothing waits for one VM. When nothing is asked for, those that were reset are renewed one by one.
 */
#ifndef VMPROC_DAEMON_POOL_H
#define VMPROC_DAEMON_POOL_H

#include "resets.h"
#include "stats.h"
#include "vm.h"

#include <sys/queue.h>

TAILQ_HEAD(vm_list, vm);
TAILQ_HEAD(client_list, client);

struct pool {
    struct vm_list vms;         /* oldest first */
    struct client_list waiting; /* leases that have no VM yet, first come first */
    unsigned nwaiting;
    enum { ROM_UNTRIED, ROM_WORKS, ROM_FAILS } rom; /* with this router's QEMU */
    unsigned target;
    bool refused;      /* the router's policy has refused the last start */
    unsigned failures; /* starts in a row */
    uint64_t last_failure;
    uint64_t first_warm; /* since the router is there; 0: none yet. As these uv_now(): */
    uint64_t last_lease, last_decay;
    uv_timer_t refill, decay;
    struct resets resets;
    struct stats cold_start_us, warm_grant_us;
    uint64_t started_total;
};

struct router;

void pool_init(struct router *r);

/* A lease asks for a VM: grants one by client_granted() now or later, or client_refused(). */
void pool_lease(struct router *r, struct client *client);
void pool_cancel(struct client *client); /* it waits no longer */

/*
 * Takes n warm neighbours for that shell, in order, wired by new keys, without waiting. false: there are not
 * so many, or the shell may not have them.
 */
bool pool_take_run(struct router *r, uint32_t shell_pid, unsigned n, struct vm *vms[]);

/*
 * The command of a lease is done: may its VM be reset and wait again? It may when nothing of the command stays in its
 * wires (wires.h), it has grown little, has not been reset too often, and is needed.
 */
bool pool_wants_again(const struct vm *vm, uint64_t max_rss_bytes);

/* Whether a VM of that size is started with its guest in ROM. */
bool pool_offers_rom(const struct router *r, uint64_t memory_bytes);

/* Of images, those that start are left out: they are their lease's only. */
unsigned pool_count(struct router *r, enum vmp_vm_state state);
unsigned pool_count_all(struct router *r);
struct vm *pool_first_warm(struct router *r, uint64_t memory_bytes, uint32_t machine); /* NULL: none */

/* How many are to wait; above that they end. */
void pool_set_target(struct router *r, unsigned target);

/* Ends all VMs; those leased are lost for that reason. */
void pool_end(struct router *r, const char *why);

/* ---- what others report ---- */
void pool_changed(struct router *r); /* something may be granted or started now */
void pool_vm_warm(struct vm *vm);
void pool_vm_failed(struct vm *vm, const char *why);
void pool_router_up(struct router *r);
void pool_router_lost(struct router *r, const char *why);
void pool_domain_stopped(struct router *r, const char *name, const char *why);

#endif
