/* apic.h - the local APIC's one-shot timer and the I/O APIC. */
#ifndef GUEST_APIC_H
#define GUEST_APIC_H

#include "types.h"

/* All pins of all I/O APICs raise VECTOR_DEVICE: which pin the virtio device has need not be known. */
void apic_init(void);

/* Raises VECTOR_TIMER once, after ns nanoseconds or somewhat earlier when they are many; 0 stops it. */
void apic_timer(uint64_t ns);

void apic_end_of_interrupt(void);

#endif
