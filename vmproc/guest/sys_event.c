/* sys_event.c - eventfd(2) and epoll(7). */
#include <linux/eventpoll.h>
#include <linux/fcntl.h>

#include "epoll.h"
#include "eventfd.h"
#include "syscall.h"
#include "task.h"
#include "usercopy.h"

SYSCALL(eventfd2)
{
    uint64_t flags = s->a[1];
    struct file *f;
    if (flags & ~(uint64_t)(EFD_SEMAPHORE | O_CLOEXEC | O_NONBLOCK))
        return -EINVAL;
    int error = eventfd_new((uint32_t)s->a[0], (uint32_t)flags, &f);
    return error ? error : fd_install(f, flags & O_CLOEXEC, 0);
}

SYSCALL(eventfd)
{
    struct syscall_args args = *s;
    args.a[1] = 0;
    return sys_eventfd2(&args);
}

static long new_epoll(bool cloexec)
{
    struct file *f;
    int error = epoll_new(&f);
    return error ? error : fd_install(f, cloexec, 0);
}

SYSCALL(epoll_create)
{
    return (int)s->a[0] > 0 ? new_epoll(false) : -EINVAL;
}

SYSCALL(epoll_create1)
{
    return s->a[0] & ~(uint64_t)EPOLL_CLOEXEC ? -EINVAL : new_epoll(s->a[0]);
}

static struct file *epoll_file(uint64_t fd, long *error)
{
    struct file *f = fd_file((uint32_t)fd);
    *error = !f ? -EBADF : is_epoll(f) ? 0 : -EINVAL;
    return f;
}

SYSCALL(epoll_ctl)
{
    long error;
    struct epoll_event_user event = {0};
    struct file *f = epoll_file(s->a[0], &error);
    if (!error && s->a[1] != EPOLL_CTL_DEL && get_user(event, s->a[3]) != 0)
        error = -EFAULT;
    return error ? error : epoll_change(f, s->a[1], (uint32_t)s->a[2], &event);
}

static long wait(const struct syscall_args *s, uint64_t deadline)
{
    long error;
    struct file *f = epoll_file(s->a[0], &error);
    int max = (int)s->a[2];
    if (!error && max <= 0)
        error = -EINVAL;
    return error ? error : epoll_wait_for(f, s->a[1], (unsigned)max, deadline);
}

SYSCALL(epoll_wait)
{
    int ms = (int)s->a[3];
    return wait(s, ms < 0 ? NO_DEADLINE : ms ? clock_monotonic() + (uint64_t)ms * 1000000 : 0);
}

/* The mask holds until the handler of the signal that ended the wait has its frame. */
SYSCALL(epoll_pwait)
{
    uint64_t set;
    if (s->a[4] && s->a[5] != sizeof set)
        return -EINVAL;
    if (s->a[4] && get_user(set, s->a[4]) != 0)
        return -EFAULT;
    if (s->a[4])
        signal_swap_blocked(set);
    long r = sys_epoll_wait(s);
    if (s->a[4] && r != -EINTR)
        signal_unswap_blocked();
    return r;
}
