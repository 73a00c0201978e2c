/* sys_stat.c - system calls that ask about files. */
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "file.h"
#include "kmem.h"
#include "p9.h"
#include "path.h"
#include "special.h"
#include "syscall.h"
#include "usercopy.h"
#include "userpath.h"

static long put_stat(const struct kstat *k, uint64_t to)
{
    struct stat st = {
        .st_dev = k->dev,
        .st_ino = k->ino,
        .st_nlink = k->nlink,
        .st_mode = k->mode,
        .st_uid = k->uid,
        .st_gid = k->gid,
        .st_rdev = k->rdev,
        .st_size = (long)k->size,
        .st_blksize = (long)k->blksize,
        .st_blocks = (long)k->blocks,
        .st_atime = k->atime_sec,
        .st_atime_nsec = k->atime_nsec,
        .st_mtime = k->mtime_sec,
        .st_mtime_nsec = k->mtime_nsec,
        .st_ctime = k->ctime_sec,
        .st_ctime_nsec = k->ctime_nsec,
    };
    return put_user(st, to);
}

/* The file that (dirfd, name, AT_* flags) means. */
static long stat_at(int dirfd, uint64_t name, uint64_t flags, struct kstat *st)
{
    long error;
    if (flags & ~(uint64_t)(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE))
        return -EINVAL;
    char *path = user_path(name, &error);
    if (!path)
        return error;
    if (!*path && flags & AT_EMPTY_PATH && dirfd != AT_FDCWD) {
        struct file *f = fd_file((uint32_t)dirfd);
        error = f ? file_stat(f, st) : -EBADF;
    } else {
        const char *p = !*path && flags & AT_EMPTY_PATH ? "." : path;
        error = path_stat(dirfd, p, flags & AT_SYMLINK_NOFOLLOW ? 0 : PATH_FOLLOW, st);
    }
    kfree(path);
    return error;
}

SYSCALL(stat)
{
    struct kstat st;
    long error = stat_at(AT_FDCWD, s->a[0], 0, &st);
    return error ? error : put_stat(&st, s->a[1]);
}

SYSCALL(lstat)
{
    struct kstat st;
    long error = stat_at(AT_FDCWD, s->a[0], AT_SYMLINK_NOFOLLOW, &st);
    return error ? error : put_stat(&st, s->a[1]);
}

SYSCALL(fstat)
{
    struct kstat st;
    struct file *f = fd_file((uint32_t)s->a[0]);
    long error = f ? file_stat(f, &st) : -EBADF;
    return error ? error : put_stat(&st, s->a[1]);
}

SYSCALL(newfstatat)
{
    struct kstat st;
    long error = stat_at((int)s->a[0], s->a[1], s->a[3], &st);
    return error ? error : put_stat(&st, s->a[2]);
}

SYSCALL(statx)
{
    struct kstat k;
    long error = stat_at((int)s->a[0], s->a[1], s->a[2], &k);
    if (error)
        return error;
    struct statx x = {
        .stx_mask = STATX_BASIC_STATS,
        .stx_blksize = (uint32_t)k.blksize,
        .stx_nlink = (uint32_t)k.nlink,
        .stx_uid = k.uid,
        .stx_gid = k.gid,
        .stx_mode = (uint16_t)k.mode,
        .stx_ino = k.ino,
        .stx_size = k.size,
        .stx_blocks = k.blocks,
        .stx_atime = {.tv_sec = (int64_t)k.atime_sec, .tv_nsec = (uint32_t)k.atime_nsec},
        .stx_mtime = {.tv_sec = (int64_t)k.mtime_sec, .tv_nsec = (uint32_t)k.mtime_nsec},
        .stx_ctime = {.tv_sec = (int64_t)k.ctime_sec, .tv_nsec = (uint32_t)k.ctime_nsec},
        .stx_rdev_major = (uint32_t)(k.rdev >> 8 & 0xfff),
        .stx_rdev_minor = (uint32_t)((k.rdev & 0xff) | (k.rdev >> 12 & 0xfff00)),
        .stx_dev_minor = (uint32_t)k.dev & 0xff,
    };
    return put_user(x, s->a[4]);
}

SYSCALL(statfs)
{
    long error;
    struct path p = {0};
    struct statfs st;
    char *path = user_path(s->a[0], &error);
    if (!path)
        return error;
    error = path_walk(AT_FDCWD, path, PATH_FOLLOW, &p);
    kfree(path);
    if (error)
        return error;
    error = p.special ? special_statfs(&p, &st) : p9_statfs(p.fid, &st);
    path_done(&p);
    return error ? error : put_user(st, s->a[1]);
}

SYSCALL(fstatfs)
{
    struct statfs st;
    struct file *f = fd_file((uint32_t)s->a[0]);
    if (!f)
        return -EBADF;
    long error = f->ops->statfs ? f->ops->statfs(f, &st) : -ENOSYS;
    return error ? error : put_user(st, s->a[1]);
}

/* By the mode bits; the host, which acts as the user, has the last word when the file is used. */
static long check_access(int dirfd, uint64_t name, uint64_t mode, uint64_t flags)
{
    struct kstat st;
    if (mode & ~7ul)
        return -EINVAL;
    long error = stat_at(dirfd, name, flags & ~(uint64_t)AT_EACCESS, &st);
    if (error)
        return error;
    uint32_t bits = st.uid == current->uid ? st.mode >> 6 : st.gid == current->gid ? st.mode >> 3 : st.mode;
    if (current->uid == 0)
        bits = 6 | (st.mode & 0111 || (st.mode & S_IFMT) == S_IFDIR ? 1 : 0);
    return mode & ~bits & 7 ? -EACCES : 0;
}

SYSCALL(access)
{
    return check_access(AT_FDCWD, s->a[0], s->a[1], 0);
}

SYSCALL(faccessat)
{
    return check_access((int)s->a[0], s->a[1], s->a[2], 0);
}

SYSCALL(faccessat2)
{
    return check_access((int)s->a[0], s->a[1], s->a[2], s->a[3]);
}

static long readlink_at(int dirfd, uint64_t name, uint64_t to, uint64_t size)
{
    long r;
    if ((int64_t)size <= 0)
        return -EINVAL;
    char *path = user_path(name, &r);
    if (!path)
        return r;
    char *target = kmalloc(PATH_MAX);
    r = target ? path_readlink(dirfd, path, target, MIN(size, PATH_MAX)) : -ENOMEM;
    if (r > 0 && copy_to_user(to, target, (size_t)r) != 0)
        r = -EFAULT;
    kfree(target);
    kfree(path);
    return r;
}

SYSCALL(readlink)
{
    return readlink_at(AT_FDCWD, s->a[0], s->a[1], s->a[2]);
}

SYSCALL(readlinkat)
{
    return readlink_at((int)s->a[0], s->a[1], s->a[2], s->a[3]);
}
