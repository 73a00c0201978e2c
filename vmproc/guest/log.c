/* log.c - CTL_LOG and the end of a guest that has gone wrong. */
#include "log.h"

#include "ctl.h"
#include "lib.h"
#include "machine.h"
#include "trap.h"

void log_line(const char *fmt, ...)
{
    char line[LOG_MAX];
    va_list ap;
    va_start(ap, fmt);
    int n = vformat(line, sizeof line, fmt, ap);
    va_end(ap);
    ctl_log(line, (size_t)n);
}

static NORETURN void panic_line(const char *line, size_t n)
{
    static bool panicking;
    if (!panicking) { /* a panic in here has nobody left to tell */
        panicking = true;
        ctl_log(line, n);
        ctl_drain();
    }
    machine_off();
}

void panic(const char *fmt, ...)
{
    char line[LOG_MAX];
    int n = format(line, sizeof line, "guest panic: ");
    va_list ap;
    va_start(ap, fmt);
    n += vformat(line + n, sizeof line - (size_t)n, fmt, ap);
    va_end(ap);
    panic_line(line, (size_t)n);
}

void panic_frame(const struct trapframe *tf, const char *what)
{
    char line[LOG_MAX];
    int n = format(line, sizeof line, "guest panic: %s: ", what);
    n += frame_describe(tf, line + n, sizeof line - (size_t)n);
    panic_line(line, (size_t)n);
}
