/* apic.h - interrupt vectors, and what their handler owes the local APIC (machine.c). */
#ifndef GUEST_X86_64_APIC_H
#define GUEST_X86_64_APIC_H

/* All pins of all I/O APICs raise VECTOR_DEVICE. */
enum { VECTOR_DEVICE = 32, VECTOR_TIMER = 33, VECTOR_SPURIOUS = 63 };

void apic_end_of_interrupt(void);

#endif
