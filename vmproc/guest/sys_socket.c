/*
 * sys_socket.c - system calls about sockets: the network's (netsock.h), and pairs within this VM
 * (socketpair.h). There are no others: sockets with a path would be another way to the host. What else is
 * open is no socket, which is what shells and servers want to know of their standard input.
 */
#include <linux/fcntl.h>

#include "file.h"
#include "netsock.h"
#include "signal.h"
#include "socketpair.h"
#include "sockmsg.h"
#include "syscall.h"
#include "task.h"
#include "usercopy.h"

/* <sys/socket.h>'s, which is the C library's. */
enum {
    UNIX_FAMILY = 1,
    INET_FAMILY = 2,
    INET6_FAMILY = 10,
    STREAM_TYPE = 1,
    DATAGRAM_TYPE = 2,
    TYPE_MASK = 0xf
};
enum { SOCKET_LEVEL = 1, TYPE_OPTION = 3, ERROR_OPTION = 4, DOMAIN_OPTION = 39, ACCEPT_OPTION = 30 };
enum { RECEIVE_TIMEOUT = 20, SEND_TIMEOUT = 21, NEW_RECEIVE_TIMEOUT = 66, NEW_SEND_TIMEOUT = 67 };
enum { TCP = 6, UDP = 17 };

#define OPTION_MAX 256u

SYSCALL(socket)
{
    uint64_t type = s->a[1] & TYPE_MASK, flags = s->a[1] & ~(uint64_t)TYPE_MASK;
    uint64_t own = type == STREAM_TYPE ? TCP : UDP;
    struct file *f;
    if (s->a[0] != INET_FAMILY && s->a[0] != INET6_FAMILY)
        return -EAFNOSUPPORT;
    if (flags & ~(uint64_t)(O_NONBLOCK | O_CLOEXEC))
        return -EINVAL;
    if (type != STREAM_TYPE && type != DATAGRAM_TYPE)
        return -EPERM; /* raw sockets are the superuser's */
    if (s->a[2] && s->a[2] != own)
        return type == DATAGRAM_TYPE ? -EACCES
                                     : -EPROTONOSUPPORT; /* those for ping(8) are not given to anybody */
    int error = netsock_new(s->a[0], type, (uint32_t)flags, &f);
    return error ? error : fd_install(f, flags & O_CLOEXEC, 0);
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

struct file *socket_file(uint64_t fd, long *error)
{
    struct file *f = fd_file((uint32_t)fd);
    *error = !f ? -EBADF : is_socketpair(f) || is_netsock(f) ? 0 : -ENOTSOCK;
    return f;
}

/* One of the network's: a pair cannot do what is asked. */
static struct file *net_file(uint64_t fd, long *error)
{
    struct file *f = socket_file(fd, error);
    if (!*error && is_socketpair(f))
        *error = -EOPNOTSUPP;
    return f;
}

/* ---- addresses ---- */

int socket_get_address(struct socket_address *address, uint64_t from, uint64_t len)
{
    address->len = (uint32_t)MIN(len, sizeof address->bytes);
    if ((int32_t)len < 0)
        return -EINVAL;
    return copy_from_user(address->bytes, from, address->len);
}

/* As much as there is room for; *room becomes its whole length. */
int socket_put_address(const struct socket_address *address, uint64_t to, uint32_t *room)
{
    uint32_t n = MIN(*room, address->len);
    if ((int32_t)*room < 0)
        return -EINVAL;
    *room = address->len;
    return to ? copy_to_user(to, address->bytes, n) : 0;
}

static int put_address_at(const struct socket_address *address, uint64_t to, uint64_t len_at)
{
    uint32_t len;
    if (!to)
        return 0;
    if (get_user(len, len_at) != 0)
        return -EFAULT;
    int error = socket_put_address(address, to, &len);
    return error ? error : put_user(len, len_at);
}

static long with_address(const struct syscall_args *s, enum ctl_call_op op)
{
    long error;
    struct socket_address address;
    struct file *f = net_file(s->a[0], &error);
    if (!error)
        error = socket_get_address(&address, s->a[1], s->a[2]);
    if (error)
        return error;
    if (op == CALL_CONNECT)
        return restartable(netsock_connect(f, address.bytes, address.len));
    return netsock_call(f, op, 0, 0, address.bytes, address.len, 0);
}

SYSCALL(connect)
{
    return with_address(s, CALL_CONNECT);
}

SYSCALL(bind)
{
    return with_address(s, CALL_BIND);
}

SYSCALL(listen)
{
    long error;
    struct file *f = net_file(s->a[0], &error);
    return error ? error : netsock_call(f, CALL_LISTEN, (int32_t)s->a[1], 0, NULL, 0, 0);
}

static long do_accept(const struct syscall_args *s, uint64_t flags)
{
    long error;
    struct socket_address from;
    struct file *f = net_file(s->a[0], &error), *new;
    if (!error && flags & ~(uint64_t)(O_NONBLOCK | O_CLOEXEC))
        error = -EINVAL;
    if (!error)
        error = restartable(netsock_accept(f, (uint32_t)flags, &new, &from));
    if (error)
        return error;
    error = put_address_at(&from, s->a[1], s->a[2]);
    if (error) {
        file_unref(new);
        return error;
    }
    return fd_install(new, flags & O_CLOEXEC, 0);
}

SYSCALL(accept)
{
    return do_accept(s, 0);
}

SYSCALL(accept4)
{
    return do_accept(s, s->a[3]);
}

static long get_name(const struct syscall_args *s, bool of_peer)
{
    long error;
    struct socket_address name = {.len = sizeof(uint16_t), .bytes = {UNIX_FAMILY}};
    struct file *f = socket_file(s->a[0], &error);
    if (!error && is_netsock(f)) {
        int64_t r = netsock_call(f, CALL_SOCKNAME, of_peer, 0, &name, 0, sizeof name);
        error = r < 0 ? (long)r : 0;
    }
    if (error)
        return error;
    return s->a[1] ? put_address_at(&name, s->a[1], s->a[2]) : -EFAULT;
}

SYSCALL(getsockname)
{
    return get_name(s, false);
}

SYSCALL(getpeername)
{
    return get_name(s, true);
}

SYSCALL(shutdown)
{
    long error;
    struct file *f = socket_file(s->a[0], &error);
    if (!error && s->a[1] > 2)
        error = -EINVAL;
    if (error)
        return error;
    if (is_netsock(f))
        return netsock_call(f, CALL_SHUTDOWN, (int64_t)s->a[1], 0, NULL, 0, 0);
    socketpair_shut(f, s->a[1] != 1, s->a[1] != 0);
    return 0;
}

/* ---- options ---- */

/* The wait is ours, so its limit is, too. NULL: the option is another. */
static uint64_t *timeout_of(struct file *f, const struct syscall_args *s)
{
    if (s->a[1] != SOCKET_LEVEL)
        return NULL;
    if (s->a[2] == RECEIVE_TIMEOUT || s->a[2] == NEW_RECEIVE_TIMEOUT)
        return netsock_timeout(f, WAY_IN);
    return s->a[2] == SEND_TIMEOUT || s->a[2] == NEW_SEND_TIMEOUT ? netsock_timeout(f, WAY_OUT) : NULL;
}

static long set_timeout(uint64_t *timeout, const struct syscall_args *s)
{
    int64_t t[2];
    if (s->a[4] < sizeof t)
        return -EINVAL;
    if (get_user(t, s->a[3]) != 0)
        return -EFAULT;
    if (t[1] < 0 || t[1] >= 1000000)
        return -EDOM;
    *timeout = t[0] < 0 ? 0 : (uint64_t)MIN(t[0], 4000000000) * NS_PER_SEC + (uint64_t)t[1] * 1000;
    return 0;
}

static long put_option(const void *value, uint32_t size, const struct syscall_args *s)
{
    uint32_t room;
    if (get_user(room, s->a[4]) != 0)
        return -EFAULT;
    if ((int32_t)room < 0)
        return -EINVAL;
    room = MIN(room, size);
    return copy_to_user(s->a[3], value, room) == 0 && put_user(room, s->a[4]) == 0 ? 0 : -EFAULT;
}

static long get_pair_option(const struct syscall_args *s)
{
    static const struct {
        uint32_t option, value;
    } options[] = {
        {TYPE_OPTION, STREAM_TYPE}, {ERROR_OPTION, 0}, {DOMAIN_OPTION, UNIX_FAMILY}, {ACCEPT_OPTION, 0}};
    for (unsigned i = 0; s->a[1] == SOCKET_LEVEL && i < ARRAY_LEN(options); i++)
        if (options[i].option == s->a[2])
            return put_option(&options[i].value, sizeof options[i].value, s);
    return -ENOPROTOOPT;
}

SYSCALL(getsockopt)
{
    long error;
    uint8_t value[OPTION_MAX];
    struct file *f = socket_file(s->a[0], &error);
    if (error)
        return error;
    if (is_socketpair(f))
        return get_pair_option(s);
    uint64_t *timeout = timeout_of(f, s);
    if (timeout) {
        int64_t t[2] = {(int64_t)(*timeout / NS_PER_SEC), (int64_t)(*timeout % NS_PER_SEC / 1000)};
        return put_option(t, sizeof t, s);
    }
    int64_t r = netsock_call(f, CALL_GETSOCKOPT, (int32_t)s->a[1], (int32_t)s->a[2], value, 0, sizeof value);
    return r < 0 ? (long)r : put_option(value, (uint32_t)MIN(r, (int64_t)sizeof value), s);
}

SYSCALL(setsockopt)
{
    long error;
    uint8_t value[OPTION_MAX];
    struct file *f = net_file(s->a[0], &error);
    if (error)
        return error;
    uint64_t *timeout = timeout_of(f, s);
    if (timeout)
        return set_timeout(timeout, s);
    if (s->a[4] > sizeof value)
        return -EINVAL;
    if (copy_from_user(value, s->a[3], s->a[4]) != 0)
        return -EFAULT;
    return netsock_call(f, CALL_SETSOCKOPT, (int32_t)s->a[1], (int32_t)s->a[2], value, (uint32_t)s->a[4], 0);
}

/* ---- bytes ---- */

SYSCALL(sendto)
{
    struct iobuf buf = {(char *)s->a[1], MIN(s->a[2], SOCKET_IO_MAX), true};
    struct socket_message m = {.pieces = &buf, .count = 1};
    long error;
    struct file *f = socket_file(s->a[0], &error);
    if (!error && s->a[4])
        error = is_socketpair(f) ? -EISCONN : socket_get_address(&m.address, s->a[4], s->a[5]);
    return error ? error : socket_send(f, &m, (uint32_t)s->a[3]);
}

SYSCALL(recvfrom)
{
    struct iobuf buf = {(char *)s->a[1], MIN(s->a[2], SOCKET_IO_MAX), true};
    struct socket_message m = {.pieces = &buf, .count = 1, .wants_address = s->a[4]};
    long error;
    struct file *f = socket_file(s->a[0], &error);
    if (error)
        return error;
    long n = socket_receive(f, &m, (uint32_t)s->a[3]);
    if (n < 0)
        return n;
    error = put_address_at(&m.address, s->a[4], s->a[5]);
    return error ? error : n;
}
