/* hostfd.c - operations of inherited descriptors, by the way their bytes travel (enum ctl_via). */
#include "hostfd.h"

#include <asm/ioctls.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>

#include "console.h"
#include "kmem.h"
#include "lib.h"
#include "news.h"
#include "openflags.h"
#include "p9.h"
#include "pipe.h"
#include "poll.h"
#include "process.h"
#include "pump.h"
#include "readahead.h"
#include "usercopy.h"
#include "wire.h"

#define OUTPUT_PIECE (64u << 10)

/* One per open file description of the host. */
struct host_fd {
    struct ctl_fd fd;
    uint32_t fid; /* 0: not attached */
    struct netsock sock;
    struct readahead *ahead; /* of one that is CTL_FD_OWN */
};

static struct host_fd *host(struct file *f)
{
    return f->data;
}

static bool is_stream(uint8_t via)
{
    return via == VIA_OUT || via == VIA_ERR;
}

/* Its position is file->pos; else the host's. */
static bool is_own(const struct host_fd *h)
{
    return h->fd.flags & CTL_FD_OWN;
}

/* The fid of "fd/N", attached when first needed. */
static int fid_of(struct host_fd *h, uint32_t *fid)
{
    int error = 0;
    if (!h->fid) {
        char name[16];
        uint32_t fresh;
        format(name, sizeof name, "fd/%u", h->fd.fd);
        error = p9_attach(name, &fresh);
        if (!error && h->fid)
            p9_clunk(fresh); /* another task was faster */
        else if (!error)
            h->fid = fresh;
    }
    *fid = h->fid;
    return error;
}

static int64_t call(struct host_fd *h, enum ctl_call_op op, int64_t a, int64_t b)
{
    return ctl_call(&(struct ctl_request){.op = op, .fd = h->fd.fd, .a = a, .b = b});
}

/* The host does calls after all output that came before them; 9P requests it does at once. */
static int64_t output_barrier(struct host_fd *h)
{
    return is_stream(h->fd.write_via) ? call(h, CALL_LSEEK, 0, SEEK_CUR) : 0;
}

/* The host is told where an own one is, as it is about to be asked, or to share it. */
static int64_t tell_position(struct file *f)
{
    struct host_fd *h = host(f);
    return is_own(h) ? call(h, CALL_LSEEK, (int64_t)f->pos, SEEK_SET) : 0;
}

/* Is it ready for events, without waiting? */
static bool ready(struct file *f, unsigned events)
{
    struct poll_slot slot = {.file = f, .events = events};
    return poll_wait(&slot, 1, 0) > 0;
}

/* ---- reading and writing ---- */

static long own_read(struct file *f, uint32_t fid, struct iobuf *to, uint64_t *pos)
{
    struct host_fd *h = host(f);
    long n = readahead_read(&h->ahead, f, fid, to, pos ? *pos : f->pos);
    if (n > 0 && !pos) {
        f->pos += (uint64_t)n;
        if (!is_own(h)) /* another task has given it to a child meanwhile */
            call(h, CALL_LSEEK, n, SEEK_CUR);
    }
    return n;
}

static long host_read(struct file *f, struct iobuf *to, uint64_t *pos)
{
    struct host_fd *h = host(f);
    bool wait = !(f->flags & O_NONBLOCK);
    uint32_t fid;
    int error;
    long done;
    if (pos && !(h->fd.flags & CTL_FD_SEEK))
        return -ESPIPE;
    switch (h->fd.read_via) {
    case VIA_NULL:
        return 0;
    case VIA_WIRE:
        done = wire_read(to, wait);
        news_came();
        return done;
    case VIA_FID:
        error = fid_of(h, &fid);
        if (error)
            return error;
        if (h->fd.socket)
            return netsock_move(f, to, 0, WAY_IN);
        if (!wait && !(h->fd.flags & CTL_FD_SEEK) && !ready(f, POLLIN))
            return -EAGAIN;
        return is_own(h) ? own_read(f, fid, to, pos) : p9_read(fid, to, pos ? *pos : P9_HERE, true);
    }
    return -EBADF;
}

static long write_stream(struct host_fd *h, struct iobuf *from, bool wait)
{
    enum ctl_via via = h->fd.write_via;
    struct port *port = &ports[via == VIA_OUT ? PORT_OUT : PORT_ERR];
    size_t done = 0;
    int error = 0;
    while (done < from->len && !error) {
        struct iobuf rest = {from->base + done, MIN(from->len - done, MIN(OUTPUT_PIECE, port->tx_size / 2)),
                             from->user};
        uint32_t n = (uint32_t)rest.len;
        if (!port_is_open(port) || ctl_output_broken(via))
            error = -EPIPE;
        else if (!wait && !port_reserve(port, n))
            error = -EAGAIN;
        else
            error = iobuf_prepare(&rest, n, false);
        char *room = error ? NULL : port_reserve_wait(port, n, true, &error);
        if (!room || ctl_output_broken(via)) {
            error = room ? -EPIPE : error;
            break;
        }
        error = iobuf_get(&rest, 0, room, n);
        if (error)
            break;
        port_commit(port, n);
        ctl_count_output(via, n);
        ctl_note_output();
        if ((h->fd.mode & S_IFMT) == S_IFREG && news_attributes_are_kept())
            news_came(); /* they may be of that file */
        news_sent(n);
        done += n;
    }
    return done ? (long)done : error;
}

static long host_write(struct file *f, struct iobuf *from, uint64_t *pos)
{
    struct host_fd *h = host(f);
    bool wait = !(f->flags & O_NONBLOCK);
    uint32_t fid;
    int error;
    long done;
    if (pos && !(h->fd.flags & CTL_FD_SEEK))
        return -ESPIPE;
    if (h->fd.write_via == VIA_FID && h->fd.socket)
        return netsock_move(f, from, 0, WAY_OUT);
    if (pos || h->fd.write_via == VIA_FID) {
        error = fid_of(h, &fid);
        int64_t r = pos && !error ? output_barrier(h) : 0;
        if (error || r < 0)
            return error ? error : r;
        if (!wait && !(h->fd.flags & CTL_FD_SEEK) && !ready(f, POLLOUT))
            return -EAGAIN;
        return p9_write(fid, from, pos ? *pos : P9_HERE, true);
    }
    switch (h->fd.write_via) {
    case VIA_NULL:
        return (long)from->len;
    case VIA_OUT:
    case VIA_ERR:
        return write_stream(h, from, wait);
    case VIA_WIRE:
        done = wire_write(from, wait);
        if (done > 0)
            news_sent((size_t)done);
        else
            news_came();
        return done;
    }
    return -EBADF;
}

static long host_seek(struct file *f, int64_t offset, int whence)
{
    struct host_fd *h = host(f);
    if (!(h->fd.flags & CTL_FD_SEEK))
        return h->fd.read_via == VIA_NULL || h->fd.write_via == VIA_NULL ? 0 : -ESPIPE;
    if (!is_own(h))
        return call(h, CALL_LSEEK, offset, whence);
    struct kstat st = {0};
    int error = whence == SEEK_END ? file_stat(f, &st) : 0;
    return error ? error : file_seek_local(f, offset, whence, st.size);
}

/* ---- attributes ---- */

static int host_stat(struct file *f, struct kstat *st)
{
    struct host_fd *h = host(f);
    uint32_t fid;
    if ((h->fd.mode & S_IFMT) == S_IFREG && fid_of(h, &fid) == 0 && output_barrier(h) >= 0)
        return p9_getattr(fid, st);
    *st = (struct kstat){
        .dev = h->fd.dev,
        .ino = h->fd.ino,
        .rdev = h->fd.rdev,
        .size = h->fd.size,
        .mode = h->fd.mode,
        .uid = current->uid,
        .gid = current->gid,
        .nlink = 1,
        .blksize = (h->fd.mode & S_IFMT) == S_IFCHR ? 1024 : PAGE_SIZE,
    };
    st->atime_sec = st->mtime_sec = st->ctime_sec = clock_realtime() / NS_PER_SEC;
    return 0;
}

static int host_setattr(struct file *f, const struct kattr *attr)
{
    struct host_fd *h = host(f);
    uint32_t fid;
    if (attr->mask & P9_SETATTR_SIZE)
        return (int)call(h, CALL_TRUNCATE, (int64_t)attr->size, 0);
    int error = fid_of(h, &fid);
    return error ? error : p9_setattr(fid, attr);
}

static int host_sync(struct file *f)
{
    return (int)call(host(f), CALL_SYNC, 0, 0);
}

/* Who gets the lock next is to find what was written before. */
static int host_lock(struct file *f, const struct file_lock *lock, bool wait)
{
    uint32_t fid;
    int error = fid_of(host(f), &fid);
    if (!error)
        output_barrier(host(f));
    return error ? error : p9_lock(fid, lock, wait);
}

static int host_get_lock(struct file *f, struct file_lock *lock)
{
    uint32_t fid;
    int error = fid_of(host(f), &fid);
    return error ? error : p9_getlock(fid, lock);
}

static int host_statfs(struct file *f, struct statfs *st)
{
    uint32_t fid;
    int error = fid_of(host(f), &fid);
    return error ? error : p9_statfs(fid, st);
}

static int host_describe(struct file *f, char *buf, size_t size)
{
    const struct ctl_fd *fd = &host(f)->fd;
    if (fd->flags & CTL_FD_TTY)
        return format(buf, size, "/dev/tty");
    if (fd->read_via == VIA_NULL || fd->write_via == VIA_NULL)
        return format(buf, size, "/dev/null");
    const char *kind = (fd->mode & S_IFMT) == S_IFIFO    ? "pipe"
                       : (fd->mode & S_IFMT) == S_IFSOCK ? "socket"
                                                         : "host";
    return format(buf, size, "%s:[%lu]", kind, fd->ino);
}

static uint32_t host_walk_fid(struct file *f)
{
    uint32_t fid;
    return (host(f)->fd.mode & S_IFMT) == S_IFDIR && fid_of(host(f), &fid) == 0 ? fid : 0;
}

/* ---- ioctl ---- */

enum { IN = 1, OUT = 2, VALUE = 4 };

/* The requests that are passed on: terminals', and FIONREAD. VALUE: the argument is a number, it travels as
 * b. */
static const struct {
    uint32_t request;
    uint8_t direction, size;
    bool any_file;
} ioctls[] = {
    {TCGETS, OUT, 36, false},    {TCSETS, IN, 36, false},      {TCSETSW, IN, 36, false},
    {TCSETSF, IN, 36, false},    {0x802c542a, OUT, 44, false}, {0x402c542b, IN, 44, false},
    {0x402c542c, IN, 44, false}, {0x402c542d, IN, 44, false},  {TCSBRK, VALUE, 0, false},
    {TCXONC, VALUE, 0, false},   {TCFLSH, VALUE, 0, false},    {TCSBRKP, VALUE, 0, false},
    {TIOCGPGRP, OUT, 4, false},  {TIOCSPGRP, IN, 4, false},    {TIOCGSID, OUT, 4, false},
    {TIOCGWINSZ, OUT, 8, false}, {TIOCSWINSZ, IN, 8, false},   {TIOCOUTQ, OUT, 4, false},
    {FIONREAD, OUT, 4, true},
};

static long host_ioctl(struct file *f, uint32_t request, uint64_t arg)
{
    struct host_fd *h = host(f);
    for (unsigned i = 0; i < ARRAY_LEN(ioctls); i++) {
        if (ioctls[i].request != request)
            continue;
        if (!(h->fd.flags & CTL_FD_TTY) && !(ioctls[i].any_file && h->fd.read_via == VIA_FID))
            return -ENOTTY;
        tell_position(f);
        uint8_t data[64] = {0}, size = ioctls[i].size;
        if (ioctls[i].direction == IN && copy_from_user(data, arg, size) != 0)
            return -EFAULT;
        int64_t r = ctl_call(&(struct ctl_request){
            .op = CALL_IOCTL,
            .fd = h->fd.fd,
            .a = request,
            .b = ioctls[i].direction == VALUE ? (int64_t)arg : 0,
            .data = data,
            .data_in = size,
            .data_cap = size,
        });
        if (r >= 0 && ioctls[i].direction == OUT && copy_to_user(arg, data, size) != 0)
            return -EFAULT;
        return r;
    }
    return -ENOTTY;
}

/* ---- poll ---- */

/* The events that the host must be asked about. */
static unsigned host_events(const struct host_fd *h, unsigned events)
{
    unsigned readable = POLLIN | POLLRDNORM | POLLPRI | POLLRDHUP, writable = POLLOUT | POLLWRNORM;
    return (h->fd.read_via == VIA_FID ? events & readable : 0) |
           (h->fd.write_via == VIA_FID ? events & writable : 0);
}

static unsigned poll_stream(struct host_fd *h, struct poll_slot *slot)
{
    struct port *port = &ports[h->fd.write_via == VIA_OUT ? PORT_OUT : PORT_ERR];
    poll_join(slot, &port->tx_wait);
    if (!port_is_open(port) || ctl_output_broken(h->fd.write_via))
        return POLLERR | POLLOUT;
    virtq_want(&port->tx, 1);
    return port_reserve(port, PAGE_SIZE) ? POLLOUT | POLLWRNORM : 0;
}

static unsigned host_poll(struct file *f, unsigned events, struct poll_slot *slot)
{
    struct host_fd *h = host(f);
    unsigned revents = 0;
    if (h->fd.read_via == VIA_NULL)
        revents |= POLLIN | POLLRDNORM;
    if (h->fd.write_via == VIA_NULL)
        revents |= POLLOUT | POLLWRNORM;
    if (h->fd.read_via == VIA_WIRE) {
        poll_join(slot, wire_in_waitq());
        revents |= wire_in_poll();
    }
    if (h->fd.write_via == VIA_WIRE) {
        poll_join(slot, wire_out_waitq());
        revents |= wire_out_poll();
    }
    if (is_stream(h->fd.write_via))
        revents |= poll_stream(h, slot);
    unsigned ask = host_events(h, events);
    if (ask && h->fd.socket && !slot->now)
        return revents | netsock_poll(f, ask, slot);
    if (ask && slot->joining) {
        poll_join(slot, ctl_call_waitq());
        struct ctl_request request = {.op = CALL_POLL, .fd = h->fd.fd, .a = ask};
        ctl_call_start(&slot->call, &request);
        slot->calling = true;
    }
    if (slot->calling && slot->call.done)
        revents |= slot->call.result >= 0 ? (unsigned)slot->call.result : POLLERR;
    return revents;
}

/* ---- children ---- */

/* A wire belongs to this machine alone: a pipe of the host takes its place, and the bytes are carried over.
 */
static int64_t share_wire(struct file *f)
{
    bool input = host(f)->fd.read_via == VIA_WIRE;
    struct file *ends[2];
    int64_t number = pipe_of_host(ends);
    if (number < 0)
        return number;
    if (input != (host(f)->fd.read_via == VIA_WIRE)) { /* another task was faster */
        file_unref(ends[0]);
        file_unref(ends[1]);
        return host(f)->fd.fd;
    }
    struct file *mine = ends[input ? 0 : 1], *other = ends[input ? 1 : 0];
    int64_t shared = host(mine)->fd.fd;
    hostfd_swap(f, mine); /* now `mine` is the wire */
    int error = input ? pump_start(mine, other) : pump_start(other, mine);
    return error ? error : shared;
}

static int64_t host_share(struct file *f)
{
    struct host_fd *h = host(f);
    if (h->fd.read_via == VIA_WIRE || h->fd.write_via == VIA_WIRE)
        return share_wire(f);
    int64_t r = tell_position(f);
    if (r < 0)
        return r;
    h->fd.flags &= ~CTL_FD_OWN;
    return h->fd.fd;
}

/* ---- life ---- */

static void host_release(struct file *f)
{
    struct host_fd *h = host(f);
    if (h->fid)
        p9_clunk(h->fid);
    netsock_release(&h->sock);
    readahead_free(h->ahead);
    bool null = h->fd.read_via == VIA_NULL || h->fd.write_via == VIA_NULL;
    if (!process_is_over() && !null) /* else EXITED says it for all */
        ctl_call_post(&(struct ctl_request){.op = CALL_CLOSE, .fd = h->fd.fd});
    if (h->fd.read_via == VIA_WIRE)
        wire_in_unref();
    if (h->fd.write_via == VIA_WIRE)
        wire_out_unref();
    kfree(h);
}

static const struct file_ops host_ops = {
    .read = host_read,
    .write = host_write,
    .seek = host_seek,
    .stat = host_stat,
    .setattr = host_setattr,
    .ioctl = host_ioctl,
    .sync = host_sync,
    .lock = host_lock,
    .get_lock = host_get_lock,
    .statfs = host_statfs,
    .poll = host_poll,
    .describe = host_describe,
    .walk_fid = host_walk_fid,
    .share = host_share,
    .release = host_release,
};

/* Adds what another descriptor of the same description says of its ways. */
static void merge(struct host_fd *h, const struct ctl_fd *fd)
{
    if (h->fd.read_via == VIA_NONE && fd->read_via != VIA_NONE) {
        h->fd.read_via = fd->read_via;
        if (fd->read_via == VIA_WIRE)
            wire_in_ref();
    }
    if (h->fd.write_via == VIA_NONE && fd->write_via != VIA_NONE) {
        h->fd.write_via = fd->write_via;
        if (fd->write_via == VIA_WIRE)
            wire_out_ref();
    }
}

static struct file *open_host(const struct ctl_fd *fd)
{
    struct host_fd *h = kmalloc(sizeof *h);
    struct file *f = h ? file_new(&host_ops, open_flags_from_wire(fd->open_flags)) : NULL;
    if (!f) {
        kfree(h);
        return NULL;
    }
    f->data = h;
    h->fd = *fd;
    h->fd.read_via = h->fd.write_via = VIA_NONE;
    merge(h, fd);
    return f;
}

struct file *hostfd_new(const struct ctl_fd *fd)
{
    return open_host(fd);
}

uint32_t hostfd_plain_fid(struct file *f)
{
    uint32_t fid;
    return f->ops == &host_ops && (host(f)->fd.mode & S_IFMT) == S_IFREG && host(f)->fd.read_via == VIA_FID &&
                   host(f)->fd.flags & CTL_FD_SEEK && fid_of(host(f), &fid) == 0
               ? fid
               : 0;
}

int hostfd_attach(struct file *f)
{
    uint32_t fid;
    return fid_of(host(f), &fid);
}

void hostfd_swap(struct file *f, struct file *other)
{
    struct file was = *f;
    f->ops = other->ops, f->data = other->data, f->id = other->id;
    other->ops = was.ops, other->data = was.data, other->id = was.id;
}

int hostfd_install_all(const struct ctl_fd *fds, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct ctl_fd *fd = &fds[i];
        if (fd->read_via > VIA_WIRE || fd->write_via > VIA_WIRE || is_stream(fd->read_via) ||
            fd->same_as > fd->fd || (i && fd->fd <= fds[i - 1].fd))
            return -EINVAL;
        struct file *same = fd->same_as < fd->fd ? fd_file(fd->same_as) : NULL;
        struct file *f = same ? file_ref(same) : open_host(fd);
        if (!f)
            return -ENOMEM;
        if (same)
            merge(host(f), fd);
        int r = fd_install_at(f, fd->flags & CTL_FD_CLOEXEC, fd->fd);
        if (r < 0)
            return r;
    }
    return 0;
}

const struct ctl_fd *hostfd_info(const struct file *f)
{
    return f->ops == &host_ops ? &((const struct host_fd *)f->data)->fd : NULL;
}

struct netsock *hostfd_sock(struct file *f)
{
    return &host(f)->sock;
}

int hostfd_fid(struct file *f, uint32_t *fid)
{
    return fid_of(host(f), fid);
}

bool hostfd_streams(const struct file *f)
{
    const struct ctl_fd *fd = hostfd_info(f);
    return fd && is_stream(fd->write_via);
}

long hostfd_stream(struct file *f, struct iobuf *from, bool wait)
{
    return write_stream(host(f), from, wait);
}

uint32_t hostfd_own_fid(struct file *f)
{
    uint32_t fid;
    return f->ops == &host_ops && is_own(host(f)) && f->regular && fid_of(host(f), &fid) == 0 ? fid : 0;
}

bool hostfd_is_wire(const struct file *f)
{
    const struct host_fd *h = f->ops == &host_ops ? f->data : NULL;
    return h && (h->fd.read_via == VIA_WIRE || h->fd.write_via == VIA_WIRE);
}

struct file *hostfd_terminal(void)
{
    for (uint32_t fd = 0; fd < fd_limit(); fd++) {
        struct file *f = fd_file(fd);
        if (f && f->ops == &host_ops && host(f)->fd.flags & CTL_FD_TTY)
            return file_ref(f);
    }
    return NULL;
}
