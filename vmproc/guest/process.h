/*
 * process.h - the life of the one program: start by EXEC, execve(2), end; and the rehearsals before READY.
 */
#ifndef GUEST_PROCESS_H
#define GUEST_PROCESS_H

#include "ctl.h"
#include "types.h"

/*
 * Runs some commands of the resident program with all descriptors /dev/null, so that TCG has translated
 * start-up code and kernel paths before the first command is asked for; then READY, EXEC, and the program. To
 * be called on a fresh kernel stack (kernel_restart()).
 */
NORETURN void process_main(void);

/* The program has ended: flushes, tells the host (EXITED), waits to be switched off. */
NORETURN void process_end(enum ctl_exit_how how, uint32_t value);

#endif
