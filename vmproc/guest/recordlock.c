/* recordlock.c - see recordlock.h. POSIX: one owner's locks on a file do not overlap. */
#include "recordlock.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>

#include "kmem.h"
#include "lib.h"
#include "syscall.h"
#include "task.h"
#include "usercopy.h"
#include "vmproc/p9.h"
#include "writeback.h"

#define TO_THE_END UINT64_MAX
#define NO_PROCESS UINT32_MAX /* -1: what F_GETLK says of a description's lock */

struct record {
    struct record *next;
    uint64_t dev, ino, start, end;
    enum lock_kind kind;
    uint64_t owner; /* process id, or the description's serial number */
    uint8_t type;   /* enum p9_lock_type */
    bool wanted;    /* the host has been asked for it */
};

static struct record *records;
static struct waitq some_gone;

static bool is_of(const struct record *r, const struct file *f)
{
    return r->dev == f->dev && r->ino == f->ino;
}

static bool overlap(const struct record *a, const struct record *b)
{
    return a->dev == b->dev && a->ino == b->ino && a->start < b->end && b->start < a->end;
}

static bool of_one_owner(const struct record *a, const struct record *b)
{
    return a->kind == b->kind && a->owner == b->owner;
}

/* Of another owner here. */
static const struct record *in_the_way(const struct record *wish)
{
    const struct record *r = records;
    while (r && !(!of_one_owner(r, wish) && overlap(r, wish) &&
                  (r->type == P9_LOCK_WRITE || wish->type == P9_LOCK_WRITE)))
        r = r->next;
    return r;
}

static void add(struct record *r)
{
    r->next = records;
    records = r;
}

/* Takes the range from the owner's records. One in the middle of another splits that: spare is for its end. */
static void cut_out(const struct record *range, struct record **spare)
{
    for (struct record **at = &records; *at;) {
        struct record *r = *at;
        if (r->wanted || !of_one_owner(r, range) || !overlap(r, range)) {
            at = &r->next;
            continue;
        }
        if (r->start < range->start && r->end > range->end) {
            struct record *right = *spare;
            *spare = NULL;
            *right = *r;
            right->start = range->end;
            r->end = range->start;
            add(right);
            return; /* they do not overlap: there is no other */
        }
        if (r->start < range->start) {
            r->end = range->start;
        } else if (r->end > range->end) {
            r->start = range->end;
        } else {
            *at = r->next;
            kfree(r);
            continue;
        }
        at = &r->next;
    }
}

static int ask_host(struct file *f, const struct record *r, uint8_t type, uint64_t start, uint64_t end,
                    bool wait)
{
    struct file_lock lock = {
        .type = type, .kind = r->kind, .start = start, .len = end == TO_THE_END ? 0 : end - start};
    return f->ops->lock ? f->ops->lock(f, &lock, wait) : 0;
}

/* The host may forget the range, but for what other processes here still have of it. It tells descriptions apart. */
static int give_back(struct file *f, const struct record *range)
{
    int error = 0;
    for (uint64_t at = range->start; at < range->end && !error;) {
        uint64_t until = range->end, next = range->end;
        for (const struct record *r = records; r; r = r->next) {
            if (range->kind != LOCK_OF_PROCESS || r->kind != LOCK_OF_PROCESS || r->owner == range->owner ||
                !overlap(r, range) || r->end <= at)
                continue;
            if (r->start <= at) /* it covers this place */
                until = at, next = MIN(next, r->end);
            else
                until = MIN(until, r->start);
        }
        if (until > at) {
            error = ask_host(f, range, P9_LOCK_NONE, at, until, false);
            next = until;
        }
        at = next;
    }
    return error;
}

static long unlock(struct file *f, const struct record *range, struct record **spare)
{
    writeback_all(); /* before others may have the lock */
    cut_out(range, spare);
    int error = give_back(f, range);
    waitq_wake(&some_gone);
    return error;
}

/* The wish stands in the table while the host is asked, so that no other process here gets it meanwhile. */
static long lock(struct file *f, struct record **wish, struct record **spare, bool wait)
{
    struct record *r = *wish;
    while (in_the_way(r)) {
        if (!wait)
            return -EAGAIN;
        if (waitq_sleep(&some_gone, NO_DEADLINE, true) == -EINTR)
            return -EINTR;
    }
    r->wanted = true;
    add(r);
    *wish = NULL;
    writeback_all();
    int error = ask_host(f, r, r->type, r->start, r->end, wait);
    if (!error) {
        cut_out(r, spare);
        r->wanted = false;
        writeback_reload_all();
        return 0;
    }
    struct record **at = &records;
    while (*at != r)
        at = &(*at)->next;
    *at = r->next;
    kfree(r);
    waitq_wake(&some_gone);
    return error;
}

/* ---- what the program says ---- */

static long get_range(struct file *f, const struct flock *l, struct record *r)
{
    int64_t base = 0;
    uint64_t size;
    if (l->l_whence == SEEK_CUR)
        base = file_seek(f, 0, SEEK_CUR);
    else if (l->l_whence == SEEK_END)
        base = file_size(f, &size) == 0 ? (int64_t)size : -EINVAL;
    else if (l->l_whence != SEEK_SET)
        return -EINVAL;
    int64_t start, end;
    if (base < 0 || __builtin_add_overflow(base, l->l_start, &start) ||
        __builtin_add_overflow(start, l->l_len, &end))
        return base < 0 ? -EINVAL : -EOVERFLOW;
    r->start = (uint64_t)(l->l_len < 0 ? end : start);
    r->end = l->l_len ? (uint64_t)(l->l_len < 0 ? start : end) : TO_THE_END;
    r->dev = f->dev, r->ino = f->ino;
    r->owner = r->kind == LOCK_OF_DESCRIPTION ? f->serial : current->pid;
    return (int64_t)r->start < 0 ? -EINVAL : 0;
}

static long read_wish(struct file *f, uint64_t arg, enum lock_kind kind, struct flock *l, struct record *r)
{
    static const uint8_t types[] = {
        [F_RDLCK] = P9_LOCK_READ, [F_WRLCK] = P9_LOCK_WRITE, [F_UNLCK] = P9_LOCK_NONE};
    if (copy_from_user(l, arg, sizeof *l) != 0)
        return -EFAULT;
    if (l->l_type < 0 || l->l_type >= (int)ARRAY_LEN(types) || (kind == LOCK_OF_DESCRIPTION && l->l_pid))
        return -EINVAL;
    r->type = types[l->l_type];
    r->kind = kind;
    long error = file_identify(f);
    return error ? error : get_range(f, l, r);
}

long record_lock_set(struct file *f, uint64_t arg, enum lock_kind kind, bool wait)
{
    struct record *wish = kmalloc(sizeof *wish), *spare = kmalloc(sizeof *spare);
    struct flock l;
    long error = wish && spare ? read_wish(f, arg, kind, &l, wish) : -ENOLCK;
    if (!error && ((wish->type == P9_LOCK_READ && !file_readable(f)) ||
                   (wish->type == P9_LOCK_WRITE && !file_writable(f))))
        error = -EBADF;
    if (!error)
        error = wish->type == P9_LOCK_NONE ? unlock(f, wish, &spare) : lock(f, &wish, &spare, wait);
    kfree(wish);
    kfree(spare);
    return restartable(error);
}

long record_lock_get(struct file *f, uint64_t arg, enum lock_kind kind)
{
    static const int16_t types[] = {
        [P9_LOCK_READ] = F_RDLCK, [P9_LOCK_WRITE] = F_WRLCK, [P9_LOCK_NONE] = F_UNLCK};
    struct record wish = {0};
    struct flock l;
    long error = read_wish(f, arg, kind, &l, &wish);
    if (error || wish.type == P9_LOCK_NONE)
        return error ? error : -EINVAL;
    const struct record *r = in_the_way(&wish);
    struct file_lock found = {.type = wish.type, .kind = kind, .start = wish.start};
    found.len = wish.end == TO_THE_END ? 0 : wish.end - wish.start;
    if (r)
        found = (struct file_lock){.type = r->type,
                                   .start = r->start,
                                   .len = r->end == TO_THE_END ? 0 : r->end - r->start,
                                   .pid = r->kind == LOCK_OF_PROCESS ? (uint32_t)r->owner : NO_PROCESS};
    else if (f->ops->get_lock)
        error = f->ops->get_lock(f, &found);
    else
        found.type = P9_LOCK_NONE;
    if (error)
        return restartable(error);
    l.l_type = types[MIN(found.type, P9_LOCK_NONE)];
    if (l.l_type != F_UNLCK) {
        l.l_whence = SEEK_SET;
        l.l_start = (int64_t)found.start, l.l_len = (int64_t)found.len;
        l.l_pid = (int)found.pid;
    }
    return put_user(l, arg);
}

static bool is_of_process(const struct record *r, uint64_t pid)
{
    return r->kind == LOCK_OF_PROCESS && r->owner == pid;
}

void record_locks_closed(struct file *f)
{
    const struct record *r = records;
    while (r && !is_of_process(r, current->pid))
        r = r->next;
    if (!r || file_identify(f) != 0)
        return;
    while (r && !(is_of_process(r, current->pid) && is_of(r, f)))
        r = r->next;
    if (!r)
        return;
    struct record all = {.dev = f->dev, .ino = f->ino, .end = TO_THE_END, .owner = current->pid};
    struct record *spare = NULL; /* nothing is left to be split */
    unlock(f, &all, &spare);
}

static bool is_of_description(const struct record *r, const struct file *f)
{
    return r->kind == LOCK_OF_DESCRIPTION && r->owner == f->serial;
}

void record_locks_end(const struct file *f)
{
    const struct record *some = records;
    while (some && !is_of_description(some, f))
        some = some->next;
    if (!some)
        return;
    writeback_all(); /* before others may have the lock */
    for (struct record **at = &records; *at;) {
        struct record *r = *at;
        if (!is_of_description(r, f)) {
            at = &r->next;
            continue;
        }
        *at = r->next;
        kfree(r);
    }
    waitq_wake(&some_gone);
}
