/* futex.c - one list of all that wait: there are few. */
#include "futex.h"

#include <linux/errno.h>

#include "task.h"
#include "usercopy.h"
#include "vm.h"

/* Which word it is. */
struct key {
    const void *of; /* an address space or an image */
    uint64_t at;
};

struct futex_waiter {
    struct futex_waiter *next; /* in the order they came */
    struct task *task;
    struct key key;
    uint32_t bits;
    bool woken; /* and out of the list */
};

static struct futex_waiter *waiters;

static struct key key_of(struct mm *mm, uint64_t addr)
{
    const struct vma *v = vm_find(mm, addr);
    if (v && v->sharing & VM_SHARED)
        return (struct key){v->image, v->image_offset + addr - v->start};
    return (struct key){mm, addr};
}

static bool same(const struct key *a, const struct key *b)
{
    return a->of == b->of && a->at == b->at;
}

static void leave(struct futex_waiter *w)
{
    struct futex_waiter **at = &waiters;
    while (*at && *at != w)
        at = &(*at)->next;
    if (*at)
        *at = w->next;
}

uint32_t futex_wake(struct mm *mm, uint64_t addr, uint32_t n, uint32_t bits)
{
    struct key key = key_of(mm, addr);
    uint32_t count = 0;
    for (struct futex_waiter **at = &waiters; *at && count < n;) {
        struct futex_waiter *w = *at;
        if (!same(&w->key, &key) || !(w->bits & bits)) {
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

uint32_t futex_requeue(struct mm *mm, uint64_t addr, uint32_t n, uint32_t m, uint64_t to)
{
    struct key key = key_of(mm, addr), target = key_of(mm, to);
    uint32_t count = futex_wake(mm, addr, n, ~0u), moved = 0;
    for (struct futex_waiter *w = waiters; w && moved < m; w = w->next)
        if (same(&w->key, &key)) {
            w->key = target;
            moved++;
        }
    return count + moved;
}

int futex_wait(uint64_t addr, uint32_t value, uint64_t deadline, uint32_t bits)
{
    struct futex_waiter w = {.task = current, .key = key_of(current->mm, addr), .bits = bits};
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
