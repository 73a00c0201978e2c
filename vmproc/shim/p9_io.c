/* p9_io.c - Tread, Twrite, Tfsync. */
#include "p9_async.h"
#include "p9_fid.h"
#include "p9_requests.h"
#include "socket.h"
#include "vmproc/guest_abi.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_HEAD (P9_HEAD + 4)

/* A regular file that the program opened by name has the guest's offsets; what it inherited has the host's.
 */
static bool has_offsets(const struct fid *fid, uint64_t offset)
{
    return fid->file->class == FILE_PLAIN && offset != P9_HERE;
}

static int read_at(struct p9_call *call, const struct fid *fid, uint64_t offset, uint32_t count)
{
    uint8_t *count_at = call->out.at;
    struct p9_out patch;
    ssize_t n = pread(fid->file->fd, count_at + 4, count, (off_t)offset);
    if (n < 0)
        return -errno;
    patch = (struct p9_out){count_at, count_at, count_at + 4};
    p9_put32(&patch, (uint32_t)n);
    call->out.at += 4 + n;
    call->p9->in_bytes += (uint64_t)n;
    return 0;
}

/* ---- sockets: the offset has flags (guest_abi.h, P9_SOCKET) ---- */

/*
 * A socket's bytes go through socket.c when the guest says so, and a datagram's always, as somebody may have
 * sent it who was not given.
 */
static struct socket *socket_by(struct p9_call *call, struct fid *fid, uint64_t offset)
{
    bool datagrams = fid->inherited && (fid->inherited->info.socket & 0xffff) == SOCK_DGRAM;
    if (!fid->inherited || !call->p9->network || (offset == P9_HERE ? !datagrams : !(offset & P9_SOCKET)))
        return NULL;
    return socket_of(call->p9->network, fid->inherited);
}

static void set_flags(struct op *op, uint64_t offset)
{
    op->kind = OP_TRY;
    if (offset == P9_HERE)
        return;
    op->flags = (int)(offset & INT32_MAX);
    op->nowait = offset & MSG_DONTWAIT;
    op->request = offset & SOCKET_HEAD;
}

static int receive(struct p9_call *call, struct fid *fid, uint64_t offset, uint32_t count)
{
    struct request *r = request_new(call, fid, READ_HEAD + count);
    if (!r)
        return -ENOMEM;
    set_flags(&r->op, offset);
    r->op.attempt = socket_receive;
    r->op.poll_events = POLLIN;
    r->op.buf = r->bytes + READ_HEAD;
    r->op.len = count;
    return request_start(r);
}

static int transmit(struct p9_call *call, struct fid *fid, uint64_t offset, const uint8_t *data,
                    uint32_t count)
{
    uint32_t before = offset != P9_HERE && offset & SOCKET_HEAD ? sizeof(struct socket_head) : 0;
    struct request *r = count < before ? NULL : request_new(call, fid, count);
    if (!r)
        return count < before ? -EINVAL : -ENOMEM;
    memcpy(r->bytes, data, count);
    set_flags(&r->op, offset);
    r->op.attempt = socket_send;
    r->op.poll_events = POLLOUT;
    r->op.arg = before ? r->bytes : NULL;
    r->op.buf = r->bytes + before;
    r->op.len = r->wanted = count - before;
    return request_start(r);
}

static int read_by_message(struct p9_call *call, struct fid *fid, uint64_t offset, uint32_t count)
{
    struct request *r;
    if (count > call->p9->msize - READ_HEAD)
        count = call->p9->msize - READ_HEAD;
    if (socket_by(call, fid, offset))
        return receive(call, fid, offset, count);
    if (has_offsets(fid, offset))
        return read_at(call, fid, offset, count);
    r = request_new(call, fid, READ_HEAD + count);
    if (!r)
        return -ENOMEM;
    r->op.kind = OP_READ;
    r->op.buf = r->bytes + READ_HEAD;
    r->op.len = count;
    return request_start(r);
}

int p9_read(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    uint64_t offset = p9_get64(&call->in);
    uint32_t count = p9_get32(&call->in);
    if (call->in.bad)
        return -EPROTO;
    if (!fid || !fid->file)
        return -EBADF;
    return read_by_message(call, fid, offset, count);
}

/*
 * Into the bounce buffer goes what the disk answers at once. What has to be waited for does not: it could come when the
 * command is over and the buffer another one's.
 */
int p9_bread(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    uint64_t offset = p9_get64(&call->in);
    uint32_t count = p9_get32(&call->in), at = p9_get32(&call->in);
    ssize_t n = -EFAULT;
    if (call->in.bad)
        return -EPROTO;
    if (!fid || !fid->file)
        return -EBADF;
    if (fid->file->class == FILE_PLAIN)
        n = bounce_read(&call->p9->bounce, at, count, fid->file->fd,
                        offset == P9_HERE ? -1 : (int64_t)offset);
    if (n == -EFAULT) {
        call->type = P9_TREAD;
        call->out = p9_begin(call->p9->reply, call->p9->msize, P9_TREAD + 1, call->tag);
        return read_by_message(call, fid, offset, count);
    }
    if (n < 0)
        return (int)n;
    p9_put32(&call->out, (uint32_t)n);
    call->p9->in_bytes += (uint64_t)n;
    return 0;
}

static int write_at(struct p9_call *call, const struct fid *fid, uint64_t offset, const uint8_t *data,
                    uint32_t count)
{
    ssize_t n = pwrite(fid->file->fd, data, count, (off_t)offset);
    if (n < 0)
        return -errno;
    p9_put32(&call->out, (uint32_t)n);
    call->p9->out_bytes += (uint64_t)n;
    return 0;
}

int p9_write(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    uint64_t offset = p9_get64(&call->in);
    uint32_t count = p9_get32(&call->in);
    const uint8_t *data = p9_get_bytes(&call->in, count);
    struct request *r;
    if (call->in.bad)
        return -EPROTO;
    if (!fid || !fid->file)
        return -EBADF;
    if (socket_by(call, fid, offset))
        return transmit(call, fid, offset, data, count);
    if (has_offsets(fid, offset))
        return write_at(call, fid, offset, data, count);
    r = request_new(call, fid, count + TTY_FILTER_HELD);
    if (!r)
        return -ENOMEM;
    r->wanted = count;
    r->op.kind = OP_WRITE;
    r->op.buf = r->bytes;
    r->op.len = count;
    if (fid->file->filter)
        r->op.len = tty_filter_pass(fid->file->filter, data, count, r->bytes);
    else
        memcpy(r->bytes, data, count);
    return request_start(r);
}

int p9_fsync(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    uint32_t data_only = p9_get32(&call->in);
    if (call->in.bad)
        return -EPROTO;
    if (!fid || !fid->file)
        return -EBADF;
    return (data_only ? fdatasync(fid->file->fd) : fsync(fid->file->fd)) ? -errno : 0;
}
