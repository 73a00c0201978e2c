/* socket_call.c - the guest's calls on sockets, and the options that its programs may set. */
#include "socket_call.h"
#include "call.h"
#include "socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

static struct network *network(const struct call *call)
{
    return &call->shim->network;
}

/* Sets the state up; finishes the call when there is none. */
static bool is_socket(struct call *call, struct inherited *f)
{
    if (socket_of(network(call), f))
        return true;
    call_finish(call, f->info.socket ? -ENOMEM : -ENOTSOCK);
    return false;
}

void socket_call_new(struct call *call, struct inherited *none)
{
    struct inherited *f;
    int err = call->ask.a < 0 || call->ask.a > AF_MAX || call->ask.b < 0 || call->ask.b > SOCK_PACKET
                  ? -EINVAL
                  : socket_new(network(call), &call->shim->inherit, (int)call->ask.a, (int)call->ask.b, &f);
    if (!err)
        call_put(call, &f->info, sizeof f->info);
    call_finish(call, err ? err : (int64_t)f->info.fd);
}

void socket_call_connect(struct call *call, struct inherited *f)
{
    if (!is_socket(call, f))
        return;
    call->op.kind = OP_TRY;
    call->op.attempt = socket_connect;
    call->op.poll_events = POLLOUT;
    call->op.request = call->ask.a & SOCKET_NOWAIT;
    call->op.buf = call->data;
    call->op.len = call->ask.data_len;
    call_start_op(call);
}

void socket_call_bind(struct call *call, struct inherited *f)
{
    struct socket_address address;
    if (!is_socket(call, f))
        return;
    address.len = call->ask.data_len;
    if (address.len > sizeof address.bytes) {
        call_finish(call, -EINVAL);
        return;
    }
    memcpy(address.bytes, call->data, address.len);
    call_finish(call, socket_bind(f, &address));
}

void socket_call_listen(struct call *call, struct inherited *f)
{
    if (is_socket(call, f))
        call_finish(call, socket_listen(f, call->ask.a < 0 || call->ask.a > SOMAXCONN ? SOMAXCONN
                                                                                      : (int)call->ask.a));
}

/* Attempted again by the loop when somebody has come; op->owner is the call. */
static int64_t try_accept(struct op *op)
{
    struct call *call = op->owner;
    struct socket_address from;
    struct inherited *f;
    int fd = socket_accept(call->file, &from);
    if (fd < 0)
        return fd;
    f = inherit_add(&call->shim->inherit, fd);
    if (!f || !socket_of(network(call), f))
        return -ENOMEM;
    call_put(call, &f->info, sizeof f->info);
    call_put(call, &from, sizeof from);
    return f->info.fd;
}

void socket_call_accept(struct call *call, struct inherited *f)
{
    if (!is_socket(call, f))
        return;
    call->op.kind = OP_TRY;
    call->op.attempt = try_accept;
    call->op.poll_events = POLLIN;
    call->op.nowait = call->ask.a & SOCKET_NOWAIT;
    call_start_op(call);
}

void socket_call_name(struct call *call, struct inherited *f)
{
    struct socket_address name;
    int err;
    if (!is_socket(call, f))
        return;
    err = socket_name(f, call->ask.a, &name);
    if (!err)
        call_put(call, &name, sizeof name);
    call_finish(call, err);
}

void socket_call_shutdown(struct call *call, struct inherited *f)
{
    if (is_socket(call, f))
        call_finish(call, shutdown(f->file.fd, (int)call->ask.a) ? -errno : 0);
}

/* ---- options ---- */

/* Those that concern the socket alone: no other routes, interfaces, groups or marks. */
static const struct option {
    int level, name;
    bool may_set;
    uint16_t size;
} options[] = {
    {SOL_SOCKET, SO_REUSEADDR, true, 4},
    {SOL_SOCKET, SO_TYPE, false, 4},
    {SOL_SOCKET, SO_ERROR, false, 4},
    {SOL_SOCKET, SO_BROADCAST, true, 4},
    {SOL_SOCKET, SO_SNDBUF, true, 4},
    {SOL_SOCKET, SO_RCVBUF, true, 4},
    {SOL_SOCKET, SO_KEEPALIVE, true, 4},
    {SOL_SOCKET, SO_OOBINLINE, true, 4},
    {SOL_SOCKET, SO_LINGER, true, 8},
    {SOL_SOCKET, SO_REUSEPORT, true, 4},
    {SOL_SOCKET, SO_RCVLOWAT, true, 4},
    {SOL_SOCKET, SO_SNDLOWAT, false, 4},
    {SOL_SOCKET, SO_ACCEPTCONN, false, 4},
    {SOL_SOCKET, SO_PROTOCOL, false, 4},
    {SOL_SOCKET, SO_DOMAIN, false, 4},
    {IPPROTO_TCP, TCP_NODELAY, true, 4},
    {IPPROTO_TCP, TCP_MAXSEG, true, 4},
    {IPPROTO_TCP, TCP_CORK, true, 4},
    {IPPROTO_TCP, TCP_KEEPIDLE, true, 4},
    {IPPROTO_TCP, TCP_KEEPINTVL, true, 4},
    {IPPROTO_TCP, TCP_KEEPCNT, true, 4},
    {IPPROTO_TCP, TCP_SYNCNT, true, 4},
    {IPPROTO_TCP, TCP_LINGER2, true, 4},
    {IPPROTO_TCP, TCP_DEFER_ACCEPT, true, 4},
    {IPPROTO_TCP, TCP_INFO, false, 256},
    {IPPROTO_TCP, TCP_QUICKACK, true, 4},
    {IPPROTO_TCP, TCP_USER_TIMEOUT, true, 4},
    {IPPROTO_TCP, TCP_NOTSENT_LOWAT, true, 4},
    {IPPROTO_IP, IP_TOS, true, 4},
    {IPPROTO_IP, IP_TTL, true, 4},
    {IPPROTO_IP, IP_MTU_DISCOVER, true, 4},
    {IPPROTO_IP, IP_RECVERR, true, 4},
    {IPPROTO_IPV6, IPV6_V6ONLY, true, 4},
    {IPPROTO_IPV6, IPV6_UNICAST_HOPS, true, 4},
    {IPPROTO_IPV6, IPV6_TCLASS, true, 4},
    {IPPROTO_IPV6, IPV6_MTU_DISCOVER, true, 4},
    {IPPROTO_IPV6, IPV6_RECVERR, true, 4},
};

static const struct option *find_option(const struct call *call)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].level == call->ask.a && options[i].name == call->ask.b)
            return &options[i];
    return NULL;
}

/* What stands in for a socket knows only what all sockets know. */
static bool knows(const struct inherited *f, const struct option *option)
{
    return option->level == SOL_SOCKET || !(f->socket->stand_in || f->socket->is_resolver);
}

static int get(struct inherited *f, const struct option *option, void *value, socklen_t *len)
{
    int own = option->name == SO_DOMAIN ? f->socket->domain : f->socket->type;
    int error = option->level == SOL_SOCKET && option->name == SO_ERROR ? -socket_take_error(f) : 0;
    *len = option->size;
    if (error) {
        memcpy(value, &error, sizeof error);
        return 0;
    }
    if (option->level == SOL_SOCKET && (option->name == SO_DOMAIN || option->name == SO_TYPE)) {
        memcpy(value, &own, sizeof own);
        return 0;
    }
    if (!knows(f, option)) {
        memset(value, 0, option->size);
        return 0;
    }
    return getsockopt(f->file.fd, option->level, option->name, value, len) ? -errno : 0;
}

void socket_call_getsockopt(struct call *call, struct inherited *f)
{
    const struct option *option = find_option(call);
    uint8_t value[256];
    socklen_t len;
    int err;
    if (!is_socket(call, f))
        return;
    err = option ? get(f, option, value, &len) : -ENOPROTOOPT;
    if (!err)
        call_put(call, value, len);
    call_finish(call, err ? err : (int64_t)len);
}

void socket_call_setsockopt(struct call *call, struct inherited *f)
{
    const struct option *option = find_option(call);
    int result = 0;
    if (!is_socket(call, f))
        return;
    if (!option || !option->may_set)
        result = -ENOPROTOOPT;
    else if (knows(f, option) &&
             setsockopt(f->file.fd, option->level, option->name, call->data, call->ask.data_len))
        result = -errno;
    call_finish(call, result);
}
