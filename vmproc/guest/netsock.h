/*
 * netsock.h - sockets. They are the host's, under what the command was given of the network; there is no TCP
 * here. Each is an inherited descriptor (hostfd.h) that the program has asked for itself, or has got from
 * whoever started it.
 *
 * Waiting: for each way, in and out, at most one CALL_POLL is under way, and stays so whoever waits: a server
 * that waits for a thousand sockets asks anew only for those that were ready.
 *
 *   nothing --look--> asked --answer--> ready --recv, or a send that would wait--> nothing
 *                       '--recv--> stale (its answer is of before that, and not believed)
 */
#ifndef GUEST_NETSOCK_H
#define GUEST_NETSOCK_H

#include "file.h"
#include "poll.h"
#include "vmproc/guest_abi.h"

enum netsock_way { WAY_IN, WAY_OUT };

struct netsock_wait {
    struct ctl_pending *asked; /* NULL: not */
    unsigned mask;             /* for what */
    bool stale;
    unsigned ready;   /* POLL* that the host has told of */
    uint64_t timeout; /* SO_RCVTIMEO, SO_SNDTIMEO in ns; 0: none */
};

/* A part of every host descriptor; zero for others than sockets. */
struct netsock {
    struct netsock_wait wait[2];
    long error; /* of a send that had sent a part before: the next one's */
};

bool is_netsock(const struct file *f);
/* SOCK_STREAM or SOCK_DGRAM; 0: not known. */
unsigned netsock_type(const struct file *f);

int netsock_new(uint64_t domain, uint64_t type, uint32_t flags, struct file **file);

/* A call of guest_abi.h on the socket. */
int64_t netsock_call(struct file *f, enum ctl_call_op op, int64_t a, int64_t b, void *data, uint32_t in,
                     uint32_t cap);

/* As connect(2) and accept(2), interruptible. */
long netsock_connect(struct file *f, void *address, uint32_t len);
long netsock_accept(struct file *f, uint32_t flags, struct file **file, struct socket_address *from);

/*
 * recv(2) or send(2) with P9_SOCKET's flags, whole as far as a stream's send is. With SOCKET_HEAD the buffer
 * begins with a socket_head, and a send counts what comes behind it.
 */
long netsock_move(struct file *f, struct iobuf *buf, uint64_t flags, enum netsock_way way);

/* POLL* that hold, as far as is known; the slot is woken by answers. */
unsigned netsock_poll(struct file *f, unsigned events, struct poll_slot *slot);

/* Of SO_RCVTIMEO or SO_SNDTIMEO, in ns; 0: none. */
uint64_t *netsock_timeout(struct file *f, enum netsock_way way);

/* Nobody has it any more. */
void netsock_release(struct netsock *s);

#endif
