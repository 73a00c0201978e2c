/* sys_timer.c - timer_create(2) and what is done with its timers. */
#include <linux/time.h>

#include "posixtimer.h"
#include "sched.h"
#include "syscall.h"
#include "task.h"
#include "usercopy.h"
#include "usertime.h"

#define CLOCK_COUNT 12u /* Linux's, of which others than these exist */

/* struct sigevent, and struct itimerspec's offsets */
struct event {
    uint64_t value;
    int32_t signo, notify;
    int32_t tid, pad[11];
};
#define ITIMER_INTERVAL 0
#define ITIMER_VALUE    16

static long check_clock(uint64_t clock)
{
    if (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME)
        return 0;
    return clock < CLOCK_COUNT || (int32_t)clock < 0 ? -EOPNOTSUPP : -EINVAL;
}

static bool is_thread_of_ours(int32_t tid)
{
    for (const struct task *t = sched_first(); t; t = t->next)
        if (t->leader == current->leader && !t->gone && t->tid == (uint32_t)tid)
            return true;
    return false;
}

/* SIGEV_THREAD is the C library's, which asks for a signal to one of its threads. */
static bool event_ok(const struct event *e)
{
    if (e->notify == SIGEV_NONE)
        return true;
    if (e->notify != SIGEV_SIGNAL && e->notify != SIGEV_THREAD && e->notify != SIGEV_THREAD_ID)
        return false;
    return e->signo > 0 && signo_valid((uint64_t)e->signo) &&
           (e->notify != SIGEV_THREAD_ID || is_thread_of_ours(e->tid));
}

SYSCALL(timer_create)
{
    struct event e = {.signo = SIGALRM, .notify = SIGEV_SIGNAL};
    long error = check_clock(s->a[0]);
    if (error)
        return error;
    if (s->a[1] && get_user(e, s->a[1]) != 0)
        return -EFAULT;
    if (!event_ok(&e))
        return -EINVAL;
    struct posix_timer *t = posix_timer_new();
    if (!t)
        return -EAGAIN;
    t->clock = (uint8_t)s->a[0];
    t->signo = e.notify == SIGEV_NONE ? 0 : e.signo;
    t->tid = e.notify == SIGEV_THREAD_ID ? (uint32_t)e.tid : 0;
    t->value = s->a[1] ? e.value : (uint64_t)t->id;
    if (put_user(t->id, s->a[2]) == 0)
        return 0;
    posix_timer_delete(t);
    return -EFAULT;
}

static long put_timer(const struct posix_timer *t, uint64_t to)
{
    uint64_t left = posix_timer_left(t);
    if (user_timespec_put(t->interval, to + ITIMER_INTERVAL) != 0 ||
        user_timespec_put(left, to + ITIMER_VALUE) != 0)
        return -EFAULT;
    return 0;
}

/* A time of the timer's clock on the monotonic one; what was before that began has long ended. */
static uint64_t absolute(const struct posix_timer *t, uint64_t ns)
{
    uint64_t offset = t->clock == CLOCK_REALTIME ? clock_realtime_offset() : 0;
    return ns > offset ? ns - offset : 0;
}

SYSCALL(timer_settime)
{
    uint64_t value, interval;
    struct posix_timer *t = posix_timer_find(s->a[0]);
    if (!s->a[2])
        return -EINVAL;
    long error = user_timespec_get(s->a[2] + ITIMER_INTERVAL, &interval);
    if (!error)
        error = user_timespec_get(s->a[2] + ITIMER_VALUE, &value);
    if (error || !t)
        return error ? error : -EINVAL;
    if (s->a[3] && put_timer(t, s->a[3]) != 0)
        return -EFAULT;
    if (!value)
        posix_timer_stop(t);
    else if (s->a[1] & TIMER_ABSTIME)
        posix_timer_start(t, absolute(t, value), interval);
    else
        posix_timer_start(t, clock_monotonic() + value, interval);
    t->interval = interval;
    return 0;
}

SYSCALL(timer_gettime)
{
    const struct posix_timer *t = posix_timer_find(s->a[0]);
    return t ? put_timer(t, s->a[1]) : -EINVAL;
}

SYSCALL(timer_getoverrun)
{
    const struct posix_timer *t = posix_timer_find(s->a[0]);
    return t ? t->overrun : -EINVAL;
}

SYSCALL(timer_delete)
{
    struct posix_timer *t = posix_timer_find(s->a[0]);
    if (!t)
        return -EINVAL;
    posix_timer_delete(t);
    return 0;
}
