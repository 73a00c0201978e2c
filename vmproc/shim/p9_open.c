/* p9_open.c - Tlopen and Tlcreate. */
#include "p9_async.h"
#include "p9_parts.h"
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

static int take_file(const struct p9 *p9, struct fid *fid, int fd, const struct stat *st)
{
    fid->file = file_new(fd, st->st_mode, p9->raw_terminal);
    if (!fid->file)
        return -ENOMEM;
    fid->opened = true;
    return 0;
}

static int open_real(struct p9 *p9, struct fid *fid, uint32_t flags, const struct stat *st)
{
    char path[FID_PROC_PATH_MAX];
    int fd;
    if (is_written(flags) && (fid_readonly(fid) || kept_holds(&p9->tree, fid->path_fd)))
        return place_refused(p9, fid->node, fid->below, "", -EROFS);
    if (S_ISFIFO(st->st_mode) || S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
        return OPEN_WAITS;
    /* Through our own descriptor: what was walked to is opened, whatever stands at its name by now. */
    fid_proc_path(fid, path);
    fd = open(path, host_flags(flags));
    if (fd < 0)
        return -errno;
    if (!is_expected(p9, fd)) {
        close(fd);
        return -ESTALE;
    }
    return take_file(p9, fid, fd, st);
}

int fid_open(struct p9 *p9, struct fid *fid, uint32_t flags, struct stat *st)
{
    int err = fid_stat(fid, st);
    if (err)
        return err;
    if (fid->real)
        return open_real(p9, fid, flags, st);
    if (!fid->inherited && is_written(flags))
        return -EISDIR;
    fid->opened = true;
    return 0;
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
    err = fid_open(call->p9, fid, flags, &st);
    if (err == OPEN_WAITS)
        return open_later(call, fid, flags);
    return err ? err : put_opened(call, &st);
}

/* fid, a directory's until now, becomes the open file's. */
static int become_file(struct p9 *p9, struct fid *fid, const char *name, int fd, struct place *place,
                       struct stat *st)
{
    int err = fstat(fd, st) ? -errno : 0;
    if (!err)
        err = place_step(p9, place, name);
    if (!err) {
        err = place_into_fid(place, fid);
        place->fd = -1;
    }
    if (err) {
        close(fd);
        return err;
    }
    return take_file(p9, fid, fd, st);
}

/* What already stands at the name is opened like anything that was walked to; so that no FIFO can hold us. */
static int open_existing(struct p9 *p9, struct fid *fid, const char *name, uint32_t flags,
                         struct place *place, struct stat *st)
{
    int err = place_step(p9, place, name);
    if (err)
        return err;
    err = place_into_fid(place, fid);
    place->fd = -1;
    return err ? err : fid_open(p9, fid, flags, st);
}

int fid_create(struct p9 *p9, struct fid *fid, const char *name, uint32_t flags, uint32_t mode,
               struct stat *st)
{
    struct place place;
    int fd, dir_fd = flags & O_EXCL ? fid_tmpdir(p9, fid, name) : -1;
    int err = dir_fd < 0 ? fid_entry(p9, fid, name, &dir_fd) : 0;
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
    err = fd >= 0 ? become_file(p9, fid, name, fd, &place, st)
                  : open_existing(p9, fid, name, flags & ~(uint32_t)(O_CREAT | O_EXCL), &place, st);
    place_release(&place);
    return err;
}

int p9_lcreate(struct p9_call *call)
{
    char name[P9_NAME_MAX + 1];
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    int err = p9_get_name(&call->in, name);
    uint32_t flags = p9_get32(&call->in);
    uint32_t mode = p9_get32(&call->in);
    struct stat st;
    p9_get32(&call->in); /* gid: the host's rules decide */
    if (call->in.bad)
        return -EPROTO;
    if (err)
        return err;
    if (!fid || fid->opened)
        return -EBADF;
    err = fid_create(call->p9, fid, name, flags, mode, &st);
    if (err == OPEN_WAITS)
        return open_later(call, fid, flags & ~(uint32_t)(O_CREAT | O_EXCL));
    return err ? err : put_opened(call, &st);
}
