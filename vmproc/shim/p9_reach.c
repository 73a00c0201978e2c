/* p9_reach.c - Treach: walk, open or create, and attributes, by the functions that Twalk, Tlopen, Tlcreate and Tgetattr
 * use, with one answer. */
#include "p9_parts.h"
#include "p9_requests.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct reach {
    uint32_t number, how, flags, mode;
    unsigned count;
    struct walked walked;
    struct place dir; /* with BESIDE: of the last name */
};

#define ATTRIBUTES_BYTES 153u /* Rgetattr's body */

static void put_head(struct p9_call *call, const struct reach *r, uint8_t type, bool opened)
{
    p9_put16(&call->out, (uint16_t)r->walked.count);
    p9_put8(&call->out, type);
    p9_put8(&call->out, opened);
}

/* The way goes on elsewhere, which is for the guest to find: where is said here. */
static int answer_link(struct p9_call *call, const struct reach *r, struct place *place)
{
    char target[PATH_MAX];
    ssize_t len = place->real ? readlinkat(place->fd, "", target, sizeof target) : -1;
    int err = !place->real ? -ENOENT : len < 0 ? -errno : 0;
    place_release(place);
    if (err)
        return err;
    if (p9_room(&call->out) < (size_t)len + 6)
        return -EMSGSIZE;
    put_head(call, r, P9_QTSYMLINK, false);
    p9_put_string(&call->out, target, (size_t)len);
    return 0;
}

/* The place becomes a fid, open if that is wanted. 0, OPEN_WAITS or -errno, and then there is no fid. */
static int make_fid(struct p9 *p9, struct reach *r, struct place *place, bool create)
{
    struct fid *fid;
    int err = place_to_number(p9, place, r->number, &fid);
    if (err)
        return err;
    if (create)
        err = fid_create(p9, fid, r->walked.name, r->flags, r->mode, &r->walked.st);
    else if (r->how & P9_REACH_OPEN)
        err = fid_open(p9, fid, r->flags, &r->walked.st);
    if (!err && r->how & P9_REACH_OPEN)
        err = fid_stat(fid, &r->walked.st); /* O_TRUNC may have changed it */
    if (err < 0)
        fid_remove(p9, fid);
    return err;
}

static int look(const struct p9 *p9, const struct place *dir, const char *name, struct stat *st)
{
    struct place place;
    int err = place_copy(&place, dir);
    if (err)
        return err;
    err = place_step(p9, &place, name);
    if (!err)
        err = stat_place(&place, st);
    place_release(&place);
    return err;
}

/* As many as there is room for. Nobody has asked for them yet: that one is refused is not told the user. */
static int put_beside(struct p9_call *call, const struct place *dir)
{
    struct p9 unheard = *call->p9;
    unsigned count = p9_get16(&call->in), done = 0;
    struct p9_out count_at = call->out;
    unheard.refused = NULL;
    p9_put16(&call->out, 0);
    for (; done < count && p9_room(&call->out) >= 4 + ATTRIBUTES_BYTES; done++) {
        char name[P9_NAME_MAX + 1];
        struct stat st;
        int err = p9_get_name(&call->in, name);
        if (call->in.bad)
            return -EPROTO;
        if (!err)
            err = look(&unheard, dir, name, &st);
        p9_put32(&call->out, (uint32_t)-err);
        if (!err)
            put_attributes(call, &st);
    }
    p9_put16(&count_at, (uint16_t)done);
    return 0;
}

static int answer(struct p9_call *call, struct reach *r, struct place *place, bool create)
{
    int err = 0;
    if (r->number != P9_NOFID)
        err = make_fid(call->p9, r, place, create);
    else
        place_release(place);
    if (err < 0)
        return err;
    put_head(call, r, qid_of_stat(call->p9, &r->walked.st).type, r->how & P9_REACH_OPEN && err != OPEN_WAITS);
    p9_put_string(&call->out, "", 0);
    if (r->how & P9_REACH_ATTR)
        put_attributes(call, &r->walked.st);
    return r->how & P9_REACH_BESIDE ? put_beside(call, &r->dir) : 0;
}

/* Walks. *create: all but the last name are there, and that is to be made. 0 or -errno. */
static int walk_or_make(struct p9_call *call, struct reach *r, struct place *place, bool *create)
{
    struct walked *walked = &r->walked;
    bool may_create = r->how & P9_REACH_CREATE && r->count;
    bool exclusive = may_create && r->flags & O_EXCL;
    int err = 0;
    walk_names(call, place, r->count - exclusive, NULL, r->how & P9_REACH_BESIDE ? &r->dir : NULL, walked);
    if (exclusive && !walked->err)
        err = S_ISDIR(walked->st.st_mode) ? p9_get_name(&call->in, walked->name) : -ENOTDIR;
    *create = may_create && walked->count + 1 == r->count && !err && walked->err == (exclusive ? 0 : -ENOENT);
    if (walked->count < r->count && !*create && !err)
        err = walked->err;
    return err;
}

static bool is_to_be_followed(const struct reach *r)
{
    return r->walked.count && S_ISLNK(r->walked.st.st_mode) &&
           (r->walked.count < r->count || r->how & P9_REACH_FOLLOW);
}

static bool makes_sense(const struct reach *r)
{
    bool opens = r->how & P9_REACH_OPEN;
    if (r->how & P9_REACH_CREATE && !opens)
        return false;
    if (r->how & P9_REACH_BESIDE && (opens || !r->count || !(r->how & P9_REACH_ATTR)))
        return false;
    return !opens || r->number != P9_NOFID;
}

int p9_reach(struct p9_call *call)
{
    struct fid *from = fid_find(call->p9, p9_get32(&call->in));
    struct reach r = {.number = p9_get32(&call->in), .dir.fd = -1};
    struct place place;
    bool create;
    int err;
    r.how = p9_get32(&call->in);
    r.flags = p9_get32(&call->in);
    r.mode = p9_get32(&call->in);
    r.count = p9_get16(&call->in);
    if (call->in.bad || r.count > P9_WALK_MAX)
        return -EPROTO;
    if (!from)
        return -EBADF;
    if (!makes_sense(&r))
        return -EINVAL;
    err = place_of_fid(&place, from);
    if (err)
        return err;
    err = walk_or_make(call, &r, &place, &create);
    if (call->in.bad)
        err = -EPROTO;
    if (!call->in.bad && is_to_be_followed(&r)) {
        err = answer_link(call, &r, &place);
    } else if (err) {
        place_release(&place);
    } else {
        err = answer(call, &r, &place, create);
    }
    place_release(&r.dir);
    return err;
}
