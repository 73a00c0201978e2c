/*
 * resolve.h - RESOLVE: what a name means on this machine. The shims link no resolver, and their guests are to
 * have no way to a real one.
 */
#ifndef VMPROC_DAEMON_RESOLVE_H
#define VMPROC_DAEMON_RESOLVE_H

#include "vmproc/vmprocd_proto.h"

struct client;

/* Answers with ADDRESSES, now or later. */
void resolve(struct client *client, const struct vmp_resolve *ask);

/* The client goes: nobody waits for its answers. */
void resolve_forget(struct client *client);

#endif
