/* netsock.c - see netsock.h. */
#include "netsock.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "hostfd.h"
#include "kmem.h"
#include "lib.h"
#include "p9.h"

enum { STREAM_TYPE = 1, DONT_WAIT = 0x40, WAIT_ALL = 0x100 };

/* Requests that may wait at the host: the rest of the tags is for files. Who comes later polls first. */
#define HOLD_MAX 16u

static const unsigned way_events[] = {
    [WAY_IN] = POLLIN | POLLRDNORM | POLLPRI | POLLRDHUP, [WAY_OUT] = POLLOUT | POLLWRNORM};

bool is_netsock(const struct file *f)
{
    const struct ctl_fd *fd = hostfd_info(f);
    return fd && fd->socket;
}

unsigned netsock_type(const struct file *f)
{
    return hostfd_info(f)->socket & 0xffff;
}

int64_t netsock_call(struct file *f, enum ctl_call_op op, int64_t a, int64_t b, void *data, uint32_t in,
                     uint32_t cap)
{
    return ctl_call(&(struct ctl_request){
        .op = op, .fd = hostfd_info(f)->fd, .a = a, .b = b, .data = data, .data_in = in, .data_cap = cap});
}

static int adopt(const struct ctl_fd *fd, uint32_t flags, struct file **file)
{
    *file = hostfd_new(fd);
    if (!*file)
        return -ENOMEM;
    (*file)->flags = O_RDWR | (flags & O_NONBLOCK);
    return 0;
}

int netsock_new(uint64_t domain, uint64_t type, uint32_t flags, struct file **file)
{
    struct ctl_fd fd;
    int64_t r = ctl_call(&(struct ctl_request){
        .op = CALL_SOCKET, .a = (int64_t)domain, .b = (int64_t)type, .data = &fd, .data_cap = sizeof fd});
    return r < 0 ? (int)r : adopt(&fd, flags, file);
}

/* ---- readiness ---- */

/* Its answer will be of no interest. */
static void abandon(struct netsock_wait *w)
{
    struct ctl_pending *p = w->asked;
    w->asked = NULL;
    w->stale = false;
    if (!p)
        return;
    if (p->done) {
        kfree(p);
        return;
    }
    p->posted = true;
    ctl_call_cancel(p);
}

/* What was ready has been used. */
static void used(struct file *f, enum netsock_way way)
{
    struct netsock_wait *w = &hostfd_sock(f)->wait[way];
    w->ready = 0;
    if (w->asked && w->asked->done)
        abandon(w);
    else if (w->asked)
        w->stale = true;
}

/* The socket is another than it was. */
static void forget(struct file *f)
{
    struct netsock *s = hostfd_sock(f);
    for (int way = WAY_IN; way <= WAY_OUT; way++) {
        abandon(&s->wait[way]);
        s->wait[way].ready = 0;
    }
}

static void ask(struct file *f, struct netsock_wait *w, unsigned events)
{
    struct ctl_pending *p = kmalloc(sizeof *p);
    if (!p)
        return;
    w->asked = p;
    w->mask = events;
    struct ctl_request request = {.op = CALL_POLL, .fd = hostfd_info(f)->fd, .a = events};
    ctl_call_start(p, &request);
}

static unsigned look(struct file *f, enum netsock_way way, unsigned events)
{
    struct netsock_wait *w = &hostfd_sock(f)->wait[way];
    unsigned always = POLLERR | POLLHUP | POLLNVAL;
    if (w->asked && w->asked->done) {
        if (!w->stale)
            w->ready = w->asked->result >= 0 ? (unsigned)w->asked->result : POLLERR;
        abandon(w);
    }
    if (w->ready & (events | always))
        return w->ready;
    if (w->asked && events & ~w->mask)
        abandon(w);
    if (!w->asked)
        ask(f, w, events);
    return 0;
}

unsigned netsock_poll(struct file *f, unsigned events, struct poll_slot *slot)
{
    unsigned revents = 0;
    poll_join(slot, ctl_call_waitq());
    for (int way = WAY_IN; way <= WAY_OUT; way++)
        if (events & way_events[way])
            revents |= look(f, (enum netsock_way)way, events & way_events[way]);
    return revents;
}

void netsock_release(struct netsock *s)
{
    for (int way = WAY_IN; way <= WAY_OUT; way++)
        abandon(&s->wait[way]);
}

/* 0: it may be tried again; -EAGAIN after the deadline, or -EINTR. */
static long wait_ready(struct file *f, enum netsock_way way, uint64_t deadline)
{
    struct poll_slot slot = {.file = f, .events = way == WAY_IN ? POLLIN : POLLOUT};
    int ready = poll_wait(&slot, 1, deadline);
    return ready > 0 ? 0 : ready == 0 ? -EAGAIN : ready;
}

/* ---- bytes ---- */

/* What the shell handed over may be streamed, and is in order with what is written to it. */
static long once(struct file *f, struct iobuf *buf, uint64_t flags, enum netsock_way way)
{
    uint32_t fid;
    if (way == WAY_OUT && hostfd_streams(f))
        return hostfd_stream(f, buf, !(flags & DONT_WAIT));
    long r = hostfd_fid(f, &fid);
    if (r)
        return r;
    r = way == WAY_OUT ? p9_write(fid, buf, P9_SOCKET | flags, true)
                       : p9_read(fid, buf, P9_SOCKET | flags, true);
    if (way == WAY_IN || r < 0 || (size_t)r < buf->len)
        used(f, way);
    return r;
}

long netsock_move(struct file *f, struct iobuf *buf, uint64_t flags, enum netsock_way way)
{
    static unsigned holding;
    struct netsock *s = hostfd_sock(f);
    uint64_t timeout = s->wait[way].timeout;
    uint64_t deadline = timeout ? clock_monotonic() + timeout : NO_DEADLINE;
    bool wait = !(f->flags & O_NONBLOCK) && !(flags & DONT_WAIT);
    bool whole = netsock_type(f) == STREAM_TYPE && !(flags & SOCKET_HEAD) &&
                 (way == WAY_OUT || (flags & WAIT_ALL && wait));
    size_t done = 0;
    if (s->error) {
        long error = s->error;
        s->error = 0;
        return error;
    }
    for (;;) {
        struct iobuf rest = {buf->base + done, buf->len - done, buf->user};
        bool hold = wait && !timeout && holding < HOLD_MAX;
        holding += hold;
        long r = once(f, &rest, (flags & ~(uint64_t)(WAIT_ALL | DONT_WAIT)) | (hold ? 0 : DONT_WAIT), way);
        holding -= hold;
        if (r == -EAGAIN && wait) {
            r = wait_ready(f, way, deadline);
            if (r == 0)
                continue;
        }
        done += r > 0 ? (size_t)r : 0;
        if (r < 0 && done && r != -EAGAIN && r != -EINTR)
            s->error = r;
        if (r <= 0 || !whole || done == buf->len)
            return done ? (long)done : r;
    }
}

uint64_t *netsock_timeout(struct file *f, enum netsock_way way)
{
    return &hostfd_sock(f)->wait[way].timeout;
}

/* ---- connections ---- */

long netsock_connect(struct file *f, void *address, uint32_t len)
{
    int64_t nowait = f->flags & O_NONBLOCK ? SOCKET_NOWAIT : 0;
    int64_t r = netsock_call(f, CALL_CONNECT, nowait, 0, address, len, 0);
    forget(f);
    return (long)r;
}

long netsock_accept(struct file *f, uint32_t flags, struct file **file, struct socket_address *from)
{
    struct {
        struct ctl_fd fd;
        struct socket_address from;
    } answer;
    int64_t r =
        netsock_call(f, CALL_ACCEPT, f->flags & O_NONBLOCK ? SOCKET_NOWAIT : 0, 0, &answer, 0, sizeof answer);
    used(f, WAY_IN);
    if (r < 0)
        return (long)r;
    *from = answer.from;
    return adopt(&answer.fd, flags, file);
}
