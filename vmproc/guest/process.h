/*
 * process.h - the life of the one program: start by EXEC, execve(2), end; and the rehearsals before it.
 */
#ifndef GUEST_PROCESS_H
#define GUEST_PROCESS_H

#include "ctl.h"
#include "types.h"

/*
 * READY; then some commands of the resident program with a pretended host (rehearse.h), so that TCG has
 * translated start-up code and kernel paths by the time a command is asked for; EXEC, and the program. To be
 * called on a fresh kernel stack (kernel_restart()).
 */
NORETURN void process_main(void);

/* Before a return to ring 3: a rehearsal ends when EXEC has come. */
void process_make_way(void);

bool process_is_real(void); /* no rehearsal, and not over */
bool process_is_over(void);

/*
 * current has ended. A fork leaves its status to its parent (fork.h). The program itself: flushes, tells the
 * host (EXITED), waits to be switched off.
 */
NORETURN void process_end(enum ctl_exit_how how, uint32_t value);
/* The program has ended, whoever says so. */
NORETURN void process_end_all(enum ctl_exit_how how, uint32_t value);

/* current's action for signo is to stop: returns when it has been continued, or will be suspended. */
void process_stop(int signo);

#endif
