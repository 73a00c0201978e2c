/* epoll.c - the set is a list; waiting is poll.h's. */
#include "epoll.h"

#include <linux/errno.h>
#include <linux/eventpoll.h>
#include <linux/fcntl.h>

#include "kmem.h"
#include "lib.h"
#include "poll.h"
#include "usercopy.h"

#define MEMBERS_MAX 4096u

struct member {
    struct member *next;
    uint32_t fd;
    uint64_t serial; /* of the file: the number may be another's by now */
    uint32_t events;
    uint64_t data;
    bool spent; /* EPOLLONESHOT, and told */
};

struct epoll {
    struct member *first;
    unsigned count;
    uint64_t generation; /* changes of the set so far */
    struct waitq changed;
};

static bool is_current(const struct member *m)
{
    struct file *f = fd_file(m->fd);
    return f && f->serial == m->serial;
}

static void forget(struct epoll *e, struct member **at)
{
    struct member *m = *at;
    *at = m->next;
    e->count--;
    kfree(m);
}

static struct member **find(struct epoll *e, uint32_t fd)
{
    struct member **at = &e->first;
    while (*at && ((*at)->fd != fd || !is_current(*at))) {
        if (!is_current(*at))
            forget(e, at);
        else
            at = &(*at)->next;
    }
    return at;
}

static int add(struct epoll *e, uint32_t fd, const struct file *f, const struct epoll_event_user *event)
{
    struct member *m = e->count < MEMBERS_MAX ? kmalloc(sizeof *m) : NULL;
    if (!m)
        return e->count < MEMBERS_MAX ? -ENOMEM : -ENOSPC;
    *m = (struct member){
        .next = e->first, .fd = fd, .serial = f->serial, .events = event->events, .data = event->data};
    e->first = m;
    e->count++;
    return 0;
}

int epoll_change(struct file *epoll, uint64_t op, uint32_t fd, const struct epoll_event_user *event)
{
    struct epoll *e = epoll->data;
    struct file *f = fd_file(fd);
    if (!f)
        return -EBADF;
    if (is_epoll(f))
        return -EINVAL;
    if (!f->ops->poll)
        return -EPERM; /* a regular file, a directory */
    struct member **at = find(e, fd);
    if (op == EPOLL_CTL_ADD ? *at != NULL : !*at)
        return *at ? -EEXIST : -ENOENT;
    e->generation++;
    waitq_wake(&e->changed);
    switch (op) {
    case EPOLL_CTL_ADD:
        return add(e, fd, f, event);
    case EPOLL_CTL_MOD:
        (*at)->events = event->events;
        (*at)->data = event->data;
        (*at)->spent = false;
        return 0;
    case EPOLL_CTL_DEL:
        forget(e, at);
        return 0;
    }
    return -EINVAL;
}

/* The set as slots, in the order of the list; the last one is for changes of the set. Their number. */
static unsigned fill(struct epoll *e, struct file *epoll, struct poll_slot *slots)
{
    unsigned n = 0;
    for (struct member **at = &e->first; *at;) {
        struct member *m = *at;
        if (!is_current(m)) {
            forget(e, at);
            continue;
        }
        slots[n].file = m->spent ? NULL : file_ref(fd_file(m->fd));
        slots[n].events = m->events & 0xffff;
        slots[n++].ticket = (uint64_t)m;
        at = &m->next;
    }
    slots[n].file = file_ref(epoll);
    slots[n].ticket = e->generation;
    slots[n++].events = POLLPRI;
    return n;
}

/* A member may have gone while we slept: it is looked for again. */
static struct member *still_there(struct epoll *e, uint64_t ticket)
{
    struct member *m = e->first;
    while (m && (uint64_t)m != ticket)
        m = m->next;
    return m;
}

static long report(struct epoll *e, const struct poll_slot *slots, unsigned n, uint64_t to, unsigned max)
{
    unsigned told = 0;
    for (unsigned i = 0; i < n && told < max; i++) {
        struct member *m = slots[i].revents ? still_there(e, slots[i].ticket) : NULL;
        struct epoll_event_user event;
        if (!m)
            continue;
        event = (struct epoll_event_user){slots[i].revents, m->data};
        if (put_user(event, to + told * sizeof event) != 0)
            return told ? (long)told : -EFAULT;
        m->spent = m->events & EPOLLONESHOT;
        told++;
    }
    return told;
}

long epoll_wait_for(struct file *epoll, uint64_t to, unsigned max, uint64_t deadline)
{
    struct epoll *e = epoll->data;
    long told = 0;
    for (;;) {
        size_t size = (e->count + 1) * sizeof(struct poll_slot);
        struct poll_slot *slots = buffer_alloc(size);
        if (!slots)
            return -ENOMEM;
        unsigned n = fill(e, epoll, slots);
        int ready = poll_wait(slots, n, deadline);
        told = ready > 0 ? report(e, slots, n - 1, to, max) : ready;
        for (unsigned i = 0; i < n; i++)
            file_unref(slots[i].file);
        buffer_free(slots, size);
        if (told || ready <= 0 || (deadline != NO_DEADLINE && clock_monotonic() >= deadline))
            return told;
    }
}

/* ---- as a file ---- */

/*
 * Our own wait asks for POLLPRI: the set is not what it was (ticket). Anybody else's poll(2) is told what is
 * ready at once, and not woken for more.
 */
static unsigned epoll_poll(struct file *f, unsigned events, struct poll_slot *slot)
{
    struct epoll *e = f->data;
    poll_join(slot, &e->changed);
    if (events == POLLPRI)
        return e->generation != slot->ticket ? POLLPRI : 0;
    for (struct member *m = e->first; m; m = m->next) {
        struct poll_slot inner = {.file = is_current(m) && !m->spent ? fd_file(m->fd) : NULL};
        if (inner.file && inner.file->ops->poll(inner.file, m->events, &inner) & m->events)
            return POLLIN | POLLRDNORM;
    }
    return 0;
}

static int epoll_stat(struct file *f, struct kstat *st)
{
    *st = (struct kstat){.dev = 5, .ino = 2, .mode = 0600, .nlink = 1, .blksize = PAGE_SIZE};
    return 0;
}

static int epoll_describe(struct file *f, char *buf, size_t size)
{
    return format(buf, size, "anon_inode:[eventpoll]");
}

static void epoll_release(struct file *f)
{
    struct epoll *e = f->data;
    while (e->first)
        forget(e, &e->first);
    kfree(e);
}

static const struct file_ops epoll_ops = {
    .poll = epoll_poll,
    .stat = epoll_stat,
    .describe = epoll_describe,
    .release = epoll_release,
};

bool is_epoll(const struct file *f)
{
    return f->ops == &epoll_ops;
}

int epoll_new(struct file **file)
{
    struct epoll *e = kmalloc(sizeof *e);
    *file = e ? file_new(&epoll_ops, O_RDWR) : NULL;
    if (!*file) {
        kfree(e);
        return -ENOMEM;
    }
    (*file)->data = e;
    return 0;
}
