/* gic.h - what an interrupt is about. */
#ifndef GUEST_AARCH64_GIC_H
#define GUEST_AARCH64_GIC_H

/* An interrupt has been taken: handles all that are pending. */
void gic_interrupt(void);

#endif
