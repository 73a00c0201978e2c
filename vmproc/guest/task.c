/* task.c - waiting, waking, and whose time it is. */
#include "task.h"

#include "alone.h"

#include <linux/errno.h>

#include "cpu.h"
#include "rehearse.h"
#include "sched.h"

struct task first_task = {.leader = &first_task};
struct task *current = &first_task;

void waitq_add(struct waitq *q, struct waiter *w)
{
    w->task = current;
    w->next = q->first;
    w->link = &q->first;
    if (w->next)
        w->next->link = &w->next;
    q->first = w;
}

void waitq_remove(struct waiter *w)
{
    *w->link = w->next;
    if (w->next)
        w->next->link = w->link;
}

void waitq_wake(struct waitq *q)
{
    for (struct waiter *w = q->first; w; w = w->next)
        w->task->woken = true;
}

struct sleep_timer {
    struct timer timer;
    struct task *task;
    bool expired;
};

static void sleep_expired(struct timer *t)
{
    struct sleep_timer *s = CONTAINER(t, struct sleep_timer, timer);
    s->expired = true;
    s->task->woken = true;
}

void task_will_sleep(void)
{
    current->woken = false;
}

int task_sleep(uint64_t deadline, bool interruptible)
{
    struct sleep_timer s = {.timer = {.fire = sleep_expired}, .task = current};
    int error = 0;
    if (deadline != NO_DEADLINE)
        timer_start(&s.timer, deadline);
    current->asleep = true;
    current->interruptible = interruptible;
    while (!current->woken) {
        if (interruptible && signal_pending(current)) {
            error = -EINTR;
            break;
        }
        sched_rest();
    }
    current->asleep = false;
    timer_stop(&s.timer);
    return s.expired ? -ETIMEDOUT : error;
}

int waitq_sleep(struct waitq *q, uint64_t deadline, bool interruptible)
{
    struct waiter w;
    task_will_sleep();
    waitq_add(q, &w);
    int error = task_sleep(deadline, interruptible);
    waitq_remove(&w);
    current->woken = true; /* a sleep inside another's preparation must not eat its wake */
    return error;
}

static uint64_t booked[3]; /* TSC ticks */
static uint64_t since;
static enum account serving = ACCOUNT_IDLE;

void account_switch(enum account to)
{
    uint64_t now = ticks_now();
    booked[serving] += now - since;
    since = now;
    serving = to;
}

uint64_t account_ns(enum account what)
{
    account_switch(serving);
    return ticks_to_ns(booked[what]);
}

void account_reset(void)
{
    since = ticks_now();
    booked[ACCOUNT_USER] = booked[ACCOUNT_SYSTEM] = booked[ACCOUNT_IDLE] = 0;
}

void idle(void)
{
    enum account before = serving;
    account_switch(ACCOUNT_IDLE);
    if (!rehearse_idle() && !alone_idle())
        wait_for_interrupt();
    account_switch(before);
}
