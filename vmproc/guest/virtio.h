/*
 * virtio.h - one virtio-mmio device (modern interface) and its split virtqueues, virtio 1.1 sections 2.6
 * and 4.2.
 *
 * Every buffer is one descriptor, and a queue is a ring of slots: slot = counter % size. The device may be
 * done with them in another order (QEMU's virtio-serial, when the host closes a port, drops what it has not
 * looked at yet while it keeps the one it was writing out); they are taken back in the order of the slots.
 */
#ifndef GUEST_VIRTIO_H
#define GUEST_VIRTIO_H

#include "types.h"

#define VIRTIO_ID_CONSOLE 3u
#define VIRTQ_MAX         128u

struct virtio_device {
    volatile uint32_t *regs;
    bool event_idx; /* VIRTIO_F_EVENT_IDX was agreed on */
};

struct virtq {
    struct virtio_device *dev;
    uint16_t index, size;
    uint16_t added; /* counters, modulo 2^16: buffers given to the device, and taken back */
    uint16_t seen;  /* entries of the used ring that were looked at */
    uint16_t reaped;
    uint64_t done[VIRTQ_MAX / 64]; /* slots that were used, and wait for their turn */
    uint16_t kicked;               /* value of added when the device was last told */
    struct virtq_desc *desc;
    volatile struct virtq_avail *avail;
    volatile struct virtq_used *used;
};

/* Looks for a device with that id. False when there is none. */
bool virtio_find(struct virtio_device *dev, uint32_t id);

/* Negotiation: features is what the driver understands; returns what both do. */
uint64_t virtio_negotiate(struct virtio_device *dev, uint64_t features);
void virtio_ready(struct virtio_device *dev); /* DRIVER_OK */
uint32_t virtio_config(struct virtio_device *dev, unsigned offset);
void virtio_ack_interrupt(struct virtio_device *dev);

bool virtq_init(struct virtq *q, struct virtio_device *dev, uint16_t index);

/*
 * Begins queue number index, which nobody uses, twice and gives it up. That changes nothing here; but a
 * device that frees what it kept of a queue when nobody can be reading it any more, as QEMU does, gives what it does
 * not need of its memory back to its system then (malloc_trim(3)).
 */
void virtq_renew_unused(struct virtio_device *dev, uint16_t index);

/* Buffers: len bytes at physical address pa. The queue must have room: added - reaped < size. */
void virtq_add(struct virtq *q, uint64_t pa, uint32_t len, bool device_writes);
void virtq_kick(struct virtq *q); /* tells the device of all added ones, if it wants to know */

/* Takes back the oldest buffer if the device has used it; *len is what the device wrote. */
bool virtq_reap(struct virtq *q, uint32_t *len);

/* Interrupt when n more buffers have been used, counted from what reaping saw; true when they already have.
 */
bool virtq_want(struct virtq *q, uint16_t n);

/*
 * A queue that no device knows, for rehearsals (rehearse.h), and the device's half of it. take: the oldest
 * buffer that has not been used, NULL when there is none. used: is done with it and has written so many bytes
 * to it.
 */
bool virtq_init_detached(struct virtq *q);
void virtq_free_detached(struct virtq *q);
void *virtq_device_take(struct virtq *q, uint32_t *len);
void virtq_device_used(struct virtq *q, uint32_t written);

static inline uint16_t virtq_in_flight(const struct virtq *q)
{
    return (uint16_t)(q->added - q->reaped);
}

#endif
