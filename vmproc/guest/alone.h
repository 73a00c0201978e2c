/*
 * alone.h - a guest that scripts/mkunikernel has linked with a program, and that nobody waits for.
 *
 * Where there is no virtio-console the program runs with the words of the kernel command line, and its host is
 * played here: the first serial port is its standard input (^D ends it), output and error output; there are
 * no files but those of the guest itself. Its status goes to the exit port: of one that died of a signal,
 * 128 and its number.
 */
#ifndef GUEST_ALONE_H
#define GUEST_ALONE_H

#include "ctl.h"

/* entry.S; mkunikernel writes it. */
struct linked_program {
    uint64_t size; /* 0: none */
    char name[32];
};
extern const struct linked_program linked_program;

/* False: there is no program. */
bool alone_begin(const char *cmdline);
bool alone(void);

/* The EXEC message (static, not to be freed); false when there is a host. */
bool alone_exec(struct exec_message *m);

/* The kernel has nothing to do: true when there was something for the host. */
bool alone_idle(void);

/* Ends the machine; returns when there is a host. */
void alone_end(enum ctl_exit_how how, uint32_t value);

#endif
