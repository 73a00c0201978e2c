/*
 * p9_lock.c - Tlock and Tgetlock: fcntl(2) record locks of the shim's process, which stands for the
 * program's: so they conflict with other processes' and go with the process, and an O_PATH descriptor's close
 * does not drop them.
 */
#include "p9_async.h"
#include "p9_fid.h"
#include "p9_requests.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { P9_LOCK_READ = 0, P9_LOCK_WRITE = 1, P9_LOCK_NONE = 2 };
enum { P9_LOCK_SUCCESS = 0, P9_LOCK_BLOCKED = 1 };
#define P9_LOCK_WAIT 1u /* P9_LOCK_FLAGS_BLOCK */

static int host_type(uint8_t type, short *host)
{
    static const short types[] = {
        [P9_LOCK_READ] = F_RDLCK, [P9_LOCK_WRITE] = F_WRLCK, [P9_LOCK_NONE] = F_UNLCK};
    if (type >= sizeof types / sizeof *types)
        return -EINVAL;
    *host = types[type];
    return 0;
}

static int get_range(struct p9_in *in, uint8_t type, struct flock *lock)
{
    uint64_t start, length;
    char client[256];
    int err;
    *lock = (struct flock){.l_whence = SEEK_SET};
    err = host_type(type, &lock->l_type);
    start = p9_get64(in);
    length = p9_get64(in);
    p9_get32(in); /* proc_id: there is one process */
    if (p9_get_string(in, client, sizeof client) && !err)
        err = -EINVAL;
    if (start > INT64_MAX || length > INT64_MAX)
        err = -EOVERFLOW;
    lock->l_start = (off_t)start;
    lock->l_len = (off_t)length;
    return err;
}

static int lock_later(struct p9_call *call, struct fid *fid, const struct flock *lock)
{
    struct request *r = request_new(call, fid, 0);
    if (!r)
        return -ENOLCK;
    r->lock = *lock;
    r->op.kind = OP_SETLKW;
    r->op.arg = &r->lock;
    return request_start(r);
}

/* The fields that Tlock and Tgetlock share; flags: Tlock's, which stand among them, else NULL. */
static int get_request(struct p9_call *call, struct fid **fid, uint32_t *flags, struct flock *lock)
{
    uint8_t type;
    int err;

    *fid = fid_find(call->p9, p9_get32(&call->in));
    type = p9_get8(&call->in);
    if (flags)
        *flags = p9_get32(&call->in);
    err = get_range(&call->in, type, lock);
    if (call->in.bad)
        return -EPROTO;
    return !*fid || !(*fid)->file || (*fid)->file->fd < 0 ? -EBADF : err;
}

int p9_lock(struct p9_call *call)
{
    struct fid *fid;
    uint32_t flags;
    struct flock lock;
    int err = get_request(call, &fid, &flags, &lock);

    if (err)
        return err;
    if (fcntl(fid->file->fd, F_SETLK, &lock) == 0) {
        p9_put8(&call->out, P9_LOCK_SUCCESS);
        return 0;
    }
    if (errno != EAGAIN && errno != EACCES)
        return -errno;
    if (flags & P9_LOCK_WAIT)
        return lock_later(call, fid, &lock);
    p9_put8(&call->out, P9_LOCK_BLOCKED);
    return 0;
}

int p9_getlock(struct p9_call *call)
{
    struct fid *fid;
    struct flock lock;
    int err = get_request(call, &fid, NULL, &lock);

    if (err)
        return err;
    if (fcntl(fid->file->fd, F_GETLK, &lock))
        return -errno;
    p9_put8(&call->out, lock.l_type == F_RDLCK   ? P9_LOCK_READ
                        : lock.l_type == F_WRLCK ? P9_LOCK_WRITE
                                                 : P9_LOCK_NONE);
    p9_put64(&call->out, (uint64_t)lock.l_start);
    p9_put64(&call->out, (uint64_t)lock.l_len);
    p9_put32(&call->out, (uint32_t)lock.l_pid);
    p9_put_string(&call->out, "", 0);
    return 0;
}
