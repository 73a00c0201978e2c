/* p9file.c - operations of a file opened by path. file->id is its fid, file->data the rest. */
#include "p9file.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>

#include "dirent.h"
#include "hostfd.h"
#include "kmem.h"
#include "lib.h"
#include "news.h"
#include "openflags.h"
#include "p9.h"
#include "poll.h"
#include "readahead.h"
#include "statahead.h"
#include "usercopy.h"

struct p9file {
    char *where; /* its absolute path */
    struct readahead *ahead;
    /* What it was when it was opened, for the fstat(2) that comes next. As with what was read ahead (readahead.h), nobody can
     * tell that it was not asked for then, until there are news. */
    struct kstat st;
    uint64_t st_news, st_since;
};

static void hold_stat(struct p9file *p, const struct path *path)
{
    p->st_news = UINT64_MAX;
    if (!path->st)
        return;
    p->st = *path->st;
    p->st_since = path->since;
    p->st_news = news_count();
    news_keep_attributes();
}

static bool holds_stat(const struct p9file *p)
{
    return news_none_since(p->st_news, p->st_since);
}

static struct p9file *p9(const struct file *f)
{
    return f->data;
}

uint32_t p9file_open_flags(uint32_t flags)
{
    return open_flags_to_wire(flags & (O_ACCMODE | O_TRUNC | O_APPEND | O_NONBLOCK | O_DSYNC | O_SYNC |
                                       O_DIRECTORY | O_NOFOLLOW | O_NOATIME));
}

static uint32_t fid(const struct file *f)
{
    return (uint32_t)f->id;
}

static long p9file_read(struct file *f, struct iobuf *to, uint64_t *pos)
{
    long n = readahead_read(&p9(f)->ahead, f, fid(f), to, pos ? *pos : f->pos);
    if (n > 0 && !pos)
        f->pos += (uint64_t)n;
    return n;
}

static long p9file_write(struct file *f, struct iobuf *from, uint64_t *pos)
{
    bool spares = readahead_spares(f) && !news_attributes_are_kept();
    if (!spares)
        news_came();
    long n = p9_write_silently(fid(f), from, pos ? *pos : f->pos);
    if (!spares || n != (long)from->len ||
        news_attributes_are_kept()) /* another task may have opened it meanwhile */
        news_came();
    if (n > 0 && !pos)
        f->pos += (uint64_t)n;
    return n;
}

static int p9file_stat(struct file *f, struct kstat *st)
{
    if (!holds_stat(p9(f)))
        return p9_getattr(fid(f), st);
    *st = p9(f)->st;
    return 0;
}

bool p9file_is(const struct file *f)
{
    return f->ops->stat == p9file_stat;
}

static long p9file_seek(struct file *f, int64_t offset, int whence)
{
    struct kstat st = {0};
    int error = whence == SEEK_END ? p9_getattr(fid(f), &st) : 0;
    return error ? error : file_seek_local(f, offset, whence, st.size);
}

static int p9file_setattr(struct file *f, const struct kattr *attr)
{
    return p9_setattr(fid(f), attr);
}

static int p9file_sync(struct file *f)
{
    return p9_fsync(fid(f));
}

static int p9file_lock(struct file *f, const struct file_lock *lock, bool wait)
{
    return p9_lock(fid(f), lock, wait);
}

static int p9file_get_lock(struct file *f, struct file_lock *lock)
{
    return p9_getlock(fid(f), lock);
}

static int p9file_statfs(struct file *f, struct statfs *st)
{
    return p9_statfs(fid(f), st);
}

static int p9file_describe(struct file *f, char *buf, size_t size)
{
    return format(buf, size, "%s", p9(f)->where);
}

static void p9file_release(struct file *f)
{
    p9_clunk(fid(f));
    readahead_free(p9(f)->ahead);
    kfree(p9(f)->where);
    kfree(f->data);
}

static uint32_t p9dir_walk_fid(struct file *f)
{
    return fid(f);
}

/* ---- directories ---- */

/* qid[13] offset[8] type[1] name[s] -> struct linux_dirent64; the bytes stored, 0: no room, -EIO: malformed.
 */
static long convert_entry(struct file *f, const char **at, const char *end, uint64_t to, size_t room)
{
    const char *e = *at;
    uint16_t n;
    if (end - e < 24)
        return -EIO;
    struct dirent d = {.type = (uint8_t)e[21]};
    memcpy(&d.ino, e + 5, 8);
    memcpy(&d.off, e + 13, 8);
    memcpy(&n, e + 22, 2);
    if (n > DIRENT_NAME_MAX || end - e < 24 + n)
        return -EIO;
    long stored = dirent_store(to, room, &d, e + 24, n);
    if (stored > 0) {
        f->pos = (uint64_t)d.off;
        *at = e + 24 + n;
    }
    return stored;
}

static long p9dir_getdents(struct file *f, uint64_t to, size_t size)
{
    bool first = f->pos == 0;
    uint32_t ask = (uint32_t)MIN(MIN(size, 32768), p9_max_data());
    if (ask < 300)
        ask = 300; /* one entry at least must fit a reply */
    char *buf = buffer_alloc(ask);
    if (!buf)
        return -ENOMEM;
    long n = p9_readdir(fid(f), f->pos, buf, ask);
    const char *at = buf;
    long stored = 0, r = n < 0 ? n : 0;
    while (n > 0 && at < buf + n) {
        const char *e = at;
        r = convert_entry(f, &at, buf + n, to + (uint64_t)stored, size - (uint64_t)stored);
        if (r <= 0) {
            r = r ? r : stored ? 0 : -EINVAL;
            break;
        }
        statahead_listed(f->serial, first && !stored, (uint8_t)e[21], e + 24, (size_t)(at - e) - 24);
        stored += r;
    }
    buffer_free(buf, ask);
    return stored ? stored : r < 0 ? r : 0;
}

static long p9dir_read(struct file *f, struct iobuf *to, uint64_t *pos)
{
    return -EISDIR;
}

/* The host's own offset counts from now on: it is the child's as well. */
static int64_t p9file_share(struct file *f)
{
    struct ctl_fd fd;
    int64_t number = ctl_call(&(struct ctl_request){
        .op = CALL_ADOPT, .a = fid(f), .b = (int64_t)f->pos, .data = &fd, .data_cap = sizeof fd});
    if (number < 0)
        return number;
    struct file *host = hostfd_new(&fd);
    if (!host)
        return -ENOMEM;
    if (f->ops->share == p9file_share)
        hostfd_swap(f, host);
    file_unref(host);
    return f->ops->share(f);
}

static const struct file_ops file_ops = {
    .read = p9file_read,
    .write = p9file_write,
    .seek = p9file_seek,
    .stat = p9file_stat,
    .setattr = p9file_setattr,
    .sync = p9file_sync,
    .lock = p9file_lock,
    .get_lock = p9file_get_lock,
    .statfs = p9file_statfs,
    .describe = p9file_describe,
    .share = p9file_share,
    .release = p9file_release,
};

uint32_t p9file_fid(const struct file *f)
{
    return f->ops == &file_ops && f->regular ? fid(f) : 0;
}

static const struct file_ops dir_ops = {
    .read = p9dir_read,
    .seek = p9file_seek,
    .stat = p9file_stat,
    .setattr = p9file_setattr,
    .getdents = p9dir_getdents,
    .sync = p9file_sync,
    .lock = p9file_lock,
    .get_lock = p9file_get_lock,
    .statfs = p9file_statfs,
    .describe = p9file_describe,
    .walk_fid = p9dir_walk_fid,
    .release = p9file_release,
};

int p9file_new(struct path *p, uint32_t flags, struct file **file)
{
    size_t n = strlen(p->where) + 1;
    char *where = kmalloc(n);
    struct p9file *data = kmalloc(sizeof *data);
    struct file *f = where && data ? file_new(p->qid_type & P9_QTDIR ? &dir_ops : &file_ops, flags) : NULL;
    if (!f) {
        kfree(where);
        kfree(data);
        p9_clunk(p->fid);
        return -ENOMEM;
    }
    memcpy(where, p->where, n);
    *data = (struct p9file){.where = where};
    hold_stat(data, p);
    f->data = data;
    f->id = p->fid;
    if (p->st)
        file_note(f, p->st);
    *file = f;
    return 0;
}
