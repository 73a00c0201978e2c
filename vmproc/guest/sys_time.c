/* sys_time.c - system calls about time. */
#include <linux/time.h>

#include "fork.h"
#include "lib.h"
#include "syscall.h"
#include "task.h"
#include "usercopy.h"
#include "usertime.h"

#define TIMER_ABSTIME_FLAG 1u
#define COARSE_REALTIME    5u
#define COARSE_MONOTONIC   6u
#define CLOCK_BOOT         7u

struct span {
    int64_t sec, frac; /* us */
};

static bool read_clock(uint64_t clock, uint64_t *ns)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case COARSE_REALTIME:
        *ns = clock_realtime();
        return true;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case COARSE_MONOTONIC:
    case CLOCK_BOOT:
        *ns = clock_monotonic();
        return true;
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID:
        *ns = account_ns(ACCOUNT_USER) + account_ns(ACCOUNT_SYSTEM);
        return true;
    }
    return false;
}

/* Until deadline of the monotonic clock. left: where to put what was not slept, 0 for nowhere. */
static long sleep_until(uint64_t deadline, uint64_t left)
{
    int r;
    fork_naps(true);
    do {
        task_will_sleep();
        r = task_sleep(deadline, true);
    } while (r == 0);
    fork_naps(false);
    if (r == -ETIMEDOUT)
        return 0;
    uint64_t now = clock_monotonic();
    current->restart_deadline = deadline;
    if (left && user_timespec_put(deadline > now ? deadline - now : 0, left) != 0)
        return -EFAULT;
    return -ERESTART_RESTARTBLOCK;
}

SYSCALL(nanosleep)
{
    uint64_t ns;
    long error = user_timespec_get(s->a[0], &ns);
    return error ? error : sleep_until(clock_monotonic() + ns, s->a[1]);
}

SYSCALL(clock_nanosleep)
{
    uint64_t ns, now;
    long error = user_timespec_get(s->a[2], &ns);
    if (error || !read_clock(s->a[0], &now))
        return error ? error : -EINVAL;
    if (!(s->a[1] & TIMER_ABSTIME_FLAG))
        return sleep_until(clock_monotonic() + ns, s->a[3]);
    uint64_t deadline = clock_monotonic() + (ns > now ? ns - now : 0);
    long r = sleep_until(deadline, 0);
    return r == -ERESTART_RESTARTBLOCK ? -ERESTARTNOHAND : r;
}

SYSCALL(restart_syscall)
{
    return sleep_until(current->restart_deadline, 0);
}

SYSCALL(clock_gettime)
{
    uint64_t ns;
    return read_clock(s->a[0], &ns) ? user_timespec_put(ns, s->a[1]) : -EINVAL;
}

SYSCALL(clock_getres)
{
    uint64_t ns;
    if (!read_clock(s->a[0], &ns))
        return -EINVAL;
    return s->a[1] ? user_timespec_put(1, s->a[1]) : 0;
}

SYSCALL(clock_settime)
{
    return -EPERM; /* the host's clock is the clock */
}

SYSCALL(gettimeofday)
{
    uint64_t now = clock_realtime();
    struct span t = {(int64_t)(now / NS_PER_SEC), (int64_t)(now % NS_PER_SEC / 1000)};
    uint64_t zone = 0;
    if (s->a[0] && put_user(t, s->a[0]) != 0)
        return -EFAULT;
    return s->a[1] ? put_user(zone, s->a[1]) : 0;
}

SYSCALL(time)
{
    uint64_t sec = clock_realtime() / NS_PER_SEC;
    return s->a[0] && put_user(sec, s->a[0]) != 0 ? -EFAULT : (long)sec;
}

/* ---- ITIMER_REAL ---- */

static uint64_t timer_left(void)
{
    const struct timer *t = &current->leader->signals.real_timer;
    uint64_t now = clock_monotonic();
    return !t->armed ? 0 : t->when > now ? t->when - now : 1000;
}

static void set_timer(uint64_t ns, uint64_t interval)
{
    struct signals *sig = &current->leader->signals;
    sig->real_interval = interval;
    if (ns)
        timer_start(&sig->real_timer, clock_monotonic() + ns);
    else
        timer_stop(&sig->real_timer);
}

SYSCALL(alarm)
{
    uint64_t left = timer_left();
    set_timer((uint32_t)s->a[0] * NS_PER_SEC, 0);
    return (long)((left + NS_PER_SEC / 2) / NS_PER_SEC + (left && left < NS_PER_SEC / 2));
}

struct itimer {
    struct span interval, value; /* us */
};

static struct itimer timer_now(void)
{
    uint64_t left = timer_left(), interval = current->leader->signals.real_interval;
    return (struct itimer){
        {(int64_t)(interval / NS_PER_SEC), (int64_t)(interval % NS_PER_SEC / 1000)},
        {(int64_t)(left / NS_PER_SEC), (int64_t)(left % NS_PER_SEC / 1000)},
    };
}

static bool span_ok(const struct span *t)
{
    return t->sec >= 0 && t->frac >= 0 && t->frac < 1000000;
}

static uint64_t span_ns(const struct span *t)
{
    return (uint64_t)MIN(t->sec, 4000000000) * NS_PER_SEC + (uint64_t)t->frac * 1000;
}

/* Timers of CPU time (ITIMER_VIRTUAL, ITIMER_PROF) do not exist here. */
SYSCALL(setitimer)
{
    struct itimer now = timer_now(), wish;
    if (s->a[0] != ITIMER_REAL)
        return -EINVAL;
    if (get_user(wish, s->a[1]) != 0)
        return -EFAULT;
    if (!span_ok(&wish.interval) || !span_ok(&wish.value))
        return -EINVAL;
    set_timer(span_ns(&wish.value), span_ns(&wish.interval));
    return s->a[2] ? put_user(now, s->a[2]) : 0;
}

SYSCALL(getitimer)
{
    struct itimer now = timer_now();
    return s->a[0] == ITIMER_REAL ? put_user(now, s->a[1]) : -EINVAL;
}
