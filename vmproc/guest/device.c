/* device.c - the memory devices, by Linux's numbers. file->id is the row. */
#include "device.h"

#include <linux/errno.h>
#include <linux/stat.h>

#include "kmem.h"
#include "lib.h"
#include "poll.h"
#include "random.h"
#include "usercopy.h"

static long read_nothing(struct iobuf *to)
{
    return 0;
}

static long read_zeros(struct iobuf *to)
{
    if (!to->user)
        memset(to->base, 0, to->len);
    else if (zero_user((uint64_t)to->base, to->len) != 0)
        return -EFAULT;
    return (long)to->len;
}

static long read_random(struct iobuf *to)
{
    char chunk[256];
    size_t done = 0;
    while (done < to->len) {
        size_t n = MIN(sizeof chunk, to->len - done);
        random_bytes(chunk, n);
        if (iobuf_put(to, done, chunk, n) != 0)
            return done ? (long)done : -EFAULT;
        done += n;
        if (signal_pending(current))
            break;
    }
    return (long)done;
}

static const struct {
    const char *path;
    uint32_t minor;
    long (*read)(struct iobuf *to);
    int write_error;
} devices[] = {
    [DEVICE_NULL] = {"/dev/null", 3, read_nothing, 0},
    [DEVICE_ZERO] = {"/dev/zero", 5, read_zeros, 0},
    [DEVICE_FULL] = {"/dev/full", 7, read_zeros, -ENOSPC},
    [DEVICE_RANDOM] = {"/dev/random", 8, read_random, 0},
    [DEVICE_URANDOM] = {"/dev/urandom", 9, read_random, 0},
};

static long device_read(struct file *f, struct iobuf *to, uint64_t *pos)
{
    return to->len ? devices[f->id].read(to) : 0;
}

static long device_write(struct file *f, struct iobuf *from, uint64_t *pos)
{
    return devices[f->id].write_error ? devices[f->id].write_error : (long)from->len;
}

static long device_seek(struct file *f, int64_t offset, int whence)
{
    return 0;
}

static int device_stat(struct file *f, struct kstat *st)
{
    uint32_t minor = devices[f->id].minor;
    st->mode = S_IFCHR | 0666;
    st->dev = 2;
    st->ino = 1 + minor;
    st->rdev = 1ul << 8 | minor;
    st->nlink = 1;
    st->blksize = PAGE_SIZE;
    return 0;
}

static int device_setattr(struct file *f, const struct kattr *attr)
{
    return 0; /* as a shell's >/dev/null, which truncates */
}

static unsigned device_poll(struct file *f, unsigned events, struct poll_slot *slot)
{
    return events & (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM);
}

static int device_describe(struct file *f, char *buf, size_t size)
{
    return format(buf, size, "%s", devices[f->id].path);
}

static int64_t device_share(struct file *f)
{
    return SPAWN_DEVICE + (int64_t)f->id;
}

static const struct file_ops device_ops = {
    .read = device_read,
    .write = device_write,
    .seek = device_seek,
    .stat = device_stat,
    .setattr = device_setattr,
    .poll = device_poll,
    .describe = device_describe,
    .share = device_share,
};

bool device_is_zero(const struct file *f)
{
    return f && f->ops == &device_ops && f->id == DEVICE_ZERO;
}

int device_open(enum device which, uint32_t flags, struct file **file)
{
    *file = file_new(&device_ops, flags);
    if (!*file)
        return -ENOMEM;
    (*file)->id = which;
    return 0;
}
