/* poll.c - one round over the files, then sleep, then another. */
#include "poll.h"

#include <linux/errno.h>

#include "timer.h"

void poll_join(struct poll_slot *slot, struct waitq *q)
{
    if (slot->joining && slot->nwaiters < ARRAY_LEN(slot->waiters))
        waitq_add(q, &slot->waiters[slot->nwaiters++]);
}

static unsigned ready_now(struct poll_slot *s)
{
    unsigned always = POLLERR | POLLHUP | POLLNVAL;
    if (!s->file->ops->poll) /* regular files and directories */
        return s->events & (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM);
    return s->file->ops->poll(s->file, s->events, s) & (s->events | always);
}

static int scan(struct poll_slot *slots, unsigned n, bool first, bool now)
{
    int ready = 0;
    for (unsigned i = 0; i < n; i++) {
        if (!slots[i].file)
            continue;
        slots[i].now = now;
        slots[i].joining = first || slots[i].ops != slots[i].file->ops;
        slots[i].ops = slots[i].file->ops;
        slots[i].revents = ready_now(&slots[i]);
        ready += slots[i].revents != 0;
    }
    return ready;
}

/* Answers of the host count, too, also those that come in spite of a cancellation. */
static int leave(struct poll_slot *slots, unsigned n)
{
    int ready = 0;
    for (unsigned i = 0; i < n; i++)
        if (slots[i].calling)
            ctl_call_cancel(&slots[i].call);
    for (unsigned i = 0; i < n; i++) {
        struct poll_slot *s = &slots[i];
        for (unsigned k = 0; k < s->nwaiters; k++)
            waitq_remove(&s->waiters[k]);
        s->nwaiters = 0;
        if (s->calling) {
            int64_t r = ctl_call_finish(&s->call);
            unsigned always = POLLERR | POLLHUP | POLLNVAL;
            s->revents = r >= 0 ? (unsigned)r & (s->events | always) : r == -EINTR ? 0 : POLLERR;
            s->calling = false;
        }
        ready += s->revents != 0;
    }
    return ready;
}

int poll_wait(struct poll_slot *slots, unsigned n, uint64_t deadline)
{
    task_will_sleep();
    int error = 0, ready = scan(slots, n, true, deadline == 0);
    while (!ready && deadline && !error) {
        error = task_sleep(deadline, true);
        task_will_sleep();
        ready = scan(slots, n, false, false);
    }
    ready = leave(slots, n);
    return ready ? ready : error == -EINTR ? -EINTR : 0;
}
