/* strace.c - makes lines as strace(1) has them, and waits for a slow reader. */
#include "strace.h"
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A pipe of ours alone may be told not to wait; what the user has given is written to as by anybody. */
void strace_start(struct shim *shim, int fd, uint32_t flags)
{
    struct ctl_trace on = {.on = 1};
    if (shim->strace.fd >= 0)
        close(shim->strace.fd);
    shim->strace.fd = fd;
    shim->strace.flags = flags;
    shim->strace.held = 0;
    if (flags & STRACE_PIPE)
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    ctl_send(shim, CTL_TRACE, &on, sizeof on);
}

void strace_stop(struct shim *shim)
{
    struct ctl_trace off = {.on = 0};
    close(shim->strace.fd);
    shim->strace.fd = -1;
    shim->strace.held = 0;
    if (!shim->exited)
        ctl_send(shim, CTL_TRACE, &off, sizeof off);
}

static void flush(struct shim *shim)
{
    struct strace *s = &shim->strace;
    ssize_t n = write(s->fd, s->line, s->held);
    if (n > 0) {
        s->held -= (uint32_t)n;
        memmove(s->line, s->line + n, s->held);
    } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
        strace_stop(shim);
    }
}

/* ---- a line ---- */

__attribute__((format(printf, 2, 3))) static void put(struct strace *s, const char *format, ...)
{
    va_list args;
    int n;
    va_start(args, format);
    n = vsnprintf(s->line + s->held, sizeof s->line - s->held, format, args);
    va_end(args);
    if (n > 0)
        s->held +=
            (uint32_t)n < sizeof s->line - s->held ? (uint32_t)n : (uint32_t)(sizeof s->line - s->held) - 1;
}

static void put_time(struct strace *s, uint64_t realtime_ns)
{
    time_t seconds = (time_t)(realtime_ns / 1000000000u);
    struct tm tm;
    if (localtime_r(&seconds, &tm))
        put(s, "%02d:%02d:%02d.%06u ", tm.tm_hour, tm.tm_min, tm.tm_sec,
            (unsigned)(realtime_ns % 1000000000u / 1000));
}

/* The guest's bytes may go to a terminal. */
static void put_text(struct strace *s, const char *text, uint32_t len)
{
    for (uint32_t i = 0; i < len && s->held < sizeof s->line - 1; i++)
        s->line[s->held++] = text[i] >= ' ' && text[i] < 0x7f ? text[i] : '?';
}

static void put_result(struct strace *s, const struct ctl_traced *t)
{
    int error = t->result < 0 && t->result > -4096 ? (int)-t->result : 0;
    const char *name = error ? strerrorname_np(error) : NULL;
    if (t->flags & TRACED_NO_RETURN)
        put(s, " = ?");
    else if (name)
        put(s, " = -1 %s (%s)", name, strerrordesc_np(error));
    else if (error)
        put(s, " = ? (to be done again)"); /* a signal has come before it did anything */
    else if (t->flags & TRACED_ADDRESS)
        put(s, " = 0x%" PRIx64, (uint64_t)t->result);
    else
        put(s, " = %" PRId64, t->result);
}

void strace_receive(struct shim *shim, const struct ctl_traced *t, const char *text, uint32_t len)
{
    struct strace *s = &shim->strace;
    if (s->fd < 0)
        return; /* it was on its way when the trace ended */
    if (s->flags & STRACE_PID || t->tid != (uint32_t)getpid())
        put(s, "[pid %" PRIu32 "] ", t->tid);
    if (s->flags & STRACE_TIME)
        put_time(s, t->realtime_ns);
    put_text(s, text, len);
    put_result(s, t);
    if (s->flags & STRACE_TOOK)
        put(s, " <%" PRIu64 ".%06u>", t->took_ns / 1000000000u, (unsigned)(t->took_ns % 1000000000u / 1000));
    put(s, "\n");
    flush(shim);
}

bool strace_is_full(const struct shim *shim)
{
    return shim->strace.held > 0;
}

struct pollfd strace_poll(const struct shim *shim)
{
    return (struct pollfd){.fd = shim->strace.fd, .events = shim->strace.held ? POLLOUT : 0};
}

void strace_polled(struct shim *shim, short revents)
{
    if (shim->strace.fd < 0 || !revents)
        return;
    if (revents & (POLLERR | POLLNVAL) && shim->strace.flags & STRACE_PIPE) {
        strace_stop(shim);
        return;
    }
    if (shim->strace.held)
        flush(shim);
}
