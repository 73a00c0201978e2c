/*
 * p9_lock.c - Tlock and Tgetlock: fcntl(2) record locks of the shim's process, which stands for the
 * program's: so they conflict with other processes' and go with the process, and an O_PATH descriptor's close
 * does not drop them. And, by flags of ours, F_OFD_SETLK and flock(2): of the open file description, which for
 * an inherited descriptor is the shell's, too, and so may outlive the command.
 */
#include "p9_async.h"
#include "p9_fid.h"
#include "p9_requests.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

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

/* Of a record lock: the shim's process, unless it says another. */
struct owner {
    bool ofd;  /* the description, of a range */
    int flock; /* the operation of flock(2), of the description as a whole; 0: of a range */
};

/* Once it has failed to get it at once. */
static int lock_later(struct p9_call *call, struct fid *fid, const struct flock *lock,
                      const struct owner *who)
{
    struct request *r = request_new(call, fid, 0);
    if (!r)
        return -ENOLCK;
    r->lock = *lock;
    r->op.kind = who->flock ? OP_FLOCK : OP_SETLKW;
    r->op.flags = who->flock ? who->flock : who->ofd ? F_OFD_SETLKW : F_SETLKW;
    r->op.arg = &r->lock;
    return request_start(r);
}

static int lock_now(int fd, struct flock *lock, const struct owner *who)
{
    if (who->flock)
        return flock(fd, who->flock | LOCK_NB) ? -errno : 0;
    if (fcntl(fd, who->ofd ? F_OFD_SETLK : F_SETLK, lock) == 0)
        return 0;
    return errno == EACCES ? -EAGAIN : -errno;
}

/* The call of flock(2) for it. */
static int flock_operation(const struct flock *lock)
{
    return lock->l_type == F_RDLCK ? LOCK_SH : lock->l_type == F_WRLCK ? LOCK_EX : LOCK_UN;
}

/* The fields that Tlock and Tgetlock share; flags: Tlock's, which stand among them, else NULL. */
static int get_request(struct p9_call *call, struct fid **fid, uint32_t *flags, struct flock *lock,
                       struct owner *who)
{
    uint8_t type;
    int err;

    *fid = fid_find(call->p9, p9_get32(&call->in));
    type = p9_get8(&call->in);
    if (flags)
        *flags = p9_get32(&call->in);
    err = get_range(&call->in, type & ~P9_LOCK_OFD, lock);
    if (call->in.bad)
        return -EPROTO;
    *who = (struct owner){.ofd = type & P9_LOCK_OFD,
                          .flock = !err && flags && *flags & P9_LOCK_FLOCK ? flock_operation(lock) : 0};
    return !*fid || !(*fid)->file || (*fid)->file->fd < 0 ? -EBADF : err;
}

int p9_lock(struct p9_call *call)
{
    struct fid *fid;
    uint32_t flags;
    struct flock lock;
    struct owner who;
    int err = get_request(call, &fid, &flags, &lock, &who);

    if (!err)
        err = lock_now(fid->file->fd, &lock, &who);
    if (err && err != -EAGAIN)
        return err;
    if (err && flags & P9_LOCK_WAIT)
        return lock_later(call, fid, &lock, &who);
    p9_put8(&call->out, err ? P9_LOCK_BLOCKED : P9_LOCK_SUCCESS);
    return 0;
}

int p9_getlock(struct p9_call *call)
{
    struct fid *fid;
    struct flock lock;
    struct owner who;
    int err = get_request(call, &fid, NULL, &lock, &who);

    if (err)
        return err;
    if (fcntl(fid->file->fd, who.ofd ? F_OFD_GETLK : F_GETLK, &lock))
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
