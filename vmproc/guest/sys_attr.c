/* sys_attr.c - system calls that change a file's attributes: all end in one Tsetattr. */
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "file.h"
#include "kmem.h"
#include "p9.h"
#include "path.h"
#include "special.h"
#include "syscall.h"
#include "timer.h"
#include "usercopy.h"
#include "userpath.h"

#define UTIME_NOW_NSEC  0x3fffffff
#define UTIME_OMIT_NSEC 0x3ffffffe

struct times {
    int64_t sec, frac; /* frac: ns or us */
};

static long set_fd(uint64_t fd, const struct kattr *attr)
{
    struct file *f = fd_file((uint32_t)fd);
    return f ? file_setattr(f, attr) : -EBADF;
}

static long set_path(int dirfd, uint64_t name, uint64_t flags, const struct kattr *attr)
{
    long error;
    struct path p = {0};
    if (flags & ~(uint64_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
        return -EINVAL;
    char *path = user_path(name, &error);
    if (!path)
        return error;
    if (!*path && flags & AT_EMPTY_PATH)
        error = set_fd((uint64_t)dirfd, attr);
    else
        error = path_walk(dirfd, path, flags & AT_SYMLINK_NOFOLLOW ? 0 : PATH_FOLLOW, &p);
    bool walked = !error && p.fid;
    kfree(path);
    if (error || p.special)
        return error ? error : special_setattr(&p, attr);
    if (walked) {
        error = p9_setattr(p.fid, attr);
        path_done(&p);
    }
    return error;
}

static struct kattr mode_attr(uint64_t mode)
{
    return (struct kattr){.mask = P9_SETATTR_MODE, .mode = (uint32_t)mode & 07777};
}

SYSCALL(chmod)
{
    struct kattr attr = mode_attr(s->a[1]);
    return set_path(AT_FDCWD, s->a[0], 0, &attr);
}

SYSCALL(fchmod)
{
    struct kattr attr = mode_attr(s->a[1]);
    return set_fd(s->a[0], &attr);
}

SYSCALL(fchmodat)
{
    struct kattr attr = mode_attr(s->a[2]);
    return set_path((int)s->a[0], s->a[1], 0, &attr);
}

static struct kattr owner_attr(uint64_t uid, uint64_t gid)
{
    struct kattr attr = {.uid = (uint32_t)uid, .gid = (uint32_t)gid};
    attr.mask = (attr.uid != UINT32_MAX ? P9_SETATTR_UID : 0) | (attr.gid != UINT32_MAX ? P9_SETATTR_GID : 0);
    return attr;
}

SYSCALL(chown)
{
    struct kattr attr = owner_attr(s->a[1], s->a[2]);
    return set_path(AT_FDCWD, s->a[0], 0, &attr);
}

SYSCALL(fchown)
{
    struct kattr attr = owner_attr(s->a[1], s->a[2]);
    return set_fd(s->a[0], &attr);
}

SYSCALL(lchown)
{
    struct kattr attr = owner_attr(s->a[1], s->a[2]);
    return set_path(AT_FDCWD, s->a[0], AT_SYMLINK_NOFOLLOW, &attr);
}

SYSCALL(fchownat)
{
    struct kattr attr = owner_attr(s->a[2], s->a[3]);
    return set_path((int)s->a[0], s->a[1], s->a[4], &attr);
}

SYSCALL(truncate)
{
    struct kattr attr = {.mask = P9_SETATTR_SIZE, .size = s->a[1]};
    return (int64_t)s->a[1] < 0 ? -EINVAL : set_path(AT_FDCWD, s->a[0], 0, &attr);
}

/* times: address of two struct times with the given unit of frac, in ns; 0: now. */
static long time_attr(struct kattr *attr, uint64_t times, uint64_t unit)
{
    struct times t[2] = {{0, UTIME_NOW_NSEC}, {0, UTIME_NOW_NSEC}};
    if (times && get_user(t, times) != 0)
        return -EFAULT;
    *attr = (struct kattr){.mask = P9_SETATTR_ATIME | P9_SETATTR_MTIME};
    for (int i = 0; i < 2; i++) {
        uint32_t bit = i ? P9_SETATTR_MTIME : P9_SETATTR_ATIME;
        bool symbolic =
            (unit == 1 || !times) && (t[i].frac == UTIME_NOW_NSEC || t[i].frac == UTIME_OMIT_NSEC);
        if (symbolic) {
            if (t[i].frac == UTIME_OMIT_NSEC)
                attr->mask &= ~bit;
            continue;
        }
        if (t[i].frac < 0 || (uint64_t)t[i].frac >= NS_PER_SEC / unit)
            return -EINVAL;
        attr->mask |= i ? P9_SETATTR_MTIME_SET : P9_SETATTR_ATIME_SET;
        *(i ? &attr->mtime_sec : &attr->atime_sec) = (uint64_t)t[i].sec;
        *(i ? &attr->mtime_nsec : &attr->atime_nsec) = (uint64_t)t[i].frac * unit;
    }
    return 0;
}

SYSCALL(utimensat)
{
    struct kattr attr;
    long error = time_attr(&attr, s->a[2], 1);
    if (error || !attr.mask)
        return error;
    return s->a[1] ? set_path((int)s->a[0], s->a[1], s->a[3], &attr) : set_fd(s->a[0], &attr);
}

SYSCALL(utimes)
{
    struct kattr attr;
    long error = time_attr(&attr, s->a[1], 1000);
    return error ? error : set_path(AT_FDCWD, s->a[0], 0, &attr);
}

SYSCALL(futimesat)
{
    struct kattr attr;
    long error = time_attr(&attr, s->a[2], 1000);
    if (error)
        return error;
    return s->a[1] ? set_path((int)s->a[0], s->a[1], 0, &attr) : set_fd(s->a[0], &attr);
}

SYSCALL(utime)
{
    int64_t t[2];
    struct kattr attr = {.mask = P9_SETATTR_ATIME | P9_SETATTR_MTIME};
    if (s->a[1]) {
        if (get_user(t, s->a[1]) != 0)
            return -EFAULT;
        attr.mask |= P9_SETATTR_ATIME_SET | P9_SETATTR_MTIME_SET;
        attr.atime_sec = (uint64_t)t[0];
        attr.mtime_sec = (uint64_t)t[1];
    }
    return set_path(AT_FDCWD, s->a[0], 0, &attr);
}

SYSCALL(umask)
{
    uint32_t old = current->leader->umask;
    current->leader->umask = (uint32_t)s->a[0] & 0777;
    return old;
}

/* Extended attributes are not carried. */
SYSCALL(xattr_path)
{
    long error;
    char *path = user_path(s->a[0], &error);
    kfree(path);
    return path ? -EOPNOTSUPP : error;
}

SYSCALL(xattr_fd)
{
    return fd_file((uint32_t)s->a[0]) ? -EOPNOTSUPP : -EBADF;
}
