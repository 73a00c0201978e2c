/* sockets.c - libslirp, which makes sockets of what the guest sends: its TCP/IP, and DHCP. */
#include "link.h"

#include <errno.h>
#include <slirp/libslirp.h>
#include <stdlib.h>
#include <time.h>

static ssize_t send_packet(const void *bytes, size_t len, void *opaque)
{
    struct link *link = opaque;
    struct frame frame;
    if (frame_read(&frame, bytes, len) && filter_to_guest(&link->filter, &frame))
        frames_put(&link->frames, bytes, len);
    return (ssize_t)len;
}

static void guest_error(const char *text, void *opaque)
{
}

static int64_t clock_ns(void *opaque)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

/* Timers are for IPv6 alone, which the link has not. */
static void *timer_new(SlirpTimerCb callback, void *callback_opaque, void *opaque)
{
    return calloc(1, 1);
}

static void timer_free(void *timer, void *opaque)
{
    free(timer);
}

static void timer_mod(void *timer, int64_t expires_ms, void *opaque)
{
}

static void poll_fd(int fd, void *opaque)
{
}

static void notify(void *opaque)
{
}

int sockets_init(struct link *link)
{
    static const SlirpCb callbacks = {
        .send_packet = send_packet,
        .guest_error = guest_error,
        .clock_get_ns = clock_ns,
        .timer_new = timer_new,
        .timer_free = timer_free,
        .timer_mod = timer_mod,
        .register_poll_fd = poll_fd,
        .unregister_poll_fd = poll_fd,
        .notify = notify,
    };
    const SlirpConfig config = {
        .version = 3,
        .in_enabled = true,
        .vnetwork.s_addr = htonl(NET_LINK_NETWORK),
        .vnetmask.s_addr = htonl(NET_LINK_MASK),
        .vhost.s_addr = htonl(NET_LINK_HOST),
        .vdhcp_start.s_addr = htonl(NET_LINK_GUEST),
        .vnameserver.s_addr = htonl(NET_LINK_DNS),
    };
    link->slirp = slirp_new(&config, &callbacks, link);
    return link->slirp ? 0 : -ENOMEM;
}

static int listen_at(struct link *link, uint32_t address, uint16_t port, int udp)
{
    const struct in_addr own = {htonl(address)}, guest = {htonl(NET_LINK_GUEST)};
    return slirp_add_hostfwd(link->slirp, udp, own, port, guest, port) < 0 ? -errno : 0;
}

int link_listen(struct link *link, const struct network_grant *grant, uint16_t *port)
{
    const uint8_t *bytes = grant->address.bytes + NETWORK_ADDRESS - 4;
    uint32_t address = grant->prefix == 0 ? INADDR_ANY
                                          : (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
                                                (uint32_t)bytes[2] << 8 | bytes[3];
    for (unsigned at = grant->port_low; at <= grant->port_high && link->filter.nlistens < NET_LINK_PORTS;
         at++) {
        int err;
        *port = (uint16_t)at;
        err = listen_at(link, address, *port, 0);
        if (!err)
            err = listen_at(link, address, *port, 1);
        if (err == -EADDRINUSE && filter_listens_at(&link->filter, *port))
            continue; /* a grant for all addresses has it already */
        if (err)
            return err;
        link->filter.listens[link->filter.nlistens++] = *port;
    }
    return 0;
}

/* ---- the loop ---- */

static const struct {
    int slirp;
    short poll;
} events[] = {
    {SLIRP_POLL_IN, POLLIN},   {SLIRP_POLL_OUT, POLLOUT}, {SLIRP_POLL_PRI, POLLPRI},
    {SLIRP_POLL_ERR, POLLERR}, {SLIRP_POLL_HUP, POLLHUP},
};

/* Sockets beyond the array are not looked at: they wait. */
static int add_poll(int fd, int wanted, void *opaque)
{
    struct link *link = opaque;
    struct pollfd *p = link->nfds < LINK_SOCKETS ? &link->fds[link->nfds] : NULL;
    if (!p)
        return -1;
    *p = (struct pollfd){.fd = fd};
    for (unsigned i = 0; i < sizeof events / sizeof *events; i++)
        if (wanted & events[i].slirp)
            p->events |= events[i].poll;
    return (int)link->nfds++;
}

static int get_revents(int index, void *opaque)
{
    const struct link *link = opaque;
    int result = 0;
    for (unsigned i = 0; index >= 0 && i < sizeof events / sizeof *events; i++)
        if (link->fds[index].revents & events[i].poll)
            result |= events[i].slirp;
    return result;
}

int sockets_poll_set(struct link *link)
{
    uint32_t limit = UINT32_MAX;
    slirp_pollfds_fill(link->slirp, &limit, add_poll, link);
    return limit > INT32_MAX ? -1 : (int)limit;
}

void sockets_polled(struct link *link, bool failed)
{
    slirp_pollfds_poll(link->slirp, failed, get_revents, link);
}
