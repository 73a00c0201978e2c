/* sys_poll.c - poll, select and their variants with a signal mask, all by poll_wait(). */
#include "poll.h"

#include <linux/resource.h>

#include "kmem.h"
#include "lib.h"
#include "syscall.h"
#include "usercopy.h"

#define MAX_POLL 4096u

struct user_pollfd {
    int32_t fd;
    int16_t events, revents;
};

static long poll_user(uint64_t fds, uint64_t n, uint64_t deadline)
{
    if (n > MIN(MAX_POLL, current->leader->rlimit[RLIMIT_NOFILE].cur))
        return -EINVAL;
    size_t slots_size = MAX(n, 1) * sizeof(struct poll_slot),
           fds_size = MAX(n, 1) * sizeof(struct user_pollfd);
    struct user_pollfd *u = buffer_alloc(fds_size);
    struct poll_slot *slots = buffer_alloc(slots_size);
    long r = -ENOMEM, bad = 0;
    if (!u || !slots)
        goto out;
    r = -EFAULT;
    if (copy_from_user(u, fds, n * sizeof *u) != 0)
        goto out;
    for (uint64_t i = 0; i < n; i++) {
        struct file *f = u[i].fd >= 0 ? fd_file((uint32_t)u[i].fd) : NULL;
        slots[i].file = f ? file_ref(f) : NULL;
        slots[i].events = (uint16_t)u[i].events;
        u[i].revents = u[i].fd >= 0 && !f ? POLLNVAL : 0;
        bad += u[i].revents != 0;
    }
    r = poll_wait(slots, (unsigned)n, bad ? 0 : deadline);
    for (uint64_t i = 0; i < n; i++) {
        u[i].revents |= (int16_t)slots[i].revents;
        file_unref(slots[i].file);
    }
    if (r >= 0)
        r = copy_to_user(fds, u, n * sizeof *u) == 0 ? r + bad : -EFAULT;
out:
    buffer_free(slots, slots_size);
    buffer_free(u, fds_size);
    return r;
}

/* A relative timeout (struct timespec or timeval) as a deadline; address 0: for ever. */
static long get_deadline(uint64_t from, uint64_t unit, uint64_t *deadline)
{
    int64_t t[2];
    *deadline = NO_DEADLINE;
    if (!from)
        return 0;
    if (get_user(t, from) != 0)
        return -EFAULT;
    if (t[0] < 0 || t[1] < 0 || (unit == 1 && t[1] >= (int64_t)NS_PER_SEC))
        return -EINVAL;
    uint64_t ns = (uint64_t)MIN(t[0], 4000000000) * NS_PER_SEC + (uint64_t)t[1] * unit;
    *deadline = ns ? clock_monotonic() + ns : 0;
    return 0;
}

/* Writes what is left of a timeout back, as Linux does for select, pselect6 and ppoll. */
static void put_left(uint64_t to, uint64_t unit, uint64_t deadline)
{
    uint64_t now = clock_monotonic(), left = deadline > now && deadline != NO_DEADLINE ? deadline - now : 0;
    int64_t t[2] = {(int64_t)(left / NS_PER_SEC), (int64_t)(left % NS_PER_SEC / unit)};
    if (to)
        put_user(t, to); /* a read-only timeout is no error */
}

static long set_mask(uint64_t mask, uint64_t size)
{
    uint64_t set;
    if (!mask)
        return 0;
    if (size != sizeof set)
        return -EINVAL;
    if (get_user(set, mask) != 0)
        return -EFAULT;
    signal_swap_blocked(set);
    return 0;
}

/* The mask stays in force until the handler of the signal that ended the wait has its frame. */
static long end_masked(bool masked, long r)
{
    if (masked && r != -EINTR)
        signal_unswap_blocked();
    return r == -EINTR ? -ERESTARTNOHAND : r;
}

SYSCALL(poll)
{
    int timeout = (int)s->a[2];
    uint64_t deadline = timeout < 0 ? NO_DEADLINE
                        : timeout   ? clock_monotonic() + (uint64_t)timeout * 1000000
                                    : 0;
    return end_masked(false, poll_user(s->a[0], (uint32_t)s->a[1], deadline));
}

SYSCALL(ppoll)
{
    uint64_t deadline;
    long error = get_deadline(s->a[2], 1, &deadline);
    if (!error)
        error = set_mask(s->a[3], s->a[4]);
    if (error)
        return error;
    long r = poll_user(s->a[0], (uint32_t)s->a[1], deadline);
    put_left(s->a[2], 1, deadline);
    return end_masked(s->a[3], r);
}

/* ---- select: sets of bits in, sets of bits out ---- */

#define SET_BYTES (MAX_POLL / 8)

struct sets {
    uint64_t in[3][MAX_POLL / 64], out[3][MAX_POLL / 64];
};

static const unsigned set_events[3] = {POLLIN | POLLRDNORM, POLLOUT | POLLWRNORM, POLLPRI};
static const unsigned set_means[3] = {POLLIN | POLLRDNORM | POLLHUP | POLLERR, POLLOUT | POLLWRNORM | POLLERR,
                                      POLLPRI};

static unsigned wanted(const struct sets *sets, unsigned fd)
{
    unsigned events = 0;
    for (int k = 0; k < 3; k++)
        if (sets->in[k][fd / 64] >> fd % 64 & 1)
            events |= set_events[k];
    return events;
}

static long select_sets(struct sets *sets, struct poll_slot *slots, unsigned n, uint64_t deadline)
{
    for (unsigned fd = 0; fd < n; fd++) {
        slots[fd].events = wanted(sets, fd);
        if (!slots[fd].events)
            continue;
        struct file *f = fd_file(fd);
        if (!f)
            return -EBADF;
        slots[fd].file = file_ref(f);
    }
    long r = poll_wait(slots, n, deadline), bits = 0;
    for (unsigned fd = 0; fd < n && r > 0; fd++)
        for (int k = 0; k < 3; k++)
            if (sets->in[k][fd / 64] >> fd % 64 & 1 && slots[fd].revents & set_means[k]) {
                sets->out[k][fd / 64] |= 1ul << fd % 64;
                bits++;
            }
    return r < 0 ? r : bits;
}

static long select_user(const struct syscall_args *s, uint64_t deadline)
{
    unsigned n = (unsigned)MIN(s->a[0], MAX_POLL);
    size_t bytes = ALIGN_UP(n, 64u) / 8, slots_size = MAX(n, 1) * sizeof(struct poll_slot);
    struct sets *sets = buffer_alloc(sizeof *sets);
    struct poll_slot *slots = buffer_alloc(slots_size);
    long r = (int)s->a[0] < 0 ? -EINVAL : sets && slots ? 0 : -ENOMEM;
    for (int k = 0; k < 3 && !r; k++)
        if (s->a[1 + k])
            r = copy_from_user(sets->in[k], s->a[1 + k], bytes);
    if (!r)
        r = select_sets(sets, slots, n, deadline);
    for (int k = 0; k < 3 && r >= 0; k++)
        if (s->a[1 + k] && copy_to_user(s->a[1 + k], sets->out[k], bytes) != 0)
            r = -EFAULT;
    for (unsigned fd = 0; slots && fd < n; fd++)
        file_unref(slots[fd].file);
    buffer_free(slots, slots_size);
    buffer_free(sets, sizeof *sets);
    return r;
}

SYSCALL(select)
{
    uint64_t deadline;
    long error = get_deadline(s->a[4], 1000, &deadline);
    if (error)
        return error;
    long r = select_user(s, deadline);
    put_left(s->a[4], 1000, deadline);
    return end_masked(false, r);
}

SYSCALL(pselect6)
{
    uint64_t deadline, mask[2] = {0, 0};
    long error = get_deadline(s->a[4], 1, &deadline);
    if (!error && s->a[5])
        error = get_user(mask, s->a[5]);
    if (!error)
        error = set_mask(mask[0], mask[1]);
    if (error)
        return error;
    long r = select_user(s, deadline);
    put_left(s->a[4], 1, deadline);
    return end_masked(mask[0], r);
}
