/* p9calls.c - one function per 9P2000.L request. */
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "bounce.h"
#include "lib.h"
#include "p9.h"

#define GETATTR_BASIC 0x7ffull
#define BOUNCE_LEAST  8192u /* what is less goes by the port as quickly */

/* The type in a reply's qid[13]. */
static uint8_t get_qid(struct p9_msg *m)
{
    uint8_t type = p9_get8(m);
    p9_get32(m);
    p9_get64(m);
    return type;
}

static int done_with_qid(struct p9_msg *m, int error)
{
    if (!error)
        get_qid(m);
    return p9_done(m, error);
}

int p9_attach(const char *aname, uint32_t *fid)
{
    int error = p9_session();
    if (error)
        return error;
    *fid = p9_fid_new();
    if (*fid == P9_NOFID)
        return -EMFILE;
    struct p9_msg *m = p9_new(P9_TATTACH);
    p9_put32(m, *fid);
    p9_put32(m, P9_NOFID);
    p9_put_string(m, "");
    p9_put_string(m, aname);
    p9_put32(m, current->uid);
    error = done_with_qid(m, p9_call(m, false));
    if (error)
        p9_fid_free(*fid);
    return error;
}

static void get_attributes(struct p9_msg *m, struct kstat *st)
{
    p9_get64(m); /* valid */
    p9_get8(m);  /* qid: type, version, path */
    p9_get32(m);
    st->ino = p9_get64(m);
    st->dev = 1; /* 9P has no device number: the whole tree looks like one file system */
    st->mode = p9_get32(m);
    st->uid = p9_get32(m);
    st->gid = p9_get32(m);
    st->nlink = p9_get64(m);
    st->rdev = p9_get64(m);
    st->size = p9_get64(m);
    st->blksize = p9_get64(m);
    st->blocks = p9_get64(m);
    st->atime_sec = p9_get64(m), st->atime_nsec = p9_get64(m);
    st->mtime_sec = p9_get64(m), st->mtime_nsec = p9_get64(m);
    st->ctime_sec = p9_get64(m), st->ctime_nsec = p9_get64(m);
    for (unsigned i = 0; i < 4; i++)
        p9_get64(m); /* birth, generation, data version */
}

static int get_beside(struct p9_msg *m, struct p9_reach *r)
{
    unsigned n = p9_get16(m);
    if (n > r->nbeside)
        return -EIO;
    r->nbeside = n;
    for (unsigned i = 0; i < n; i++) {
        uint32_t error = p9_get32(m);
        if (error > 4095)
            return -EIO;
        r->beside[i].error = -(int)error;
        if (!error)
            get_attributes(m, &r->beside[i].st);
    }
    return 0;
}

/* What it says, when it makes sense. */
static int get_reached(struct p9_msg *m, struct p9_reach *r)
{
    const char *target;
    r->walked = p9_get16(m);
    r->type = p9_get8(m);
    r->opened = p9_get8(m) != 0;
    uint16_t n = p9_get_string(m, &target);
    r->link = n > 0;
    if (r->walked > r->n || n >= P9_TARGET ||
        (r->link ? !r->walked : r->walked < r->n && !(r->how & P9_REACH_CREATE)))
        return -EIO;
    memcpy(r->target, target, n);
    r->target[n] = '\0';
    if (r->link)
        r->nbeside = 0;
    else if (r->how & P9_REACH_ATTR)
        get_attributes(m, r->st);
    return r->nbeside ? get_beside(m, r) : 0;
}

int p9_reach(struct p9_reach *r)
{
    r->new_fid = r->want_fid ? p9_fid_new() : P9_NOFID;
    if (r->want_fid && r->new_fid == P9_NOFID)
        return -EMFILE;
    struct p9_msg *m = p9_new(P9_TREACH);
    p9_put32(m, r->fid);
    p9_put32(m, r->new_fid);
    p9_put32(m, r->how | (r->nbeside ? P9_REACH_BESIDE : 0));
    p9_put32(m, r->flags);
    p9_put32(m, r->mode);
    p9_put16(m, (uint16_t)r->n);
    for (unsigned i = 0; i < r->n; i++)
        p9_put_string(m, r->names[i]);
    if (r->nbeside)
        p9_put16(m, (uint16_t)r->nbeside);
    for (unsigned i = 0; i < r->nbeside; i++)
        p9_put_string(m, r->beside[i].name);
    int error = p9_call(m, false);
    if (!error)
        error = get_reached(m, r);
    error = p9_done(m, error);
    if (r->want_fid && (error || r->link))
        p9_fid_free(r->new_fid);
    return error;
}

void p9_clunk(uint32_t fid)
{
    struct p9_msg *m = p9_new(P9_TCLUNK);
    if (!m)
        return; /* the fid stays in use on both sides */
    p9_put32(m, fid);
    m->detached = true;
    m->old_fid = fid;
    if (p9_send(m) != 0)
        p9_done(m, 0);
}

int p9_lopen(uint32_t fid, uint32_t flags)
{
    struct p9_msg *m = p9_new(P9_TLOPEN);
    p9_put32(m, fid);
    p9_put32(m, flags);
    return done_with_qid(m, p9_call(m, true));
}

struct p9_msg *p9_read_send(uint32_t fid, const struct iobuf *to, uint64_t offset)
{
    uint32_t n = (uint32_t)MIN(to->len, BOUNCE_MOST), at = 0;
    bool bounces = n >= BOUNCE_LEAST && bounce_take(n, &at);
    struct p9_msg *m = p9_new(bounces ? P9_TBREAD : P9_TREAD);
    n = bounces ? n : MIN(n, p9_max_data());
    p9_put32(m, fid);
    p9_put64(m, offset);
    p9_put32(m, n);
    if (bounces)
        p9_put32(m, at);
    if (m) {
        m->data = (struct iobuf){to->base, n, to->user};
        m->bounce_at = at, m->bounce_len = bounces ? n : 0;
    } else if (bounces) {
        bounce_give_back(at, n);
    }
    p9_send(m);
    return m;
}

/* What lies in the bounce buffer goes to where it was asked for. */
static int take_bounced(struct p9_msg *m)
{
    m->data_len = p9_get32(m);
    if (m->data_len > m->data.len)
        return -EIO;
    return iobuf_put(&m->data, 0, bounce_bytes(m->bounce_at), m->data_len);
}

long p9_read_finish(struct p9_msg *m, bool interruptible)
{
    int error = p9_wait(m, interruptible);
    if (!error && m->bounced)
        error = take_bounced(m);
    long got = m ? m->data_len : 0;
    error = p9_done(m, error);
    return error ? error : got;
}

long p9_read(uint32_t fid, struct iobuf *to, uint64_t offset, bool interruptible)
{
    uint32_t n = (uint32_t)MIN(to->len, MAX(p9_max_data(), BOUNCE_MOST));
    int error = iobuf_prepare(to, n, true); /* a bad buffer must not cost the input its bytes */
    if (error)
        return error;
    return p9_read_finish(p9_read_send(fid, &(struct iobuf){to->base, n, to->user}, offset), interruptible);
}

static long write_file(uint32_t fid, struct iobuf *from, uint64_t offset, bool interruptible, bool silent)
{
    uint32_t n = (uint32_t)MIN(from->len, p9_max_data());
    struct p9_msg *m = p9_new(P9_TWRITE);
    p9_put32(m, fid);
    p9_put64(m, offset);
    p9_put32(m, n);
    if (m) {
        m->data = *from;
        m->data_len = n;
        m->silent = silent;
    }
    int error = p9_call(m, interruptible);
    uint32_t done = error ? 0 : p9_get32(m);
    error = p9_done(m, error);
    return error ? error : done > n ? -EIO : (long)done;
}

long p9_write(uint32_t fid, struct iobuf *from, uint64_t offset, bool interruptible)
{
    return write_file(fid, from, offset, interruptible, false);
}

long p9_write_silently(uint32_t fid, struct iobuf *from, uint64_t offset)
{
    return write_file(fid, from, offset, true, true);
}

long p9_readdir(uint32_t fid, uint64_t offset, char *to, uint32_t size)
{
    struct p9_msg *m = p9_new(P9_TREADDIR);
    p9_put32(m, fid);
    p9_put64(m, offset);
    p9_put32(m, size);
    if (m)
        m->data = (struct iobuf){to, size, false};
    int error = p9_call(m, false);
    long got = m ? m->data_len : 0;
    error = p9_done(m, error);
    return error ? error : got;
}

int p9_getattr(uint32_t fid, struct kstat *st)
{
    struct p9_msg *m = p9_new(P9_TGETATTR);
    p9_put32(m, fid);
    p9_put64(m, GETATTR_BASIC);
    int error = p9_call(m, false);
    if (!error)
        get_attributes(m, st);
    return p9_done(m, error);
}

int p9_setattr(uint32_t fid, const struct kattr *a)
{
    struct p9_msg *m = p9_new(P9_TSETATTR);
    p9_put32(m, fid);
    p9_put32(m, a->mask);
    p9_put32(m, a->mode);
    p9_put32(m, a->uid);
    p9_put32(m, a->gid);
    p9_put64(m, a->size);
    p9_put64(m, a->atime_sec);
    p9_put64(m, a->atime_nsec);
    p9_put64(m, a->mtime_sec);
    p9_put64(m, a->mtime_nsec);
    return p9_done(m, p9_call(m, false));
}

long p9_readlink(uint32_t fid, char *to, size_t size)
{
    struct p9_msg *m = p9_new(P9_TREADLINK);
    p9_put32(m, fid);
    int error = p9_call(m, false);
    long n = 0;
    if (!error) {
        const char *target;
        n = p9_get_string(m, &target);
        n = (long)MIN((size_t)n, size);
        memcpy(to, target, (size_t)n);
    }
    error = p9_done(m, error);
    return error ? error : n;
}

int p9_fsync(uint32_t fid)
{
    struct p9_msg *m = p9_new(P9_TFSYNC);
    p9_put32(m, fid);
    p9_put32(m, 0);
    return p9_done(m, p9_call(m, false));
}

int p9_statfs(uint32_t fid, struct statfs *st)
{
    struct p9_msg *m = p9_new(P9_TSTATFS);
    p9_put32(m, fid);
    int error = p9_call(m, false);
    if (!error) {
        memset(st, 0, sizeof *st);
        st->f_type = p9_get32(m);
        st->f_bsize = p9_get32(m);
        st->f_blocks = (long)p9_get64(m);
        st->f_bfree = (long)p9_get64(m);
        st->f_bavail = (long)p9_get64(m);
        st->f_files = (long)p9_get64(m);
        st->f_ffree = (long)p9_get64(m);
        uint64_t id = p9_get64(m);
        memcpy(&st->f_fsid, &id, sizeof st->f_fsid);
        st->f_namelen = p9_get32(m);
        st->f_frsize = st->f_bsize;
    }
    return p9_done(m, error);
}

static void put_lock_type(struct p9_msg *m, const struct file_lock *lock)
{
    p9_put8(m, (uint8_t)(lock->type | (lock->kind == LOCK_OF_DESCRIPTION ? P9_LOCK_OFD : 0)));
}

static void put_lock(struct p9_msg *m, const struct file_lock *lock)
{
    p9_put64(m, lock->start);
    p9_put64(m, lock->len);
    p9_put32(m, current->pid);
    p9_put_string(m, current->leader->hostname);
}

int p9_lock(uint32_t fid, const struct file_lock *lock, bool wait)
{
    struct p9_msg *m = p9_new(P9_TLOCK);
    p9_put32(m, fid);
    put_lock_type(m, lock);
    p9_put32(m, (wait ? P9_LOCK_WAIT : 0) | (lock->kind == LOCK_OF_FILE ? P9_LOCK_FLOCK : 0));
    put_lock(m, lock);
    int error = p9_call(m, true);
    uint8_t status = error ? 0 : p9_get8(m);
    error = p9_done(m, error);
    return error ? error : status == P9_LOCK_SUCCESS ? 0 : status == P9_LOCK_BLOCKED ? -EAGAIN : -ENOLCK;
}

int p9_getlock(uint32_t fid, struct file_lock *lock)
{
    struct p9_msg *m = p9_new(P9_TGETLOCK);
    p9_put32(m, fid);
    put_lock_type(m, lock);
    put_lock(m, lock);
    int error = p9_call(m, true);
    if (!error) {
        lock->type = p9_get8(m);
        lock->start = p9_get64(m);
        lock->len = p9_get64(m);
        lock->pid = p9_get32(m);
    }
    return p9_done(m, error);
}

int p9_mkdir(uint32_t dir, const char *name, uint32_t mode)
{
    struct p9_msg *m = p9_new(P9_TMKDIR);
    p9_put32(m, dir);
    p9_put_string(m, name);
    p9_put32(m, mode);
    p9_put32(m, current->gid);
    return p9_done(m, p9_call(m, false));
}

int p9_mknod(uint32_t dir, const char *name, uint32_t mode, uint64_t dev)
{
    struct p9_msg *m = p9_new(P9_TMKNOD);
    p9_put32(m, dir);
    p9_put_string(m, name);
    p9_put32(m, mode);
    p9_put32(m, (uint32_t)(dev >> 8 & 0xfff));
    p9_put32(m, (uint32_t)((dev & 0xff) | (dev >> 12 & 0xfff00)));
    p9_put32(m, current->gid);
    return p9_done(m, p9_call(m, false));
}

int p9_symlink(uint32_t dir, const char *name, const char *target)
{
    struct p9_msg *m = p9_new(P9_TSYMLINK);
    p9_put32(m, dir);
    p9_put_string(m, name);
    p9_put_string(m, target);
    p9_put32(m, current->gid);
    return p9_done(m, p9_call(m, false));
}

int p9_link(uint32_t dir, uint32_t fid, const char *name)
{
    struct p9_msg *m = p9_new(P9_TLINK);
    p9_put32(m, dir);
    p9_put32(m, fid);
    p9_put_string(m, name);
    return p9_done(m, p9_call(m, false));
}

int p9_rename(uint32_t old_dir, const char *old_name, uint32_t new_dir, const char *new_name)
{
    struct p9_msg *m = p9_new(P9_TRENAMEAT);
    p9_put32(m, old_dir);
    p9_put_string(m, old_name);
    p9_put32(m, new_dir);
    p9_put_string(m, new_name);
    return p9_done(m, p9_call(m, false));
}

int p9_unlink(uint32_t dir, const char *name, uint32_t flags)
{
    struct p9_msg *m = p9_new(P9_TUNLINKAT);
    p9_put32(m, dir);
    p9_put_string(m, name);
    p9_put32(m, flags);
    return p9_done(m, p9_call(m, false));
}
