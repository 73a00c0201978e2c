/* net_link.c - messages between a shim and its vmproc-net. */
#include "vmproc/net_link.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr align;
};

int net_link_send(int socket, const struct net_message *message, int pass)
{
    union control control = {{0}};
    struct iovec part = {(void *)message, sizeof *message};
    struct msghdr msg = {.msg_iov = &part, .msg_iovlen = 1};
    if (pass >= 0) {
        msg.msg_control = control.bytes;
        msg.msg_controllen = sizeof control.bytes;
        struct cmsghdr *head = CMSG_FIRSTHDR(&msg);
        *head = (struct cmsghdr){CMSG_LEN(sizeof pass), SOL_SOCKET, SCM_RIGHTS};
        memcpy(CMSG_DATA(head), &pass, sizeof pass);
    }
    return sendmsg(socket, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof *message ? 0 : -errno;
}

int net_link_receive(int socket, struct net_message *message, int *passed, int flags)
{
    union control control;
    struct iovec part = {message, sizeof *message};
    struct msghdr msg = {.msg_iov = &part,
                         .msg_iovlen = 1,
                         .msg_control = control.bytes,
                         .msg_controllen = sizeof control.bytes};
    ssize_t n = recvmsg(socket, &msg, flags | MSG_CMSG_CLOEXEC);
    struct cmsghdr *head = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;
    *passed = -1;
    if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
        memcpy(passed, CMSG_DATA(head), sizeof *passed);
    if (n == sizeof *message && !(msg.msg_flags & MSG_TRUNC)) {
        message->text[sizeof message->text - 1] = '\0';
        return 0;
    }
    if (*passed >= 0)
        close(*passed);
    *passed = -1;
    if (n < 0)
        return errno == ECONNRESET ? -EPIPE : -errno;
    return n == 0 ? -EPIPE : -EPROTO;
}

const char *net_link_cannot(const struct network_grant *grant, unsigned *ports)
{
    if (!grant->name[0] && grant->prefix && !network_is_ipv4(&grant->address))
        return "the network of a bootable image carries no IPv6";
    if (!grant->listen)
        return NULL;
    if (grant->port_low == 0)
        return "where a bootable image listens must be said: all ports cannot be given";
    if (grant->prefix > 0 && grant->prefix < 8 * NETWORK_ADDRESS)
        return "a bootable image listens at one address, or at all";
    if ((unsigned)(grant->port_high - grant->port_low) >= NET_LINK_PORTS - *ports)
        return "a bootable image listens at 64 ports at most";
    *ports += grant->port_high - grant->port_low + 1u;
    return NULL;
}
