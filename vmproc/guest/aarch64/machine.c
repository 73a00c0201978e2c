/*
 * machine.c - QEMU's virt: interrupt controller (GIC version 2, or 3 where the processor has its registers), virtual
 * timer, virtio-mmio, PL011, PSCI. Where they are is the machine's promise; the device tree says the same.
 */
#include "machine.h"

#include "console.h"
#include "cpu.h"
#include "gic.h"
#include "pmem.h"
#include "timer.h"

#define GICD  0x08000000ul
#define GICC  0x08010000ul
#define GICR  0x080a0000ul
#define PL011 0x09000000ul

#define PPI_TIMER    27u /* the virtual timer's */
#define SPI_VIRTIO   48u /* the first of the slots' */
#define VIRTIO_SLOTS 32u

#define PSCI_SYSTEM_OFF 0x84000008ul

static bool has_v3;

static volatile uint32_t *device(uint64_t pa)
{
    return pa_to_va(pa);
}

/* ---- GIC: distributor, then what is the processor's ---- */

enum {
    GICD_CTLR = 0x0,
    GICD_GROUP = 0x80,
    GICD_ENABLE = 0x100,
    GICD_TARGET = 0x800,
    GICC_CTLR = 0x0,
    GICC_PRIORITY_MASK = 0x4,
    GICC_ACKNOWLEDGE = 0xc,
    GICC_END = 0x10,
    GICR_WAKER = 0x14,
    GICR_SGI = 0x10000,
};

#define WAKER_SLEEPS 2u
#define WAKER_ASLEEP 4u

static void enable(uint32_t interrupt)
{
    *device(GICD + GICD_ENABLE + interrupt / 32 * 4) = 1u << interrupt % 32;
}

static void begin_v2(void)
{
    for (uint32_t i = SPI_VIRTIO; i < SPI_VIRTIO + VIRTIO_SLOTS; i += 4)
        *device(GICD + GICD_TARGET + i) = 0x01010101; /* processor 0 */
    *device(GICD + GICD_CTLR) = 1;
    enable(PPI_TIMER);
    *device(GICC + GICC_PRIORITY_MASK) = 0xff;
    *device(GICC + GICC_CTLR) = 1;
}

/* Affinity 0.0.0.0 is what the routes are after a reset, and our processor's. */
static void begin_v3(void)
{
    *device(GICD + GICD_CTLR) = 0x12; /* by affinity; group 1 */
    for (uint32_t i = SPI_VIRTIO / 32; i <= (SPI_VIRTIO + VIRTIO_SLOTS - 1) / 32; i++)
        *device(GICD + GICD_GROUP + i * 4) = ~0u;
    *device(GICR + GICR_WAKER) &= ~WAKER_SLEEPS;
    while (*device(GICR + GICR_WAKER) & WAKER_ASLEEP)
        cpu_relax();
    *device(GICR + GICR_SGI + GICD_GROUP) = ~0u;
    *device(GICR + GICR_SGI + GICD_ENABLE) = 1u << PPI_TIMER;
    write_register(s3_0_c12_c12_5, 1);  /* ICC_SRE_EL1: by these registers */
    write_register(s3_0_c4_c6_0, 0xff); /* ICC_PMR_EL1 */
    write_register(s3_0_c12_c12_7, 1);  /* ICC_IGRPEN1_EL1 */
}

void machine_interrupts(void)
{
    has_v3 = read_register(id_aa64pfr0_el1) >> 24 & 15;
    if (has_v3)
        begin_v3();
    else
        begin_v2();
    for (uint32_t i = 0; i < VIRTIO_SLOTS; i++)
        enable(SPI_VIRTIO + i);
}

static uint32_t acknowledge(void)
{
    return has_v3 ? (uint32_t)read_register(s3_0_c12_c12_0) /* ICC_IAR1_EL1 */
                  : *device(GICC + GICC_ACKNOWLEDGE);
}

static void end(uint32_t interrupt)
{
    if (has_v3)
        write_register(s3_0_c12_c12_1, interrupt); /* ICC_EOIR1_EL1 */
    else
        *device(GICC + GICC_END) = interrupt;
}

void gic_interrupt(void)
{
    uint32_t interrupt;
    while (((interrupt = acknowledge()) & 0x3ff) < 1020) {
        if ((interrupt & 0x3ff) == PPI_TIMER)
            timer_interrupt();
        else
            console_interrupt();
        end(interrupt);
    }
}

void machine_timer(uint64_t ns)
{
    uint64_t hz = ticks_hz(), ticks = ns / NS_PER_SEC * hz + ns % NS_PER_SEC * hz / NS_PER_SEC;
    if (ns)
        write_register(cntv_cval_el0, ticks_now() + ticks + 1);
    write_register(cntv_ctl_el0, ns != 0);
}

/* ---- devices ---- */

volatile uint32_t *machine_virtio(unsigned slot)
{
    return slot < VIRTIO_SLOTS ? device(0x0a000000ul + slot * 0x200ul) : NULL;
}

void machine_fence(void)
{
    full_barrier();
}

void machine_off(void)
{
    register uint64_t function __asm__("x0") = PSCI_SYSTEM_OFF;
    __asm__ volatile("hvc #0" : "+r"(function)::"memory", "x1", "x2", "x3");
    for (;;)
        __asm__ volatile("wfi");
}

/* ---- alone ---- */

#define UART_FLAGS    (PL011 + 0x18)
#define UART_CONTROL  (PL011 + 0x30)
#define UART_NO_INPUT 0x10u
#define UART_FULL     0x20u

void serial_begin(void)
{
    *device(UART_CONTROL) = 0x301; /* on, in and out */
}

bool serial_can_get(void)
{
    return !(*device(UART_FLAGS) & UART_NO_INPUT);
}

uint8_t serial_get(void)
{
    return (uint8_t)*device(PL011);
}

void serial_put(uint8_t byte)
{
    while (*device(UART_FLAGS) & UART_FULL)
        cpu_relax();
    *device(PL011) = byte;
}

uint64_t machine_tick_hz(void)
{
    return ticks_hz();
}

void machine_end(uint8_t status)
{
    machine_off(); /* this machine has no way to tell it */
}
