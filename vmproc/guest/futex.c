/* futex.c - one list of all that wait: there are few. */
#include "futex.h"

#include <linux/errno.h>

#include "task.h"
#include "usercopy.h"

struct futex_waiter {
    struct futex_waiter *next; /* in the order they came */
    struct task *task;
    const struct mm *mm;
    uint64_t addr;
    uint32_t bits;
    bool woken; /* and out of the list */
};

static struct futex_waiter *waiters;

static void leave(struct futex_waiter *w)
{
    struct futex_waiter **at = &waiters;
    while (*at && *at != w)
        at = &(*at)->next;
    if (*at)
        *at = w->next;
}

uint32_t futex_wake(const struct mm *mm, uint64_t addr, uint32_t n, uint32_t bits)
{
    uint32_t count = 0;
    for (struct futex_waiter **at = &waiters; *at && count < n;) {
        struct futex_waiter *w = *at;
        if (w->mm != mm || w->addr != addr || !(w->bits & bits)) {
            at = &w->next;
            continue;
        }
        *at = w->next;
        w->woken = true;
        w->task->woken = true;
        count++;
    }
    return count;
}

uint32_t futex_requeue(const struct mm *mm, uint64_t addr, uint32_t n, uint32_t m, uint64_t to)
{
    uint32_t count = futex_wake(mm, addr, n, ~0u), moved = 0;
    for (struct futex_waiter *w = waiters; w && moved < m; w = w->next)
        if (w->mm == mm && w->addr == addr) {
            w->addr = to;
            moved++;
        }
    return count + moved;
}

int futex_wait(uint64_t addr, uint32_t value, uint64_t deadline, uint32_t bits)
{
    struct futex_waiter w = {.task = current, .mm = current->mm, .addr = addr, .bits = bits};
    struct futex_waiter **last = &waiters;
    uint32_t now;
    int error = 0;
    if (get_user(now, addr) != 0)
        return -EFAULT;
    if (now != value)
        return -EAGAIN;
    while (*last)
        last = &(*last)->next;
    *last = &w;
    while (!w.woken && !error) {
        task_will_sleep();
        error = task_sleep(deadline, true);
    }
    if (!w.woken)
        leave(&w);
    return w.woken ? 0 : error;
}
