/* ringdev.c - where the rings are. */
#include "ringdev.h"

#include "boot.h"
#include "machine.h"
#include "pmem.h"
#include "ring.h"
#include "vmproc/guest_abi.h"

static void *prev, *next;

void ringdev_init(const struct boot_info *boot)
{
    prev = boot->ring_prev ? pa_to_va(boot->ring_prev) : NULL;
    next = boot->ring_next ? pa_to_va(boot->ring_next) : NULL;
}

uint32_t ringdev_found(void)
{
    return (prev ? READY_RING_PREV : 0) | (next ? READY_RING_NEXT : 0);
}

void *ringdev_memory(bool of_next)
{
    return of_next ? next : prev;
}

void ring_fence(void)
{
    machine_fence();
}
