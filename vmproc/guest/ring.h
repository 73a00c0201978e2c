/*
 * ring.h - one side's view of a ring (vmproc/ring_abi.h), without a word about who waits and how.
 *
 * Both sides are alike. What a side may still do is what lies between its own count and its limit: for the
 * reader the writer's count, for the writer RING_BYTES more than the reader's.
 *
 *   to do n bytes:  ring_span(), copy, ring_advance(n)  -> true: ring the bell
 *   to wait:        ring_must_wait(n)                   -> true: sleep until the bell, then look again
 *
 * Invariants
 *  1. count and the limit never go back, and limit - count is at most RING_BYTES; else the wire is cut.
 *  2. A side stores its count, then fences, then reads the other's wake_at; the other stores wake_at, then
 * fences, then reads the count. So one of the two sees the other's store, and no wait goes without its bell.
 *  3. For each value of wake_at one bell at most is rung, and only when the count has reached it: whoever
 * waits for the same value again finds the count there and does not sleep.
 */
#ifndef GUEST_RING_H
#define GUEST_RING_H

#include "types.h"
#include "vmproc/ring_abi.h"

struct ring {
    volatile struct ring_side *mine;
    const volatile struct ring_side *other;
    char *data;
    uint64_t key;
    uint64_t slack;   /* RING_BYTES for the writer, 0 for the reader */
    uint64_t count;   /* what mine->count says */
    uint64_t limit;   /* the highest that has been seen */
    uint64_t wake_at; /* what mine->wake_at says */
    uint64_t rung;    /* the value of the other's wake_at that was rung for last */
    bool cut;         /* the other side has broken the rules: nothing is taken from it any more */
};

/* Begins our side at memory, which may hold anything. */
void ring_begin(struct ring *r, void *memory, bool writer, uint64_t key);

/* Bytes that can be written or read now, and in one piece at *at. */
size_t ring_ready(struct ring *r);
size_t ring_span(struct ring *r, size_t max, char **at); /* at most max */

/* So many of them have been: true when the other side waits for that. */
bool ring_advance(struct ring *r, size_t n);

/*
 * Less than n bytes (1..RING_BYTES) are ready, and a bell is asked for when they are, or sooner when another
 * waiter wants that: all who wait look again then. The end has a bell always.
 */
bool ring_must_wait(struct ring *r, size_t n);

/* We write or read no more; ring the bell. */
void ring_end(struct ring *r);

/* The other side has said that. For a reader: look at this before ring_ready(), then what is ready is all. */
bool ring_other_ended(const struct ring *r);

/* The platform's: what was stored before is visible to the other side before anything is read after it. */
void ring_fence(void);

#endif
