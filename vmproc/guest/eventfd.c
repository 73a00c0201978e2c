/* eventfd.c - see eventfd.h. */
#include "eventfd.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "kmem.h"
#include "lib.h"
#include "poll.h"

struct eventfd {
    uint64_t count;
    bool semaphore;
    struct waitq wait;
};

static long eventfd_read(struct file *f, struct iobuf *to, uint64_t *pos)
{
    struct eventfd *e = f->data;
    if (to->len < sizeof e->count)
        return -EINVAL;
    while (!e->count) {
        if (f->flags & O_NONBLOCK)
            return -EAGAIN;
        if (waitq_sleep(&e->wait, NO_DEADLINE, true) == -EINTR)
            return -EINTR;
    }
    uint64_t value = e->semaphore ? 1 : e->count;
    e->count -= value;
    waitq_wake(&e->wait);
    return iobuf_put(to, 0, &value, sizeof value) == 0 ? (long)sizeof value : -EFAULT;
}

static long eventfd_write(struct file *f, struct iobuf *from, uint64_t *pos)
{
    struct eventfd *e = f->data;
    uint64_t value;
    if (from->len < sizeof value)
        return -EINVAL;
    if (iobuf_get(from, 0, &value, sizeof value) != 0)
        return -EFAULT;
    if (value == UINT64_MAX)
        return -EINVAL;
    while (UINT64_MAX - 1 - e->count < value) {
        if (f->flags & O_NONBLOCK)
            return -EAGAIN;
        if (waitq_sleep(&e->wait, NO_DEADLINE, true) == -EINTR)
            return -EINTR;
    }
    e->count += value;
    waitq_wake(&e->wait);
    return sizeof value;
}

static unsigned eventfd_poll(struct file *f, unsigned events, struct poll_slot *slot)
{
    struct eventfd *e = f->data;
    poll_join(slot, &e->wait);
    return (e->count ? POLLIN | POLLRDNORM : 0) | (e->count < UINT64_MAX - 1 ? POLLOUT | POLLWRNORM : 0);
}

static int eventfd_stat(struct file *f, struct kstat *st)
{
    *st = (struct kstat){.dev = 5, .ino = 1, .mode = 0600, .nlink = 1, .blksize = PAGE_SIZE};
    return 0;
}

static int eventfd_describe(struct file *f, char *buf, size_t size)
{
    return format(buf, size, "anon_inode:[eventfd]");
}

static void eventfd_release(struct file *f)
{
    kfree(f->data);
}

static const struct file_ops eventfd_ops = {
    .read = eventfd_read,
    .write = eventfd_write,
    .poll = eventfd_poll,
    .stat = eventfd_stat,
    .describe = eventfd_describe,
    .release = eventfd_release,
};

int eventfd_new(uint64_t initial, uint32_t flags, struct file **file)
{
    struct eventfd *e = kmalloc(sizeof *e);
    *file = e ? file_new(&eventfd_ops, O_RDWR | (flags & O_NONBLOCK)) : NULL;
    if (!*file) {
        kfree(e);
        return -ENOMEM;
    }
    *e = (struct eventfd){.count = initial, .semaphore = flags & EFD_SEMAPHORE};
    (*file)->data = e;
    return 0;
}
