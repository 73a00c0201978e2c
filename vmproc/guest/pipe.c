/* pipe.c - a ring of bytes between two descriptions. */
#include "pipe.h"

#include <asm/ioctls.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "hostfd.h"
#include "kmem.h"
#include "lib.h"
#include "poll.h"
#include "usercopy.h"

#define PIPE_SIZE   (64ul << 10)
#define PIPE_ATOMIC 4096ul /* PIPE_BUF */

struct pipe {
    char *ring;
    uint64_t in, out;             /* bytes that ever went in and out; in - out are there */
    struct file *reader, *writer; /* NULL: closed */
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
        if (f->data != p)
            return f->ops->read(f, to, pos);
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
            if (f->data != p) {
                struct iobuf rest = {from->base + done, from->len - done, from->user};
                long n = f->ops->write(f, &rest, pos);
                return n >= 0 || !done ? (long)done + n : (long)done;
            }
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
    if (p->writer == f)
        p->writer = NULL;
    else if (p->reader == f)
        p->reader = NULL;
    waitq_wake(&p->wait);
    if (p->reader || p->writer)
        return;
    kv_free(p->ring, PIPE_SIZE);
    if (!p->wait.first) /* else it has moved, and those that wait have still to leave the queue */
        kfree(p);
}

/* ---- to the host ---- */

int64_t pipe_of_host(struct file *ends[2])
{
    struct ctl_fd fds[2];
    int64_t number = ctl_call(&(struct ctl_request){.op = CALL_PIPE, .data = fds, .data_cap = sizeof fds});
    if (number < 0)
        return number;
    ends[0] = hostfd_new(&fds[0]);
    ends[1] = ends[0] ? hostfd_new(&fds[1]) : NULL;
    int error = ends[1] ? hostfd_attach(ends[1]) : -ENOMEM;
    if (!error)
        return number;
    file_unref(ends[0]);
    file_unref(ends[1]);
    return error;
}

/* What is in the ring goes first; it is no more than a pipe of the host holds. */
static int carry_over(struct pipe *p, struct file *writer)
{
    size_t n = p->in - p->out, at = p->out % PIPE_SIZE;
    if (!n)
        return 0;
    char *bytes = kv_alloc(PIPE_SIZE);
    if (!bytes)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++)
        bytes[i] = p->ring[(at + i) % PIPE_SIZE];
    struct iobuf buf = {bytes, n, false};
    p->out = p->in;
    long written = file_write(writer, &buf, NULL);
    kv_free(bytes, PIPE_SIZE);
    return written < 0 ? (int)written : 0;
}

/* Both ends move: what one of them is, the other must be. */
static int64_t pipe_share(struct file *f)
{
    struct pipe *p = f->data;
    struct file *ends[2], *old_reader, *old_writer;
    int64_t number = pipe_of_host(ends);
    if (number < 0)
        return number;
    if (f->data != p) { /* another task was faster */
        file_unref(ends[0]);
        file_unref(ends[1]);
        return f->ops->share(f);
    }
    old_reader = p->reader, old_writer = p->writer;
    /* After this, the files made for the host's ends are the pipe's. */
    if (old_reader)
        hostfd_swap(old_reader, ends[0]);
    if (old_writer)
        hostfd_swap(old_writer, ends[1]);
    p->reader = old_reader ? ends[0] : NULL;
    p->writer = old_writer ? ends[1] : NULL;
    int error = old_reader ? carry_over(p, old_writer ? old_writer : ends[1]) : 0;
    file_unref(ends[0]);
    file_unref(ends[1]);
    return error ? error : number + (file_writable(f) ? 1 : 0);
}

static const struct file_ops pipe_ops = {
    .read = pipe_read,
    .write = pipe_write,
    .stat = pipe_stat,
    .ioctl = pipe_ioctl,
    .poll = pipe_poll,
    .describe = pipe_describe,
    .share = pipe_share,
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
    *p = (struct pipe){.ring = ring, .reader = *reader, .writer = *writer, .ino = ++last_ino};
    (*reader)->data = (*writer)->data = p;
    return 0;
}
