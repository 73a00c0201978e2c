/* pipe.c - a ring of bytes between two descriptions. */
#include "pipe.h"

#include <asm/ioctls.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "kmem.h"
#include "lib.h"
#include "poll.h"
#include "usercopy.h"

#define PIPE_SIZE   (64ul << 10)
#define PIPE_ATOMIC 4096ul /* PIPE_BUF */

struct pipe {
    char *ring;
    uint64_t in, out; /* bytes that ever went in and out; in - out are there */
    bool reader, writer;
    struct waitq wait;
    uint64_t ino;
};

static long pipe_read(struct file *f, struct iobuf *to, uint64_t *pos)
{
    struct pipe *p = f->data;
    size_t done = 0;
    while (p->in == p->out) {
        if (!p->writer || !to->len)
            return 0;
        if (f->flags & O_NONBLOCK)
            return -EAGAIN;
        if (waitq_sleep(&p->wait, NO_DEADLINE, true) == -EINTR)
            return -EINTR;
    }
    while (done < to->len && p->in != p->out) {
        size_t at = p->out % PIPE_SIZE, n = MIN(MIN(PIPE_SIZE - at, p->in - p->out), to->len - done);
        if (iobuf_put(to, done, p->ring + at, n) != 0)
            return done ? (long)done : -EFAULT;
        p->out += n;
        done += n;
    }
    waitq_wake(&p->wait);
    return (long)done;
}

static long pipe_write(struct file *f, struct iobuf *from, uint64_t *pos)
{
    struct pipe *p = f->data;
    size_t done = 0, need = from->len <= PIPE_ATOMIC ? from->len : 1;
    while (done < from->len) {
        if (!p->reader)
            return done ? (long)done : -EPIPE;
        size_t room = PIPE_SIZE - (p->in - p->out);
        if (room < need || room == 0) {
            if (f->flags & O_NONBLOCK)
                return done ? (long)done : -EAGAIN;
            if (waitq_sleep(&p->wait, NO_DEADLINE, true) == -EINTR)
                return done ? (long)done : -EINTR;
            continue;
        }
        size_t at = p->in % PIPE_SIZE, n = MIN(MIN(PIPE_SIZE - at, room), from->len - done);
        if (iobuf_get(from, done, p->ring + at, n) != 0)
            return done ? (long)done : -EFAULT;
        p->in += n;
        done += n;
        need = 1;
        waitq_wake(&p->wait);
    }
    return (long)done;
}

static int pipe_stat(struct file *f, struct kstat *st)
{
    struct pipe *p = f->data;
    *st = (struct kstat){.dev = 4,
                         .ino = p->ino,
                         .mode = S_IFIFO | 0600,
                         .nlink = 1,
                         .blksize = PAGE_SIZE,
                         .uid = current->uid,
                         .gid = current->gid};
    return 0;
}

static long pipe_ioctl(struct file *f, uint32_t request, uint64_t arg)
{
    struct pipe *p = f->data;
    uint32_t n = (uint32_t)(p->in - p->out);
    return request == FIONREAD ? put_user(n, arg) : -ENOTTY;
}

static unsigned pipe_poll(struct file *f, unsigned events, struct poll_slot *slot)
{
    struct pipe *p = f->data;
    poll_join(slot, &p->wait);
    if (file_writable(f))
        return !p->reader                                    ? POLLOUT | POLLERR
               : PIPE_SIZE - (p->in - p->out) >= PIPE_ATOMIC ? POLLOUT | POLLWRNORM
                                                             : 0;
    return (p->in != p->out ? POLLIN | POLLRDNORM : 0) | (p->writer ? 0 : POLLHUP);
}

static int pipe_describe(struct file *f, char *buf, size_t size)
{
    return format(buf, size, "pipe:[%lu]", ((struct pipe *)f->data)->ino);
}

static void pipe_release(struct file *f)
{
    struct pipe *p = f->data;
    if (file_writable(f))
        p->writer = false;
    else
        p->reader = false;
    waitq_wake(&p->wait);
    if (p->reader || p->writer)
        return;
    kv_free(p->ring, PIPE_SIZE);
    kfree(p);
}

static const struct file_ops pipe_ops = {
    .read = pipe_read,
    .write = pipe_write,
    .stat = pipe_stat,
    .ioctl = pipe_ioctl,
    .poll = pipe_poll,
    .describe = pipe_describe,
    .release = pipe_release,
};

int pipe_new(uint32_t flags, struct file **reader, struct file **writer)
{
    static uint64_t last_ino;
    struct pipe *p = kmalloc(sizeof *p);
    char *ring = p ? kv_alloc(PIPE_SIZE) : NULL;
    *reader = ring ? file_new(&pipe_ops, flags | O_RDONLY) : NULL;
    *writer = *reader ? file_new(&pipe_ops, flags | O_WRONLY) : NULL;
    if (!*writer) {
        kfree(*reader); /* it has no data yet: nothing to release */
        kv_free(ring, PIPE_SIZE);
        kfree(p);
        return -ENOMEM;
    }
    *p = (struct pipe){.ring = ring, .reader = true, .writer = true, .ino = ++last_ino};
    (*reader)->data = (*writer)->data = p;
    return 0;
}
