/* memfile.c - see memfile.h. file->data is the struct memfile. */
#include "memfile.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "kmem.h"
#include "lib.h"
#include "p9.h"
#include "pmem.h"
#include "poll.h"
#include "shared.h"

#define TMPFS_MAGIC 0x01021994

static uint32_t last_ino = 1000;

struct memfile *memfile_new(const char *name, uint32_t mode)
{
    struct memfile *m = kmalloc(sizeof *m);
    struct image *image = m ? shared_memory(0) : NULL;
    if (!image) {
        kfree(m);
        return NULL;
    }
    *m = (struct memfile){.refs = 1, .image = image, .mode = S_IFREG | mode, .ino = ++last_ino};
    m->atime = m->mtime = m->ctime = clock_realtime();
    format(m->name, sizeof m->name, "%s", name);
    return m;
}

struct memfile *memfile_ref(struct memfile *m)
{
    m->refs++;
    return m;
}

void memfile_unref(struct memfile *m)
{
    if (--m->refs)
        return;
    image_unref(m->image);
    kfree(m);
}

static struct memfile *of(struct file *f)
{
    return f->data;
}

/* ---- bytes ---- */

/* The part of the page at pos that is within n bytes of it. */
static size_t in_page(uint64_t pos, uint64_t n)
{
    return MIN(n, PAGE_SIZE - pos % PAGE_SIZE);
}

static long mem_read(struct file *f, struct iobuf *to, uint64_t *pos)
{
    struct memfile *m = of(f);
    uint64_t at = pos ? *pos : f->pos, end = m->image->size;
    size_t done = 0;
    while (done < to->len && at < end) {
        size_t n = in_page(at, MIN(to->len - done, end - at));
        char zeros[64];
        const char *page = shared_has_page(m->image, at / PAGE_SIZE) ? m->image->pages[at / PAGE_SIZE] : NULL;
        if (!page) { /* a hole */
            memset(zeros, 0, sizeof zeros);
            n = MIN(n, sizeof zeros);
        }
        if (iobuf_put(to, done, page ? page + at % PAGE_SIZE : zeros, n) != 0)
            return done ? (long)done : -EFAULT;
        done += n;
        at += n;
        end = m->image->size; /* the copy may have waited */
    }
    if (!pos)
        f->pos += done;
    m->atime = clock_realtime();
    return (long)done;
}

static int grow(struct memfile *m, uint64_t size)
{
    if (size <= m->image->size)
        return 0;
    if (m->seals & F_SEAL_GROW)
        return -EPERM;
    return shared_resize(m->image, size) == 0 ? 0 : -ENOSPC;
}

static long mem_write(struct file *f, struct iobuf *from, uint64_t *pos)
{
    struct memfile *m = of(f);
    uint64_t at = f->flags & O_APPEND ? m->image->size : pos ? *pos : f->pos;
    size_t done = 0;
    int error = m->seals & F_SEAL_WRITE ? -EPERM : 0;
    while (done < from->len && !error) {
        size_t n = in_page(at, from->len - done);
        struct iobuf part = {from->base + done, n, from->user};
        iobuf_prepare(&part, n, false); /* the copy does not wait */
        error = grow(m, at + n);
        if (!error && !shared_has_page(m->image, at / PAGE_SIZE))
            error = shared_bring(m->image, at / PAGE_SIZE) ? -ENOSPC : 0;
        if (!error)
            error = iobuf_get(&part, 0, (char *)m->image->pages[at / PAGE_SIZE] + at % PAGE_SIZE, n);
        if (error)
            break;
        done += n;
        at += n;
    }
    if (!pos)
        f->pos = at;
    m->mtime = m->ctime = clock_realtime();
    return done ? (long)done : error;
}

static long mem_seek(struct file *f, int64_t offset, int whence)
{
    return file_seek_local(f, offset, whence, of(f)->image->size);
}

/* ---- attributes ---- */

void memfile_stat(const struct memfile *m, struct kstat *st)
{
    uint64_t pages = 0;
    for (uint64_t i = 0; i < m->image->room; i++)
        pages += m->image->pages[i] != NULL;
    *st = (struct kstat){.dev = 6,
                         .ino = m->ino,
                         .mode = m->mode,
                         .nlink = m->names,
                         .uid = current->uid,
                         .gid = current->gid,
                         .size = m->image->size,
                         .blksize = PAGE_SIZE,
                         .blocks = pages * (PAGE_SIZE / 512)};
    st->atime_sec = m->atime / NS_PER_SEC, st->atime_nsec = m->atime % NS_PER_SEC;
    st->mtime_sec = m->mtime / NS_PER_SEC, st->mtime_nsec = m->mtime % NS_PER_SEC;
    st->ctime_sec = m->ctime / NS_PER_SEC, st->ctime_nsec = m->ctime % NS_PER_SEC;
}

static int mem_stat(struct file *f, struct kstat *st)
{
    memfile_stat(of(f), st);
    return 0;
}

static uint64_t new_time(const struct kattr *attr, uint32_t given, uint64_t sec, uint64_t nsec)
{
    return attr->mask & given ? sec * NS_PER_SEC + nsec : clock_realtime();
}

int memfile_setattr(struct memfile *m, const struct kattr *attr)
{
    if (attr->mask & P9_SETATTR_SIZE) {
        uint32_t sealed = attr->size > m->image->size   ? F_SEAL_GROW
                          : attr->size < m->image->size ? F_SEAL_SHRINK
                                                        : 0;
        if (m->seals & sealed)
            return -EPERM;
        int error = shared_resize(m->image, attr->size);
        if (error)
            return error;
        m->mtime = clock_realtime();
    }
    if (attr->mask & P9_SETATTR_MODE)
        m->mode = S_IFREG | (attr->mode & 07777);
    if (attr->mask & P9_SETATTR_ATIME)
        m->atime = new_time(attr, P9_SETATTR_ATIME_SET, attr->atime_sec, attr->atime_nsec);
    if (attr->mask & P9_SETATTR_MTIME)
        m->mtime = new_time(attr, P9_SETATTR_MTIME_SET, attr->mtime_sec, attr->mtime_nsec);
    m->ctime = clock_realtime();
    return 0;
}

static int mem_setattr(struct file *f, const struct kattr *attr)
{
    return memfile_setattr(of(f), attr);
}

static int mem_sync(struct file *f)
{
    return 0;
}

void memfile_statfs(struct statfs *st)
{
    uint64_t available = pmem_free_pages() - MIN(pmem_free_pages(), PMEM_RESERVE);
    *st = (struct statfs){.f_type = TMPFS_MAGIC,
                          .f_bsize = PAGE_SIZE,
                          .f_frsize = PAGE_SIZE,
                          .f_blocks = (long)pmem_total_pages(),
                          .f_bfree = (long)available,
                          .f_bavail = (long)available,
                          .f_namelen = 255};
}

static int mem_statfs(struct file *f, struct statfs *st)
{
    memfile_statfs(st);
    return 0;
}

static unsigned mem_poll(struct file *f, unsigned events, struct poll_slot *slot)
{
    return events & (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM);
}

static int mem_describe(struct file *f, char *buf, size_t size)
{
    struct memfile *m = of(f);
    return format(buf, size, m->name[0] ? "/memfd:%s (deleted)" : "/dev/shm/%s", m->name);
}

static void mem_release(struct file *f)
{
    memfile_unref(of(f));
}

static const struct file_ops mem_ops = {
    .read = mem_read,
    .write = mem_write,
    .seek = mem_seek,
    .stat = mem_stat,
    .setattr = mem_setattr,
    .sync = mem_sync,
    .statfs = mem_statfs,
    .poll = mem_poll,
    .describe = mem_describe,
    .release = mem_release,
};

int memfile_open(struct memfile *m, uint32_t flags, struct file **file)
{
    if (flags & O_DIRECTORY)
        return -ENOTDIR;
    if (flags & O_TRUNC && (flags & O_ACCMODE) != O_RDONLY) {
        int error = memfile_setattr(m, &(struct kattr){.mask = P9_SETATTR_SIZE});
        if (error)
            return error;
    }
    *file = file_new(&mem_ops, flags);
    if (!*file)
        return -ENOMEM;
    (*file)->data = memfile_ref(m);
    (*file)->regular = true;
    return 0;
}

struct memfile *memfile_of(const struct file *f)
{
    return f->ops == &mem_ops ? f->data : NULL;
}

struct image *memfile_image(const struct file *f)
{
    struct memfile *m = memfile_of(f);
    return m ? image_ref(m->image) : NULL;
}
