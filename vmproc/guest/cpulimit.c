/*
 * cpulimit.c - a timer that looks when the limit can be reached at the earliest: CPU time goes no faster than
 * the clock, and a program that mostly sleeps is looked at once a second at most.
 */
#include "cpulimit.h"

#include <linux/resource.h>

#include "lib.h"
#include "signal.h"
#include "task.h"
#include "timer.h"

static void look(struct timer *timer);

static struct timer timer = {.fire = look};
static uint64_t due; /* CPU time at which the next signal is sent */

#define LOOK_EVERY (3600 * NS_PER_SEC) /* at least: sums of a far limit would not fit */

static uint64_t used(void)
{
    return account_ns(ACCOUNT_USER) + account_ns(ACCOUNT_SYSTEM);
}

/* A limit in seconds as ns, never past what fits. */
static uint64_t limit_ns(uint64_t seconds)
{
    return MIN(seconds, UINT64_MAX / NS_PER_SEC) * NS_PER_SEC;
}

static void wait(uint64_t now)
{
    uint64_t left = due > now ? MIN(due - now, LOOK_EVERY) : 0;

    timer_start(&timer, clock_monotonic() + MAX(left, NS_PER_SEC / 1000));
}

static void look(struct timer *t)
{
    const struct signal_source source = {.code = SI_KERNEL};
    uint64_t now = used();

    if (now >= limit_ns(first_task.rlimit[RLIMIT_CPU].max)) {
        signal_send(&first_task, SIGKILL, &source);
        return;
    }
    if (now >= due) {
        signal_send(&first_task, SIGXCPU, &source);
        due = now + NS_PER_SEC;
    }
    wait(now);
}

void cpulimit_set(void)
{
    const struct ctl_rlimit *limit = &first_task.rlimit[RLIMIT_CPU];

    timer_stop(&timer);
    due = limit_ns(MAX(MIN(limit->cur, limit->max), 1)); /* 0 is as 1, in Linux, too */
    if (limit->cur != UINT64_MAX || limit->max != UINT64_MAX)
        wait(used());
}

void cpulimit_end(void)
{
    timer_stop(&timer);
}
