/*
 * stops.h - pauses the VM of a shim that stands still.
 *
 * A shim that is to stop asks for SUSPEND first. SIGSTOP by kill(2) nobody can catch, and its VM would go on
 * computing; no kernel interface tells anybody but the parent. So the states of the shims that have a VM are
 * looked at a few times a second. One that goes on again asks for RESUME itself.
 */
#ifndef VMPROC_DAEMON_STOPS_H
#define VMPROC_DAEMON_STOPS_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct daemon;

struct stops {
    uv_timer_t tick; /* runs while VMs are leased */
};

void stops_init(struct daemon *d);
void stops_lease_begins(struct daemon *d);

/* Whether that process is stopped by a signal. */
bool stops_stands_still(uint32_t pid);

#endif
