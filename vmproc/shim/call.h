/*
 * call.h - CTL_CALL: what the guest asks of an inherited descriptor that 9P2000.L cannot say.
 *
 * A call waits until the output that came before it has been delivered, and runs then; calls that wait in the
 * descriptor (CALL_POLL, an ioctl that a background process has to stop for) are operations (op.h).
 */
#ifndef SHIM_CALL_H
#define SHIM_CALL_H

#include "shim.h"

#define CALLS_MAX                                                                                            \
    (INHERIT_MAX + 64) /* that wait: the close of every descriptor, behind a slow reader, and some */
#define CALL_MAX_DATA 4096

/* A whole CTL_CALL. 0, or -EPROTO when it is malformed or there are too many. */
int call_receive(struct shim *shim, const struct ctl_call *call, const uint8_t *data);
/* No more than one answer follows, now or soon; nothing when id is unknown or answered. */
void call_cancel(struct shim *shim, uint32_t id);
uint32_t call_id(const struct call *call);

/* Output has been delivered: runs the calls that waited for it. */
void calls_advance(struct shim *shim);

#endif
