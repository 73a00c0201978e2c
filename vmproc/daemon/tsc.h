/*
 * tsc.h - how fast this machine's time-stamp counter runs, measured over vmprocd's life.
 *
 * Guests on this machine read the same counter (QEMU's TCG passes it through), and have no cheap clock to
 * measure it by. After the 40 ms that the first VM takes to start the error is below 1e-5.
 */
#ifndef VMPROC_DAEMON_TSC_H
#define VMPROC_DAEMON_TSC_H

#include <stdint.h>

struct tsc {
    uint64_t ticks, ns; /* at the start */
};

void tsc_start(struct tsc *tsc);
uint64_t tsc_hz(const struct tsc *tsc); /* 0 when less than 1 ms has passed */

#endif
