/*
 * ring_abi.h - the shared memory of a wire: a ring of bytes between two guests that are neighbours.
 *
 * vmprocd makes one file per VM and gives it to that VM's QEMU and to its successor's as a part of the
 * machine's memory (rom_abi.h), so each guest has at most two: that of port next, which it writes, and that
 * of port prev, which it reads. Ports prev and next are the doorbells: any byte means "look". docs/PROTOCOL.md tells the rules,
 * docs/ring.pml is their model.
 *
 *        0  struct ring_side of the writer
 *   0x0800  struct ring_side of the reader
 *   0x1000  RING_BYTES of data: byte n of the stream lies at n % RING_BYTES
 *
 * Nothing that the other side has written is trusted: it is read once, and a count that cannot be cuts the
 * wire.
 */
#ifndef VMPROC_RING_ABI_H
#define VMPROC_RING_ABI_H

#include <stdint.h>

#define RING_BYTES      (256u << 10)
#define RING_WRITER     0x0000u
#define RING_READER     0x0800u
#define RING_DATA       0x1000u
#define RING_FILE_BYTES (512u << 10) /* rings begin at multiples of it in a machine's memory */

#define RING_NEVER UINT64_MAX

/* Written by its own side alone. */
struct ring_side {
    uint64_t key;     /* the wire's of this command; until it is there the rest counts as 0, NEVER, 0 */
    uint64_t count;   /* bytes written, or read, since the wire began */
    uint64_t wake_at; /* a bell is wanted when the other side's count reaches this; RING_NEVER: none */
    uint64_t ended;   /* 1: the writer has written all of them, or nobody reads on */
};

_Static_assert(sizeof(struct ring_side) == 32, "ring_side");
_Static_assert((RING_BYTES & (RING_BYTES - 1)) == 0, "a power of two");
_Static_assert(RING_DATA + RING_BYTES <= RING_FILE_BYTES, "the data fits");

#endif
