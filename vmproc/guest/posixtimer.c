/* posixtimer.c - see posixtimer.h. */
#include "posixtimer.h"

#include "kmem.h"
#include "sched.h"
#include "task.h"

#define TIMERS_MAX      1024u
#define IGNORED_STEP_NS 1000000u

static void fires(struct timer *timer);

struct posix_timer *posix_timer_new(void)
{
    struct task *leader = current->leader;
    struct posix_timer *t, **end = &leader->posix_timers;
    unsigned n = 0;
    for (; *end; end = &(*end)->next)
        n++;
    t = n < TIMERS_MAX ? kmalloc(sizeof *t) : NULL;
    if (!t)
        return NULL;
    *t = (struct posix_timer){.leader = leader, .timer = {.fire = fires}, .id = leader->next_posix_timer};
    leader->next_posix_timer = leader->next_posix_timer == INT32_MAX ? 0 : leader->next_posix_timer + 1;
    return *end = t;
}

struct posix_timer *posix_timer_find(uint64_t id)
{
    struct posix_timer *t = current->leader->posix_timers;
    while (t && t->id != (int32_t)id)
        t = t->next;
    return t;
}

void posix_timer_delete(struct posix_timer *t)
{
    struct posix_timer **at = &t->leader->posix_timers;
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    timer_stop(&t->timer);
    kfree(t);
}

void posix_timers_delete_all(struct task *leader)
{
    while (leader->posix_timers)
        posix_timer_delete(leader->posix_timers);
}

void posix_timer_stop(struct posix_timer *t)
{
    timer_stop(&t->timer);
    t->running = t->due = false;
    t->mark = 0; /* a signal that is pending stays so, and counts nothing */
    t->overrun = 0;
}

void posix_timer_start(struct posix_timer *t, uint64_t when, uint64_t interval)
{
    posix_timer_stop(t);
    t->interval = interval;
    t->timer.when = when;
    t->running = true;
    if (t->signo)
        timer_start(&t->timer, when);
}

/* How many intervals have ended at a time: 0 before the first end. */
static uint64_t ends_until(const struct posix_timer *t, uint64_t time)
{
    return time < t->timer.when ? 0 : (time - t->timer.when) / t->interval + 1;
}

uint64_t posix_timer_left(const struct posix_timer *t)
{
    uint64_t now = clock_monotonic(), when = t->timer.when;
    if (!t->running)
        return 0;
    if (now < when)
        return when - now;
    if (t->interval)
        return when + ends_until(t, now) * t->interval - now;
    return t->timer.armed; /* about to fire: not 0, which would say that it has */
}

/* To the first end after that time. */
static void go_on(struct posix_timer *t, uint64_t time)
{
    t->running = t->interval != 0;
    if (t->running)
        timer_start(&t->timer, t->timer.when + ends_until(t, time) * t->interval);
}

/* Whose the signal is to be; NULL: the thread has ended. */
static struct task *receiver(const struct posix_timer *t)
{
    struct task *to = sched_first();
    if (!t->tid)
        return t->leader;
    while (to && !(to->leader == t->leader && to->tid == t->tid && !to->gone))
        to = to->next;
    return to;
}

/* The timer has ended: one signal, unless there is one already. */
static void tell(struct posix_timer *t)
{
    static uint64_t last_mark;
    struct task *to = receiver(t);
    struct pending_signals *p = !to ? NULL : t->tid ? &to->signals.own : &to->signals.shared;
    t->due = p && p->set & SIGNAL_BIT(t->signo);
    if (t->due)
        return;
    struct signal_source source = {
        .code = SI_TIMER, .pid = (uint32_t)t->id, .addr = ++last_mark, .value = t->value};
    if (t->tid && to)
        signal_send_thread(to, t->signo, &source);
    else if (to)
        signal_send(to, t->signo, &source);
    if (p && p->set & SIGNAL_BIT(t->signo))
        t->mark = source.addr;
    else
        go_on(t, clock_monotonic() + IGNORED_STEP_NS);
}

static void fires(struct timer *timer)
{
    struct posix_timer *t = CONTAINER(timer, struct posix_timer, timer);
    t->running = t->interval != 0;
    tell(t);
}

void posix_timers_taken(int signo, struct signal_source *source)
{
    uint64_t mark = source->code == SI_TIMER ? source->addr : 0, now = clock_monotonic();
    for (struct posix_timer *t = current->leader->posix_timers; t; t = t->next) {
        if (!mark || t->mark != mark)
            continue;
        uint64_t missed = t->interval ? ends_until(t, now) : 1;
        missed = missed ? missed - 1 : 0;
        t->overrun = (int32_t)MIN(missed, (uint64_t)INT32_MAX);
        t->mark = 0;
        source->uid = (uint32_t)t->overrun; /* si_overrun's place */
        go_on(t, now);
    }
    for (struct posix_timer *t = current->leader->posix_timers; t; t = t->next)
        if (t->due && t->signo == signo)
            tell(t);
}

void posix_timers_ignored(int signo)
{
    for (struct posix_timer *t = current->leader->posix_timers; t; t = t->next) {
        if (t->signo != signo || (!t->mark && !t->due))
            continue;
        t->mark = 0;
        t->due = false;
        go_on(t, clock_monotonic() + IGNORED_STEP_NS);
    }
}
