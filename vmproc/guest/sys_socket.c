/*
 * sys_socket.c - system calls about sockets. A program has no network and no sockets of the host's: asking
 * for one is refused. There are pairs (socketpair.h); what else it has open is no socket, which is what
 * shells and servers want to know of their standard input.
 */
#include <linux/fcntl.h>

#include "file.h"
#include "signal.h"
#include "socketpair.h"
#include "syscall.h"
#include "task.h"
#include "usercopy.h"

/* <sys/socket.h>'s, which is the C library's. */
enum { UNIX_FAMILY = 1, STREAM_TYPE = 1, TYPE_MASK = 0xf };
enum { DONT_WAIT = 0x40, NO_SIGNAL = 0x4000 };
enum { SOCKET_LEVEL = 1, TYPE_OPTION = 3, ERROR_OPTION = 4, DOMAIN_OPTION = 39, ACCEPT_OPTION = 30 };

SYSCALL(socket)
{
    return -EACCES;
}

SYSCALL(socketpair)
{
    uint64_t flags = s->a[1] & ~(uint64_t)TYPE_MASK;
    struct file *ends[2];
    if (s->a[0] != UNIX_FAMILY)
        return -EOPNOTSUPP;
    if ((s->a[1] & TYPE_MASK) != STREAM_TYPE)
        return -EPROTONOSUPPORT;
    if (flags & ~(uint64_t)(O_NONBLOCK | O_CLOEXEC))
        return -EINVAL;
    int error = socketpair_new((uint32_t)flags, ends);
    if (error)
        return error;
    int32_t fd[2] = {fd_install(ends[0], flags & O_CLOEXEC, 0), fd_install(ends[1], flags & O_CLOEXEC, 0)};
    error = fd[0] < 0 ? fd[0] : fd[1] < 0 ? fd[1] : put_user(fd, s->a[3]);
    for (int i = 0; error && i < 2; i++)
        if (fd[i] >= 0)
            fd_close((uint32_t)fd[i]);
    return error;
}

static struct file *pair_end(uint64_t fd, long *error)
{
    struct file *f = fd_file((uint32_t)fd);
    *error = !f ? -EBADF : is_socketpair(f) ? 0 : -ENOTSOCK;
    return f;
}

/* With MSG_DONTWAIT the description is non-blocking for as long as nobody else can run. */
static long move(struct file *f, struct iobuf *buf, uint64_t flags, bool out)
{
    uint32_t before = f->flags;
    if (flags & ~(uint64_t)(DONT_WAIT | NO_SIGNAL))
        return -EOPNOTSUPP;
    if (flags & DONT_WAIT)
        f->flags |= O_NONBLOCK;
    long r = out ? f->ops->write(f, buf, NULL) : f->ops->read(f, buf, NULL);
    if (flags & DONT_WAIT && !(before & O_NONBLOCK))
        f->flags &= ~(uint32_t)O_NONBLOCK;
    if (r == -EPIPE && !(flags & NO_SIGNAL))
        signal_post(SIGPIPE, SI_KERNEL);
    return restartable(r);
}

SYSCALL(sendto)
{
    long error;
    struct file *f = pair_end(s->a[0], &error);
    struct iobuf buf = {(char *)s->a[1], MIN(s->a[2], 0x7ffff000ul), true};
    if (!error && s->a[4])
        error = -EISCONN;
    return error ? error : move(f, &buf, s->a[3], true);
}

SYSCALL(recvfrom)
{
    long error;
    struct file *f = pair_end(s->a[0], &error);
    struct iobuf buf = {(char *)s->a[1], MIN(s->a[2], 0x7ffff000ul), true};
    uint32_t none = 0;
    if (!error && s->a[5] && put_user(none, s->a[5]) != 0)
        error = -EFAULT;
    return error ? error : move(f, &buf, s->a[3], false);
}

SYSCALL(shutdown)
{
    long error;
    struct file *f = pair_end(s->a[0], &error);
    if (!error && s->a[1] > 2)
        error = -EINVAL;
    if (!error)
        socketpair_shut(f, s->a[1] != 1, s->a[1] != 0);
    return error;
}

/* getsockname, getpeername: an address of no name. */
SYSCALL(getsockname)
{
    long error;
    uint16_t family = UNIX_FAMILY;
    uint32_t room, len = sizeof family;
    pair_end(s->a[0], &error);
    if (error)
        return error;
    if (get_user(room, s->a[2]) != 0 || (room >= len && put_user(family, s->a[1]) != 0))
        return -EFAULT;
    return put_user(len, s->a[2]);
}

SYSCALL(getsockopt)
{
    static const struct {
        uint32_t option, value;
    } options[] = {
        {TYPE_OPTION, STREAM_TYPE}, {ERROR_OPTION, 0}, {DOMAIN_OPTION, UNIX_FAMILY}, {ACCEPT_OPTION, 0}};
    long error;
    uint32_t len = sizeof(uint32_t);
    pair_end(s->a[0], &error);
    for (unsigned i = 0; !error && s->a[1] == SOCKET_LEVEL && i < ARRAY_LEN(options); i++)
        if (options[i].option == s->a[2])
            return put_user(options[i].value, s->a[3]) == 0 && put_user(len, s->a[4]) == 0 ? 0 : -EFAULT;
    return error ? error : -ENOPROTOOPT;
}

/* bind, connect and all others whose first argument is a socket. */
SYSCALL(on_socket)
{
    long error;
    pair_end(s->a[0], &error);
    return error ? error : -EOPNOTSUPP;
}
