/*
 * p9_async.h - requests whose answer waits for the world: a pipe's bytes, a terminal, the other end of a
 * FIFO, a lock.
 *
 *   request_new -> (set op) -> request_start -> done at once: request_answer
 *                                            -> waiting -> finish: answer, then an Rflush for each Tflush
 * that came
 *
 * A request that was flushed and did nothing is not answered; one that moved bytes is, before its Rflush: so
 * the guest loses none.
 */
#ifndef SHIM_P9_ASYNC_H
#define SHIM_P9_ASYNC_H

#include "p9_fid.h"

#include <fcntl.h>

#define REQUEST_FLUSHES 4

struct request {
    struct p9 *p9;
    struct request *next;
    struct op op;
    struct fid *fid; /* referenced */
    uint8_t type;
    uint16_t tag;
    uint16_t flush_tag[REQUEST_FLUSHES];
    unsigned nflush;
    uint32_t wanted; /* of a write: the bytes that the program wrote; a filter has left op.len of them */
    bool dropped;    /* nobody wants the answer */
    struct flock lock;
    char path[FID_PROC_PATH_MAX];
    _Alignas(8) uint8_t bytes[]; /* of a read: the answer, P9_HEAD + 4 and the data; of a write: the data */
};

/* With room for size bytes. NULL: no memory or too many wait. */
struct request *request_new(struct p9_call *call, struct fid *fid, size_t size);

/* Starts request->op; sends the answer now or later. Always P9_LATER, or -errno when nothing was begun. */
int request_start(struct request *request);

/* Ends all that waits, answering nobody. */
void requests_drop_all(struct p9 *p9);

/* Ends what waits on this fid: it is answered as interrupted. */
void requests_cancel_fid(struct p9 *p9, const struct fid *fid);

/* A request waits with that tag. */
struct request *request_find(const struct p9 *p9, uint16_t tag);

#endif
