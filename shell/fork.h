/*
 * fork.h - the one place where the shell forks.
 *
 * Signals are blocked across fork(2); the child's process group is set on both sides; the child is made a
 * subshell environment (XCU 2.13): traps reset, jobs forgotten, buffered output discarded, lifeline's write
 * end closed.
 */
#ifndef SHELL_FORK_H
#define SHELL_FORK_H

#include <stdbool.h>
#include <sys/types.h>

struct shell;
struct job;

#define FORK_ASYNC                                                                                           \
    0x1u /* asynchronous list: without job control ignores INT and QUIT, stdin is /dev/null (2.11) */
#define FORK_FOREGROUND 0x2u /* with job control: takes the terminal */
#define FORK_NO_JOB     0x4u /* command substitution: never a process group of its own */

/* Returns the child's pid, 0 in the child, -1 after a reported failure. job: joins its process group; may be
 * NULL. */
pid_t shell_fork(struct shell *sh, struct job *job, unsigned flags);

#endif
