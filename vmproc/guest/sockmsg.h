/* sockmsg.h - messages of sockets: what send, sendmsg, recv and recvmsg have in common. No ancillary data. */
#ifndef GUEST_SOCKMSG_H
#define GUEST_SOCKMSG_H

#include "file.h"
#include "vmproc/guest_abi.h"

#define SOCKET_IO_MAX 0x7ffff000ul /* Linux's limit of one transfer */

struct socket_message {
    struct iobuf *pieces; /* the program's memory, in order */
    unsigned count;
    bool wants_address;            /* of a receive */
    struct socket_address address; /* where to, or where from; len 0: none */
    uint32_t flags;                /* out: msg_flags */
};

/* sys_socket.c: NULL or no socket: *error is set. */
struct file *socket_file(uint64_t fd, long *error);
int socket_get_address(struct socket_address *address, uint64_t from, uint64_t len);
int socket_put_address(const struct socket_address *address, uint64_t to, uint32_t *room);

/* As send(2) and recv(2) with their flags: bytes or -errno; EPIPE has raised SIGPIPE. */
long socket_send(struct file *f, struct socket_message *m, uint32_t flags);
long socket_receive(struct file *f, struct socket_message *m, uint32_t flags);

#endif
