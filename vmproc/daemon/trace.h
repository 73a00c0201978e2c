/*
 * trace.h - what vmprocd does, recorded for `vm trace` (vmproc/events.h) while somebody has asked for it by
 * TRACE. A VM is a track: "start to READY", "LEASE to GRANT", "leased", "reset to READY".
 */
#ifndef VMPROC_DAEMON_TRACE_H
#define VMPROC_DAEMON_TRACE_H

#include <stdint.h>

struct client;
struct vm;

/* The client's trace_fd has come. */
void trace_begin(struct client *client);

void trace_slice(const struct vm *vm, const char *what, uint64_t from_ns, uint64_t to_ns);

#endif
