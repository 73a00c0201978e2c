/* file.c - what all kinds of files share. */
#include "file.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/resource.h>
#include <linux/stat.h>

#include "kmem.h"
#include "lib.h"
#include "news.h"
#include "p9.h"
#include "p9file.h"
#include "recordlock.h"
#include "sched.h"
#include "shared.h"
#include "signal.h"
#include "usercopy.h"
#include "vm.h"
#include "writeback.h"

int iobuf_put(const struct iobuf *b, size_t at, const void *from, size_t n)
{
    if (b->user)
        return copy_to_user((uint64_t)b->base + at, from, n);
    memcpy(b->base + at, from, n);
    return 0;
}

int iobuf_get(const struct iobuf *b, size_t at, void *to, size_t n)
{
    if (b->user)
        return copy_from_user(to, (uint64_t)b->base + at, n);
    memcpy(to, b->base + at, n);
    return 0;
}

int iobuf_prepare(const struct iobuf *b, size_t n, bool for_write_by_kernel)
{
    return b->user ? vm_prefault((uint64_t)b->base, n, for_write_by_kernel ? VM_WRITE : VM_READ) : 0;
}

struct file *file_new(const struct file_ops *ops, uint32_t flags)
{
    static uint64_t last_serial;
    struct file *f = kmalloc(sizeof *f);
    if (f)
        *f = (struct file){.ops = ops, .refs = 1, .flags = flags, .serial = ++last_serial};
    return f;
}

struct file *file_ref(struct file *f)
{
    f->refs++;
    return f;
}

void file_unref(struct file *f)
{
    if (!f || --f->refs)
        return;
    record_locks_end(f);
    if (f->ops->release)
        f->ops->release(f);
    kfree(f);
}

static struct waitq turns; /* of all files: tasks that share one and meet there are few */

/* True: it was taken, and is to be given back. What can make a task wait for others has no position. */
static bool take_position(struct file *f)
{
    if (!sched_is_shared() || !(f->regular || f->ops->getdents))
        return false;
    while (f->taken)
        waitq_sleep(&turns, NO_DEADLINE, false);
    return f->taken = true;
}

static void give_back(struct file *f, bool taken)
{
    if (!taken)
        return;
    f->taken = false;
    waitq_wake(&turns);
}

long file_read(struct file *f, struct iobuf *to, uint64_t *pos)
{
    if (!file_readable(f))
        return -EBADF;
    if (!f->ops->read)
        return -EINVAL;
    if (pos && !f->ops->seek)
        return -ESPIPE;
    if (sched_is_shared()) /* a fault in the middle would let another task take the same bytes */
        iobuf_prepare(to, MIN(to->len, 64u << 10), true);
    if (shared_files())
        writeback_of(f);
    bool taken = !pos && take_position(f);
    long n = f->ops->read(f, to, pos);
    give_back(f, taken);
    return n;
}

static long check_size_limit(struct file *f, struct iobuf *from, const uint64_t *pos)
{
    uint64_t limit = current->leader->rlimit[RLIMIT_FSIZE].cur, at = pos ? *pos : f->pos;
    if (limit == UINT64_MAX || !f->ops->seek)
        return 0;
    if (at >= limit && from->len)
        return -EFBIG;
    from->len = MIN(from->len, limit - at);
    return 0;
}

long file_write(struct file *f, struct iobuf *from, uint64_t *pos)
{
    if (!file_writable(f))
        return -EBADF;
    if (!f->ops->write)
        return -EINVAL;
    if (pos && !f->ops->seek)
        return -ESPIPE;
    bool mapped = shared_files() && writeback_of(f), taken = !pos && take_position(f);
    long r = check_size_limit(f, from, pos);
    if (r == 0)
        r = f->ops->write(f, from, pos);
    give_back(f, taken);
    if (mapped && r > 0)
        writeback_reload(f);
    if (r == -EPIPE)
        signal_post(SIGPIPE, SI_KERNEL);
    /* By our own reckoning or by the host's, who keeps the position of inherited files. */
    if (r == -EFBIG && current->leader->rlimit[RLIMIT_FSIZE].cur != UINT64_MAX)
        signal_post(SIGXFSZ, SI_KERNEL);
    return r;
}

long file_read_at(struct file *f, void *to, size_t n, uint64_t pos)
{
    struct iobuf buf = {to, n, false};
    if (!file_readable(f) || !f->ops->read)
        return -EBADF;
    return f->ops->read(f, &buf, &pos);
}

long file_write_at(struct file *f, const void *from, size_t n, uint64_t pos)
{
    struct iobuf buf = {(char *)from, n, false};
    return f->ops->write ? f->ops->write(f, &buf, &pos) : -EBADF;
}

long file_seek(struct file *f, int64_t offset, int whence)
{
    if (!f->ops->seek)
        return -ESPIPE;
    bool taken = take_position(f);
    long r = f->ops->seek(f, offset, whence);
    give_back(f, taken);
    return r;
}

long file_getdents(struct file *f, uint64_t to, size_t size)
{
    if (!f->ops->getdents)
        return -ENOTDIR;
    bool taken = take_position(f);
    long r = f->ops->getdents(f, to, size);
    give_back(f, taken);
    return r;
}

int64_t file_share(struct file *f)
{
    bool taken = take_position(f);
    int64_t r = f->ops->share(f);
    give_back(f, taken);
    return r;
}

void file_note(struct file *f, const struct kstat *st)
{
    if ((st->mode & S_IFMT) != S_IFREG)
        return;
    f->dev = st->dev, f->ino = st->ino;
    f->regular = f->identified = true;
    f->sized = st->size > 0;
}

int file_stat(struct file *f, struct kstat *st)
{
    memset(st, 0, sizeof *st);
    int error = f->ops->stat(f, st);
    if (!p9file_is(f))
        news_came(); /* what is of this machine tells the time */
    if (!error)
        file_note(f, st);
    return error;
}

int file_setattr(struct file *f, const struct kattr *attr)
{
    if (!f->ops->setattr)
        return -EINVAL;
    bool mapped = attr->mask & P9_SETATTR_SIZE && shared_files() && writeback_of(f);
    int error = f->ops->setattr(f, attr);
    if (mapped)
        writeback_reload(f);
    return error;
}

int file_size(struct file *f, uint64_t *size)
{
    struct kstat st;
    int error = file_stat(f, &st);
    if (!error && (st.mode & S_IFMT) != S_IFREG)
        error = -EACCES;
    f->regular = !error;
    *size = st.size;
    return error;
}

int file_identify(struct file *f)
{
    struct kstat st;
    int error = f->identified ? 0 : file_stat(f, &st);
    if (error || f->identified)
        return error;
    f->regular = (st.mode & S_IFMT) == S_IFREG;
    f->dev = st.dev, f->ino = st.ino;
    f->identified = true;
    return 0;
}

long file_ioctl(struct file *f, uint32_t request, uint64_t arg)
{
    return f->ops->ioctl ? f->ops->ioctl(f, request, arg) : -ENOTTY;
}

long file_seek_local(struct file *f, int64_t offset, int whence, uint64_t size)
{
    int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (int64_t)f->pos : (int64_t)size, to;
    if (whence < SEEK_SET || whence > SEEK_END || __builtin_add_overflow(base, offset, &to) || to < 0)
        return -EINVAL;
    f->pos = (uint64_t)to;
    return to;
}
