/* p9_dir.c - Treaddir and Treadlink. */
#include "p9_fid.h"
#include "p9_requests.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRY_BYTES(len) (P9_QID_BYTES + 8 + 1 + 2 + (len))
#define BATCH_BYTES      (32u << 10)

/* As getdents64(2) writes it. */
struct host_entry {
    uint64_t ino;
    int64_t next; /* cookie of what follows: valid as long as the directory is, whatever comes and goes */
    uint16_t size;
    uint8_t type;
    char name[];
};

/* False when it does not fit. */
static bool put_entry(struct p9_out *out, const struct p9_qid *qid, uint64_t next, uint8_t type,
                      const char *name)
{
    size_t len = strlen(name);
    if (p9_room(out) < ENTRY_BYTES(len))
        return false;
    p9_put_qid(out, qid);
    p9_put64(out, next);
    p9_put8(out, type);
    p9_put_string(out, name, len);
    return true;
}

/* Returns 0 when out is full or the directory at its end, or -errno. */
static int read_real(struct p9 *p9, int fd, uint64_t offset, struct p9_out *out)
{
    _Alignas(8) char batch[BATCH_BYTES];
    struct stat dir;
    const uint8_t *start = out->at;
    if (fstat(fd, &dir) || lseek(fd, (off_t)offset, SEEK_SET) < 0)
        return -errno;
    for (;;) {
        long got = syscall(SYS_getdents64, fd, batch, sizeof batch);
        if (got <= 0)
            return got ? -errno : 0;
        for (long at = 0; at < got;) {
            const struct host_entry *e = (const struct host_entry *)(batch + at);
            struct p9_qid qid = qid_of_entry(p9, dir.st_dev, e->ino, e->type);
            if (!put_entry(out, &qid, (uint64_t)e->next, e->type, e->name))
                return out->at == start ? -EINVAL : 0; /* not even one fits */
            at += e->size;
        }
    }
}

static uint8_t type_of_mode(mode_t mode)
{
    return (uint8_t)IFTODT(mode);
}

/* Entries of a virtual directory: ".", "..", then the children that exist. The cookie counts them. */
static int read_virtual(struct p9 *p9, const struct node *dir, uint64_t offset, struct p9_out *out)
{
    const uint8_t *start = out->at;
    const struct node *child = dir->first;
    for (uint64_t i = 0;; i++) {
        const char *name = i == 0 ? "." : i == 1 ? ".." : child ? child->name : NULL;
        struct stat st;
        struct p9_qid qid;
        int missing;
        if (!name)
            return 0;
        missing = i == 1 ? fstat(dir->parent->fd, &st) : fstatat(dir->fd, name, &st, AT_SYMLINK_NOFOLLOW);
        if (i >= 2)
            child = child->next;
        if (i < offset || missing || strchr(name, '/'))
            continue;
        qid = qid_of_stat(p9, &st);
        if (!put_entry(out, &qid, i + 1, type_of_mode(st.st_mode), name))
            return out->at == start ? -EINVAL : 0;
    }
}

int p9_readdir(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    uint64_t offset = p9_get64(&call->in);
    uint32_t count = p9_get32(&call->in);
    struct p9_out data;
    int err;
    if (call->in.bad)
        return -EPROTO;
    if (!fid || !fid->opened)
        return -EBADF;
    if (count > p9_room(&call->out) - 4)
        count = (uint32_t)p9_room(&call->out) - 4;
    data = (struct p9_out){call->out.at + 4, call->out.at + 4, call->out.at + 4 + count};
    err = fid->file ? read_real(call->p9, fid->file->fd, offset, &data)
                    : read_virtual(call->p9, fid->node, offset, &data);
    if (err)
        return err;
    p9_put32(&call->out, (uint32_t)(data.at - data.start));
    call->out.at = data.at;
    return 0;
}

int p9_readlink(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    char target[PATH_MAX];
    ssize_t len;
    if (call->in.bad)
        return -EPROTO;
    if (!fid)
        return -EBADF;
    if (!fid->real || fid->path_fd < 0)
        return -EINVAL;
    len = readlinkat(fid->path_fd, "", target, sizeof target);
    if (len < 0)
        return errno == ENOENT ? -EINVAL
                               : -errno; /* the kernel's answer for what is no link, by descriptor */
    if (p9_room(&call->out) < (size_t)len + 2)
        return -EMSGSIZE;
    p9_put_string(&call->out, target, (size_t)len);
    return 0;
}
