/* ringdev.c - where the rings are, and the fence that their machine needs. */
#include "ringdev.h"

#include "boot.h"
#include "cpu.h"
#include "pmem.h"
#include "ring.h"
#include "vmproc/guest_abi.h"

static void *prev, *next;
static bool fences_are_lost;

void ringdev_init(const struct boot_info *boot)
{
    prev = boot->ring_prev ? pa_to_va(boot->ring_prev) : NULL;
    next = boot->ring_next ? pa_to_va(boot->ring_next) : NULL;
    struct cpuid c = cpuid(0x40000000, 0);
    fences_are_lost = c.ebx == 0x54474354; /* "TCGT" */
}

uint32_t ringdev_found(void)
{
    return (prev ? READY_RING_PREV : 0) | (next ? READY_RING_NEXT : 0);
}

void *ringdev_memory(bool of_next)
{
    return of_next ? next : prev;
}

/*
 * A QEMU that translates leaves fences out when a machine has one processor, as if nobody else looked at its
 * memory. Any access to a device takes its lock, and that is a fence.
 */
void ring_fence(void)
{
    full_barrier();
    if (fences_are_lost)
        inb(0x80);
}
