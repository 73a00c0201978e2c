/* p9_walk.c - attach, walk, clunk. */
#include "p9_async.h"
#include "p9_parts.h"
#include "p9_requests.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "fd/N": N in decimal, nothing after it. */
static int inherited_by_name(const struct p9 *p9, const char *name, struct inherited **inherited)
{
    char *end;
    unsigned long number = strtoul(name, &end, 10);
    if (name[0] < '0' || name[0] > '9' || *end || number > INT32_MAX)
        return -ENOENT;
    *inherited = inherit_find(p9->inherit, (uint32_t)number);
    return *inherited && (*inherited)->file.fd >= 0 ? 0 : -EBADF;
}

static int attach_node(struct fid *fid, struct node *node)
{
    fid->node = node;
    fid->real = node->granted;
    if (!node->granted)
        return 0;
    fid->below = strdup("");
    fid->path_fd = dup(node->fd);
    return fid->below && fid->path_fd >= 0 ? 0 : -ENOMEM;
}

/* A directory is a place to walk from, for openat(2) and fchdir(2); the rest is a description to read and
 * write. */
static int attach_inherited(struct p9 *p9, struct fid *fid, struct inherited *inherited)
{
    struct node *node;
    if (!S_ISDIR(inherited->info.mode)) {
        fid->inherited = inherited;
        inherit_use(inherited);
        fid->file = &inherited->file;
        fid->opened = true;
        return 0;
    }
    node = tree_grant_fd(&p9->tree, inherited->file.fd, inherited->info.same_as);
    return node ? attach_node(fid, node) : -ENOMEM;
}

int p9_attach(struct p9_call *call)
{
    char user[64], name[32];
    struct inherited *inherited = NULL;
    struct fid *fid;
    struct stat st;
    struct p9_qid qid;
    uint32_t number = p9_get32(&call->in);
    uint32_t auth = p9_get32(&call->in);
    int err = p9_get_string(&call->in, user, sizeof user);
    int err2 = p9_get_string(&call->in, name, sizeof name);
    if (call->in.bad)
        return -EPROTO;
    if (err || err2 || auth != P9_NOFID)
        return -EINVAL;
    if (strncmp(name, "fd/", 3) == 0)
        err = inherited_by_name(call->p9, name + 3, &inherited);
    else if (name[0] && strcmp(name, "/") != 0)
        err = -ENOENT;
    if (!err)
        err = fid_add(call->p9, number, &fid);
    if (err)
        return err;
    err = inherited ? attach_inherited(call->p9, fid, inherited) : attach_node(fid, &call->p9->tree.root);
    if (!err)
        err = fid_stat(fid, &st);
    if (err) {
        fid->node = &call->p9->tree.root;
        fid_remove(call->p9, fid);
        return err;
    }
    qid = qid_of_stat(call->p9, &st);
    p9_put_qid(&call->out, &qid);
    return 0;
}

int stat_place(const struct place *place, struct stat *st)
{
    return fstat(place->real ? place->fd : place->node->fd, st) ? -errno : 0;
}

void walk_names(struct p9_call *call, struct place *place, unsigned count, struct p9_qid qids[],
                struct place *before, struct walked *walked)
{
    struct stat st;
    int err = 0;
    walked->count = 0;
    while (walked->count < count && !err) {
        err = p9_get_name(&call->in, walked->name);
        if (!err && walked->count && !S_ISDIR(walked->st.st_mode))
            err = -ENOTDIR;
        if (!err && before && walked->count + 1 == count)
            err = place_copy(before, place);
        if (!err)
            err = place_step(call->p9, place, walked->name);
        if (!err)
            err = stat_place(place, &st);
        if (!err) {
            walked->st = st;
            if (qids)
                qids[walked->count] = qid_of_stat(call->p9, &st);
            walked->count++;
        }
    }
    if (!count)
        err = stat_place(place, &walked->st);
    walked->err = err;
}

static int clone_inherited(struct p9 *p9, const struct fid *from, uint32_t number)
{
    struct fid *to;
    int err = fid_add(p9, number, &to);
    if (err)
        return err;
    to->inherited = from->inherited;
    inherit_use(to->inherited);
    to->file = from->file;
    to->opened = true;
    return 0;
}

int place_to_number(struct p9 *p9, struct place *place, uint32_t number, struct fid **fid)
{
    int err = fid_add(p9, number, fid);
    if (err) {
        place_release(place);
        return err;
    }
    err = place_into_fid(place, *fid);
    if (err) {
        (*fid)->node = &p9->tree.root;
        fid_remove(p9, *fid);
    }
    return err;
}

int p9_walk(struct p9_call *call)
{
    struct p9_qid qids[P9_WALK_MAX];
    struct fid *from = fid_find(call->p9, p9_get32(&call->in)), *to;
    uint32_t number = p9_get32(&call->in);
    unsigned count = p9_get16(&call->in);
    struct walked walked;
    struct place place;
    int err;
    if (call->in.bad || count > P9_WALK_MAX)
        return -EPROTO;
    if (!from)
        return -EBADF;
    if (from->inherited && count == 0) {
        err = number == from->number ? 0 : clone_inherited(call->p9, from, number);
        p9_put16(&call->out, 0);
        return err;
    }
    if (from->opened && number == from->number)
        return -EINVAL; /* an open fid does not move */
    err = place_of_fid(&place, from);
    if (err)
        return err;
    walk_names(call, &place, count, qids, NULL, &walked);
    if (walked.count < count) {
        place_release(&place);
        err = walked.count ? 0 : walked.err;
    } else if (number == from->number) {
        err = place_into_fid(&place, from);
    } else {
        err = place_to_number(call->p9, &place, number, &to);
    }
    if (err)
        return err;
    p9_put16(&call->out, (uint16_t)walked.count);
    for (unsigned i = 0; i < walked.count; i++)
        p9_put_qid(&call->out, &qids[i]);
    return 0;
}

int p9_clunk(struct p9_call *call)
{
    struct fid *fid = fid_find(call->p9, p9_get32(&call->in));
    if (call->in.bad)
        return -EPROTO;
    if (!fid)
        return -EBADF;
    requests_cancel_fid(call->p9, fid);
    fid_remove(call->p9, fid);
    return 0;
}
