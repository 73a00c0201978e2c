/* sys_path.c - system calls that make, move and remove names. */
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "file.h"
#include "kmem.h"
#include "lib.h"
#include "p9.h"
#include "path.h"
#include "shmdir.h"
#include "special.h"
#include "syscall.h"
#include "usercopy.h"
#include "userpath.h"

#define AT_REMOVEDIR_FLAG 0x200u

/* A name to be made or removed: its directory and last component. */
struct entry {
    struct path dir;
    char last[256];
    bool shm; /* it is a name of shmdir.h, and there is no directory */
    char shm_path[280];
};

static long entry_at(int dirfd, uint64_t name, struct entry *e)
{
    long error;
    char *path = user_path(name, &error);
    if (!path)
        return error;
    e->dir = (struct path){0};
    e->shm = shm_find(path) != NULL;
    if (shm_component(path))
        format(e->shm_path, sizeof e->shm_path, "%s", path);
    error = e->shm ? 0 : path_parent(dirfd, path, &e->dir, e->last);
    kfree(path);
    return error;
}

/* For who takes a name away: in a /dev/shm that is not given there is what shmdir.h has. */
static long old_entry_at(int dirfd, uint64_t name, struct entry *e)
{
    e->shm_path[0] = '\0';
    long error = entry_at(dirfd, name, e);
    return error == -EACCES && e->shm_path[0] ? -ENOENT : error;
}

/* For who makes what is no memory file: a name of shmdir.h is taken. */
static long new_entry_at(int dirfd, uint64_t name, struct entry *e)
{
    long error = entry_at(dirfd, name, e);
    return error == -EINVAL || (!error && e->shm) ? -EEXIST : error;
}

static long entry_done(struct entry *e, long r)
{
    if (!e->shm)
        path_done(&e->dir);
    return r;
}

/* Removed before the command began: what the shim calls it then is nobody's name. */
static bool cwd_is_gone(void)
{
    static const char sign[] = " (deleted)";
    const char *cwd = current->leader->cwd;
    size_t n = strlen(cwd);
    struct kstat st;
    return n >= sizeof sign && strcmp(cwd + n - (sizeof sign - 1), sign) == 0 &&
           path_stat(AT_FDCWD, ".", 0, &st) == 0 && st.nlink == 0;
}

SYSCALL(getcwd)
{
    size_t n = strlen(current->leader->cwd) + 1;
    if (cwd_is_gone())
        return -ENOENT;
    if (n > s->a[1])
        return -ERANGE;
    return copy_to_user(s->a[0], current->leader->cwd, n) == 0 ? (long)n : -EFAULT;
}

SYSCALL(chdir)
{
    long error;
    char *path = user_path(s->a[0], &error);
    if (!path)
        return error;
    error = path_chdir(AT_FDCWD, path);
    kfree(path);
    return error;
}

SYSCALL(fchdir)
{
    return fd_file((uint32_t)s->a[0]) ? path_chdir((int)s->a[0], ".") : -EBADF;
}

static long mkdir_at(int dirfd, uint64_t name, uint64_t mode)
{
    struct entry e;
    long error = new_entry_at(dirfd, name, &e);
    if (error)
        return error;
    return entry_done(&e, p9_mkdir(e.dir.fid, e.last, (uint32_t)mode & 01777 & ~current->leader->umask));
}

SYSCALL(mkdir)
{
    return mkdir_at(AT_FDCWD, s->a[0], s->a[1]);
}

SYSCALL(mkdirat)
{
    return mkdir_at((int)s->a[0], s->a[1], s->a[2]);
}

static long mknod_at(int dirfd, uint64_t name, uint64_t mode, uint64_t dev)
{
    struct entry e;
    uint32_t bits = (uint32_t)mode & ~current->leader->umask;
    if ((bits & S_IFMT) == 0)
        bits |= S_IFREG;
    long error = new_entry_at(dirfd, name, &e);
    if (error)
        return error;
    return entry_done(&e, p9_mknod(e.dir.fid, e.last, bits, dev));
}

SYSCALL(mknod)
{
    return mknod_at(AT_FDCWD, s->a[0], s->a[1], s->a[2]);
}

SYSCALL(mknodat)
{
    return mknod_at((int)s->a[0], s->a[1], s->a[2], s->a[3]);
}

static long unlink_at(int dirfd, uint64_t name, uint64_t flags)
{
    struct entry e;
    if (flags & ~(uint64_t)AT_REMOVEDIR_FLAG)
        return -EINVAL;
    long error = old_entry_at(dirfd, name, &e);
    if (error)
        return error == -EEXIST ? -EBUSY : error;
    if (e.shm) {
        if (flags & AT_REMOVEDIR_FLAG)
            return -ENOTDIR;
        shm_unlink(e.shm_path);
        return 0;
    }
    return entry_done(&e, p9_unlink(e.dir.fid, e.last, (uint32_t)flags));
}

SYSCALL(rmdir)
{
    return unlink_at(AT_FDCWD, s->a[0], AT_REMOVEDIR_FLAG);
}

SYSCALL(unlink)
{
    return unlink_at(AT_FDCWD, s->a[0], 0);
}

SYSCALL(unlinkat)
{
    return unlink_at((int)s->a[0], s->a[1], s->a[2]);
}

/* A further name for a memory file, which can only be in /dev/shm. replace: what has the name loses it. */
static long link_memfile(struct memfile *m, uint64_t name, bool replace)
{
    long error;
    char *path = user_path(name, &error);
    if (!path)
        return error;
    struct memfile *there = shm_find(path);
    if (there && replace && there != m)
        shm_unlink(path);
    if (!shm_component(path))
        error = -EXDEV;
    else
        error = there == m && replace ? 0 : shm_link(m, path);
    kfree(path);
    return error;
}

static long rename_memfile(const struct entry *from, uint64_t new_name)
{
    struct memfile *m = memfile_ref(shm_find(from->shm_path));
    unsigned before = m->names;
    long error = link_memfile(m, new_name, true);
    if (!error && m->names > before) /* else both names were its own */
        shm_unlink(from->shm_path);
    memfile_unref(m);
    return error;
}

static long rename_at(int old_dirfd, uint64_t old_name, int new_dirfd, uint64_t new_name)
{
    struct entry from, to;
    long error = old_entry_at(old_dirfd, old_name, &from);
    if (error)
        return error == -EEXIST || error == -EINVAL ? -EBUSY : error;
    if (from.shm)
        return rename_memfile(&from, new_name);
    error = entry_at(new_dirfd, new_name, &to);
    if (!error && to.shm)
        error = -EXDEV;
    if (error)
        return entry_done(&from, error == -EEXIST || error == -EINVAL ? -EBUSY : error);
    error = p9_rename(from.dir.fid, from.last, to.dir.fid, to.last);
    entry_done(&to, 0);
    return entry_done(&from, error);
}

SYSCALL(rename)
{
    return rename_at(AT_FDCWD, s->a[0], AT_FDCWD, s->a[1]);
}

SYSCALL(renameat)
{
    return rename_at((int)s->a[0], s->a[1], (int)s->a[2], s->a[3]);
}

SYSCALL(renameat2)
{
    if (s->a[4])
        return -EINVAL; /* 9P has no RENAME_NOREPLACE: callers fall back */
    return rename_at((int)s->a[0], s->a[1], (int)s->a[2], s->a[3]);
}

static long link_at(int old_dirfd, uint64_t old_name, int new_dirfd, uint64_t new_name, uint64_t flags)
{
    struct path old = {0};
    struct entry e;
    long error;
    if (flags & ~(uint64_t)AT_SYMLINK_FOLLOW)
        return -EINVAL;
    char *path = user_path(old_name, &error);
    if (!path)
        return error;
    error = path_walk(old_dirfd, path, flags & AT_SYMLINK_FOLLOW ? PATH_FOLLOW : 0, &old);
    kfree(path);
    if (error)
        return error;
    struct memfile *m = old.special ? special_memfile(&old) : NULL;
    if (m)
        return link_memfile(m, new_name, false);
    error = old.special ? -EXDEV : new_entry_at(new_dirfd, new_name, &e);
    if (!error)
        error = entry_done(&e, p9_link(e.dir.fid, old.fid, e.last));
    path_done(&old);
    return error;
}

SYSCALL(link)
{
    return link_at(AT_FDCWD, s->a[0], AT_FDCWD, s->a[1], 0);
}

SYSCALL(linkat)
{
    return link_at((int)s->a[0], s->a[1], (int)s->a[2], s->a[3], s->a[4]);
}

static long symlink_at(uint64_t target, int dirfd, uint64_t name)
{
    struct entry e;
    long error;
    char *text = user_path(target, &error);
    if (!text)
        return error;
    error = *text ? new_entry_at(dirfd, name, &e) : -ENOENT;
    if (!error)
        error = entry_done(&e, p9_symlink(e.dir.fid, e.last, text));
    kfree(text);
    return error;
}

SYSCALL(symlink)
{
    return symlink_at(s->a[0], AT_FDCWD, s->a[1]);
}

SYSCALL(symlinkat)
{
    return symlink_at(s->a[0], (int)s->a[1], s->a[2]);
}
