/* sys_fd.c - system calls that make, copy and close descriptors. */
#include <linux/fcntl.h>
#include <linux/resource.h>

#include "file.h"
#include "image.h"
#include "kmem.h"
#include "memfile.h"
#include "path.h"
#include "pipe.h"
#include "recordlock.h"
#include "syscall.h"
#include "usercopy.h"
#include "userpath.h"

/* What fcntl(F_SETFL) may change. */
#define SETTABLE (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)

static long open_at(int dirfd, uint64_t name, uint64_t flags, uint64_t mode)
{
    long error;
    struct file *f;
    char *path = user_path(name, &error);
    if (!path)
        return error;
    error = path_open(dirfd, path, (uint32_t)flags, (uint32_t)mode, &f);
    kfree(path);
    return error ? restartable(error) : fd_install(f, flags & O_CLOEXEC, 0);
}

SYSCALL(open)
{
    return open_at(AT_FDCWD, s->a[0], s->a[1], s->a[2]);
}

SYSCALL(openat)
{
    return open_at((int)s->a[0], s->a[1], s->a[2], s->a[3]);
}

SYSCALL(creat)
{
    return open_at(AT_FDCWD, s->a[0], O_CREAT | O_WRONLY | O_TRUNC, s->a[1]);
}

SYSCALL(close)
{
    return fd_close((uint32_t)s->a[0]);
}

SYSCALL(close_range)
{
    uint32_t last = (uint32_t)MIN(s->a[1], fd_limit() - 1);
    bool only_mark = s->a[2] & 4; /* CLOSE_RANGE_CLOEXEC */
    if (s->a[2] & ~6ul || s->a[0] > s->a[1])
        return -EINVAL;
    for (uint64_t fd = s->a[0]; fd <= last; fd++) {
        if (only_mark && fd_file((uint32_t)fd))
            fd_set_cloexec((uint32_t)fd, true);
        else if (!only_mark)
            fd_close((uint32_t)fd);
    }
    return 0;
}

SYSCALL(dup)
{
    struct file *f = fd_file((uint32_t)s->a[0]);
    return f ? fd_install(file_ref(f), false, 0) : -EBADF;
}

static long dup_to(uint32_t from, uint32_t to, bool cloexec)
{
    struct file *f = fd_file(from);
    if (!f || to >= current->leader->rlimit[RLIMIT_NOFILE].cur)
        return -EBADF;
    return fd_install_at(file_ref(f), cloexec, to);
}

SYSCALL(dup2)
{
    uint32_t from = (uint32_t)s->a[0], to = (uint32_t)s->a[1];
    if (from == to)
        return fd_file(from) ? (long)to : -EBADF;
    return dup_to(from, to, false);
}

SYSCALL(dup3)
{
    if (s->a[2] & ~(uint64_t)O_CLOEXEC || (uint32_t)s->a[0] == (uint32_t)s->a[1])
        return -EINVAL;
    return dup_to((uint32_t)s->a[0], (uint32_t)s->a[1], s->a[2]);
}

static long seals(struct file *f, bool more, uint32_t which)
{
    const uint32_t known = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    struct memfile *m = memfile_of(f);
    if (!m || which & ~known & -(uint32_t)more)
        return -EINVAL;
    if (!more)
        return m->seals;
    if (!file_writable(f) || m->seals & F_SEAL_SEAL)
        return -EPERM;
    if (which & F_SEAL_WRITE && m->image->refs > 1)
        return -EBUSY; /* it is mapped */
    m->seals |= which;
    return 0;
}

SYSCALL(fcntl)
{
    uint32_t fd = (uint32_t)s->a[0];
    uint64_t arg = s->a[2];
    struct file *f = fd_file(fd);
    if (!f)
        return -EBADF;
    switch (s->a[1]) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        if (arg >= current->leader->rlimit[RLIMIT_NOFILE].cur)
            return -EINVAL;
        return fd_install(file_ref(f), s->a[1] == F_DUPFD_CLOEXEC, (uint32_t)arg);
    case F_GETFD:
        return fd_cloexec(fd);
    case F_SETFD:
        fd_set_cloexec(fd, arg & FD_CLOEXEC);
        return 0;
    case F_GETFL:
        return f->flags & ~(uint32_t)(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC);
    case F_SETFL:
        f->flags = (f->flags & ~(uint32_t)SETTABLE) | ((uint32_t)arg & SETTABLE);
        return 0;
    case F_ADD_SEALS:
    case F_GET_SEALS:
        return seals(f, s->a[1] == F_ADD_SEALS, (uint32_t)arg);
    case F_GETLK:
        return record_lock_get(f, arg, LOCK_OF_PROCESS);
    case F_SETLK:
    case F_SETLKW:
        return record_lock_set(f, arg, LOCK_OF_PROCESS, s->a[1] == F_SETLKW);
    case F_OFD_GETLK:
        return record_lock_get(f, arg, LOCK_OF_DESCRIPTION);
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
        return record_lock_set(f, arg, LOCK_OF_DESCRIPTION, s->a[1] == F_OFD_SETLKW);
    }
    return -EINVAL;
}

static long make_pipe(uint64_t fds, uint64_t flags)
{
    struct file *reader, *writer;
    if (flags & ~(uint64_t)(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
        return -EINVAL;
    int error = pipe_new((uint32_t)flags & O_NONBLOCK, &reader, &writer);
    if (error)
        return error;
    int32_t fd[2] = {fd_install(reader, flags & O_CLOEXEC, 0), -1};
    fd[1] = fd_install(writer, flags & O_CLOEXEC, 0);
    error = fd[0] < 0 ? fd[0] : fd[1] < 0 ? fd[1] : put_user(fd, fds);
    for (int i = 0; error && i < 2; i++)
        if (fd[i] >= 0)
            fd_close((uint32_t)fd[i]);
    return error;
}

SYSCALL(pipe)
{
    return make_pipe(s->a[0], 0);
}

SYSCALL(pipe2)
{
    return make_pipe(s->a[0], s->a[1]);
}
