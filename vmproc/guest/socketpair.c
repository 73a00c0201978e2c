/* socketpair.c - see socketpair.h. */
#include "socketpair.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "kmem.h"
#include "lib.h"
#include "pipe.h"
#include "poll.h"

/* One end: the read end of one pipe and the write end of the other; NULL: shut. */
struct end {
    struct file *in, *out;
    uint64_t ino;
};

static long end_read(struct file *f, struct iobuf *to, uint64_t *pos)
{
    struct file *in = ((struct end *)f->data)->in;
    if (!in)
        return 0;
    in->flags = (in->flags & ~(uint32_t)O_NONBLOCK) | (f->flags & O_NONBLOCK);
    file_ref(in); /* another thread may shut it meanwhile */
    long n = in->ops->read(in, to, pos);
    file_unref(in);
    return n;
}

static long end_write(struct file *f, struct iobuf *from, uint64_t *pos)
{
    struct file *out = ((struct end *)f->data)->out;
    if (!out)
        return -EPIPE;
    out->flags = (out->flags & ~(uint32_t)O_NONBLOCK) | (f->flags & O_NONBLOCK);
    file_ref(out);
    long n = out->ops->write(out, from, pos);
    file_unref(out);
    return n;
}

static unsigned end_poll(struct file *f, unsigned events, struct poll_slot *slot)
{
    struct end *e = f->data;
    unsigned in = e->in ? e->in->ops->poll(e->in, events, slot) : POLLIN | POLLRDNORM | POLLRDHUP;
    unsigned out = e->out ? e->out->ops->poll(e->out, events, slot) : POLLOUT;
    if (in & POLLHUP && !(out & POLLERR)) /* only half of it is over: a read says so */
        in = (in & ~(unsigned)POLLHUP) | POLLIN | POLLRDNORM | POLLRDHUP;
    else if (in & POLLHUP)
        in |= POLLIN | POLLRDNORM | POLLRDHUP;
    return in | (out & ~(unsigned)POLLERR);
}

static int end_stat(struct file *f, struct kstat *st)
{
    *st = (struct kstat){.dev = 6,
                         .ino = ((struct end *)f->data)->ino,
                         .mode = S_IFSOCK | 0777,
                         .nlink = 1,
                         .blksize = PAGE_SIZE,
                         .uid = current->uid,
                         .gid = current->gid};
    return 0;
}

static int end_describe(struct file *f, char *buf, size_t size)
{
    return format(buf, size, "socket:[%lu]", ((struct end *)f->data)->ino);
}

static void end_release(struct file *f)
{
    socketpair_shut(f, true, true);
    kfree(f->data);
}

static const struct file_ops end_ops = {
    .read = end_read,
    .write = end_write,
    .poll = end_poll,
    .stat = end_stat,
    .describe = end_describe,
    .release = end_release,
};

bool is_socketpair(const struct file *f)
{
    return f->ops == &end_ops;
}

void socketpair_shut(struct file *f, bool reading, bool writing)
{
    struct end *e = f->data;
    struct file *in = reading ? e->in : NULL, *out = writing ? e->out : NULL;
    if (in)
        e->in = NULL;
    if (out)
        e->out = NULL;
    file_unref(in);
    file_unref(out);
}

static struct file *new_end(uint32_t flags, struct file *in, struct file *out)
{
    static uint64_t last_ino;
    struct end *e = kmalloc(sizeof *e);
    struct file *f = e ? file_new(&end_ops, O_RDWR | (flags & O_NONBLOCK)) : NULL;
    if (!f) {
        kfree(e);
        return NULL;
    }
    *e = (struct end){in, out, ++last_ino};
    f->data = e;
    return f;
}

int socketpair_new(uint32_t flags, struct file *ends[2])
{
    struct file *there[2], *back[2];
    int error = pipe_new(0, &there[0], &there[1]);
    if (error)
        return error;
    error = pipe_new(0, &back[0], &back[1]);
    if (error) {
        file_unref(there[0]);
        file_unref(there[1]);
        return error;
    }
    ends[0] = new_end(flags, back[0], there[1]);
    ends[1] = ends[0] ? new_end(flags, there[0], back[1]) : NULL;
    if (ends[1])
        return 0;
    if (ends[0]) {
        file_unref(ends[0]); /* and its two */
    } else {
        file_unref(back[0]);
        file_unref(there[1]);
    }
    file_unref(there[0]);
    file_unref(back[1]);
    return -ENOMEM;
}
