/*
 * ringdev.h - the shared memory of this guest's wires: ivshmem devices on PCI bus 0 (vmproc/ring_abi.h).
 *
 * A machine without PCI, or without such a device, has wires that go through ports alone.
 */
#ifndef GUEST_RINGDEV_H
#define GUEST_RINGDEV_H

#include "types.h"

/* Looks for the devices and maps what it finds. READY_RING_* (guest_abi.h). */
uint32_t ringdev_init(void);

/* The memory of the device in that slot, RING_FILE_BYTES; NULL: there is none. */
void *ringdev_memory(unsigned slot);

#endif
