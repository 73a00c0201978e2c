/*
 * op.h - one operation on a host descriptor that may have to wait, and the ways to wait for it.
 *
 *   op_start -> done at once
 *            -> POLLED: the loop polls the descriptor, then tries again with RWF_NOWAIT
 *            -> THREAD: a worker waits in the system call -> done
 *                                                         -> PARKED: a terminal refused a background process;
 *                                                            tried again after SIGCONT
 *            -> HELD: a name must be known first; tried again by ops_release_held()
 *
 * An operation that is cancelled either has not taken or given a byte (result -EINTR), or reports those it
 * has. Everything here is called from the loop's thread.
 */
#ifndef SHIM_OP_H
#define SHIM_OP_H

#include "file.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum op_kind {
    OP_READ,   /* one read(2) of at most len bytes; result: bytes, 0 at the end */
    OP_WRITE,  /* write(2) of all len bytes as a blocking descriptor does; result: bytes */
    OP_OPEN,   /* open(2) of path with flags; result: descriptor */
    OP_IOCTL,  /* ioctl(2) request, arg */
    OP_SETLKW, /* fcntl(2) with flags, F_SETLKW or F_OFD_SETLKW, and arg a struct flock */
    OP_FLOCK,  /* flock(2) with flags */
    OP_POLL,   /* waits for poll_events; result: revents */
    OP_TRY, /* what attempt() does, a socket's business: again whenever poll_events come, until it is done */
};

enum op_place { OP_IDLE, OP_POLLED, OP_THREAD, OP_PARKED, OP_HELD };

#define OP_HOLD INT64_MIN /* of attempt(): not before ops_release_held() */

struct op {
    enum op_kind kind;
    struct file *file; /* NULL for OP_OPEN */
    void *buf;
    size_t len;
    const char *path;
    int flags;
    unsigned long request;
    void *arg;
    short poll_events;
    int64_t (*attempt)(struct op *op); /* never waits; -EAGAIN: to be tried again; OP_HOLD */
    bool nowait;                       /* of OP_TRY: -EAGAIN is the result */
    int64_t result;                    /* or -errno */

    /* Called from the loop, once, for an operation that was not done at once. */
    void (*finish)(struct op *op);
    void *owner; /* finish's */

    /* op.c's and worker.c's own */
    enum op_place place;
    size_t done;
    int cancelled; /* set atomically: a worker reads it */
    struct worker *worker;
    struct op *next;
};

struct workers; /* worker.h */

struct ops {
    struct op *polled;
    struct op *parked;
    struct op *held;
    struct workers *workers; /* NULL until the first operation needs one */
    bool stopped;            /* the job is about to stop or stopped: do not repeat what a terminal refused */
};

/* True: done, op->result is set, finish() will not be called. */
bool op_start(struct ops *ops, struct op *op);

/* finish() follows, now or soon. Nothing happens when the operation is already done. */
void op_cancel(struct ops *ops, struct op *op);

/* After SIGCONT: what a terminal had refused is tried again. */
void ops_resume(struct ops *ops);

/* What was held is tried again. */
void ops_release_held(struct ops *ops);

/* How many entries ops_poll_set() may fill. */
unsigned ops_poll_count(const struct ops *ops);

/* Adds what the loop must poll for to fds (at most max entries); returns how many. */
unsigned ops_poll_set(const struct ops *ops, struct pollfd fds[], unsigned max);

/* After poll: fds is what ops_poll_set() filled in. */
void ops_polled(struct ops *ops, const struct pollfd fds[], unsigned n);

/* A worker is in an operation on a terminal: it, not the loop, is to receive SIGTTIN and SIGTTOU. */
bool ops_in_thread(const struct ops *ops);

#endif
