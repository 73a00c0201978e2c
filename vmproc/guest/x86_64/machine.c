/* machine.c - QEMU's microvm: local APIC and I/O APIC, virtio-mmio, serial port, interval timer, exit port. */
#include "machine.h"

#include "apic.h"
#include "cpu.h"
#include "pmem.h"
#include "trap.h"
#include "vmproc/guest_abi.h"

/* ---- interrupts: APIC registers by memory, as TCG has no x2APIC ---- */
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

#define PIT       0x40
#define PIT_HZ    1193182u
#define PIT_TICKS 11932u /* 10 ms */
#define PIT_ONCE  0x30   /* channel 0, mode 0; no count follows, so it does not begin */
#define PIT_RATE  0x34   /* channel 0, both bytes, rate generator */

static volatile uint32_t *lapic(uint32_t reg)
{
    return pa_to_va(LAPIC_BASE + reg);
}

/* Which pin the virtio device has need not be known. */
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

void machine_interrupts(void)
{
    outb(0x21, 0xff); /* the old interrupt controllers, if there are any, stay silent */
    outb(0xa1, 0xff);
    outb(PIT + 3, PIT_ONCE); /* after a reset it counts for ever, and wakes QEMU 36 times a second */
    *lapic(LAPIC_LINT0) = MASKED;
    *lapic(LAPIC_LINT1) = MASKED;
    *lapic(LAPIC_TPR) = 0;
    *lapic(LAPIC_SVR) = 0x100 | VECTOR_SPURIOUS;
    *lapic(LAPIC_TIMER) = VECTOR_TIMER;
    route_all_pins(IOAPIC_BASE);
    route_all_pins(IOAPIC2_BASE);
}

/* The timer counts at 1 GHz, in QEMU and in KVM: 1 ns steps up to 4.2 s, else 128 ns steps. */
void machine_timer(uint64_t ns)
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

/* ---- devices ---- */

volatile uint32_t *machine_virtio(unsigned slot)
{
    return slot < 32 ? pa_to_va(0xfeb00000ul + slot * 0x200ul) : NULL;
}

/*
 * A QEMU that translates leaves fences out when a machine has one processor, as if nobody else looked at its
 * memory. Any access to a device takes its lock, and that is a fence.
 */
void machine_fence(void)
{
    static enum { UNKNOWN, KEPT, LOST } fences;
    if (fences == UNKNOWN)
        fences = cpuid(0x40000000, 0).ebx == 0x54474354 /* "TCGT" */ ? LOST : KEPT;
    full_barrier();
    if (fences == LOST)
        inb(0x80);
}

void machine_off(void)
{
    outl(GUEST_EXIT_PORT, 0);
    /* No such device: a triple fault resets, which -no-reboot turns into the end. */
    struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) none = {0, 0};
    __asm__ volatile("lidt %0; int3" ::"m"(none));
    for (;;)
        __asm__ volatile("cli; hlt");
}

/* ---- alone ---- */

#define COM1 0x3f8

void serial_begin(void)
{
    outb(COM1 + 1, 0);
    outb(COM1 + 3, 3); /* 8 bits, no parity */
}

bool serial_can_get(void)
{
    return inb(COM1 + 5) & 1;
}

uint8_t serial_get(void)
{
    return inb(COM1);
}

void serial_put(uint8_t byte)
{
    while (!(inb(COM1 + 5) & 0x20))
        cpu_relax();
    outb(COM1, byte);
}

static uint16_t pit_count(void)
{
    outb(PIT + 3, 0); /* latch */
    uint16_t low = inb(PIT);
    return (uint16_t)(low | inb(PIT) << 8);
}

/* As long as its counter takes to sink by PIT_TICKS; 1 GHz where there is none. */
uint64_t machine_tick_hz(void)
{
    outb(PIT + 3, PIT_RATE);
    outb(PIT, 0xff);
    outb(PIT, 0xff);
    uint64_t from = ticks_now(), to = from;
    uint16_t first = pit_count(), sunk = 0;
    while (sunk < PIT_TICKS && (to = ticks_now()) - from < 1000000000)
        sunk = (uint16_t)(first - pit_count());
    return sunk < PIT_TICKS ? 1000000000 : (to - from) * PIT_HZ / sunk;
}

void machine_end(uint8_t status)
{
    outl(GUEST_EXIT_PORT, status);
    machine_off();
}
