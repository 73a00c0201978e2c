/* sys_futex.c - futex(2). */
#include <linux/futex.h>

#include "futex.h"
#include "syscall.h"
#include "task.h"
#include "usercopy.h"

/* The timeout of FUTEX_WAIT is relative, that of FUTEX_WAIT_BITSET a time of one of two clocks. */
static long get_deadline(const struct syscall_args *s, bool relative, uint64_t *deadline)
{
    int64_t t[2];
    *deadline = NO_DEADLINE;
    if (!s->a[3])
        return 0;
    if (get_user(t, s->a[3]) != 0)
        return -EFAULT;
    if (t[0] < 0 || t[1] < 0 || t[1] >= (int64_t)NS_PER_SEC)
        return -EINVAL;
    uint64_t ns = (uint64_t)MIN(t[0], 4000000000) * NS_PER_SEC + (uint64_t)t[1], now = clock_monotonic();
    if (!relative && s->a[1] & FUTEX_CLOCK_REALTIME) {
        uint64_t real = clock_realtime();
        ns = ns > real ? ns - real : 0;
        relative = true;
    }
    *deadline = relative ? now + ns : ns;
    return 0;
}

static long wait(const struct syscall_args *s, bool relative, uint32_t bits)
{
    uint64_t deadline;
    long error = get_deadline(s, relative, &deadline);
    if (error || !bits)
        return error ? error : -EINVAL;
    long r = futex_wait(s->a[0], (uint32_t)s->a[2], deadline, bits);
    /* A time that is relative would begin anew. */
    return r == -EINTR && relative && s->a[3] ? -ERESTARTNOHAND : restartable(r);
}

static long requeue(const struct syscall_args *s, bool compare)
{
    uint32_t value;
    if ((int)s->a[2] < 0 || (int)s->a[3] < 0)
        return -EINVAL;
    if (compare && get_user(value, s->a[0]) != 0)
        return -EFAULT;
    if (compare && value != (uint32_t)s->a[5])
        return -EAGAIN;
    return futex_requeue(current->mm, s->a[0], (uint32_t)s->a[2], (uint32_t)s->a[3], s->a[4]);
}

SYSCALL(futex)
{
    uint32_t operation = s->a[1] & FUTEX_CMD_MASK, bits = (uint32_t)s->a[5];
    switch (operation) {
    case FUTEX_WAIT:
        return wait(s, true, ~0u);
    case FUTEX_WAIT_BITSET:
        return wait(s, false, bits);
    case FUTEX_WAKE:
        return futex_wake(current->mm, s->a[0], (uint32_t)s->a[2], ~0u);
    case FUTEX_WAKE_BITSET:
        return bits ? (long)futex_wake(current->mm, s->a[0], (uint32_t)s->a[2], bits) : -EINVAL;
    case FUTEX_REQUEUE:
        return requeue(s, false);
    case FUTEX_CMP_REQUEUE:
        return requeue(s, true);
    }
    return -ENOSYS;
}
