/*
 * wires.h - the wires between neighbours of a pool, and that nothing of a command stays in their rings.
 *
 * A pipeline's VMs are reset and used again like those that were leased alone, where their wires went through rings
 * (ring_abi.h): the host can look into those, and can empty them. A ring is USED from the grant of a run on until
 * both its guests have been reset, or have gone; then its file is emptied, under both machines. Till then neither
 * of them is leased.
 *
 *            grant of a run               both WARM, or gone
 *   CLEAN -----------------------> USED -----------------------> CLEAN
 */
#ifndef VMPROC_DAEMON_WIRES_H
#define VMPROC_DAEMON_WIRES_H

#include "vm.h"

struct pool;

/* A run is granted: next is the successor of vm. */
void wires_join(struct vm *vm, struct vm *next);

/* Whether what an earlier command wrote may be in the reach of this WARM VM. */
bool wires_are_used(const struct vm *vm);

/*
 * Whether a VM whose command is done may be reset, for its wires. Its neighbours on them must not depend on the
 * hang-up of a machine that ends: a writer's end stands in its ring, a reader's writer has ended, too.
 */
bool wires_allow_reset(const struct vm *vm);

/* Empties the rings that nobody uses any more. */
void wires_settle(struct pool *pool);

/* The VM is about to be freed: empties its ring, which its successor maps still. */
void wires_leave(struct vm *vm);

#endif
