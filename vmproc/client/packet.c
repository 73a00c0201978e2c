/* packet.c - SOCK_SEQPACKET messages with descriptors. */
#include "vmproc/packet.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union fd_space {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * PACKET_MAX_FDS)];
};

int packet_send(int fd, enum vmp_type type, const void *body, uint32_t len, const int *fds, unsigned nfds,
                int flags)
{
    struct vmp_head head = {.version = VMP_VERSION, .type = (uint16_t)type, .len = len};
    struct iovec iov[2] = {{&head, sizeof head}, {(void *)body, len}};
    struct msghdr msg = {.msg_iov = iov, .msg_iovlen = len ? 2 : 1};
    union fd_space space;
    ssize_t sent;
    assert(nfds <= PACKET_MAX_FDS);
    if (nfds) {
        struct cmsghdr *c;
        memset(&space, 0, sizeof space);
        msg.msg_control = space.bytes;
        msg.msg_controllen = CMSG_SPACE(sizeof(int) * nfds);
        c = CMSG_FIRSTHDR(&msg);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * nfds);
        memcpy(CMSG_DATA(c), fds, sizeof(int) * nfds);
    }
    do
        sent = sendmsg(fd, &msg, flags | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

static void take_fds(struct packet *packet, struct msghdr *msg)
{
    packet->nfds = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        packet->nfds = (unsigned)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(packet->fds, CMSG_DATA(c), packet->nfds * sizeof(int));
    }
}

int packet_recv(int fd, struct packet *packet, int flags)
{
    struct iovec iov[2] = {{&packet->head, sizeof packet->head}, {packet->body, sizeof packet->body}};
    union fd_space space;
    struct msghdr msg = {
        .msg_iov = iov, .msg_iovlen = 2, .msg_control = space.bytes, .msg_controllen = sizeof space};
    ssize_t got = recvmsg(fd, &msg, flags | MSG_CMSG_CLOEXEC);
    /* The peer has closed without reading what we had sent; what it had to say comes after that news. */
    if (got < 0 && errno == ECONNRESET)
        got = recvmsg(fd, &msg, flags | MSG_CMSG_CLOEXEC);
    packet->nfds = 0;
    if (got < 0)
        return errno == ECONNRESET ? -EPIPE : -errno;
    if (got == 0)
        return -EPIPE;
    take_fds(packet, &msg);
    if ((size_t)got < sizeof packet->head || (size_t)got != sizeof packet->head + packet->head.len ||
        (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
        while (packet->nfds)
            close(packet->fds[--packet->nfds]);
        return msg.msg_flags & MSG_CTRUNC ? -EMFILE : -EPROTO;
    }
    memset(packet->body + packet->head.len, 0, sizeof packet->body - packet->head.len);
    return 0;
}

int packet_recv_within(int fd, struct packet *packet, int milliseconds)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int err = packet_recv(fd, packet, MSG_DONTWAIT); /* a queued grant costs no poll */
    if (err != -EAGAIN)
        return err;
    switch (poll(&p, 1, milliseconds)) {
    case -1:
        return -errno;
    case 0:
        return -ETIMEDOUT;
    default:
        return packet_recv(fd, packet, MSG_DONTWAIT);
    }
}
