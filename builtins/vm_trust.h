/* vm_trust.h - `vm router trust`: the user accepts a router's certificate, or not. */
#ifndef BUILTINS_VM_TRUST_H
#define BUILTINS_VM_TRUST_H

#include "vmproc/vmprocd_proto.h"

struct shell;

/*
 * router: it has been asked for its certificate just now. yes: the fingerprint that it is to have, with or without
 * "sha256:"; NULL: the user is asked at the terminal, whatever standard input is. Returns the status.
 */
int vm_trust(struct shell *sh, const struct vmp_router *router, const char *yes);

#endif
