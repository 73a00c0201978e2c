/*
 * sockmsg.c - a message in one piece goes straight between the program's memory and the port; one that has an
 * address, flags to be told, or several pieces, by way of a buffer.
 */
#include "sockmsg.h"

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "hostfd.h"
#include "kmem.h"
#include "lib.h"
#include "netsock.h"
#include "signal.h"
#include "socketpair.h"
#include "syscall.h"

enum { DONT_WAIT = 0x40, NO_SIGNAL = 0x4000, MORE = 0x8000, CLOSE_ON_EXEC = 0x40000000 };
enum { OUT_OF_BAND = 1, PEEK = 2, TRUNCATE = 0x20, WAIT_ALL = 0x100, CONFIRM = 0x800, DATAGRAM_TYPE = 2 };

#define SEND_FLAGS    (DONT_WAIT | NO_SIGNAL | MORE | CONFIRM)
#define RECEIVE_FLAGS (PEEK | TRUNCATE | WAIT_ALL | DONT_WAIT | NO_SIGNAL | CLOSE_ON_EXEC)
#define BUFFER_MAX    (64ul << 10) /* more than any datagram */

static size_t total(const struct socket_message *m)
{
    size_t n = 0;
    for (unsigned i = 0; i < m->count; i++)
        n += MIN(m->pieces[i].len, SOCKET_IO_MAX - n);
    return n;
}

/* n bytes, from `at` of the message on, into or out of its pieces. 0 or -EFAULT. */
static int spread(const struct socket_message *m, size_t at, char *bytes, size_t n, bool out)
{
    for (unsigned i = 0; i < m->count && n; i++) {
        const struct iobuf *piece = &m->pieces[i];
        size_t skip = MIN(at, piece->len), part = MIN(piece->len - skip, n);
        at -= skip;
        if (part && (out ? iobuf_get(piece, skip, bytes, part) : iobuf_put(piece, skip, bytes, part)) != 0)
            return -EFAULT;
        bytes += part;
        n -= part;
    }
    return 0;
}

static long finish_send(long r, uint32_t flags)
{
    if (r == -EPIPE && !(flags & NO_SIGNAL))
        signal_post(SIGPIPE, SI_KERNEL);
    return restartable(r);
}

/* With MSG_DONTWAIT the description is non-blocking for as long as nobody else can run. */
static long move_pair(struct file *f, struct iobuf *buf, uint32_t flags, bool out)
{
    uint32_t before = f->flags;
    if (flags & DONT_WAIT)
        f->flags |= O_NONBLOCK;
    long r = out ? f->ops->write(f, buf, NULL) : f->ops->read(f, buf, NULL);
    if (flags & DONT_WAIT && !(before & O_NONBLOCK))
        f->flags &= ~(uint32_t)O_NONBLOCK;
    return r;
}

/* One piece after the other, as readv(2) and writev(2). */
static long each_piece(struct file *f, struct socket_message *m, uint32_t flags, bool out)
{
    long done = 0, r = 0;
    for (unsigned i = 0; i < m->count; i++) {
        struct iobuf *piece = &m->pieces[i];
        if (is_socketpair(f))
            r = move_pair(f, piece, flags, out);
        else
            r = netsock_move(f, piece, flags, out ? WAY_OUT : WAY_IN);
        if (r < 0)
            break;
        done += r;
        if ((size_t)r < piece->len)
            break;
        if (!out && i + 1 < m->count)
            flags |= DONT_WAIT; /* what is there already */
    }
    return done ? done : r;
}

static long send_buffered(struct file *f, struct socket_message *m, uint32_t flags, bool head)
{
    size_t before = head ? sizeof(struct socket_head) : 0, all = total(m), at = 0;
    size_t n = MIN(all, BUFFER_MAX);
    if (head && all > BUFFER_MAX)
        return -EMSGSIZE;
    char *bytes = buffer_alloc(before + n + 1);
    long r = bytes ? 0 : -ENOMEM;
    if (head && bytes)
        *(struct socket_head *)bytes = (struct socket_head){.address = m->address};
    while (!r || (r > 0 && at < all)) {
        size_t part = MIN(all - at, n);
        struct iobuf buf = {bytes, before + part, false};
        r = spread(m, at, bytes + before, part, true);
        if (!r)
            r = netsock_move(f, &buf, flags | (head ? SOCKET_HEAD : 0), WAY_OUT);
        at += r > 0 ? (size_t)r : 0;
        if (r <= 0 || (size_t)r < part)
            break;
    }
    buffer_free(bytes, before + n + 1);
    return at ? (long)at : r;
}

long socket_send(struct file *f, struct socket_message *m, uint32_t flags)
{
    bool datagram = is_netsock(f) && netsock_type(f) == DATAGRAM_TYPE;
    if (flags & ~(uint32_t)SEND_FLAGS)
        return -EOPNOTSUPP;
    uint32_t passed = flags & (DONT_WAIT | MORE);
    if (is_socketpair(f) || hostfd_streams(f) || (m->count == 1 && !(datagram && m->address.len)))
        return finish_send(each_piece(f, m, passed, true), flags);
    return finish_send(send_buffered(f, m, passed, datagram), flags);
}

/* What the host says with the bytes. */
static long take_head(struct socket_message *m, const char *bytes, long r, uint32_t flags)
{
    const struct socket_head *head = (const void *)bytes;
    size_t n = (size_t)r - sizeof *head;
    if ((size_t)r < sizeof *head || head->address.len > sizeof head->address.bytes)
        return -EIO;
    m->address = head->address;
    m->flags = head->flags & TRUNCATE;
    if (spread(m, 0, (char *)bytes + sizeof *head, n, false) != 0)
        return -EFAULT;
    return flags & TRUNCATE && head->length > n ? (long)head->length : (long)n;
}

long socket_receive(struct file *f, struct socket_message *m, uint32_t flags)
{
    bool datagram = is_netsock(f) && netsock_type(f) == DATAGRAM_TYPE;
    if (flags & ~(uint32_t)RECEIVE_FLAGS || (is_socketpair(f) && flags & (PEEK | TRUNCATE | WAIT_ALL)))
        return -EOPNOTSUPP;
    uint32_t passed = flags & (PEEK | TRUNCATE | WAIT_ALL | DONT_WAIT);
    if (!datagram)
        return restartable(each_piece(f, m, passed & ~(uint32_t)TRUNCATE, false));
    size_t n = MIN(total(m), BUFFER_MAX) + sizeof(struct socket_head);
    char *bytes = buffer_alloc(n);
    if (!bytes)
        return -ENOMEM;
    struct iobuf buf = {bytes, n, false};
    long r = netsock_move(f, &buf, passed | SOCKET_HEAD, WAY_IN);
    if (r >= 0)
        r = take_head(m, bytes, r, flags);
    buffer_free(bytes, n);
    return restartable(r);
}
