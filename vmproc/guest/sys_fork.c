/* sys_fork.c - system calls that make processes. */
#include <linux/sched.h>

#include "fork.h"
#include "lib.h"
#include "log.h"
#include "syscall.h"
#include "thread.h"
#include "usercopy.h"

/* In which clone(2) may differ from fork(2) here. */
#define CLONE_OF_THREADS                                                                                     \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD) /* all, or it is no thread */
#define CLONE_NO_MATTER (CLONE_SYSVSEM | CLONE_DETACHED)
#define CLONE_KNOWN                                                                                          \
    (CSIGNAL | CLONE_VM | CLONE_VFORK | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID |            \
     CLONE_CHILD_CLEARTID | CLONE_CLEAR_SIGHAND)

/* Which of clone(2)'s arguments they are; not all architectures have them in one order. */
#ifdef __x86_64__
enum { CLONE_CHILD_TID = 3, CLONE_TLS = 4 };
#else
enum { CLONE_TLS = 3, CLONE_CHILD_TID = 4 };
#endif

SYSCALL(fork)
{
    return task_fork(s->tf, &(struct fork_args){0});
}

SYSCALL(vfork)
{
    return task_fork(s->tf, &(struct fork_args){.vfork = true});
}

static long refuse(uint64_t flags)
{
    log_line("%s: clone with these flags is not supported in a VM (flags %lx)", current->comm, flags);
    return -EINVAL;
}

static long clone(const struct syscall_args *s, uint64_t flags, const struct fork_args *args)
{
    bool shares = flags & CLONE_VM, waits = flags & CLONE_VFORK;
    uint64_t others = flags & ~(uint64_t)(CLONE_OF_THREADS | CLONE_NO_MATTER);
    if (flags & CLONE_THREAD) {
        bool known = (flags & CLONE_OF_THREADS) == CLONE_OF_THREADS && !(others & ~CLONE_KNOWN) && !waits;
        return known && args->stack ? thread_new(s->tf, args) : refuse(flags);
    }
    if (flags & ~CLONE_KNOWN || shares != waits)
        return refuse(flags);
    return task_fork(s->tf, args);
}

SYSCALL(clone)
{
    uint64_t flags = s->a[0];
    return clone(s, flags,
                 &(struct fork_args){
                     .vfork = flags & CLONE_VM,
                     .stack = s->a[1],
                     .tid_here = flags & CLONE_PARENT_SETTID ? s->a[2] : 0,
                     .tid_there = flags & CLONE_CHILD_SETTID ? s->a[CLONE_CHILD_TID] : 0,
                     .clear_tid = flags & CLONE_CHILD_CLEARTID ? s->a[CLONE_CHILD_TID] : 0,
                     .tls = flags & CLONE_SETTLS ? s->a[CLONE_TLS] : 0,
                 });
}

SYSCALL(clone3)
{
    struct clone_args a = {0};
    uint64_t size = s->a[1];
    if (size < CLONE_ARGS_SIZE_VER0)
        return -EINVAL;
    if (copy_from_user(&a, s->a[0], MIN(size, sizeof a)) != 0)
        return -EFAULT;
    return clone(s, a.flags,
                 &(struct fork_args){
                     .vfork = a.flags & CLONE_VM,
                     .stack = a.stack ? a.stack + a.stack_size : 0,
                     .tid_here = a.flags & CLONE_PARENT_SETTID ? a.parent_tid : 0,
                     .tid_there = a.flags & CLONE_CHILD_SETTID ? a.child_tid : 0,
                     .clear_tid = a.flags & CLONE_CHILD_CLEARTID ? a.child_tid : 0,
                     .tls = a.flags & CLONE_SETTLS ? a.tls : 0,
                     .reset_handlers = a.flags & CLONE_CLEAR_SIGHAND,
                 });
}
