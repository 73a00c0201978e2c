/* apic.c - registers by memory: TCG has no x2APIC. */
#include "apic.h"

#include "cpu.h"
#include "pmem.h"
#include "trap.h"

#define LAPIC_BASE   0xfee00000ul
#define IOAPIC_BASE  0xfec00000ul
#define IOAPIC2_BASE 0xfec10000ul /* microvm with ioapic2=on */

enum lapic_register {
    LAPIC_TPR = 0x80,
    LAPIC_EOI = 0xb0,
    LAPIC_SVR = 0xf0,
    LAPIC_TIMER = 0x320,
    LAPIC_LINT0 = 0x350,
    LAPIC_LINT1 = 0x360,
    LAPIC_COUNT = 0x380,
    LAPIC_DIVIDE = 0x3e0,
};

#define MASKED 0x10000u

#define PIT_CONTROL 0x43
#define PIT_ONCE    0x30 /* channel 0, mode 0; no count follows, so it does not begin */

static volatile uint32_t *lapic(uint32_t reg)
{
    return pa_to_va(LAPIC_BASE + reg);
}

static void route_all_pins(uint64_t base)
{
    volatile uint32_t *select = pa_to_va(base), *window = pa_to_va(base + 0x10);
    *select = 1;
    uint32_t version = *window;
    if (version == 0xffffffff || version == 0)
        return;
    uint32_t pins = (version >> 16 & 0xff) + 1;
    for (uint32_t pin = 0; pin < pins; pin++) {
        *select = 0x11 + 2 * pin; /* to local APIC 0 */
        *window = 0;
        *select = 0x10 + 2 * pin;
        /* Edge: virtio-mmio's line rises when its status register leaves 0, and a handler always clears it.
         * Pin 0 and 2 may carry a PIT nobody asked for, 8 the clock. */
        *window = pin == 0 || pin == 2 || pin == 8 ? MASKED : VECTOR_DEVICE;
    }
}

void apic_init(void)
{
    outb(0x21, 0xff); /* the old interrupt controllers, if there are any, stay silent */
    outb(0xa1, 0xff);
    outb(PIT_CONTROL, PIT_ONCE); /* after a reset it counts for ever, and wakes QEMU 36 times a second */
    *lapic(LAPIC_LINT0) = MASKED;
    *lapic(LAPIC_LINT1) = MASKED;
    *lapic(LAPIC_TPR) = 0;
    *lapic(LAPIC_SVR) = 0x100 | VECTOR_SPURIOUS;
    *lapic(LAPIC_TIMER) = VECTOR_TIMER;
    route_all_pins(IOAPIC_BASE);
    route_all_pins(IOAPIC2_BASE);
}

/* The timer counts at 1 GHz, in QEMU and in KVM: 1 ns steps up to 4.2 s, else 128 ns steps. */
void apic_timer(uint64_t ns)
{
    enum { BY_1 = 0xb, BY_128 = 0xa };
    static uint32_t divide;
    uint32_t wanted = ns >> 32 ? BY_128 : BY_1;
    if (divide != wanted)
        *lapic(LAPIC_DIVIDE) = divide = wanted;
    if (wanted == BY_128)
        ns = MIN(ns / 128, 0xffffffff);
    *lapic(LAPIC_COUNT) = (uint32_t)ns;
}

void apic_end_of_interrupt(void)
{
    *lapic(LAPIC_EOI) = 0;
}
