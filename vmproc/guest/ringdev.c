/* ringdev.c - just as much of PCI as two devices in known slots take. */
#include "ringdev.h"

#include "cpu.h"
#include "kmem.h"
#include "lib.h"
#include "ring.h"
#include "vmproc/guest_abi.h"

/* QEMU's microvm: where configuration space lies, and the window for what devices map. No firmware has been
 * here. */
#define CONFIG_BASE 0xe0000000ul
#define WINDOW_BASE 0xc0000000ul
#define SLOT_SHIFT  15 /* in configuration space: bus, slot, function, register */
#define SLOTS       (RING_SLOT_NEXT + 1)

enum config {
    CONFIG_ID = 0x00,
    CONFIG_COMMAND = 0x04,
    CONFIG_MEMORY = 0x18, /* BAR 2 and 3: one 64-bit address */
};
#define COMMAND_MEMORY 2u

static void *memory[SLOTS];
static bool fences_are_lost;

static uint32_t find(volatile uint32_t *config, unsigned slot, uint64_t pa)
{
    volatile uint32_t *bar = &config[CONFIG_MEMORY / 4];
    if (config[CONFIG_ID / 4] != RING_PCI_ID)
        return 0;
    bar[0] = UINT32_MAX; /* the bits that stay 0 tell the size */
    if (-(bar[0] & ~0xfu) != RING_FILE_BYTES)
        return 0;
    bar[0] = (uint32_t)pa;
    bar[1] = 0;
    config[CONFIG_COMMAND / 4] = COMMAND_MEMORY;
    memory[slot] = kv_map(pa, RING_DATA + RING_BYTES, false);
    return memory[slot] != NULL;
}

uint32_t ringdev_init(void)
{
    uint32_t found = 0;
    volatile char *config = kv_map(CONFIG_BASE, SLOTS << SLOT_SHIFT, true);
    for (unsigned slot = RING_SLOT_PREV; config && slot < SLOTS; slot++)
        if (find((void *)(config + (slot << SLOT_SHIFT)), slot, WINDOW_BASE + slot * RING_FILE_BYTES))
            found |= slot == RING_SLOT_PREV ? READY_RING_PREV : READY_RING_NEXT;
    struct cpuid c = cpuid(0x40000000, 0);
    fences_are_lost = c.ebx == 0x54474354; /* "TCGT" */
    return found;
}

void *ringdev_memory(unsigned slot)
{
    return memory[slot];
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
