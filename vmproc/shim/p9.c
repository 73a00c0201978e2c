/* p9.c - takes messages apart, calls the function for each, sends its answer. */
#include "p9.h"
#include "p9_async.h"
#include "p9_fid.h"
#include "p9_requests.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef int request_function(struct p9_call *call);

static int p9_version(struct p9_call *call);

static request_function *const functions[256] = {
    [P9_TSTATFS] = p9_statfs,
    [P9_TLOPEN] = p9_lopen,
    [P9_TLCREATE] = p9_lcreate,
    [P9_TSYMLINK] = p9_symlink,
    [P9_TMKNOD] = p9_mknod,
    [P9_TRENAME] = p9_rename,
    [P9_TREADLINK] = p9_readlink,
    [P9_TGETATTR] = p9_getattr,
    [P9_TSETATTR] = p9_setattr,
    [P9_TXATTRWALK] = p9_no_xattr,
    [P9_TXATTRCREATE] = p9_no_xattr,
    [P9_TREADDIR] = p9_readdir,
    [P9_TFSYNC] = p9_fsync,
    [P9_TLOCK] = p9_lock,
    [P9_TGETLOCK] = p9_getlock,
    [P9_TLINK] = p9_link,
    [P9_TMKDIR] = p9_mkdir,
    [P9_TRENAMEAT] = p9_renameat,
    [P9_TUNLINKAT] = p9_unlinkat,
    [P9_TVERSION] = p9_version,
    [P9_TATTACH] = p9_attach,
    [P9_TFLUSH] = p9_flush,
    [P9_TWALK] = p9_walk,
    [P9_TREAD] = p9_read,
    [P9_TWRITE] = p9_write,
    [P9_TCLUNK] = p9_clunk,
    [P9_TREMOVE] = p9_remove,
    [P9_TREACH] = p9_reach,
    [P9_TBREAD] = p9_bread,
};

int p9_init(struct p9 *p9)
{
    p9->msize = P9_MIN_MSIZE;
    p9->in = malloc(P9_MAX_MSIZE);
    p9->reply = malloc(P9_MAX_MSIZE);
    return p9->in && p9->reply ? 0 : -ENOMEM;
}

static void clunk_all(struct p9 *p9)
{
    for (unsigned i = 0; i < P9_FID_BUCKETS; i++)
        while (p9->fid[i])
            fid_remove(p9, p9->fid[i]);
}

void p9_free(struct p9 *p9)
{
    requests_drop_all(p9);
    clunk_all(p9);
    if (p9->has_tree)
        tree_free(&p9->tree);
    bounce_free(&p9->bounce);
    free(p9->in);
    free(p9->reply);
}

int p9_make_tree(struct p9 *p9)
{
    int err = p9->has_tree ? 0 : p9->make_tree(&p9->tree, p9->sink);
    if (err)
        tree_free(&p9->tree);
    p9->has_tree = !err;
    return err;
}

/* A new session: what an earlier one left is gone. The tree is made now, before the program can have done
 * anything. */
static int p9_version(struct p9_call *call)
{
    struct p9 *p9 = call->p9;
    char version[32];
    uint32_t msize = p9_get32(&call->in);
    int err = p9_get_string(&call->in, version, sizeof version);
    bool known = !err && strcmp(version, "9P2000.L") == 0;
    if (call->in.bad || msize < P9_MIN_MSIZE)
        return -EPROTO;
    if (known) {
        requests_drop_all(p9);
        clunk_all(p9);
        err = p9_make_tree(p9);
        if (err)
            return err;
        p9->msize = msize < P9_MAX_MSIZE ? msize : P9_MAX_MSIZE;
    }
    p9_put32(&call->out, known ? p9->msize : msize);
    p9_put_string(&call->out, known ? "9P2000.L" : "unknown", known ? 8 : 7);
    return 0;
}

int p9_send_error(struct p9 *p9, uint16_t tag, int err)
{
    uint8_t reply[P9_HEAD + 4];
    struct p9_out out = p9_begin(reply, sizeof reply, P9_RLERROR, tag);
    p9_put32(&out, (uint32_t)err);
    return p9->send(p9->sink, reply, p9_end(&out));
}

static int perform(struct p9_call *call)
{
    request_function *function = functions[call->type];
    if (!function)
        return -EOPNOTSUPP;
    if (!call->p9->has_tree && call->type != P9_TVERSION)
        return -EPROTO;
    if (request_find(call->p9, call->tag))
        return -EEXIST;
    return function(call);
}

int p9_message(struct p9 *p9, const uint8_t *message, size_t len)
{
    struct p9_call call = {.p9 = p9, .in = {message, message + len, false}};
    int result;
    p9_get32(&call.in);
    call.type = p9_get8(&call.in);
    call.tag = p9_get16(&call.in);
    if (call.in.bad)
        return -EPROTO;
    call.out = p9_begin(p9->reply, p9->msize, (uint8_t)(call.type + 1), call.tag);
    p9->requests++;
    result = perform(&call);
    if (result == P9_LATER)
        return 0;
    if (result < 0)
        return p9_send_error(p9, call.tag, -result);
    return p9->send(p9->sink, p9->reply, p9_end(&call.out));
}

static uint32_t size_of(const uint8_t *message)
{
    struct p9_in in = {message, message + 4, false};
    return p9_get32(&in);
}

/* Messages are answered where they lie when they come whole, as nearly all do; only a part of one is kept. */
int p9_receive(struct p9 *p9, const uint8_t *bytes, size_t len)
{
    while (len) {
        const uint8_t *from = p9->in_len ? p9->in : bytes;
        size_t have = p9->in_len ? p9->in_len : len;
        uint32_t size = have >= 4 ? size_of(from) : 4;
        size_t take;
        int err;
        if (have >= 4 && (size < P9_HEAD || size > p9->msize))
            return -EPROTO;
        if (!p9->in_len && have >= 4 && have >= size) {
            err = p9_message(p9, bytes, size);
            if (err)
                return err;
            bytes += size;
            len -= size;
            continue;
        }
        take = size - p9->in_len < len ? size - p9->in_len : len;
        memcpy(p9->in + p9->in_len, bytes, take);
        p9->in_len += take;
        bytes += take;
        len -= take;
        if (p9->in_len >= P9_HEAD && p9->in_len == size_of(p9->in)) {
            size = (uint32_t)p9->in_len;
            p9->in_len = 0;
            err = p9_message(p9, p9->in, size);
            if (err)
                return err;
        }
    }
    return 0;
}
