/* ring.c - counts, limits and bells. */
#include "ring.h"

#include "cpu.h"

void ring_begin(struct ring *r, void *memory, bool writer, uint64_t key)
{
    char *base = memory;
    *r = (struct ring){
        .mine = (void *)(base + (writer ? RING_WRITER : RING_READER)),
        .other = (void *)(base + (writer ? RING_READER : RING_WRITER)),
        .data = base + RING_DATA,
        .key = key,
        .slack = writer ? RING_BYTES : 0,
        .limit = writer ? RING_BYTES : 0,
        .wake_at = RING_NEVER,
        .rung = RING_NEVER,
    };
    r->mine->key = 0;
    barrier();
    r->mine->count = 0;
    r->mine->wake_at = RING_NEVER;
    r->mine->ended = 0;
    barrier(); /* stores stay in order on this machine: the key comes last */
    r->mine->key = key;
}

/* Takes in how far the other side is. */
static void look(struct ring *r)
{
    if (r->cut || r->other->key != r->key)
        return;
    barrier();
    uint64_t limit = r->other->count + r->slack;
    barrier(); /* what it counts lies in the ring */
    if (limit - r->limit > RING_BYTES || limit - r->count > RING_BYTES)
        r->cut = true;
    else
        r->limit = limit;
}

size_t ring_ready(struct ring *r)
{
    look(r);
    return r->cut ? 0 : r->limit - r->count;
}

size_t ring_span(struct ring *r, size_t max, char **at)
{
    uint64_t offset = r->count % RING_BYTES, ready = ring_ready(r);
    *at = r->data + offset;
    ready = MIN(ready, RING_BYTES - offset);
    return MIN(ready, max);
}

static bool bell_wanted(struct ring *r)
{
    ring_fence();
    uint64_t wake_at = r->other->key == r->key ? r->other->wake_at : RING_NEVER;
    if (wake_at == r->rung || wake_at > r->count)
        return false;
    r->rung = wake_at;
    return true;
}

bool ring_advance(struct ring *r, size_t n)
{
    barrier(); /* the bytes are in the ring before they are counted, or out of it */
    r->count += n;
    r->mine->count = r->count;
    return bell_wanted(r);
}

bool ring_must_wait(struct ring *r, size_t n)
{
    if (ring_ready(r) >= n || r->cut)
        return false;
    uint64_t wake_at = r->count + n - r->slack, reached = r->limit - r->slack;
    if (r->wake_at <= reached || wake_at < r->wake_at) /* else a bell comes sooner, for another waiter */
        r->mine->wake_at = r->wake_at = wake_at;
    ring_fence();
    return ring_ready(r) < n && !r->cut;
}

void ring_end(struct ring *r)
{
    barrier();
    r->mine->ended = 1;
}

bool ring_other_ended(const struct ring *r)
{
    bool ended = r->other->key == r->key && r->other->ended;
    barrier();
    return ended;
}
