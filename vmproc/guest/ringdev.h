/*
 * ringdev.h - the shared memory of this guest's wires: it lies beyond the ROM (vmproc/rom_abi.h).
 *
 * A machine without it has wires that go through ports alone.
 */
#ifndef GUEST_RINGDEV_H
#define GUEST_RINGDEV_H

#include "types.h"

struct boot_info;

void ringdev_init(const struct boot_info *boot);
uint32_t ringdev_found(void); /* READY_RING_* (guest_abi.h) */

/* The memory of port next, which this guest writes to, or of port prev. NULL: there is none. */
void *ringdev_memory(bool next);

#endif
