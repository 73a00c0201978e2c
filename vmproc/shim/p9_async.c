/* p9_async.c - answers that come later, and Tflush. */
#include "p9_async.h"
#include "p9_requests.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_HEAD (P9_HEAD + 4)

struct request *request_find(const struct p9 *p9, uint16_t tag)
{
    struct request *r = p9->waiting;
    while (r && r->tag != tag)
        r = r->next;
    return r;
}

static void request_finish(struct op *op);

struct request *request_new(struct p9_call *call, struct fid *fid, size_t size)
{
    struct request *r = call->p9->nwaiting < P9_MAX_REQUESTS ? malloc(sizeof *r + size) : NULL;
    if (!r)
        return NULL;
    *r = (struct request){.p9 = call->p9,
                          .fid = fid,
                          .type = call->type,
                          .tag = call->tag,
                          .op = {.file = fid->file, .finish = request_finish, .owner = r}};
    fid->refs++;
    return r;
}

static void request_free(struct request *r)
{
    fid_unref(r->fid);
    free(r);
}

/* ---- answers by type ---- */

static uint32_t min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static int answer_read(struct request *r)
{
    struct p9_out out = p9_begin(r->bytes, READ_HEAD, P9_TREAD + 1, r->tag);
    uint32_t count = (uint32_t)r->op.result;
    r->p9->in_bytes += count;
    p9_put32(&out, count);
    out.at += count; /* the bytes are in place already */
    p9_end(&out);
    return r->p9->send(r->p9->sink, r->bytes, READ_HEAD + count);
}

static int answer_write(struct request *r)
{
    uint8_t reply[P9_HEAD + 4];
    struct p9_out out = p9_begin(reply, sizeof reply, P9_TWRITE + 1, r->tag);
    r->p9->out_bytes += (uint64_t)r->op.result;
    p9_put32(&out, (uint32_t)r->op.result == r->op.len ? r->wanted : min(r->wanted, (uint32_t)r->op.result));
    return r->p9->send(r->p9->sink, reply, p9_end(&out));
}

static int answer_open(struct request *r)
{
    uint8_t reply[P9_HEAD + P9_QID_BYTES + 4];
    struct p9_out out = p9_begin(reply, sizeof reply, (uint8_t)(r->type + 1), r->tag);
    struct stat st;
    struct p9_qid qid;
    int fd = (int)r->op.result;
    if (r->fid->file || fstat(fd, &st)) {
        close(fd);
        return p9_send_error(r->p9, r->tag, EBADF);
    }
    r->fid->file = file_new(fd, st.st_mode, r->p9->raw_terminal);
    if (!r->fid->file)
        return p9_send_error(r->p9, r->tag, ENOMEM);
    r->fid->opened = true;
    qid = qid_of_stat(r->p9, &st);
    p9_put_qid(&out, &qid);
    p9_put32(&out, 0);
    return r->p9->send(r->p9->sink, reply, p9_end(&out));
}

static int answer_lock(struct request *r)
{
    uint8_t reply[P9_HEAD + 1];
    struct p9_out out = p9_begin(reply, sizeof reply, P9_TLOCK + 1, r->tag);
    p9_put8(&out, 0); /* granted */
    return r->p9->send(r->p9->sink, reply, p9_end(&out));
}

static int request_answer(struct request *r)
{
    if (r->op.result < 0)
        return p9_send_error(r->p9, r->tag, (int)-r->op.result);
    switch (r->op.kind) {
    case OP_READ:
        return answer_read(r);
    case OP_WRITE:
        return answer_write(r);
    case OP_TRY:
        return r->type == P9_TREAD ? answer_read(r) : answer_write(r);
    case OP_OPEN:
        return answer_open(r); /* of Tlopen, or of Tlcreate of what was there */
    default:
        assert(r->op.kind == OP_SETLKW || r->op.kind == OP_FLOCK);
        return answer_lock(r);
    }
}

/* ---- life ---- */

int request_start(struct request *r)
{
    struct p9 *p9 = r->p9;
    if (op_start(p9->ops, &r->op)) {
        int err = request_answer(r);
        request_free(r);
        return err ? err : P9_LATER;
    }
    r->next = p9->waiting;
    p9->waiting = r;
    p9->nwaiting++;
    return P9_LATER;
}

/* Nothing can be done here about a send that fails: the loop sees the same of the port. */
static void request_finish(struct op *op)
{
    struct request *r = op->owner;
    struct request **link = &r->p9->waiting;
    while (*link != r)
        link = &(*link)->next;
    *link = r->next;
    r->p9->nwaiting--;
    if (r->dropped) {
        if (op->kind == OP_OPEN && op->result >= 0)
            close((int)op->result);
        request_free(r);
        return;
    }
    if (!r->nflush || op->result != -EINTR)
        request_answer(r);
    for (unsigned i = 0; i < r->nflush; i++) {
        uint8_t reply[P9_HEAD];
        struct p9_out out = p9_begin(reply, sizeof reply, P9_TFLUSH + 1, r->flush_tag[i]);
        r->p9->send(r->p9->sink, reply, p9_end(&out));
    }
    request_free(r);
}

int p9_flush(struct p9_call *call)
{
    uint16_t old = p9_get16(&call->in);
    struct request *r = request_find(call->p9, old);
    if (call->in.bad)
        return -EPROTO;
    if (!r)
        return 0; /* answered already, or never asked */
    if (r->nflush == REQUEST_FLUSHES)
        return -EBUSY;
    r->flush_tag[r->nflush++] = call->tag;
    op_cancel(call->p9->ops, &r->op);
    return P9_LATER;
}

void requests_cancel_fid(struct p9 *p9, const struct fid *fid)
{
    for (struct request *r = p9->waiting, *next; r; r = next) {
        next = r->next;
        if (r->fid == fid)
            op_cancel(p9->ops, &r->op);
    }
}

void requests_drop_all(struct p9 *p9)
{
    for (struct request *r = p9->waiting, *next; r; r = next) {
        next = r->next;
        r->dropped = true;
        op_cancel(p9->ops, &r->op);
    }
}

bool p9_reads_terminal(const struct p9 *p9)
{
    for (const struct request *r = p9->waiting; r; r = r->next)
        if (r->type == P9_TREAD && isatty(r->op.file->fd))
            return true;
    return false;
}
