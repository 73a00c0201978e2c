/*
 * packet.h - one message of vmprocd_proto.h to or from a SOCK_SEQPACKET socket, with its descriptors.
 *
 * Descriptors received are close-on-exec and belong to the caller.
 */
#ifndef VMPROC_PACKET_H
#define VMPROC_PACKET_H

#include "vmproc/vmprocd_proto.h"

#define PACKET_MAX_FDS VMP_MAX_RUN

struct packet {
    struct vmp_head head;
    _Alignas(8) unsigned char body[VMP_MAX_PACKET]; /* head.len bytes, the rest zero */
    int fds[PACKET_MAX_FDS];
    unsigned nfds;
};

/* Returns 0 or -errno. Never raises SIGPIPE. flags as of sendmsg(2), usually 0 or MSG_DONTWAIT. */
int packet_send(int fd, enum vmp_type type, const void *body, uint32_t len, const int *fds, unsigned nfds,
                int flags);

/*
 * Receives one packet. Returns 0; -EPIPE when the peer has closed; -EPROTO when the packet's length is not
 * what its head says; -EMFILE when there was no room for its descriptors (those that came are closed);
 * -EAGAIN, -EINTR as recvmsg(2).
 */
int packet_recv(int fd, struct packet *packet, int flags);

/* The same, waiting at most that long: -ETIMEDOUT. Signals end the wait with -EINTR. */
int packet_recv_within(int fd, struct packet *packet, int milliseconds);

#endif
