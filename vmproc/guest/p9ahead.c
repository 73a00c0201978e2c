/* p9ahead.c - see p9ahead.h. Pieces lie in a ring: `count` from `first` on have been asked for. */
#include "p9ahead.h"

#include <linux/errno.h>

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
    uint64_t pos, left; /* of what is to be asked for next */
};

struct p9_ahead *p9_ahead_begin(struct file *f, uint64_t pos, uint64_t left)
{
    uint32_t fid = p9file_fid(f);
    struct p9_ahead *ahead = fid ? kmalloc(sizeof *ahead) : NULL;
    if (ahead)
        *ahead = (struct p9_ahead){.fid = fid, .pos = pos, .left = left, .depth = 1};
    return ahead;
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

/* What was asked for behind a piece that came short is of another place. */
static void give_up(struct p9_ahead *ahead)
{
    while (ahead->count)
        p9_read_finish(take(ahead)->m, true);
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
        uint64_t behind = 0;
        for (unsigned i = 0; i < ahead->count; i++)
            behind += ahead->pieces[(ahead->first + i) % P9_AHEAD_DEPTH].asked;
        give_up(ahead);
        ahead->pos -= behind + piece->asked - (uint64_t)n;
        ahead->left += behind + piece->asked - (uint64_t)n;
        ahead->depth = 1;
    }
    return n;
}

void p9_ahead_end(struct p9_ahead *ahead)
{
    give_up(ahead);
    for (unsigned i = 0; i < P9_AHEAD_DEPTH; i++)
        if (ahead->pieces[i].bytes)
            kv_free(ahead->pieces[i].bytes, P9_AHEAD_PIECE);
    kfree(ahead);
}
