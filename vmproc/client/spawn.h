/*
 * spawn.h - processes that are not the caller's children; child.h has those that are. spawn.c is the only
 * file below vmproc/ that forks.
 */
#ifndef VMPROC_CLIENT_SPAWN_H
#define VMPROC_CLIENT_SPAWN_H

#include <stdbool.h>

/*
 * Starts vmprocd, below keeper (vmproc/keep/) if that is not NULL, in a session of its own: standard error is log_fd, all other descriptors are closed, signals
 * and their mask are reset, the working directory is /. Returns the read end of a pipe on which the daemon
 * writes one byte when its socket listens and which it closes when it ends before; or -errno. replace: it is to
 * take the place of the one that listens.
 */
int spawn_daemon(const char *keeper, const char *program, int log_fd, bool replace);

/* Runs work() in a process of its own that nobody waits for and that inherits no descriptor. Returns 0 or
 * -errno. */
int spawn_detached(void (*work)(void));

#endif
