/*
 * socket.h - the sockets that the guest's programs have: real ones of this process, each a descriptor like
 * those that the command inherited (inherit.h), so that polls, children and closing are as for any.
 *
 * The grants (network.h) are looked at whenever an address is named: connect, bind, and a datagram's; and for
 * where a datagram came from. A command that was given nothing gets stand-ins, unconnected sockets of
 * AF_UNIX, as the kernel lets it have no others (confine.h).
 */
#ifndef SHIM_SOCKET_H
#define SHIM_SOCKET_H

#include "inherit.h"
#include "network.h"
#include "op.h"

#define SOCKET_PEERS 64

struct peer {
    struct network_address address;
    uint16_t port;
};

struct socket {
    struct network *network;
    int domain, type; /* as the program asked for */
    bool stand_in;    /* really of AF_UNIX */
    bool is_resolver; /* really one end of a pair whose other end answers for names (resolver.h) */
    bool from_all;    /* datagrams of anybody are taken: it was inherited, or is bound where it may listen */
    int error;        /* that a send met when it had sent a part: the next one's; 0: none */
    struct peer peer[SOCKET_PEERS]; /* of a socket that may listen: who has sent, and may be answered */
    unsigned npeers;
};

/* A new one. 0 or -errno. */
int socket_new(struct network *network, struct inherit *inherit, int domain, int type,
               struct inherited **file);

/* What is known of f; NULL: it is no socket, or there is no memory. */
struct socket *socket_of(struct network *network, struct inherited *f);

/* Each is for op.attempt; op->file is of a struct inherited that socket_of() has been asked for. */

/* op->buf, op->len: where to; op->flags: recv(2)'s; op->request: SOCKET_HEAD, or 0. */
int64_t socket_receive(struct op *op);
/* op->buf, op->len: what; op->flags: send(2)'s; op->arg: a socket_head with where to, or NULL. */
int64_t socket_send(struct op *op);
/* op->buf, op->len: the address; op->request: SOCKET_NOWAIT, or 0. */
int64_t socket_connect(struct op *op);

/* 0 or -errno. */
int socket_bind(struct inherited *f, const struct socket_address *address);
int socket_listen(struct inherited *f, int backlog);

/* accept(2) without waiting: a descriptor, or -errno. */
int socket_accept(struct inherited *f, struct socket_address *from);

/* An error that is to be told once: -errno, or 0. */
int socket_take_error(struct inherited *f);

/* The name of the socket or of its peer. 0 or -errno. */
int socket_name(const struct inherited *f, bool of_peer, struct socket_address *name);

/* Its own program's to see: an AF_UNIX name is of no use to it. */
void socket_put_address(struct socket_address *to, const void *from, size_t len);

#endif
