/*
 * spawn.h - execve(2) of a program that gets a VM of its own, which the host starts (CALL_SPAWN): in a fork
 * always, in the first task when the program is not among the files that this machine was given.
 */
#ifndef GUEST_SPAWN_H
#define GUEST_SPAWN_H

#include "types.h"

/*
 * path, argv, envp as for execve(2), the vectors in the program's memory. Returns only on failure: -errno,
 * and current goes on.
 */
long spawn_exec(const char *path, uint64_t argv, uint64_t envp);

#endif
