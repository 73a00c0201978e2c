/*
 * fleet.h - all routers of this vmprocd, and which of them a command goes to.
 *
 * Which there are: those that FLEETSH_ROUTER names, with commas between them, in that order; else the one
 * that find.h finds. Further ones are added while vmprocd runs: by the user (fleet_use()), and as DNS-SD tells of them
 * (found.h).
 *
 * Where a command goes is placement.h's to say, of those that are feasible; but the router that the user has chosen
 * (fleet_use()) comes first, while it is connected or being connected to. Where none is connected a command waits for the
 * first that is not drained, and moves on when that fails.
 */
#ifndef VMPROC_DAEMON_FLEET_H
#define VMPROC_DAEMON_FLEET_H

#include "router.h"

#include <sys/queue.h>

struct client;

TAILQ_HEAD(router_list, router);

struct fleet {
    struct router_list routers; /* never empty; none ever goes: threads of libvirt know them */
    struct placement placement;
    struct router *chosen; /* NULL: the user has not chosen */
    uint64_t next_vm;      /* number of the next VM, of whichever router */
};

/* Loops over all VMs of all routers. Nothing may be freed in it. */
#define FLEET_FOREACH_VM(d, r, vm)                                                                           \
    TAILQ_FOREACH (r, &(d)->fleet.routers, link)                                                             \
        TAILQ_FOREACH (vm, &(r)->pool.vms, link)

void fleet_init(struct daemon *d);

/* Adds a router, without connecting to it. wish: malloc'd, or NULL; the router keeps it. */
struct router *fleet_add(struct daemon *d, char *wish);

/* Commands do not go there, or do so again. */
void fleet_keep_away(struct router *r);
void fleet_undrain(struct router *r);

/* Begins to connect to the routers. */
void fleet_want(struct daemon *d);
/* To those on this machine only. */
void fleet_want_near(struct daemon *d);

/* Whether each router that is connected to, or is about to be, has been swept. */
bool fleet_is_swept(struct daemon *d);

struct vm *fleet_vm(struct daemon *d, uint64_t id); /* NULL: none */
unsigned fleet_count(struct daemon *d, enum vmp_vm_state state);
unsigned fleet_count_all(struct daemon *d);
bool fleet_connects(struct daemon *d); /* to any router on this machine */

/* Why it cannot run a program of aarch64; NULL: it can, or that is not known before it is connected to. */
const char *fleet_no_aarch64(const struct router *r);

/* A lease asks for a VM: client_granted() or client_refused() follows, now or later. */
void fleet_lease(struct daemon *d, struct client *client);

/* As pool_take_run(), for that client, on the router where one command would go. */
bool fleet_take_run(struct daemon *d, const struct client *client, unsigned n, struct vm *vms[]);

/* Whether a lease of this client would find a router now; else why (of PLACEMENT_WHY bytes). */
bool fleet_has_place(struct daemon *d, const struct client *client, char *why);

/* Something has changed by which routers are chosen: state, name, VMs, who waits. Any number of times. */
void fleet_weigh(struct router *r);

/* Something may be granted or started now, somewhere. */
void fleet_changed(struct daemon *d);

struct router *fleet_router(struct daemon *d, const char *name); /* by name, URI or service; NULL: none */

/*
 * Commands go to that router from now on, also when it was drained; "": to whichever is best. One that is not
 * known is added and connected to: a URI, or a service's name.
 */
void fleet_use(struct daemon *d, const char *name);

/* No command goes to that router any more; its VMs that wait end. false: there is none of that name. */
bool fleet_drain(struct daemon *d, const char *name);

/*
 * fingerprint "": asks that router for its certificate; one that is not known is added, drained. Else the user accepts
 * that one, which it has shown. false: one line in error.
 */
bool fleet_trust(struct daemon *d, const char *name, const char *fingerprint, char error[256]);

/* Its certificate, of a router or a line of known_routers (HOST:PORT or HOST), is not known any more. Likewise. */
bool fleet_forget(struct daemon *d, const char *name, char error[256]);

/* That router has failed: who waits there goes to another one that may come, or is refused. */
void fleet_move_on(struct router *r, const char *why);

/* Likewise, its policy has refused to start a VM. */
void fleet_refused(struct router *r, const char *why);

/* From now on there are VMs only for who asks; those that wait end. */
void fleet_retire(struct daemon *d);

/* Whether somebody has a VM or waits for one. */
bool fleet_in_use(struct daemon *d);

/* Ends all VMs; those leased are lost for that reason. */
void fleet_end(struct daemon *d, const char *why);

/* libvirt has made a file in the sockets' directory. */
void fleet_socket_made(struct daemon *d, const char *file);

#endif
