/* sys_sockmsg.c - sendmsg(2), recvmsg(2) and their plurals. */
#include "kmem.h"
#include "lib.h"
#include "sockmsg.h"
#include "syscall.h"
#include "usercopy.h"

#define IOV_MAX      1024u
#define MESSAGES_MAX 1024u /* UIO_MAXIOV */

struct user_msghdr {
    uint64_t name;
    uint32_t name_len, pad;
    uint64_t iov, iov_len;
    uint64_t control, control_len;
    uint32_t flags, pad2;
};

struct user_mmsghdr {
    struct user_msghdr header;
    uint32_t len, pad;
};

struct iovec {
    uint64_t base, len;
};

static int get_pieces(struct socket_message *m, const struct user_msghdr *header)
{
    if (header->iov_len > IOV_MAX)
        return -EMSGSIZE;
    m->count = (unsigned)header->iov_len;
    m->pieces = buffer_alloc((m->count + 1) * sizeof *m->pieces);
    if (!m->pieces)
        return -ENOMEM;
    for (unsigned i = 0; i < m->count; i++) {
        struct iovec v;
        if (get_user(v, header->iov + i * sizeof v) != 0)
            return -EFAULT;
        if ((int64_t)v.len < 0)
            return -EINVAL;
        m->pieces[i] = (struct iobuf){(char *)v.base, v.len, true};
    }
    return 0;
}

static long send_one(struct file *f, uint64_t at, uint32_t flags)
{
    struct socket_message m = {0};
    struct user_msghdr header;
    if (get_user(header, at) != 0)
        return -EFAULT;
    if (header.control && header.control_len)
        return -EOPNOTSUPP;
    long r = get_pieces(&m, &header);
    if (!r && header.name)
        r = socket_get_address(&m.address, header.name, header.name_len);
    if (!r)
        r = socket_send(f, &m, flags);
    if (m.pieces)
        buffer_free(m.pieces, (m.count + 1) * sizeof *m.pieces);
    return r;
}

static long receive_one(struct file *f, uint64_t at, uint32_t flags)
{
    struct socket_message m = {0};
    struct user_msghdr header;
    if (get_user(header, at) != 0)
        return -EFAULT;
    m.wants_address = header.name;
    long r = get_pieces(&m, &header);
    if (!r)
        r = socket_receive(f, &m, flags);
    if (m.pieces)
        buffer_free(m.pieces, (m.count + 1) * sizeof *m.pieces);
    if (r < 0)
        return r;
    int error = header.name ? socket_put_address(&m.address, header.name, &header.name_len) : 0;
    header.control_len = 0;
    header.flags = m.flags;
    return error ? error : put_user(header, at) != 0 ? -EFAULT : r;
}

SYSCALL(sendmsg)
{
    long error;
    struct file *f = socket_file(s->a[0], &error);
    return error ? error : send_one(f, s->a[1], (uint32_t)s->a[2]);
}

SYSCALL(recvmsg)
{
    long error;
    struct file *f = socket_file(s->a[0], &error);
    return error ? error : receive_one(f, s->a[1], (uint32_t)s->a[2]);
}

/* Until one fails; that error is told only if it was the first. */
static long each_message(const struct syscall_args *s, uint32_t flags, uint32_t flags_after_first,
                         long (*move)(struct file *f, uint64_t at, uint32_t flags))
{
    long error, r = 0;
    struct file *f = socket_file(s->a[0], &error);
    unsigned n = (unsigned)MIN((uint32_t)s->a[2], MESSAGES_MAX), i = 0;
    if (error)
        return error;
    for (; i < n; i++) {
        uint64_t at = s->a[1] + i * sizeof(struct user_mmsghdr);
        r = move(f, at, i ? flags | flags_after_first : flags);
        uint32_t len = (uint32_t)r;
        if (r >= 0 && put_user(len, at + __builtin_offsetof(struct user_mmsghdr, len)) != 0)
            r = -EFAULT;
        if (r < 0)
            break;
    }
    return i ? (long)i : r;
}

SYSCALL(sendmmsg)
{
    return each_message(s, (uint32_t)s->a[3], 0, send_one);
}

/* Without a limit of time: that is looked at between messages only, in Linux, too. */
SYSCALL(recvmmsg)
{
    enum { DONT_WAIT = 0x40, WAIT_FOR_ONE = 0x10000 };
    uint32_t flags = (uint32_t)s->a[3];
    return each_message(s, flags & ~(uint32_t)WAIT_FOR_ONE, flags & WAIT_FOR_ONE ? DONT_WAIT : 0,
                        receive_one);
}
