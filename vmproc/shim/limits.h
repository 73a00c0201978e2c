/*
 * limits.h - the resource limits that the command was started with are the program's: the guest holds them.
 * The shim needs descriptors and time of its own for what the program does, so it takes as much as it may
 * have.
 */
#ifndef SHIM_LIMITS_H
#define SHIM_LIMITS_H

#include "vmproc/guest_abi.h"

struct limits {
    struct ctl_rlimit of_program[CTL_NRLIMIT]; /* by RLIMIT_* */
};

/* Notes the limits, then raises the shim's. */
void limits_take(struct limits *limits);

#endif
