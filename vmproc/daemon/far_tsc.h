/*
 * far_tsc.h - the frequency of the time-stamp counter on a router that is another machine.
 *
 *   READY --> ask --> first answer -- GAP_MS --> ask --> second answer: the frequency is known, the VM is ready
 *
 * The guest keeps time by that counter, and is told its frequency with EXEC. On this machine it is measured once
 * (tsc.h); elsewhere the first VMs of a router are asked twice what the counter is, and count as ready after that.
 * How long an answer takes is not known to more than its round trip, so that is what the error comes to, of GAP_MS.
 */
#ifndef VMPROC_DAEMON_FAR_TSC_H
#define VMPROC_DAEMON_FAR_TSC_H

#include <stdbool.h>
#include <stdint.h>

struct router;
struct vm;

void far_tsc_init(struct router *r);

/* Whether that VM's guest, which has said READY, is to be asked first; then it has been. */
bool far_tsc_asks(struct vm *vm);

/* Its answer. true: nothing more is asked, it is ready. */
bool far_tsc_answered(struct vm *vm, uint64_t tsc);

#endif
