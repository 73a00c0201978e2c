/* socket.c - sockets under the grants. */
#include "socket.h"
#include "resolver.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* As large as any address that the kernel may tell. */
union address {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
    struct sockaddr_storage storage;
};

static struct inherited *inherited_of(struct file *file)
{
    return (struct inherited *)((char *)file - offsetof(struct inherited, file));
}

static bool is_inet(int domain)
{
    return domain == AF_INET || domain == AF_INET6;
}

void socket_put_address(struct socket_address *to, const void *from, size_t len)
{
    sa_family_t family = AF_UNSPEC;
    *to = (struct socket_address){0};
    if (len >= sizeof family)
        memcpy(&family, from, sizeof family);
    to->len = is_inet(family) && len <= sizeof to->bytes ? (uint32_t)len : len ? sizeof family : 0;
    memcpy(to->bytes, from, to->len);
}

/* ---- life ---- */

static struct socket *new_socket(struct network *network, int domain, int type)
{
    struct socket *s = calloc(1, sizeof *s);
    if (s)
        *s = (struct socket){.network = network, .domain = domain, .type = type};
    return s;
}

int socket_new(struct network *network, struct inherit *inherit, int domain, int type,
               struct inherited **file)
{
    bool stand_in = !network_is_given(network);
    struct socket *s;
    int fd;
    if (!is_inet(domain))
        return -EAFNOSUPPORT;
    if (type != SOCK_STREAM && type != SOCK_DGRAM)
        return -EPERM; /* raw sockets are the superuser's */
    fd = socket(stand_in ? AF_UNIX : domain, type | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    s = new_socket(network, domain, type);
    if (!s) {
        close(fd);
        return -ENOMEM;
    }
    s->stand_in = stand_in;
    *file = inherit_add(inherit, fd);
    if (!*file) {
        free(s);
        return -ENOMEM;
    }
    (*file)->socket = s;
    (*file)->info.socket = (uint32_t)domain << 16 | (uint32_t)type;
    return 0;
}

struct socket *socket_of(struct network *network, struct inherited *f)
{
    if (!f->socket && f->info.socket) {
        f->socket = new_socket(network, (int)(f->info.socket >> 16), (int)(f->info.socket & 0xffff));
        if (f->socket)
            f->socket->from_all = true;
    }
    return f->socket;
}

/* ---- datagrams' peers ---- */

static bool is_peer(const struct socket *s, const struct network_address *address, uint16_t port)
{
    for (unsigned i = 0; i < s->npeers && i < SOCKET_PEERS; i++)
        if (s->peer[i].port == port && memcmp(&s->peer[i].address, address, sizeof *address) == 0)
            return true;
    return false;
}

static void note_peer(struct socket *s, const struct network_address *address, uint16_t port)
{
    if (!is_peer(s, address, port))
        s->peer[s->npeers++ % SOCKET_PEERS] = (struct peer){*address, port};
}

/* May the program see a datagram of this sender? One of another family comes from a pair. */
static bool takes_from(struct socket *s, const union address *from, socklen_t len)
{
    struct network_address address;
    uint16_t port;
    if (s->type != SOCK_DGRAM || !network_take(&from->any, len, &address, &port))
        return true;
    if (s->from_all)
        note_peer(s, &address, port);
    return s->from_all || network_may_reach(s->network, &address, port) == NETWORK_YES;
}

/* ---- moving bytes ---- */

int socket_take_error(struct inherited *f)
{
    int error = -f->socket->error;
    f->socket->error = 0;
    return error;
}

static void fill_head(const struct socket *s, const struct msghdr *msg, ssize_t n, void *to)
{
    struct socket_head head = {.flags = (uint32_t)msg->msg_flags & (MSG_TRUNC | MSG_OOB | MSG_EOR),
                               .length = (uint32_t)n};
    if (s->is_resolver)
        resolver_address(s->domain, &head.address);
    else
        socket_put_address(&head.address, msg->msg_name, msg->msg_namelen);
    memcpy(to, &head, sizeof head);
}

/*
 * Of a stream that brings much, all that is there by now: a message to the guest costs more than a call. An error is
 * told next time, after the bytes.
 */
#define MUCH 4096

static size_t receive_rest(struct inherited *f, char *to, size_t room)
{
    size_t done = 0;
    while (done < room) {
        ssize_t n = recv(f->file.fd, to + done, room - done, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno != EAGAIN)
            f->socket->error = errno;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    return done;
}

int64_t socket_receive(struct op *op)
{
    struct inherited *f = inherited_of(op->file);
    struct socket *s = f->socket;
    size_t before = op->request == SOCKET_HEAD ? sizeof(struct socket_head) : 0;
    int flags = op->flags & (MSG_PEEK | MSG_TRUNC);
    union address from;
    int error = op->len < before ? -EINVAL : socket_take_error(f);
    if (error)
        return error;
    for (;;) {
        struct iovec room = {(char *)op->buf + before, op->len - before};
        struct msghdr msg = {
            .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &room, .msg_iovlen = 1};
        /* MSG_TRUNC: how long it really was. Of a stream it would throw bytes away. */
        int how = s->type == SOCK_DGRAM ? flags | MSG_TRUNC : flags & ~MSG_TRUNC;
        ssize_t n = recvmsg(f->file.fd, &msg, how | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        if (!takes_from(s, &from, msg.msg_namelen)) {
            if (flags & MSG_PEEK)
                recv(f->file.fd, NULL, 0, MSG_DONTWAIT);
            continue;
        }
        if (before)
            fill_head(s, &msg, n, op->buf);
        else if (s->type == SOCK_STREAM && n >= MUCH && !(flags & MSG_PEEK))
            n += (ssize_t)receive_rest(f, (char *)op->buf + n, op->len - (size_t)n);
        return (int64_t)(before + ((size_t)n < room.iov_len ? (size_t)n : room.iov_len));
    }
}

/* Is a datagram to go there, now? Also makes the socket one that asks for names. 0, -errno or OP_HOLD. */
static int64_t check_destination(struct inherited *f, const struct socket_address *to, const char *what)
{
    struct socket *s = f->socket;
    struct network_address address;
    uint16_t port;
    if (!network_take((const struct sockaddr *)to->bytes, to->len, &address, &port))
        return -EAFNOSUPPORT;
    if (s->type == SOCK_DGRAM && resolver_is(&address, port) && network_has_hosts(s->network)) {
        int err = s->is_resolver ? 0 : resolver_join(s->network->resolver, f->file.fd);
        s->is_resolver |= !err;
        return err;
    }
    if (s->stand_in || s->is_resolver)
        return network_refuse(s->network, what, &address, port);
    if (s->type == SOCK_DGRAM && is_peer(s, &address, port))
        return 0;
    switch (network_may_reach(s->network, &address, port)) {
    case NETWORK_YES:
        return 0;
    case NETWORK_NOT_YET:
        return OP_HOLD;
    case NETWORK_NO:
        break;
    }
    return network_refuse(s->network, what, &address, port);
}

int64_t socket_send(struct op *op)
{
    struct inherited *f = inherited_of(op->file);
    struct socket *s = f->socket;
    const struct socket_head *head = op->arg;
    int64_t error = op->done ? 0 : socket_take_error(f);
    bool addressed = head && head->address.len && s->type == SOCK_DGRAM;
    struct msghdr msg = {.msg_iovlen = 1};
    if (error)
        return error;
    if (addressed) {
        int64_t r = check_destination(f, &head->address, "sending to");
        if (r)
            return r;
    }
    if (addressed && !s->is_resolver) {
        msg.msg_name = (void *)head->address.bytes;
        msg.msg_namelen = head->address.len;
    }
    for (;;) {
        struct iovec rest = {(char *)op->buf + op->done, op->len - op->done};
        ssize_t n;
        msg.msg_iov = &rest;
        n = sendmsg(f->file.fd, &msg, (op->flags & MSG_MORE) | MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && op->done && errno != EAGAIN)
            s->error = errno;
        if (n < 0)
            return op->done && (errno != EAGAIN || op->nowait) ? (int64_t)op->done : -errno;
        op->done += (size_t)n;
        if (s->type == SOCK_DGRAM || op->done == op->len)
            return (int64_t)op->done;
    }
}

/* ---- names and connections ---- */

/* Does work() without waiting, whoever else has the description. A listening socket of ours stays so. */
static int without_waiting(int fd, int (*work)(int fd, void *arg), void *arg)
{
    int flags = fcntl(fd, F_GETFL), result;
    if (flags >= 0 && !(flags & O_NONBLOCK))
        fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    result = work(fd, arg);
    if (flags >= 0 && !(flags & O_NONBLOCK))
        fcntl(fd, F_SETFL, flags);
    return result;
}

static int do_connect(int fd, void *arg)
{
    const struct socket_address *to = arg;
    return connect(fd, (const struct sockaddr *)to->bytes, to->len) ? -errno : 0;
}

static bool is_unspecified(const struct socket_address *to)
{
    sa_family_t family = AF_MAX;
    if (to->len >= sizeof family)
        memcpy(&family, to->bytes, sizeof family);
    return family == AF_UNSPEC;
}

int64_t socket_connect(struct op *op)
{
    struct inherited *f = inherited_of(op->file);
    struct socket *s = f->socket;
    struct socket_address to = {.len = (uint32_t)op->len};
    int64_t r = 0;
    if (op->len > sizeof to.bytes)
        return -EINVAL;
    memcpy(to.bytes, op->buf, op->len);
    if (!is_unspecified(&to) || s->type != SOCK_DGRAM)
        r = check_destination(f, &to, "connecting to");
    if (!r && !s->is_resolver && !s->stand_in)
        r = without_waiting(f->file.fd, do_connect, &to);
    if (r == -EINPROGRESS || (r == -EALREADY && !op->request))
        return op->request ? r : -EAGAIN;
    return r;
}

int socket_bind(struct inherited *f, const struct socket_address *to)
{
    struct socket *s = f->socket;
    struct network_address address;
    uint16_t port;
    bool may_listen;
    if (!network_take((const struct sockaddr *)to->bytes, to->len, &address, &port))
        return -EAFNOSUPPORT;
    may_listen = network_may_listen(s->network, &address, port);
    if (s->stand_in || s->is_resolver || (port && !may_listen))
        return network_refuse(s->network, "listening at", &address, port);
    if (bind(f->file.fd, (const struct sockaddr *)to->bytes, to->len))
        return -errno;
    s->from_all |= may_listen;
    return 0;
}

/* Whatever port it was bound to, or would be by now. */
int socket_listen(struct inherited *f, int backlog)
{
    struct socket *s = f->socket;
    struct network_address address = {{0}};
    union address own;
    socklen_t len = sizeof own;
    uint16_t port = 0;
    if (s->stand_in)
        return network_refuse(s->network, "listening at", &address, port);
    if (getsockname(f->file.fd, &own.any, &len))
        return -errno;
    if (is_inet(own.any.sa_family)) {
        network_take(&own.any, len, &address, &port);
        if (!network_may_listen(s->network, &address, port))
            return network_refuse(s->network, "listening at", &address, port ? port : 1);
    }
    if (listen(f->file.fd, backlog))
        return -errno;
    fcntl(f->file.fd, F_SETFL, fcntl(f->file.fd, F_GETFL) | O_NONBLOCK);
    f->info.open_flags &= ~(uint32_t)O_NONBLOCK;
    return 0;
}

struct accepting {
    union address from;
    socklen_t len;
};

static int do_accept(int fd, void *arg)
{
    struct accepting *a = arg;
    int new = accept4(fd, &a->from.any, &a->len, SOCK_CLOEXEC);
    return new < 0 ? -errno : new;
}

int socket_accept(struct inherited *f, struct socket_address *from)
{
    struct accepting a = {.len = sizeof a.from};
    int fd;
    do
        fd = without_waiting(f->file.fd, do_accept, &a);
    while (fd == -ECONNABORTED || fd == -EINTR);
    if (fd >= 0)
        socket_put_address(from, &a.from, a.len);
    return fd;
}

int socket_name(const struct inherited *f, bool of_peer, struct socket_address *name)
{
    const struct socket *s = f->socket;
    union address own;
    socklen_t len = sizeof own;
    if (s->is_resolver && of_peer) {
        resolver_address(s->domain, name);
        return 0;
    }
    if (of_peer ? getpeername(f->file.fd, &own.any, &len) : getsockname(f->file.fd, &own.any, &len))
        return -errno;
    if ((s->stand_in || s->is_resolver) && is_inet(s->domain)) {
        own = (union address){.any.sa_family = (sa_family_t)s->domain};
        len = s->domain == AF_INET ? sizeof own.ipv4 : sizeof own.ipv6;
    }
    socket_put_address(name, &own, len);
    return 0;
}
