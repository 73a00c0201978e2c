/*
 * strace.h - the program's system calls as lines, for `vm strace`.
 *
 *   off ---> on: at EXEC (option y), or by vmprocd (VMP_STRACE brings a pipe)
 *   on  ---> off: the reader has gone, or another one comes
 *
 * A reader that is slow stops the guest: a line that the pipe does not take is held, and no message of the guest is read
 * meanwhile.
 */
#ifndef SHIM_STRACE_H
#define SHIM_STRACE_H

#include "vmproc/guest_abi.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#define STRACE_LINE 1280

struct strace {
    int fd;         /* -1: off */
    uint32_t flags; /* STRACE_* of vmprocd_proto.h */
    uint32_t held;  /* bytes of line that wait for room */
    char line[STRACE_LINE];
};

struct shim;

/* Writes to fd, which becomes the shim's, from the next system call on, and no longer to what was written to before. */
void strace_start(struct shim *shim, int fd, uint32_t flags);
void strace_stop(struct shim *shim);

/* A TRACED message. */
void strace_receive(struct shim *shim, const struct ctl_traced *traced, const char *text, uint32_t len);

/* A line is held: nothing more can be received. */
bool strace_is_full(const struct shim *shim);

/* What the loop waits for, and that it has come. */
struct pollfd strace_poll(const struct shim *shim);
void strace_polled(struct shim *shim, short revents);

#endif
