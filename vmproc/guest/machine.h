/*
 * machine.h - what the guest wants of the machine around its processor: ARCH/machine.c.
 *
 *   ARCH      machine            ticks_now()      interrupts        end
 *   x86_64    QEMU's microvm     TSC              APIC, I/O APIC    isa-debug-exit
 *   aarch64   QEMU's virt        virtual counter  GIC               PSCI
 */
#ifndef GUEST_MACHINE_H
#define GUEST_MACHINE_H

#include "types.h"

/* Devices interrupt from now on (console.h), and the timer. */
void machine_interrupts(void);

/* Interrupts once (timer.h), after ns nanoseconds or somewhat earlier when they are many; 0 stops it. */
void machine_timer(uint64_t ns);

/* Registers of the virtio-mmio slot with that number; NULL: there are no more. */
volatile uint32_t *machine_virtio(unsigned slot);

/* full_barrier(), also where whoever runs the machine leaves fences out (ring.h). */
void machine_fence(void);

/* Ends this machine at once. */
NORETURN void machine_off(void);

/* ---- for a guest that is alone (alone.h) ---- */

void serial_begin(void);
bool serial_can_get(void);
uint8_t serial_get(void);
void serial_put(uint8_t byte); /* waits until there is room */

/* The rate of ticks_now(), where no host tells it: Hz. */
uint64_t machine_tick_hz(void);

/* machine_off(), and whoever started the machine gets the status if there is a way. */
NORETURN void machine_end(uint8_t status);

#endif
