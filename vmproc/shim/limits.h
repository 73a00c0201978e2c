/*
 * limits.h - the resource limits that the command was started with are the program's: the guest holds them.
 * The shim needs descriptors and time of its own for what the program does, so it takes as much as it may
 * have.
 */
#ifndef SHIM_LIMITS_H
#define SHIM_LIMITS_H

#include "vmproc/guest_abi.h"

#include <stdbool.h>

struct limits {
    struct ctl_rlimit of_program[CTL_NRLIMIT]; /* by RLIMIT_* */
};

/*
 * What a shim needs of descriptors at least: each directory on the way to what the command is given takes one, those of
 * PATH among them. With fewer a program would miss files that are there, and ppoll(2) would take no more (EINVAL).
 */
#define LIMITS_FILES 64

/* Notes the limits, then raises the shim's. */
void limits_take(struct limits *limits);
/* Whether the shim may have LIMITS_FILES descriptors. */
bool limits_leave_files(void);

#endif
