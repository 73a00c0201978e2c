/*
 * clock.h - the date in the guest, while the program runs.
 *
 * A guest counts on from the date that came with EXEC. Where this machine's date jumps, because somebody has set it, or
 * the machine was suspended (CLOCK_MONOTONIC stands still meanwhile, also for the guest), the guest is told.
 */
#ifndef VMPROC_SHIM_CLOCK_H
#define VMPROC_SHIM_CLOCK_H

struct shim;

/* A descriptor that becomes readable when the date jumps; -1: none can be had, and the date is not followed. */
int clock_watch(void);

/* That descriptor is readable. */
void clock_jumped(struct shim *shim);

#endif
