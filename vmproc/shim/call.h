/*
 * call.h - CTL_CALL: what the guest asks of an inherited descriptor that 9P2000.L cannot say.
 *
 * A call waits until the output that came before it has been delivered, and runs then; calls that wait in the
 * descriptor (CALL_POLL, an ioctl that a background process has to stop for) are operations (op.h).
 */
#ifndef SHIM_CALL_H
#define SHIM_CALL_H

#include "shim.h"

/* That wait: the close of every descriptor, behind a slow reader; polls of all sockets, both ways; and some.
 */
#define CALLS_MAX     (INHERIT_MAX + 2 * 4096 + 64)
#define CALL_MAX_DATA 4096
#define ANSWER_BYTES  512 /* as much as any ioctl, socket option or CALL_PIPE returns */

struct call {
    struct call *next;
    struct shim *shim;
    struct ctl_call ask;
    struct inherited *file; /* that it is about, in use by it; NULL: it has none */
    struct op op;
    uint32_t answer_len;
    _Alignas(8) uint8_t data[]; /* what came with it, and goes with the answer: at least ANSWER_BYTES */
};

/* For those who perform calls: sends the answer, and the call is gone. */
void call_finish(struct call *call, int64_t result);
/* Appends to the answer's data. */
void call_put(struct call *call, const void *bytes, uint32_t len);
/* Starts call->op; its result is the answer's. */
void call_start_op(struct call *call);

/* A whole CTL_CALL. 0, or -EPROTO when it is malformed or there are too many. */
int call_receive(struct shim *shim, const struct ctl_call *call, const uint8_t *data);
/* No more than one answer follows, now or soon; nothing when id is unknown or answered. */
void call_cancel(struct shim *shim, uint32_t id);
uint32_t call_id(const struct call *call);

/* Output has been delivered: runs the calls that waited for it. */
void calls_advance(struct shim *shim);

#endif
