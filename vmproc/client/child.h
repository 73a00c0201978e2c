/*
 * child.h - starts a program as a child of the caller (spawn.c, the file below vmproc/ that forks).
 */
#ifndef VMPROC_CLIENT_CHILD_H
#define VMPROC_CLIENT_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct child_fd {
    int from; /* the caller's */
    int to;   /* the child's */
};

struct child_plan {
    const char *program;
    char *const *argv, *const *envp;
    const struct child_fd *fds; /* all descriptors that the child has */
    unsigned nfds;
    const char *cwd;
    mode_t umask;
    bool session;              /* setsid(2) */
    pid_t pgid;                /* process group to join, 0: one of its own, -1: the caller's */
    uint64_t ignored, blocked; /* signals, bit signo-1; all others get their default action */
    struct rlimit limits[RLIM_NLIMITS];
};

/* The child's process id, or -errno: then there is none, whatever step failed. */
pid_t child_start(const struct child_plan *plan);

/* The same in the calling process's own place: returns -errno only. What it has done by then stays done. */
int child_replace(const struct child_plan *plan);

#endif
