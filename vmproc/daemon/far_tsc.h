/*
 * far_tsc.h - the frequency of the time-stamp counter on a router that is another machine.
 *
 *   READY --> asked SAMPLES times, one after the other -- GAP_MS --> asked as often again: the frequency is known, the VM is ready
 *
 * The guest keeps time by that counter, and is told its frequency with EXEC. On this machine it is measured once
 * (tsc.h); elsewhere the first VMs of a router are asked what the counter is, and count as ready after that.
 * When in its round trip an answer was made is not known, so of each time the quickest answer counts, and what
 * it took is by how much the frequency may be off: the log says both.
 */
#ifndef VMPROC_DAEMON_FAR_TSC_H
#define VMPROC_DAEMON_FAR_TSC_H

#include <stdbool.h>
#include <stdint.h>

struct router;
struct vm;

/* The counter was that at some moment between two of this machine's clock. */
struct tsc_sample {
    uint64_t tsc, asked_ns, answered_ns; /* answered_ns 0: none yet */
};

/* Of one VM. */
struct far_tsc {
    uint64_t asked_ns;               /* the last question; 0: none */
    unsigned answers;                /* of the time that is under way */
    struct tsc_sample first, second; /* the quickest of each time */
};

void far_tsc_init(struct router *r);

/* Whether that VM's guest, which has said READY, is to be asked first; then it has been. */
bool far_tsc_asks(struct vm *vm);

/* Its answer. true: nothing more is asked, it is ready. */
bool far_tsc_answered(struct vm *vm, uint64_t tsc);

#endif
