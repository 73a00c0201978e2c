/*
 * log.h - lines for whoever runs the guest: CTL_LOG messages, one line each, never part of the program's
 * output.
 */
#ifndef GUEST_LOG_H
#define GUEST_LOG_H

#include "types.h"

#define LOG_MAX 512

void log_line(const char *fmt, ...) PRINTF(1, 2);

/* Says why, with the registers when there is a frame, and ends the machine. Never returns, never waits long.
 */
struct trapframe;
NORETURN void panic(const char *fmt, ...) PRINTF(1, 2);
NORETURN void panic_frame(const struct trapframe *tf, const char *what);

#define assert(e)                                                                                            \
    do {                                                                                                     \
        if (!(e))                                                                                            \
            panic("%s:%d: %s", __FILE__, __LINE__, #e);                                                      \
    } while (0)

#endif
