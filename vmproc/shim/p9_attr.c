/* p9_attr.c - Tgetattr, Tsetattr, Tstatfs. */
#include "p9_parts.h"
#include "p9_requests.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#define GETATTR_BASIC 0x7ffu /* mode to blocks */

enum {
    SETATTR_MODE = 0x1,
    SETATTR_UID = 0x2,
    SETATTR_GID = 0x4,
    SETATTR_SIZE = 0x8,
    SETATTR_ATIME = 0x10,
    SETATTR_MTIME = 0x20,
    SETATTR_ATIME_SET = 0x80,
    SETATTR_MTIME_SET = 0x100,
};

static void put_time(struct p9_out *out, struct timespec t)
{
    p9_put64(out, (uint64_t)t.tv_sec);
    p9_put64(out, (uint64_t)t.tv_nsec);
}

void put_attributes(struct p9_call *call, const struct stat *st)
{
    struct p9_out *out = &call->out;
    struct timespec none = {0, 0};
    struct p9_qid qid = qid_of_stat(call->p9, st);
    p9_put64(out, GETATTR_BASIC);
    p9_put_qid(out, &qid);
    p9_put32(out, st->st_mode);
    p9_put32(out, st->st_uid);
    p9_put32(out, st->st_gid);
    p9_put64(out, st->st_nlink);
    p9_put64(out, st->st_rdev);
    p9_put64(out, (uint64_t)st->st_size);
    p9_put64(out, (uint64_t)st->st_blksize);
    p9_put64(out, (uint64_t)st->st_blocks);
    put_time(out, st->st_atim);
    put_time(out, st->st_mtim);
    put_time(out, st->st_ctim);
    put_time(out, none); /* birth */
    p9_put64(out, 0);    /* generation */
    p9_put64(out, 0);    /* data version */
}

int p9_getattr(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    struct stat st;
    int err;
    p9_get64(&call->in); /* the mask: all is sent, it costs nothing */
    if (call->in.bad)
        return -EPROTO;
    if (!fid)
        return -EBADF;
    err = fid_stat(fid, &st);
    if (!err)
        put_attributes(call, &st);
    return err;
}

struct attributes {
    uint32_t valid, mode, uid, gid;
    uint64_t size;
    struct timespec times[2];
};

static struct attributes get_attributes(struct p9_in *in)
{
    struct attributes a;
    a.valid = p9_get32(in);
    a.mode = p9_get32(in);
    a.uid = p9_get32(in);
    a.gid = p9_get32(in);
    a.size = p9_get64(in);
    for (int i = 0; i < 2; i++) {
        bool given = a.valid & (i ? SETATTR_MTIME : SETATTR_ATIME);
        bool set = a.valid & (i ? SETATTR_MTIME_SET : SETATTR_ATIME_SET);
        a.times[i].tv_sec = (time_t)p9_get64(in);
        a.times[i].tv_nsec = (long)p9_get64(in);
        if (!given)
            a.times[i].tv_nsec = UTIME_OMIT;
        else if (!set)
            a.times[i].tv_nsec = UTIME_NOW;
    }
    return a;
}

static int set_size(const struct fid *fid, const char *path, uint64_t size)
{
    int flags = fid->file ? fcntl(fid->file->fd, F_GETFL) : -1;
    if (size > INT64_MAX)
        return -EFBIG;
    /* A file that is open for writing may be cut even where its mode would forbid to open it so again. */
    if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
        return ftruncate(fid->file->fd, (off_t)size) ? -errno : 0;
    return truncate(path, (off_t)size) ? -errno : 0;
}

/* Calls without a form for descriptors get the path that leads to ours. */
static int set_attributes(const struct fid *fid, const struct attributes *a)
{
    char path[FID_PROC_PATH_MAX];
    uid_t uid = a->valid & SETATTR_UID ? a->uid : (uid_t)-1;
    gid_t gid = a->valid & SETATTR_GID ? a->gid : (gid_t)-1;
    int err = 0;
    fid_proc_path(fid, path);
    if ((a->valid & (SETATTR_UID | SETATTR_GID)) && fchownat(fid_fd(fid), "", uid, gid, AT_EMPTY_PATH))
        return -errno;
    if ((a->valid & SETATTR_MODE) && chmod(path, a->mode & 07777))
        return -errno;
    if (a->valid & SETATTR_SIZE)
        err = set_size(fid, path, a->size);
    if (!err && (a->valid & (SETATTR_ATIME | SETATTR_MTIME)) && utimensat(AT_FDCWD, path, a->times, 0))
        err = -errno;
    return err;
}

/* Of a link itself only owner and times can be set. */
static int set_link_attributes(const struct fid *fid, const struct attributes *a)
{
    struct attributes of_link = *a;
    if (a->valid & SETATTR_MODE)
        return -EOPNOTSUPP;
    if (a->valid & SETATTR_SIZE)
        return -EINVAL;
    of_link.valid &= SETATTR_UID | SETATTR_GID;
    if ((a->valid & (SETATTR_ATIME | SETATTR_MTIME)) && utimensat(fid_fd(fid), "", a->times, AT_EMPTY_PATH))
        return -errno;
    return set_attributes(fid, &of_link);
}

int p9_setattr(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    struct attributes a = get_attributes(&call->in);
    struct stat st;
    int err;
    if (call->in.bad)
        return -EPROTO;
    if (!fid)
        return -EBADF;
    if (!fid->real && !fid->inherited)
        return -EACCES; /* only on the way to what was given */
    if (fid_readonly(fid) || (fid->real && kept_holds(&call->p9->tree, fid->path_fd)))
        return -EROFS;
    err = fid_stat(fid, &st);
    if (err)
        return err;
    return S_ISLNK(st.st_mode) ? set_link_attributes(fid, &a) : set_attributes(fid, &a);
}

int p9_statfs(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    struct p9_out *out = &call->out;
    struct statfs fs;
    if (call->in.bad)
        return -EPROTO;
    if (!fid)
        return -EBADF;
    if (fstatfs(fid_fd(fid), &fs))
        return -errno;
    p9_put32(out, (uint32_t)fs.f_type);
    p9_put32(out, (uint32_t)fs.f_bsize);
    p9_put64(out, fs.f_blocks);
    p9_put64(out, fs.f_bfree);
    p9_put64(out, fs.f_bavail);
    p9_put64(out, fs.f_files);
    p9_put64(out, fs.f_ffree);
    p9_put64(out, (uint64_t)(uint32_t)fs.f_fsid.__val[0] | (uint64_t)(uint32_t)fs.f_fsid.__val[1] << 32);
    p9_put32(out, (uint32_t)fs.f_namelen);
    return 0;
}

int p9_no_xattr(struct p9_call *call)
{
    return -EOPNOTSUPP;
}
