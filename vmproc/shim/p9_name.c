/* p9_name.c - creating, renaming and removing names. */
#include "p9_async.h"
#include "p9_fid.h"
#include "p9_requests.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads dfid[4] name[s] and finds the host directory in which that name may be changed. */
static int get_entry(struct p9_call *call, char name[P9_NAME_MAX + 1], int *dir_fd)
{
    struct fid *dir = fid_find(call->p9, p9_get32(&call->in));
    int err = p9_get_name(&call->in, name);
    if (err)
        return err;
    return dir ? fid_entry(call->p9, dir, name, dir_fd) : -EBADF;
}

static int put_new_qid(struct p9_call *call, int dir_fd, const char *name)
{
    struct stat st;
    struct p9_qid qid;
    if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW))
        return -errno;
    qid = qid_of_stat(call->p9, &st);
    p9_put_qid(&call->out, &qid);
    return 0;
}

int p9_symlink(struct p9_call *call)
{
    char name[P9_NAME_MAX + 1], target[PATH_MAX];
    int dir_fd = -1, err = get_entry(call, name, &dir_fd);
    int err2 = p9_get_string(&call->in, target, sizeof target);
    if (call->in.bad)
        return -EPROTO;
    if (err || err2)
        return err ? err : err2;
    if (symlinkat(target, dir_fd, name))
        return -errno;
    return put_new_qid(call, dir_fd, name);
}

int p9_mkdir(struct p9_call *call)
{
    char name[P9_NAME_MAX + 1];
    int dir_fd = -1, err = get_entry(call, name, &dir_fd);
    uint32_t mode = p9_get32(&call->in);
    if (call->in.bad)
        return -EPROTO;
    if (err)
        return err;
    if (mkdirat(dir_fd, name, mode & 07777))
        return -errno;
    return put_new_qid(call, dir_fd, name);
}

/* FIFOs, sockets and plain files; a device would reach past what was given. */
int p9_mknod(struct p9_call *call)
{
    char name[P9_NAME_MAX + 1];
    int dir_fd = -1, err = get_entry(call, name, &dir_fd);
    uint32_t mode = p9_get32(&call->in);
    p9_get32(&call->in); /* major */
    p9_get32(&call->in); /* minor */
    if (call->in.bad)
        return -EPROTO;
    if (err)
        return err;
    if (!S_ISFIFO(mode) && !S_ISREG(mode) && !S_ISSOCK(mode))
        return -EPERM;
    if (mknodat(dir_fd, name, mode & (S_IFMT | 07777), 0))
        return -errno;
    return put_new_qid(call, dir_fd, name);
}

int p9_link(struct p9_call *call)
{
    struct fid *dir = fid_find(call->p9, p9_get32(&call->in));
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    char name[P9_NAME_MAX + 1], path[FID_PROC_PATH_MAX];
    int dir_fd = -1, err = p9_get_name(&call->in, name);
    if (call->in.bad)
        return -EPROTO;
    if (err)
        return err;
    if (!dir || !fid)
        return -EBADF;
    if (!fid->real)
        return -EACCES;
    if (fid_readonly(fid) || kept_holds(&call->p9->tree, fid->path_fd))
        return -EROFS; /* a second name would be a writable one */
    err = fid_entry(call->p9, dir, name, &dir_fd);
    if (err)
        return err;
    fid_proc_path(fid, path);
    return linkat(AT_FDCWD, path, dir_fd, name, AT_SYMLINK_FOLLOW) ? -errno : 0;
}

int p9_renameat(struct p9_call *call)
{
    char from[P9_NAME_MAX + 1], to[P9_NAME_MAX + 1];
    int from_fd = -1, to_fd = -1;
    int err = get_entry(call, from, &from_fd);
    int err2 = get_entry(call, to, &to_fd);
    if (call->in.bad)
        return -EPROTO;
    if (err || err2)
        return err ? err : err2;
    if (kept_leads(&call->p9->tree, from_fd, from))
        return -EBUSY;
    return renameat(from_fd, from, to_fd, to) ? -errno : 0;
}

/* The fid goes with the file: its place is walked to anew. */
static int follow_rename(struct p9 *p9, struct fid *fid, const struct fid *dir, const char *name)
{
    struct place place;
    int err = place_of_fid(&place, dir);
    if (err)
        return err;
    err = place_step(p9, &place, name);
    if (err) {
        place_release(&place);
        return err;
    }
    return place_into_fid(&place, fid);
}

int p9_rename(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    struct fid *dir = fid_find(call->p9, p9_get32(&call->in));
    char to[P9_NAME_MAX + 1];
    const char *from;
    int from_fd, to_fd, err = p9_get_name(&call->in, to);
    if (call->in.bad)
        return -EPROTO;
    if (err)
        return err;
    if (!fid || !dir)
        return -EBADF;
    err = fid_entry(call->p9, dir, to, &to_fd);
    if (!err)
        err = fid_own_entry(call->p9, fid, &from_fd, &from);
    if (err)
        return err;
    err = kept_leads(&call->p9->tree, from_fd, from) ? -EBUSY
          : renameat(from_fd, from, to_fd, to)       ? -errno
                                                     : 0;
    close(from_fd);
    return err ? err : follow_rename(call->p9, fid, dir, to);
}

int p9_unlinkat(struct p9_call *call)
{
    char name[P9_NAME_MAX + 1];
    int dir_fd = -1, err = get_entry(call, name, &dir_fd);
    uint32_t flags = p9_get32(&call->in);
    if (call->in.bad)
        return -EPROTO;
    if (err)
        return err;
    if (kept_leads(&call->p9->tree, dir_fd, name))
        return -EBUSY;
    return unlinkat(dir_fd, name, (int)(flags & AT_REMOVEDIR)) ? -errno : 0;
}

/* The fid is clunked even when the file cannot be removed. */
int p9_remove(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    const char *name;
    struct stat st;
    int dir_fd, err;
    if (call->in.bad)
        return -EPROTO;
    if (!fid)
        return -EBADF;
    err = fid_own_entry(call->p9, fid, &dir_fd, &name);
    if (!err) {
        err = kept_leads(&call->p9->tree, dir_fd, name) ? -EBUSY : fid_stat(fid, &st);
        if (!err && unlinkat(dir_fd, name, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0))
            err = -errno;
        close(dir_fd);
    }
    requests_cancel_fid(call->p9, fid);
    fid_remove(call->p9, fid);
    return err;
}
