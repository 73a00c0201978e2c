/* statahead.c - see statahead.h. */
#include "statahead.h"

#include <linux/errno.h>
#include <linux/stat.h>

#include "kmem.h"
#include "lib.h"
#include "news.h"
#include "timer.h"

#define LISTINGS      4u /* as deep as a tree is walked without asking for its upper directories again */
#define LISTING_BYTES (64u << 10) /* of names */
#define LOOK          64u         /* so many names further a program may go on */
#define FIRST         16u
#define LEAST         4u
#define MOST_WARY     64u
#define DIR_TEXT      512u
#define TYPE_DIR      4u /* DT_DIR */

/* Names as they were listed: type, length and NUL-terminated name of each, one behind the other. */
struct listing {
    uint64_t serial; /* of the directory's file; 0: none */
    uint64_t used;
    char *names; /* LISTING_BYTES, once it was needed */
    uint32_t len;
    uint32_t at; /* of the next one that the program is expected to ask about */
    bool bound;  /* it is known where these are: */
    uint32_t fid;
    char dir[DIR_TEXT];
};

static struct listing listings[LISTINGS];

/* What is held: of entries of one directory. */
static struct {
    struct p9_beside entries[STATAHEAD_MAX];
    char names[STATAHEAD_MAX * 64];
    uint32_t names_len;
    unsigned n, given; /* given: up to the furthest one that was asked for */
    uint32_t fid;
    char dir[DIR_TEXT];
    uint64_t news, since;
    bool busy; /* under way */
} batch;

/* How many are asked for, learned from what became of those before. */
static struct {
    unsigned more;
    unsigned wary, wait; /* after it was in vain: so many times without; of them still to come */
    bool recursive;      /* a directory among them was gone into: no further than the next one */
} habit = {.more = FIRST, .wary = 1};

void statahead_forget(void)
{
    for (unsigned i = 0; i < LISTINGS; i++)
        listings[i].serial = 0;
    batch.n = 0;
    batch.busy = false;
    habit.more = FIRST;
    habit.wary = 1;
    habit.wait = 0;
    habit.recursive = false;
}

/* ---- what was listed ---- */

static struct listing *listing_of(uint64_t serial)
{
    struct listing *oldest = listings;
    for (struct listing *l = listings; l < listings + LISTINGS; l++) {
        if (l->serial == serial)
            return l;
        if (l->used < oldest->used)
            oldest = l;
    }
    oldest->serial = serial;
    oldest->len = oldest->at = 0;
    oldest->bound = false;
    return oldest;
}

void statahead_listed(uint64_t serial, bool first, uint8_t type, const char *name, size_t n)
{
    static uint64_t clock;
    struct listing *l = listing_of(serial);
    bool dots = name[0] == '.' && (n == 1 || (n == 2 && name[1] == '.'));
    l->used = ++clock;
    if (first)
        l->bound = false;
    if (first || l->at == l->len || l->len + n + 3 > LISTING_BYTES)
        l->len = l->at = 0;
    if (!l->names)
        l->names = kv_alloc(LISTING_BYTES);
    if (!l->names || dots || n > P9_NAME_MAX)
        return;
    char *to = l->names + l->len;
    to[0] = (char)type;
    to[1] = (char)n;
    memcpy(to + 2, name, n);
    to[2 + n] = '\0';
    l->len += (uint32_t)n + 3;
}

static uint32_t after(const struct listing *l, uint32_t at)
{
    return at + (uint8_t)l->names[at + 1] + 3;
}

/* The directory of the step as text, by which equal ones are known. */
static bool dir_text(const struct p9_reach *step, char to[DIR_TEXT])
{
    size_t len = 0;
    for (unsigned i = 0; i + 1 < step->n; i++) {
        size_t n = strlen(step->names[i]);
        if (len + n + 2 > DIR_TEXT)
            return false;
        memcpy(to + len, step->names[i], n);
        to[len + n] = '/';
        len += n + 1;
    }
    to[len] = '\0';
    return true;
}

/* The listing that has the step's last name not far from where it is expected, and goes on behind it. */
static struct listing *find_listing(const struct p9_reach *step, const char *dir)
{
    const char *name = step->names[step->n - 1];
    for (struct listing *l = listings; l < listings + LISTINGS; l++) {
        if (!l->serial || (l->bound && (l->fid != step->fid || strcmp(l->dir, dir) != 0)))
            continue;
        uint32_t at = l->at;
        for (unsigned i = 0; i < LOOK && at < l->len; i++, at = after(l, at))
            if (strcmp(l->names + at + 2, name) == 0) {
                l->bound = true;
                l->fid = step->fid;
                memcpy(l->dir, dir, strlen(dir) + 1);
                l->at = after(l, at);
                return l;
            }
    }
    return NULL;
}

/* ---- what is held ---- */

static bool holds(void)
{
    return batch.n && !batch.busy && news_none_since(batch.news, batch.since);
}

/* What became of them says how many are asked for next. */
static void learn(void)
{
    if (!batch.n)
        return;
    const struct p9_beside *last = batch.given ? &batch.entries[batch.given - 1] : NULL;
    if (batch.given == batch.n) {
        habit.more = MIN(habit.more * 2, STATAHEAD_MAX);
        habit.wary = 1;
        if (batch.news == news_count()) /* no directory was gone into since */
            habit.recursive = false;
    } else if (batch.given) {
        habit.more = MAX(batch.given, LEAST);
        habit.wary = 1;
        if (!last->error && (last->st.mode & S_IFMT) == S_IFDIR)
            habit.recursive = true;
    } else {
        habit.more = LEAST;
        habit.wary = MIN(habit.wary * 2, MOST_WARY);
        habit.wait = habit.wary;
    }
    batch.n = batch.given = 0;
}

/* A link that is to be followed, and what was refused, is not kept. */
static bool says(const struct p9_beside *e, const struct p9_reach *step)
{
    if (e->error)
        return e->error == -ENOENT;
    return !(step->how & P9_REACH_FOLLOW) || (e->st.mode & S_IFMT) != S_IFLNK;
}

static uint8_t qid_type(uint32_t mode)
{
    return (mode & S_IFMT) == S_IFDIR ? P9_QTDIR : (mode & S_IFMT) == S_IFLNK ? P9_QTSYMLINK : P9_QTFILE;
}

bool statahead_knows(struct p9_reach *step, int *error)
{
    char dir[DIR_TEXT];
    if (!holds() || !step->n || step->fid != batch.fid || !dir_text(step, dir) || strcmp(dir, batch.dir) != 0)
        return false;
    for (unsigned i = 0; i < batch.n; i++) {
        const struct p9_beside *e = &batch.entries[i];
        if (strcmp(e->name, step->names[step->n - 1]) != 0 || !says(e, step))
            continue;
        batch.given = MAX(batch.given, i + 1);
        *error = e->error;
        if (!e->error) {
            *step->st = e->st;
            step->type = qid_type(e->st.mode);
        }
        return true;
    }
    return false;
}

/* ---- asking ---- */

/* Those that follow at l; false: there are none. */
static bool choose(const struct listing *l)
{
    batch.n = batch.given = batch.names_len = 0;
    for (uint32_t at = l->at; at < l->len && batch.n < habit.more; at = after(l, at)) {
        const char *name = l->names + at + 2;
        uint32_t n = (uint8_t)l->names[at + 1] + 1u;
        if (batch.names_len + n > sizeof batch.names)
            break;
        memcpy(batch.names + batch.names_len, name, n);
        batch.entries[batch.n++].name = batch.names + batch.names_len;
        batch.names_len += n;
        if (habit.recursive && l->names[at] == TYPE_DIR)
            break;
    }
    return batch.n > 0;
}

int statahead_reach(struct p9_reach *step)
{
    char dir[DIR_TEXT];
    const struct listing *l = !batch.busy && step->n && dir_text(step, dir) ? find_listing(step, dir) : NULL;
    if (!l)
        return p9_reach(step);
    learn();
    if (habit.wait) {
        habit.wait--;
        return p9_reach(step);
    }
    if (!choose(l))
        return p9_reach(step);
    uint64_t news = news_count(), since = clock_monotonic();
    step->beside = batch.entries;
    step->nbeside = batch.n;
    batch.busy = true;
    int error = p9_reach(step);
    batch.busy = false;
    batch.n = error ? 0 : step->nbeside;
    batch.fid = step->fid;
    memcpy(batch.dir, dir, strlen(dir) + 1);
    batch.since = since;
    batch.news = news_count();
    if (batch.news != news + 1) /* something else came, too: it may be newer */
        batch.n = 0;
    else if (batch.n)
        news_keep_attributes();
    return error;
}
