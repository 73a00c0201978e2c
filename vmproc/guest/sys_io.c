/* sys_io.c - system calls that move bytes through descriptors. */
#include <asm/ioctls.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>

#include "file.h"
#include "image.h"
#include "kmem.h"
#include "memfile.h"
#include "p9.h"
#include "p9ahead.h"
#include "sched.h"
#include "shared.h"
#include "syscall.h"
#include "usercopy.h"
#include "writeback.h"

#define IO_MAX  0x7ffff000ul /* Linux's limit of one transfer */
#define IOV_MAX 1024u

struct iovec {
    uint64_t base, len;
};

SYSCALL(read)
{
    struct file *f = fd_file((uint32_t)s->a[0]);
    struct iobuf buf = {(char *)s->a[1], MIN(s->a[2], IO_MAX), true};
    return f ? restartable(file_read(f, &buf, NULL)) : -EBADF;
}

SYSCALL(write)
{
    struct file *f = fd_file((uint32_t)s->a[0]);
    struct iobuf buf = {(char *)s->a[1], MIN(s->a[2], IO_MAX), true};
    return f ? restartable(file_write(f, &buf, NULL)) : -EBADF;
}

SYSCALL(pread64)
{
    struct file *f = fd_file((uint32_t)s->a[0]);
    struct iobuf buf = {(char *)s->a[1], MIN(s->a[2], IO_MAX), true};
    uint64_t pos = s->a[3];
    if ((int64_t)pos < 0)
        return -EINVAL;
    return f ? restartable(file_read(f, &buf, &pos)) : -EBADF;
}

SYSCALL(pwrite64)
{
    struct file *f = fd_file((uint32_t)s->a[0]);
    struct iobuf buf = {(char *)s->a[1], MIN(s->a[2], IO_MAX), true};
    uint64_t pos = s->a[3];
    if ((int64_t)pos < 0)
        return -EINVAL;
    return f ? restartable(file_write(f, &buf, &pos)) : -EBADF;
}

/*
 * A vector is done piece by piece, like so many single calls. After a read that was not filled the rest of
 * the vector is left alone: asking again could wait for input that the program does not need.
 */
static long each_iovec(uint64_t fd, uint64_t iov, uint64_t count, uint64_t *pos,
                       long (*move)(struct file *, struct iobuf *, uint64_t *))
{
    struct file *f = fd_file((uint32_t)fd);
    long done = 0;
    if (!f)
        return -EBADF;
    if (count > IOV_MAX)
        return -EINVAL;
    for (uint64_t i = 0; i < count; i++) {
        struct iovec v;
        if (get_user(v, iov + i * sizeof v) != 0)
            return done ? done : -EFAULT;
        if ((int64_t)v.len < 0)
            return done ? done : -EINVAL;
        if (v.len == 0)
            continue;
        struct iobuf buf = {(char *)v.base, MIN(v.len, IO_MAX), true};
        long n = move(f, &buf, pos);
        if (n < 0)
            return done ? done : restartable(n);
        done += n;
        if (pos)
            *pos += (uint64_t)n;
        if ((uint64_t)n < v.len)
            break;
    }
    return done;
}

SYSCALL(readv)
{
    return each_iovec(s->a[0], s->a[1], s->a[2], NULL, file_read);
}

SYSCALL(writev)
{
    return each_iovec(s->a[0], s->a[1], s->a[2], NULL, file_write);
}

SYSCALL(preadv)
{
    uint64_t pos = s->a[3];
    return (int64_t)pos < 0 ? -EINVAL : each_iovec(s->a[0], s->a[1], s->a[2], &pos, file_read);
}

SYSCALL(pwritev)
{
    uint64_t pos = s->a[3];
    return (int64_t)pos < 0 ? -EINVAL : each_iovec(s->a[0], s->a[1], s->a[2], &pos, file_write);
}

SYSCALL(lseek)
{
    struct file *f = fd_file((uint32_t)s->a[0]);
    return f ? restartable(file_seek(f, (int64_t)s->a[1], (int)s->a[2])) : -EBADF;
}

/* All of buf, however many writes it takes; at pos, which stays, or at the file's own. Bytes written; *error
 * says why not all. */
static size_t write_all(struct file *f, char *bytes, size_t n, const uint64_t *pos, long *error)
{
    size_t done = 0;
    while (done < n) {
        struct iobuf buf = {bytes + done, n - done, false};
        uint64_t at = pos ? *pos + done : 0;
        long r = file_write(f, &buf, pos ? &at : NULL);
        if (r <= 0) {
            *error = r ? r : -EIO;
            break;
        }
        done += (size_t)r;
    }
    return done;
}

#define COPY_PIECE (128ul << 10)

/* What a copy reads from. */
struct source {
    struct file *file;
    uint64_t *pos;          /* NULL: its own position, which moves */
    struct p9_ahead *ahead; /* NULL: one read after the other */
    char *buf;
};

static int source_begin(struct source *from, uint64_t left)
{
    /* Other tasks may move a common position, or give the file away, while we wait. */
    if (left > COPY_PIECE && !sched_is_shared() && file_readable(from->file)) {
        if (shared_files())
            writeback_of(from->file);
        from->ahead = p9_ahead_begin(from->file, from->pos, left);
    }
    from->buf = from->ahead ? NULL : kv_alloc(COPY_PIECE);
    return from->ahead || from->buf ? 0 : -ENOMEM;
}

static long source_next(struct source *from, uint64_t left, char **bytes)
{
    struct iobuf piece = {from->buf, MIN(left, COPY_PIECE), false};
    *bytes = from->buf;
    return from->ahead ? p9_ahead_next(from->ahead, bytes) : file_read(from->file, &piece, from->pos);
}

/* Of n bytes that were read, so many have been written: the others have not been read, and whoever is told of the
 * error tries by read(2) next. */
static void source_used(struct source *from, size_t written, size_t n)
{
    bool behind = from->ahead && !p9_ahead_moves(from->ahead);
    int64_t moved = behind ? (int64_t)written : (int64_t)written - (int64_t)n;
    if (from->pos)
        *from->pos += written;
    else if (moved)
        file_seek(from->file, moved, SEEK_CUR);
}

static void source_end(struct source *from)
{
    if (!from->ahead) {
        kv_free(from->buf, COPY_PIECE);
        return;
    }
    uint64_t unused = p9_ahead_end(from->ahead);
    if (unused)
        file_seek(from->file, -(int64_t)unused, SEEK_CUR);
}

/* From one file to the other, each at its *pos, which moves, or (NULL) at its own. Bytes, or -errno. */
static long copy_between(struct file *from_file, uint64_t *from_pos, struct file *to, uint64_t *to_pos,
                         uint64_t left)
{
    struct source from = {.file = from_file, .pos = from_pos};
    long done = 0, error = source_begin(&from, left);
    if (error)
        return error;
    while (left && !error) {
        char *bytes;
        long n = source_next(&from, left, &bytes);
        if (n <= 0) {
            error = n;
            break;
        }
        size_t written = write_all(to, bytes, (size_t)n, to_pos, &error);
        source_used(&from, written, (size_t)n);
        if (to_pos)
            *to_pos += written;
        done += (long)written;
        left -= written;
        if (signal_pending(current))
            break;
    }
    source_end(&from);
    return done ? done : restartable(error);
}

SYSCALL(sendfile)
{
    struct file *to = fd_file((uint32_t)s->a[0]), *from = fd_file((uint32_t)s->a[1]);
    uint64_t offset_ptr = s->a[2], pos = 0, size;
    if (!to || !from)
        return -EBADF;
    if (!from->regular && file_size(from, &size) != 0)
        return -EINVAL; /* as Linux: only from what could be mapped */
    if (offset_ptr && get_user(pos, offset_ptr) != 0)
        return -EFAULT;
    long r = copy_between(from, offset_ptr ? &pos : NULL, to, NULL, MIN(s->a[3], IO_MAX));
    return offset_ptr && put_user(pos, offset_ptr) != 0 ? -EFAULT : r;
}

/* One side of copy_file_range(2). */
struct range {
    struct file *file;
    uint64_t offset_ptr; /* 0: at the file's own position */
    uint64_t pos;
    struct kstat st;
};

static long range_begin(struct range *r)
{
    long error = file_stat(r->file, &r->st);
    if (error)
        return error;
    if ((r->st.mode & S_IFMT) != S_IFREG)
        return (r->st.mode & S_IFMT) == S_IFDIR ? -EISDIR : -EINVAL;
    if (r->offset_ptr)
        return get_user(r->pos, r->offset_ptr) != 0 ? -EFAULT : 0;
    int64_t pos = file_seek(r->file, 0, SEEK_CUR);
    r->pos = (uint64_t)pos;
    return pos < 0 ? pos : 0;
}

static bool range_end(const struct range *r)
{
    return !r->offset_ptr || put_user(r->pos, r->offset_ptr) == 0;
}

SYSCALL(copy_file_range)
{
    struct range from = {.file = fd_file((uint32_t)s->a[0]), .offset_ptr = s->a[1]};
    struct range to = {.file = fd_file((uint32_t)s->a[2]), .offset_ptr = s->a[3]};
    uint64_t len = MIN(s->a[4], IO_MAX);
    if (s->a[5])
        return -EINVAL;
    if (!from.file || !to.file)
        return -EBADF;
    long r = range_begin(&from);
    if (!r)
        r = range_begin(&to);
    if (r)
        return restartable(r);
    if (!file_readable(from.file) || !file_writable(to.file) || to.file->flags & O_APPEND)
        return -EBADF;
    if (from.pos + s->a[4] < s->a[4] || to.pos + s->a[4] < s->a[4])
        return -EOVERFLOW;
    if ((int64_t)from.pos < 0 || (int64_t)to.pos < 0)
        return -EINVAL;
    bool same = from.st.dev == to.st.dev && from.st.ino == to.st.ino;
    if (same && from.pos < to.pos + len && to.pos < from.pos + len)
        return -EINVAL;
    r = copy_between(from.file, from.offset_ptr ? &from.pos : NULL, to.file, to.offset_ptr ? &to.pos : NULL,
                     len);
    return range_end(&from) && range_end(&to) ? r : -EFAULT;
}

SYSCALL(fsync)
{
    struct file *f = fd_file((uint32_t)s->a[0]);
    if (!f)
        return -EBADF;
    if (shared_files())
        writeback_of(f);
    return f->ops->sync ? restartable(f->ops->sync(f)) : -EINVAL;
}

SYSCALL(ftruncate)
{
    struct file *f = fd_file((uint32_t)s->a[0]);
    if (!f)
        return -EBADF;
    if ((int64_t)s->a[1] < 0 || !file_writable(f))
        return -EINVAL;
    return restartable(file_setattr(f, &(struct kattr){.mask = P9_SETATTR_SIZE, .size = s->a[1]}));
}

SYSCALL(fallocate)
{
    struct file *f = fd_file((uint32_t)s->a[0]);
    if (!f)
        return -EBADF;
    uint64_t end = s->a[2] + s->a[3];
    struct memfile *m = memfile_of(f);
    if ((int64_t)s->a[2] < 0 || (int64_t)s->a[3] <= 0 || end < s->a[2])
        return -EINVAL;
    if (!m || s->a[1])
        return -EOPNOTSUPP;
    return end > m->image->size ? memfile_setattr(m, &(struct kattr){.mask = P9_SETATTR_SIZE, .size = end})
                                : 0;
}

SYSCALL(ioctl)
{
    struct file *f = fd_file((uint32_t)s->a[0]);
    uint32_t request = (uint32_t)s->a[1], on;
    if (!f)
        return -EBADF;
    switch (request) {
    case FIOCLEX:
    case FIONCLEX:
        fd_set_cloexec((uint32_t)s->a[0], request == FIOCLEX);
        return 0;
    case FIONBIO:
        if (get_user(on, s->a[2]) != 0)
            return -EFAULT;
        f->flags = on ? f->flags | O_NONBLOCK : f->flags & ~(uint32_t)O_NONBLOCK;
        return 0;
    }
    return restartable(file_ioctl(f, request, s->a[2]));
}

SYSCALL(getdents64)
{
    struct file *f = fd_file((uint32_t)s->a[0]);
    if (!f)
        return -EBADF;
    return file_getdents(f, s->a[1], (uint32_t)s->a[2]);
}
