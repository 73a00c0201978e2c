/*
 * file.h - open file descriptions (struct file), their operations, and the descriptor table.
 *
 * Each kind of file is a table of operations: hostfd.c (inherited descriptors), p9file.c (opened by path),
 * pipe.c, device.c, procfile.c. A missing operation has the usual error (file.c). Operations run in the
 * program's context and may wait; they return a count or -errno.
 */
#ifndef GUEST_FILE_H
#define GUEST_FILE_H

#include <asm/statfs.h>

#include "ctl.h"
#include "task.h"
#include "types.h"

/* Where the bytes of a read go or those of a write come from: the program's memory or the kernel's. */
struct iobuf {
    char *base;
    size_t len;
    bool user;
};

/* 0 or -EFAULT. */
int iobuf_put(const struct iobuf *b, size_t at, const void *from, size_t n);
int iobuf_get(const struct iobuf *b, size_t at, void *to, size_t n);
/* Brings in the pages of the first n bytes, so that the copies cannot fail for their absence later. */
int iobuf_prepare(const struct iobuf *b, size_t n, bool for_write_by_kernel);

/* What stat(2), fstat(2) and statx(2) are made of. */
struct kstat {
    uint64_t dev, ino, rdev, size, nlink, blksize, blocks;
    uint32_t mode, uid, gid;
    uint64_t atime_sec, atime_nsec, mtime_sec, mtime_nsec, ctime_sec, ctime_nsec;
};

/* What utimensat, chmod, chown, truncate change; mask is of p9.h's P9_SETATTR_*. */
struct kattr {
    uint32_t mask, mode, uid, gid;
    uint64_t size, atime_sec, atime_nsec, mtime_sec, mtime_nsec;
};

/* Whose a lock is, and what is locked: bytes, or with flock(2) the file. */
enum lock_kind { LOCK_OF_PROCESS, LOCK_OF_DESCRIPTION, LOCK_OF_FILE };

struct file_lock {
    uint8_t type; /* enum p9_lock_type */
    enum lock_kind kind;
    uint64_t start, len; /* len 0: to the end, wherever that is */
    uint32_t pid;        /* of who has it */
};

struct file;
struct image;
struct poll_slot;

struct file_ops {
    /* pos NULL: read at the description's own position, and move it. */
    long (*read)(struct file *f, struct iobuf *to, uint64_t *pos);
    long (*write)(struct file *f, struct iobuf *from, uint64_t *pos);
    long (*seek)(struct file *f, int64_t offset, int whence);
    int (*stat)(struct file *f, struct kstat *st);
    int (*setattr)(struct file *f, const struct kattr *attr);
    long (*ioctl)(struct file *f, uint32_t request, uint64_t arg);
    long (*getdents)(struct file *f, uint64_t to, size_t size);
    int (*sync)(struct file *f);
    /* By the host, against other machines. -EAGAIN: somebody else has it, and one is not to wait. */
    int (*lock)(struct file *f, const struct file_lock *lock, bool wait);
    int (*get_lock)(struct file *f, struct file_lock *lock);
    int (*statfs)(struct file *f, struct statfs *st);
    /* POLL* that hold now; the slot is to be woken when that changes (poll.h). */
    unsigned (*poll)(struct file *f, unsigned events, struct poll_slot *slot);
    int (*describe)(struct file *f, char *buf, size_t size); /* target of /proc/self/fd/N */
    uint32_t (*walk_fid)(struct file *f); /* of a directory: for openat(2); 0: not a directory */
    /*
     * Makes it something that a program in another VM can be given: ctl_spawn_fd.from, or -errno. The file
     * may be of another kind afterwards (hostfd.h).
     */
    int64_t (*share)(struct file *f);
    void (*release)(struct file *f); /* the last reference is gone */
};

struct file {
    const struct file_ops *ops;
    unsigned refs;
    uint32_t flags;  /* O_* of open(2) */
    bool regular;    /* a stat has said so */
    bool sized;      /* likewise, and that it has bytes: where they end it ends */
    bool identified; /* dev, ino and regular are known: file_identify() */
    uint64_t dev, ino;
    struct image *image; /* of a read-only file that is mapped: its mappings share one (image.h) */
    uint64_t pos;
    bool taken;      /* a task is between looking at pos and moving it */
    void *data;      /* the kind's own */
    uint64_t id;     /* likewise, a number */
    uint64_t serial; /* no two files have the same */
};

struct file *file_new(const struct file_ops *ops, uint32_t flags); /* one reference; NULL: no memory */
struct file *file_ref(struct file *f);
void file_unref(struct file *f); /* NULL is fine */

static inline bool file_readable(const struct file *f)
{
    return (f->flags & 3) != 1;
}

static inline bool file_writable(const struct file *f)
{
    return (f->flags & 3) != 0;
}

/*
 * The operations with the checks that all kinds share: open for it, defaults where a kind has none. Those that move the
 * position of a regular file or a directory are one after the other for all tasks that share it (XSH 2.9.7).
 */
long file_read(struct file *f, struct iobuf *to, uint64_t *pos);
long file_write(struct file *f, struct iobuf *from, uint64_t *pos); /* EPIPE posts SIGPIPE */
/* For mappings: of the file itself, whatever is mapped of it. */
long file_read_at(struct file *f, void *to, size_t n, uint64_t pos);
long file_write_at(struct file *f, const void *from, size_t n, uint64_t pos);
long file_seek(struct file *f, int64_t offset, int whence);
long file_getdents(struct file *f, uint64_t to, size_t size);
int64_t file_share(struct file *f); /* file_ops.share */
int file_stat(struct file *f, struct kstat *st);
void file_note(struct file *f, const struct kstat *st); /* what a stat has said of a regular file */
int file_setattr(struct file *f, const struct kattr *attr);
int file_size(struct file *f, uint64_t *size);
int file_identify(struct file *f); /* f->dev, ino and regular */
long file_ioctl(struct file *f, uint32_t request, uint64_t arg);

/* The seek of a file whose position is kept here; size for SEEK_END. */
long file_seek_local(struct file *f, int64_t offset, int whence, uint64_t size);

/* ---- the descriptor table ---- */

struct fd_table;

struct fd_table *fd_table_new(void);
struct fd_table *fd_table_copy(const struct fd_table *t); /* NULL: no memory */
struct fd_table *fd_table_ref(struct fd_table *t);
void fd_table_free(struct fd_table *t); /* drops a reference; the last one closes all */
void fd_close_on_exec(struct fd_table *t);

/*
 * current's; NULL: EBADF. Not the caller's reference, but it stays: another thread may close the descriptor
 * meanwhile, so a system call holds the last FDS_HELD files that it has looked up until it returns.
 */
struct file *fd_file(uint32_t fd);
void fd_drop_held(struct task *t);

/* Installs in the lowest free slot >= min. The table takes over the caller's reference; also on -EMFILE. */
int fd_install(struct file *f, bool cloexec, uint32_t min);
/* Installs at fd, closing what was there. */
int fd_install_at(struct file *f, bool cloexec, uint32_t fd);
int fd_close(uint32_t fd);
bool fd_cloexec(uint32_t fd);
void fd_set_cloexec(uint32_t fd, bool on);
uint32_t fd_limit(void); /* one more than the highest slot in use or ever used */

#endif
