/*
 * port.h - a virtio-console port as a stream of bytes each way. The other end is a socket on the host.
 *
 * Receiving: pages are posted when somebody starts to read (port_receive()); what arrives waits in them, in
 * order, until it has been consumed, and a consumed page is posted again. A reader that consumes nothing
 * stops the host: that is the flow control. QEMU fills at most a page per buffer.
 *
 * Sending: a ring of bytes. port_reserve() finds room for a piece, the caller fills it, port_commit() hands
 * it to the device, which is done with it in order.
 */
#ifndef GUEST_PORT_H
#define GUEST_PORT_H

#include "task.h"
#include "virtio.h"

struct port {
    const char *name;
    uint32_t number; /* the device's number of it */
    bool present;
    bool host_open; /* somebody holds the other end */
    bool pretended; /* its queues are a rehearsal's */
    bool eager;     /* interrupt for whatever arrives, also while the program runs */
    struct virtq rx, tx;

    char *rx_page[VIRTQ_MAX];
    uint32_t rx_len[VIRTQ_MAX]; /* bytes that arrived in the page of that slot */
    uint16_t rx_pages;          /* posted or holding data; 0 before port_receive() */
    uint16_t rx_read;           /* counter of the slot being consumed; up to rx.reaped */
    uint32_t rx_offset;         /* in that slot */
    uint64_t rx_bytes;          /* arrived and not consumed */
    struct waitq rx_wait;

    char *tx_ring;
    uint32_t tx_size, tx_head, tx_tail; /* bytes from tail to head, around the end, belong to the device */
    uint32_t tx_end[VIRTQ_MAX];         /* where the piece of that slot ends */
    struct waitq tx_wait;
    uint64_t tx_sent, tx_limit; /* bytes committed, and what they may come to: port_limit() */

    void (*arrived)(struct port *port); /* new bytes; called with interrupts off */
    void (*changed)(struct port *port); /* host_open is another */
};

static inline bool port_is_open(const struct port *port)
{
    return port->host_open || port->pretended;
}

/* A ring of tx_size bytes for sending. The pieces may be up to half of it. */
void port_init(struct port *port, const char *name, uint32_t tx_size);

/* Posts receive pages, pages in number at most. Once. False when there is no memory. */
bool port_receive(struct port *port, unsigned pages);

/* Takes in what the device has delivered. */
void port_poll(struct port *port);

/* The bytes that lie next, in one piece; 0 when none are there. */
size_t port_peek(struct port *port, const char **bytes);
/* The same for what lies `ahead` bytes further on. */
size_t port_peek_at(struct port *port, uint64_t ahead, const char **bytes);
void port_consume(struct port *port, size_t n);
/* Copies n bytes that are there (n <= rx_bytes). */
void port_read(struct port *port, void *to, size_t n);

/*
 * Asks for an interrupt once n more bytes can have arrived (each page holds at most PAGE_SIZE). True when so
 * many pages are there already: look first, then ask again.
 */
bool port_want(struct port *port, uint64_t n);

/*
 * From now on at most limit bytes are sent, counted from the first call of this, until it is called again. A port
 * of which this was never said has no limit. A limit that is less than before changes nothing.
 */
void port_limit(struct port *port, uint64_t limit);

/* n contiguous bytes of the ring, or NULL when the device still has too much, or the limit is reached. */
char *port_reserve(struct port *port, uint32_t n);
/* Hands the first n reserved bytes to the device. */
void port_commit(struct port *port, uint32_t n);
/* As port_reserve(), but waits. NULL: *error is -EINTR or -EPIPE (the host has closed the port). */
char *port_reserve_wait(struct port *port, uint32_t n, bool interruptible, int *error);

/* Frees what port_receive() took; for pretended queues, which are never used again. */
void port_forget(struct port *port);

bool port_sent(struct port *port); /* the device is done with everything */

#endif
