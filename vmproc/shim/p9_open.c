/* p9_open.c - Tlopen and Tlcreate. */
#include "p9_async.h"
#include "p9_fid.h"
#include "p9_requests.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Flags of 9P2000.L are Linux's. The rest of what a guest may send is its own business or the server's. */
#define PASSED_FLAGS (O_ACCMODE | O_TRUNC | O_APPEND | O_DIRECTORY | O_SYNC | O_DSYNC)

static int host_flags(uint32_t flags)
{
    return (int)(flags & PASSED_FLAGS) | O_CLOEXEC | O_NOCTTY;
}

static bool is_written(uint32_t flags)
{
    return (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC);
}

static int put_opened(struct p9_call *call, const struct stat *st)
{
    struct p9_qid qid = qid_of_stat(call->p9, st);
    p9_put_qid(&call->out, &qid);
    p9_put32(&call->out, 0); /* iounit: as much as a message holds */
    return 0;
}

/* The other end of a FIFO, or a device, may let an open wait. O_NONBLOCK is the guest's to ask for. */
static int open_later(struct p9_call *call, struct fid *fid, uint32_t flags)
{
    struct request *r = request_new(call, fid, 0);
    if (!r)
        return -ENOMEM;
    fid_proc_path(fid, r->path);
    r->op.kind = OP_OPEN;
    r->op.path = r->path;
    r->op.flags = host_flags(flags) | (int)(flags & O_NONBLOCK);
    return request_start(r);
}

/* Once it is, nothing is expected any more. */
static bool is_expected(struct p9 *p9, int fd)
{
    const struct stat *want = p9->first_opened;
    struct stat st;
    if (!want)
        return true;
    if (fstat(fd, &st) || st.st_dev != want->st_dev || st.st_ino != want->st_ino ||
        st.st_size != want->st_size || memcmp(&st.st_mtim, &want->st_mtim, sizeof st.st_mtim) != 0)
        return false;
    p9->first_opened = NULL;
    return true;
}

static int open_real(struct p9_call *call, struct fid *fid, uint32_t flags)
{
    char path[FID_PROC_PATH_MAX];
    struct stat st;
    int fd, err = fid_stat(fid, &st);
    if (err)
        return err;
    if (is_written(flags) && (fid_readonly(fid) || kept_holds(&call->p9->tree, fid->path_fd)))
        return place_refused(call->p9, fid->node, fid->below, "", -EROFS);
    if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
        return open_later(call, fid, flags);
    /* Through our own descriptor: what was walked to is opened, whatever stands at its name by now. */
    fid_proc_path(fid, path);
    fd = open(path, host_flags(flags));
    if (fd < 0)
        return -errno;
    if (!is_expected(call->p9, fd)) {
        close(fd);
        return -ESTALE;
    }
    fid->file = file_new(fd, st.st_mode, call->p9->raw_terminal);
    if (!fid->file)
        return -ENOMEM;
    fid->opened = true;
    return put_opened(call, &st);
}

int p9_lopen(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    uint32_t flags = p9_get32(&call->in);
    struct stat st;
    int err;
    if (call->in.bad)
        return -EPROTO;
    if (!fid)
        return -EBADF;
    if (fid->opened && !fid->inherited)
        return -EBUSY;
    if (fid->real)
        return open_real(call, fid, flags);
    if (!fid->inherited && is_written(flags))
        return -EISDIR;
    err = fid_stat(fid, &st);
    if (err)
        return err;
    fid->opened = true;
    return put_opened(call, &st);
}

/* fid, a directory's until now, becomes the open file's. */
static int become_file(struct p9_call *call, struct fid *fid, const char *name, int fd, struct place *place)
{
    struct stat st;
    int err = fstat(fd, &st) ? -errno : 0;
    if (!err)
        err = place_step(call->p9, place, name);
    if (!err) {
        err = place_into_fid(place, fid);
        place->fd = -1;
    }
    if (err) {
        close(fd);
        return err;
    }
    fid->file = file_new(fd, st.st_mode, call->p9->raw_terminal);
    if (!fid->file)
        return -ENOMEM;
    fid->opened = true;
    return put_opened(call, &st);
}

/* What already stands at the name is opened like anything that was walked to; so that no FIFO can hold us. */
static int open_existing(struct p9_call *call, struct fid *fid, const char *name, uint32_t flags,
                         struct place *place)
{
    int err = place_step(call->p9, place, name);
    if (err)
        return err;
    err = place_into_fid(place, fid);
    place->fd = -1;
    return err ? err : open_real(call, fid, flags & ~(uint32_t)(O_CREAT | O_EXCL));
}

int p9_lcreate(struct p9_call *call)
{
    char name[P9_NAME_MAX + 1];
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    int dir_fd, fd, err = p9_get_name(&call->in, name);
    uint32_t flags = p9_get32(&call->in);
    uint32_t mode = p9_get32(&call->in);
    struct place place;
    p9_get32(&call->in); /* gid: the host's rules decide */
    if (call->in.bad)
        return -EPROTO;
    if (err)
        return err;
    if (!fid || fid->opened)
        return -EBADF;
    dir_fd = flags & O_EXCL ? fid_tmpdir(call->p9, fid, name) : -1;
    err = dir_fd < 0 ? fid_entry(call->p9, fid, name, &dir_fd) : 0;
    if (err)
        return err;
    fd = openat(dir_fd, name, host_flags(flags & ~(uint32_t)O_TRUNC) | O_CREAT | O_EXCL | O_NOFOLLOW,
                mode & 07777);
    if (fd < 0 && (errno != EEXIST || (flags & O_EXCL)))
        return -errno;
    err = place_of_fid(&place, fid);
    if (err) {
        if (fd >= 0)
            close(fd);
        return err;
    }
    err = fd >= 0 ? become_file(call, fid, name, fd, &place) : open_existing(call, fid, name, flags, &place);
    place_release(&place);
    return err;
}
