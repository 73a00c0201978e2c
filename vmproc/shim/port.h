/*
 * port.h - one of the guest's output ports (out, err) on its way to the descriptor it stands for.
 *
 *   socket -> buffer -> (a terminal's filter) -> op_start(OP_WRITE) -> target
 *
 * The buffer is filled only when it is empty: a slow reader stops us, we stop QEMU, and QEMU the guest. Bytes
 * that nobody can take any more (EPIPE and the like, or no target) are taken from the port and dropped, so
 * that the guest comes to an end; broken() tells it once.
 *
 * On the way from another machine much may lie between QEMU and us. So the guest there may send a window ahead of
 * what has been delivered, and room() tells it further.
 */
#ifndef SHIM_PORT_H
#define SHIM_PORT_H

#include "op.h"
#include "vmproc/guest_abi.h"

#define PORT_BUFFER (128u << 10)
#define PORT_WINDOW (4u << 20) /* 80 MB/s over 50 ms */

struct port {
    enum ctl_via via;
    int fd; /* the port's socket; -1 after its end */
    struct file *target;
    struct ops *ops;
    void (*broken)(struct port *port, void *owner); /* the target does not take bytes any more */
    void (*room)(struct port *port, void *owner);   /* so many more bytes may come: limit is new */
    uint64_t window, limit;                         /* window 0: the guest was given none */
    void *owner;
    bool unix_lines;     /* CR before LF is taken out: the guest writes lines as for a terminal */
    const char *awaited; /* a text that is waited for in what comes; NULL: none, or it has come */
    size_t matched;      /* bytes of it that the last ones were */
    bool held_cr;        /* the last byte was a CR, which waits for the next one */

    uint8_t *buffer; /* one byte and `size`, when the first byte comes */
    size_t size;     /* PORT_BUFFER, or without memory what is left of `spare` */
    uint8_t spare[512];
    uint8_t *filtered;            /* what of it may be written to a terminal */
    uint64_t received, delivered; /* bytes since EXEC; delivered: written or dropped */
    bool is_broken;
    bool writing; /* op is under way: the buffer is its */
    struct op op;
};

/* Moves what can be moved without waiting, in turns of a bounded size. */
void port_pump(struct port *port);

/* What the loop is to poll of it: the socket, and the target's loss of its last reader. At most 2 entries. */
unsigned port_poll_set(const struct port *port, struct pollfd fds[2]);
void port_polled(struct port *port, const struct pollfd fds[], unsigned n);

/* Bytes that have gone where they belong, or were dropped; those of an operation that is under way, too. */
uint64_t port_moved(const struct port *port);

/* The program has closed the target's descriptor. */
void port_detach(struct port *port);

#endif
