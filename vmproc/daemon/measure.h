/*
 * measure.h - what VMs use, for who looks: nothing is measured while nobody asks.
 *
 *            MEASURE                     libvirt has answered and so have all shims, or MEASURE_MS are over
 *   (none) ----------> TELL to shims, -------------------------------------------------> OK to all who asked
 *                      stats of libvirt
 *
 * CPU time and memory are libvirt's figures of the QEMUs, so that a remote router's count too; bytes are
 * counted by the shims, in whose hands they are. Who does not answer in time (a shim that is stopped) keeps
 * its last figures.
 */
#ifndef VMPROC_DAEMON_MEASURE_H
#define VMPROC_DAEMON_MEASURE_H

#include <stdbool.h>
#include <uv.h>

struct client;
struct daemon;
struct router;

struct measure {
    unsigned asking; /* routers, in workers */
    uv_timer_t limit;
};

void measure_init(struct daemon *d);

/* Makes the client busy until client_operation_done(). */
void measure(struct client *client);

/* Libvirt's figures alone, for memory_measured(); nothing when it is being asked already. */
void measure_router(struct router *r);

/* A shim has answered. */
void measure_told(struct daemon *d);

#endif
