/*
 * worker.h - threads that wait in a system call so that the loop need not.
 *
 * A worker takes CANCEL_SIGNAL and, while it is in a call, SIGTTIN and SIGTTOU: the kernel raises these only
 * in a thread that has them unblocked, else the call fails with EIO or just succeeds. A worker is made when
 * an operation finds no idle one; there are at most WORKERS_MAX.
 */
#ifndef SHIM_WORKER_H
#define SHIM_WORKER_H

#include "op.h"

#define WORKERS_MAX 16

struct worker;

/* Hands op to a worker. Returns 0 or -errno (-EAGAIN: all are busy). */
int workers_submit(struct ops *ops, struct op *op);

/* Ends the system call that op waits in; the operation is still reported by workers_take_done(). */
void workers_cancel(struct ops *ops, struct op *op);

/* Readable when workers_take_done() has something. */
int workers_event_fd(const struct workers *workers);
void workers_clear_event(struct workers *workers);

/* Next operation that a worker has ended, op->result set; NULL when there is none. */
struct op *workers_take_done(struct workers *workers);

bool workers_busy(const struct workers *workers);

#endif
