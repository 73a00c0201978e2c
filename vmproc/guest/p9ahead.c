/* p9ahead.c - see p9ahead.h. Pieces lie in a ring: `count` from `first` on have been asked for. */
#include "p9ahead.h"

#include <linux/errno.h>

#include "hostfd.h"
#include "kmem.h"
#include "lib.h"
#include "p9.h"
#include "p9file.h"

struct piece {
    struct p9_msg *m; /* NULL: it could not be made */
    char *bytes;      /* P9_AHEAD_PIECE; NULL before its first use */
    uint32_t asked;
};

struct p9_ahead {
    struct piece pieces[P9_AHEAD_DEPTH];
    unsigned first, count, depth;
    uint32_t fid;
    uint64_t pos, left; /* of what is to be asked for next; pos P9_HERE: always at the description's own */
    uint64_t unused;    /* at P9_HERE: bytes that came and were not handed out */
};

struct p9_ahead *p9_ahead_begin(struct file *f, const uint64_t *pos, uint64_t left)
{
    uint32_t own = p9file_fid(f); /* its position is in f */
    if (!own)
        own = hostfd_own_fid(f);
    uint32_t fid = own ? own : hostfd_plain_fid(f);
    struct p9_ahead *ahead = fid ? kmalloc(sizeof *ahead) : NULL;
    uint64_t from = pos ? *pos : own ? f->pos : P9_HERE;
    if (ahead)
        *ahead = (struct p9_ahead){.fid = fid, .pos = from, .left = left, .depth = 1};
    return ahead;
}

bool p9_ahead_moves(const struct p9_ahead *ahead)
{
    return ahead->pos == P9_HERE;
}

static bool ask(struct p9_ahead *ahead)
{
    struct piece *piece = &ahead->pieces[(ahead->first + ahead->count) % P9_AHEAD_DEPTH];
    uint32_t n = (uint32_t)MIN(MIN(ahead->left, P9_AHEAD_PIECE), p9_max_data());
    if (!piece->bytes && !(piece->bytes = kv_alloc(P9_AHEAD_PIECE)))
        return false;
    struct p9_msg *m = p9_read_send(ahead->fid, &(struct iobuf){piece->bytes, n, false}, ahead->pos);
    if (!m)
        return false;
    piece->m = m;
    piece->asked = n;
    ahead->count++;
    if (!p9_ahead_moves(ahead))
        ahead->pos += n;
    ahead->left -= n;
    return true;
}

static struct piece *take(struct p9_ahead *ahead)
{
    struct piece *piece = &ahead->pieces[ahead->first];
    ahead->first = (ahead->first + 1) % P9_AHEAD_DEPTH;
    ahead->count--;
    return piece;
}

/* What was asked for is not wanted any more. */
static void give_up(struct p9_ahead *ahead)
{
    while (ahead->count) {
        long n = p9_read_finish(take(ahead)->m, true);
        ahead->unused += n > 0 ? (uint64_t)n : 0;
    }
}

/* What was asked for behind a piece that came short is of another place. */
static void begin_again(struct p9_ahead *ahead, uint64_t missing)
{
    for (unsigned i = 0; i < ahead->count; i++)
        missing += ahead->pieces[(ahead->first + i) % P9_AHEAD_DEPTH].asked;
    give_up(ahead);
    ahead->pos -= missing;
    ahead->left += missing;
}

long p9_ahead_next(struct p9_ahead *ahead, char **bytes)
{
    while (ahead->left && ahead->count < ahead->depth)
        if (!ask(ahead))
            break;
    if (!ahead->count)
        return ahead->left ? -ENOMEM : 0;
    struct piece *piece = take(ahead);
    long n = p9_read_finish(piece->m, true);
    *bytes = piece->bytes;
    if (n == (long)piece->asked) {
        ahead->depth = MIN(ahead->depth * 2, P9_AHEAD_DEPTH - 1); /* one piece is the caller's */
    } else if (n >= 0) {
        ahead->depth = 1;
        if (p9_ahead_moves(ahead))
            ahead->left += piece->asked - (uint64_t)n; /* the next one goes on where this has ended */
        else
            begin_again(ahead, piece->asked - (uint64_t)n);
    }
    return n;
}

uint64_t p9_ahead_end(struct p9_ahead *ahead)
{
    give_up(ahead);
    uint64_t unused = p9_ahead_moves(ahead) ? ahead->unused : 0;
    for (unsigned i = 0; i < P9_AHEAD_DEPTH; i++)
        if (ahead->pieces[i].bytes)
            kv_free(ahead->pieces[i].bytes, P9_AHEAD_PIECE);
    kfree(ahead);
    return unused;
}
