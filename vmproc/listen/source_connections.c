/* source_connections.c - a port, and a handler for each connection to it. */
#include "listen.h"
#include "vmproc/network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union address {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
};

/* Of all addresses that of IPv6 takes both families. A port of one alone: vmproc-spec has seen to it. */
static socklen_t make_address(const struct network_grant *where, bool ipv6, union address *a)
{
    memset(a, 0, sizeof *a);
    if (ipv6) {
        a->ipv6.sin6_family = AF_INET6;
        a->ipv6.sin6_port = htons(where->port_low);
        memcpy(&a->ipv6.sin6_addr, where->address.bytes, NETWORK_ADDRESS);
        return sizeof a->ipv6;
    }
    a->ipv4.sin_family = AF_INET;
    a->ipv4.sin_port = htons(where->port_low);
    if (where->prefix)
        memcpy(&a->ipv4.sin_addr, where->address.bytes + 12, 4);
    return sizeof a->ipv4;
}

static int open_at(const struct network_grant *where, bool ipv6)
{
    union address a;
    socklen_t len = make_address(where, ipv6, &a);
    int fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1, off = 0, error;
    if (fd < 0)
        return -errno;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (ipv6 && !where->prefix)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, &a.any, len) == 0)
        return fd;
    error = -errno;
    close(fd);
    return error;
}

void connections_open(struct listener *l)
{
    char text[TRIGGER_ADDRESS_MAX + 8];
    struct network_grant where;
    const char *why;
    snprintf(text, sizeof text, "listen:%s", l->trigger.address);
    if (!network_parse(text, &where, &why))
        listen_fail(l, "%s: %s", l->trigger.address, why);
    l->socket = open_at(&where, !where.prefix || !network_is_ipv4(&where.address));
    if (l->socket < 0 && !where.prefix) /* a machine without IPv6 */
        l->socket = open_at(&where, false);
    if (l->socket < 0 || listen(l->socket, (int)l->trigger.backlog))
        listen_fail(l, "cannot listen at %s: %s", l->trigger.address,
                    strerror(l->socket < 0 ? -l->socket : errno));
}

/* As inetd's descendants name them. */
static void describe(const char *ip, const char *port, const struct sockaddr *a, socklen_t len, bool remote)
{
    struct network_address address = {{0}};
    char text[INET6_ADDRSTRLEN] = "", number[8];
    uint16_t at = 0;
    network_take(a, len, &address, &at);
    bool ipv4 = network_is_ipv4(&address);
    inet_ntop(ipv4 ? AF_INET : AF_INET6, address.bytes + (ipv4 ? 12 : 0), text, sizeof text);
    snprintf(number, sizeof number, "%u", at);
    setenv(ip, text, 1);
    setenv(port, number, 1);
    if (remote) {
        setenv("REMOTE_ADDR", text, 1);
        setenv("REMOTE_PORT", number, 1);
        setenv("PROTO", ipv4 ? "TCP" : "TCP6", 1);
    }
}

void connections_take(struct listener *l)
{
    union address peer, own;
    socklen_t peer_len = sizeof peer, own_len = sizeof own;
    struct network_address address = {{0}};
    char label[NETWORK_TEXT_MAX];
    uint16_t port = 0;
    int fd = accept4(l->socket, &peer.any, &peer_len, SOCK_CLOEXEC);
    if (fd < 0) {
        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
            listen_say(l, "accept: %s", strerror(errno));
        return;
    }
    getsockname(fd, &own.any, &own_len);
    network_take(&peer.any, peer_len, &address, &port);
    describe("TCPREMOTEIP", "TCPREMOTEPORT", &peer.any, peer_len, true);
    describe("TCPLOCALIP", "TCPLOCALPORT", &own.any, own_len, false);
    handler_start(l, fd, fd, network_format(&address, port, label));
    close(fd);
}
