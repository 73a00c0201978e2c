/* readahead.c - see readahead.h. */
#include "readahead.h"

#include <linux/errno.h>

#include "kmem.h"
#include "lib.h"
#include "news.h"
#include "p9.h"
#include "timer.h"

#define GROWTH    4u
#define MOST_WARY 64u

struct readahead {
    struct readahead *next; /* in `all` */
    uint64_t ino;           /* of the file, once it has been asked for more than a read wanted */
    char *bytes;            /* READAHEAD_MAX, once it was needed */

    /* What is held. */
    uint64_t at;
    uint32_t len;
    uint32_t given; /* of it, up to the furthest byte */
    bool ended;     /* behind it the file ended */
    uint64_t news, since;

    uint64_t last;   /* where the last read ended */
    unsigned factor; /* so many times what is wanted is asked for */
    unsigned
        wary; /* reads that go on where the last one ended, until more is asked for again after it was in vain */
    unsigned wait; /* how many of them are still to come */
    bool busy;     /* a task is in readahead_read(): the others do without */
    bool forsaken; /* busy, and its file is gone */
};

static struct readahead *all;

static struct readahead *readahead_new(void)
{
    struct readahead *ra = kmalloc(sizeof *ra);
    if (ra) {
        *ra = (struct readahead){.next = all, .factor = 1, .wary = 1};
        all = ra;
    }
    return ra;
}

void readahead_free(struct readahead *ra)
{
    if (!ra)
        return;
    if (ra->busy) {
        ra->forsaken = true;
        return;
    }
    struct readahead **at = &all;
    while (*at != ra)
        at = &(*at)->next;
    *at = ra->next;
    if (ra->bytes)
        kv_free(ra->bytes, READAHEAD_MAX);
    kfree(ra);
}

void readahead_forget(void)
{
    while (all) {
        all->busy = false;
        readahead_free(all);
    }
}

/* ---- what is held ---- */

static bool holds(const struct readahead *ra)
{
    return (ra->len || ra->ended) && news_none_since(ra->news, ra->since);
}

/* Nothing any more. Who has seldom used what was asked for asks for more less often. */
static void drop(struct readahead *ra)
{
    if (ra->given < ra->len) {
        ra->factor = 1;
        ra->wary = MIN(ra->wary * 2, MOST_WARY);
        ra->wait = ra->wary;
    } else if (ra->len && ra->wary > 1) {
        ra->wary /= 2;
    }
    ra->len = ra->given = 0;
    ra->ended = false;
}

static void hold(struct readahead *ra, uint64_t at, uint32_t len, uint32_t given, bool ended, uint64_t since)
{
    ra->at = at, ra->len = len, ra->given = given, ra->ended = ended;
    ra->since = since;
    ra->news = news_count();
}

/* As much as is held of it. */
static long give(struct readahead *ra, struct iobuf *to, uint64_t pos)
{
    uint32_t from = (uint32_t)(pos - ra->at), n = (uint32_t)MIN(to->len, ra->len - from);
    if (n && iobuf_put(to, 0, ra->bytes + from, n) != 0)
        return -EFAULT;
    ra->given = MAX(ra->given, from + n);
    return n;
}

/* ---- asking ---- */

/* A reply has come, and it was the only thing that came since then: what it says is as new as anything known. */
static bool only_reply_since(uint64_t news)
{
    return news_count() == news + 1;
}

/* What is large comes in pieces; a file's read(2) brings all that there is. */
static long read_all(struct file *f, uint32_t fid, struct iobuf *to, uint64_t pos)
{
    size_t done = 0, least;
    long n;
    do {
        struct iobuf rest = {to->base + done, to->len - done, to->user};
        least = MIN(rest.len, p9_max_data());
        n = p9_read(fid, &rest, pos + done, true);
        done += n > 0 ? (size_t)n : 0;
    } while (n > 0 && (size_t)n >= least && done < to->len && file_identify(f) == 0 && f->regular);
    return done ? (long)done : n;
}

static long ask_for_it(struct readahead *ra, struct file *f, uint32_t fid, struct iobuf *to, uint64_t pos)
{
    uint64_t news = news_count(), since = clock_monotonic();
    long n = read_all(f, fid, to, pos);
    if (n >= 0 && (size_t)n < MIN(to->len, p9_max_data()) && f->sized && only_reply_since(news))
        hold(ra, pos + (uint64_t)n, 0, 0, true, since);
    return n;
}

static long ask_for_more(struct readahead *ra, struct file *f, uint32_t fid, struct iobuf *to, uint64_t pos)
{
    if (!ra->bytes && !(ra->bytes = kv_alloc(READAHEAD_MAX)))
        return ask_for_it(ra, f, fid, to, pos);
    int error = iobuf_prepare(to, to->len, true);
    if (error)
        return error;
    uint32_t total = (uint32_t)(to->len * MIN(ra->factor, READAHEAD_MAX / to->len));
    uint64_t since = clock_monotonic();
    struct p9_msg *m = p9_read_send(fid, &(struct iobuf){ra->bytes, total, false}, pos);
    uint64_t news = news_count();
    long n = p9_read_finish(m, true);
    if (n == -EINTR)
        return n;
    if (n < 0) /* it may be of what was not wanted */
        return ask_for_it(ra, f, fid, to, pos);
    bool newest = only_reply_since(news);
    uint32_t part = (uint32_t)MIN((size_t)n, to->len);
    if (part && iobuf_put(to, 0, ra->bytes, part) != 0)
        return -EFAULT;
    if (newest && news_count() == news + 1)
        hold(ra, pos, (uint32_t)n, part, (uint32_t)n < total, since);
    return part;
}

/* Does f have bytes that stay where they are? Files whose size is 0 may be made as they are read. */
static bool is_plain(struct readahead *ra, struct file *f)
{
    bool plain = file_identify(f) == 0 && f->sized;
    ra->ino = f->ino;
    return plain;
}

static long ask(struct readahead *ra, struct file *f, uint32_t fid, struct iobuf *to, uint64_t pos)
{
    bool more = pos == ra->last && ra->factor > 1 && READAHEAD_MAX / to->len > 1 && is_plain(ra, f);
    if (pos != ra->last)
        ra->factor = 1;
    else if (ra->wait)
        ra->wait--;
    else
        ra->factor = MIN(ra->factor * GROWTH, READAHEAD_MAX);
    return more ? ask_for_more(ra, f, fid, to, pos) : ask_for_it(ra, f, fid, to, pos);
}

static long read(struct readahead *ra, struct file *f, uint32_t fid, struct iobuf *to, uint64_t pos)
{
    long done = 0;
    if (!holds(ra) || pos < ra->at || pos - ra->at > ra->len) {
        drop(ra);
    } else {
        done = give(ra, to, pos);
        if (done < 0 || (size_t)done == to->len)
            return done;
        bool ended = ra->ended;
        if (!done || !ended)
            drop(ra);
        if (ended) /* told once; who asks again wants to know whether there is more by now */
            return done;
    }
    struct iobuf rest = {to->base + done, to->len - (size_t)done, to->user};
    long n = ask(ra, f, fid, &rest, pos + (uint64_t)done);
    return n > 0 ? done + n : done ? done : n;
}

long readahead_read(struct readahead **ahead, struct file *f, uint32_t fid, struct iobuf *to, uint64_t pos)
{
    struct readahead *ra = *ahead ? *ahead : (*ahead = readahead_new());
    if (!ra || ra->busy || !to->len)
        return read_all(f, fid, to, pos);
    ra->busy = true;
    long n = read(ra, f, fid, to, pos);
    ra->busy = false;
    if (n > 0)
        ra->last = pos + (uint64_t)n;
    if (ra->forsaken)
        readahead_free(ra);
    return n;
}

bool readahead_spares(struct file *f)
{
    for (struct readahead *ra = all; ra; ra = ra->next)
        if (ra->busy || holds(ra)) {
            if (!ra->ino || file_identify(f) != 0 || f->ino == ra->ino)
                return false;
        }
    return true;
}
