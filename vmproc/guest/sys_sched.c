/*
 * sys_sched.c - system calls about scheduling: a machine with one processor, where a user without privileges asks.
 *
 * Tasks take turns in the same way whatever they have asked for: only what they can ask again is kept.
 */
#include <linux/errno.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/time_types.h>

#include "lib.h"
#include "sched.h"
#include "syscall.h"
#include "task.h"
#include "usercopy.h"

#define NICE_MIN   (-20)
#define NICE_MAX   19
#define RT_MAX     99
#define PROCESSORS 1ul /* as a mask */

/* The thread of that id, 0: the one that asks; NULL where this VM has none. */
static struct task *thread_of(uint64_t tid)
{
    struct task *t = (uint32_t)tid ? sched_first() : current;
    while (t && (uint32_t)tid && (t->tid != (uint32_t)tid || !t->mm || t->gone))
        t = t->next;
    return t;
}

/* Processes that are there and are not of this VM: they can be asked about, and are as any. */
static bool is_elsewhere(uint64_t pid)
{
    return (uint32_t)pid == 1 || (uint32_t)pid == first_task.ppid;
}

static bool exists(uint64_t tid)
{
    return thread_of(tid) || is_elsewhere(tid);
}

/* What changing one that thread_of() does not know comes to. */
static long not_ours(uint64_t tid)
{
    return is_elsewhere(tid) ? -EPERM : -ESRCH;
}

/* ---- processors ---- */

SYSCALL(sched_getaffinity)
{
    uint64_t mask = PROCESSORS;
    if (s->a[1] < sizeof mask || s->a[1] % sizeof mask)
        return -EINVAL;
    if (!exists(s->a[0]))
        return -ESRCH;
    return put_user(mask, s->a[2]) == 0 ? (long)sizeof mask : -EFAULT;
}

/* Of the mask counts what the machine has. */
SYSCALL(sched_setaffinity)
{
    uint64_t mask = 0;
    if (copy_from_user(&mask, s->a[2], MIN(s->a[1], sizeof mask)) != 0)
        return -EFAULT;
    if (!thread_of(s->a[0]))
        return not_ours(s->a[0]);
    return mask & PROCESSORS ? 0 : -EINVAL;
}

/* ---- policies ---- */

static bool is_realtime(uint64_t policy)
{
    return policy == SCHED_FIFO || policy == SCHED_RR;
}

static bool is_policy(uint64_t policy)
{
    return is_realtime(policy) || policy == SCHED_NORMAL || policy == SCHED_BATCH || policy == SCHED_IDLE;
}

/* The priority fits the policy, and a user without privileges may have both. */
static long check_policy(uint64_t policy, int32_t priority)
{
    bool fits = is_realtime(policy) ? priority >= 1 && priority <= RT_MAX : priority == 0;
    if (!is_policy(policy) || !fits)
        return -EINVAL;
    return is_realtime(policy) ? -EPERM : 0;
}

SYSCALL(sched_getscheduler)
{
    struct task *t = thread_of(s->a[0]);
    if ((int)s->a[0] < 0)
        return -EINVAL;
    if (!exists(s->a[0]))
        return -ESRCH;
    return t ? t->sched_policy : SCHED_NORMAL;
}

/* SCHED_RESET_ON_FORK would reset to what is the only thing that can be had. */
SYSCALL(sched_setscheduler)
{
    uint32_t policy = (uint32_t)s->a[1] & ~(uint32_t)SCHED_RESET_ON_FORK;
    struct task *t = thread_of(s->a[0]);
    int32_t priority;
    if ((int)s->a[0] < 0 || !s->a[2])
        return -EINVAL;
    if (get_user(priority, s->a[2]) != 0)
        return -EFAULT;
    if (!t)
        return not_ours(s->a[0]);
    long error = check_policy(policy, priority);
    if (!error)
        t->sched_policy = (uint8_t)policy;
    return error;
}

SYSCALL(sched_getparam)
{
    int32_t priority = 0;
    if ((int)s->a[0] < 0 || !s->a[1])
        return -EINVAL;
    return exists(s->a[0]) ? put_user(priority, s->a[1]) : -ESRCH;
}

SYSCALL(sched_setparam)
{
    struct task *t = thread_of(s->a[0]);
    int32_t priority;
    if ((int)s->a[0] < 0 || !s->a[1])
        return -EINVAL;
    if (get_user(priority, s->a[1]) != 0)
        return -EFAULT;
    return t ? check_policy(t->sched_policy, priority) : not_ours(s->a[0]);
}

static bool has_priorities(uint64_t policy)
{
    return is_policy(policy) || policy == SCHED_DEADLINE;
}

SYSCALL(sched_get_priority_max)
{
    uint32_t policy = (uint32_t)s->a[0];
    return !has_priorities(policy) ? -EINVAL : is_realtime(policy) ? RT_MAX : 0;
}

SYSCALL(sched_get_priority_min)
{
    uint32_t policy = (uint32_t)s->a[0];
    return !has_priorities(policy) ? -EINVAL : is_realtime(policy);
}

SYSCALL(sched_rr_get_interval)
{
    const struct __kernel_timespec turn = {0, SCHED_SLICE_NS};
    if ((int)s->a[0] < 0)
        return -EINVAL;
    return exists(s->a[0]) ? put_user(turn, s->a[1]) : -ESRCH;
}

/* ---- niceness ---- */

/* Does (which, who) of setpriority(2) mean this task? */
static bool is_meant(const struct task *t, uint64_t which, uint32_t who)
{
    if (!t->mm || t->gone)
        return false;
    if (which == PRIO_PROCESS)
        return t->tid == (who ? who : current->tid);
    if (which == PRIO_PGRP)
        return t->leader->pgid == (who ? who : current->leader->pgid);
    return !who || t->leader->uid == who;
}

static bool is_one_elsewhere(const struct syscall_args *s)
{
    return s->a[0] == PRIO_PROCESS && is_elsewhere(s->a[1]);
}

/* Of those meant the one that is favoured most; as the raw call says it, never negative. */
SYSCALL(getpriority)
{
    long best = is_one_elsewhere(s) ? 20 : -ESRCH;
    if (s->a[0] > PRIO_USER)
        return -EINVAL;
    for (struct task *t = sched_first(); t; t = t->next)
        if (is_meant(t, s->a[0], (uint32_t)s->a[1]))
            best = MAX(best, 20 - t->nice);
    return best;
}

SYSCALL(setpriority)
{
    long result = is_one_elsewhere(s) ? -EPERM : -ESRCH;
    int nice = (int)s->a[2];
    nice = nice < NICE_MIN ? NICE_MIN : nice > NICE_MAX ? NICE_MAX : nice;
    if (s->a[0] > PRIO_USER)
        return -EINVAL;
    for (struct task *t = sched_first(); t; t = t->next) {
        if (!is_meant(t, s->a[0], (uint32_t)s->a[1]))
            continue;
        if (nice < t->nice) {
            result = -EACCES;
        } else {
            t->nice = (int8_t)nice;
            result = result == -ESRCH ? 0 : result;
        }
    }
    return result;
}
