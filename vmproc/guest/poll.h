/*
 * poll.h - waiting for several files: poll(2), select(2) and their kin.
 *
 * A file's poll operation says what is ready now. At the first look it also joins the wait queues where a
 * change will be announced, or, for a descriptor of the host, asks the host (CALL_POLL), whose answer is
 * announced likewise.
 */
#ifndef GUEST_POLL_H
#define GUEST_POLL_H

#include <linux/poll.h>

#include "ctl.h"
#include "file.h"

struct poll_slot {
    struct file *file;
    const struct file_ops *ops; /* that were asked last: a file may become one of another kind meanwhile */
    unsigned events, revents;
    struct waiter waiters[2];
    unsigned nwaiters;
    uint64_t ticket; /* the caller's own */
    bool now;        /* nobody will wait: what holds now must be found out */
    bool joining;    /* first look: join the queues, ask the host */
    struct ctl_pending call;
    bool calling;
};

/* For poll operations: announce changes of q to this slot. Only the first look at it does that. */
void poll_join(struct poll_slot *slot, struct waitq *q);

/*
 * Fills in revents of n slots (file NULL: ignored). Waits until one is not 0, the deadline (NO_DEADLINE, or 0
 * for not at all) or a signal. Number of slots with revents, 0 after the deadline, or -EINTR.
 */
int poll_wait(struct poll_slot *slots, unsigned n, uint64_t deadline);

#endif
