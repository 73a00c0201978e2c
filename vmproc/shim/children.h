/*
 * children.h - the VMs that the program has started: other shims, children of this process as the program's
 * children would be. When this shim ends they live on, as any orphan does.
 */
#ifndef SHIM_CHILDREN_H
#define SHIM_CHILDREN_H

#include <sys/types.h>

struct shim;
struct pending_spawn; /* spawn.h */

struct children {
    pid_t *pid; /* that have not been reaped */
    unsigned count, room;
    struct pending_spawn *pending;
};

/* Room for one more. 0 or -ENOMEM. */
int children_reserve(struct children *children);
void children_add(struct children *children, pid_t pid);

/* SIGCHLD has come: tells the guest what has become of which. */
void children_reap(struct shim *shim);

/* kill(2) of one's own child; 0 or -errno: -ESRCH for anybody else's. */
int children_kill(const struct children *children, pid_t pid, int signo);

#endif
