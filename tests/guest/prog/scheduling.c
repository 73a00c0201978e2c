/* scheduling.c - processors, policies and niceness, as a machine with one processor has them. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "t.h"

#define NOBODY 4000000 /* beyond what Linux gives as a process id here */

static cpu_set_t only(int processor)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    return set;
}

static void processors(void)
{
    cpu_set_t set, first = only(0), second = only(1), none;
    CPU_ZERO(&none);
    t_check(sched_getaffinity(0, sizeof set, &set) == 0 && CPU_EQUAL(&set, &first), "there is one processor");
    t_check(sched_getaffinity(getppid(), sizeof set, &set) == 0, "the parent may be asked about");
    t_fails(sched_getaffinity(NOBODY, sizeof set, &set), ESRCH);
    t_fails(syscall(SYS_sched_getaffinity, 0, 4, &set), EINVAL);
    t_works(sched_setaffinity(0, sizeof first, &first));
    t_fails(sched_setaffinity(0, sizeof second, &second), EINVAL);
    t_fails(sched_setaffinity(0, sizeof none, &none), EINVAL);
    t_fails(sched_setaffinity(NOBODY, sizeof first, &first), ESRCH);
    t_fails(sched_setaffinity(getppid(), sizeof first, &first), EPERM);
    t_fails(syscall(SYS_sched_setaffinity, 0, 8, 1), EFAULT);
    CPU_SET(0, &second);
    t_works(sched_setaffinity(0, sizeof second, &second));
    t_check(sched_getaffinity(0, sizeof set, &set) == 0 && CPU_EQUAL(&set, &first),
            "what it lacks is left out");
    t_check(sched_getcpu() == 0, "we run on it");
}

static void policies(void)
{
    struct sched_param none = {0}, some = {10}, is = {-1};
    struct timespec turn;
    t_check(sched_getscheduler(0) == SCHED_OTHER, "the policy is SCHED_OTHER");
    t_works(sched_setscheduler(0, SCHED_BATCH, &none));
    t_check(sched_getscheduler(getpid()) == SCHED_BATCH, "and may be another");
    t_fails(sched_setscheduler(0, SCHED_OTHER, &some), EINVAL);
    t_fails(sched_setscheduler(0, SCHED_FIFO, &none), EINVAL);
    t_fails(sched_setscheduler(0, SCHED_FIFO, &some), EPERM);
    t_fails(sched_setscheduler(0, 77, &none), EINVAL);
    t_fails(sched_setscheduler(NOBODY, SCHED_OTHER, &none), ESRCH);
    t_check(sched_getparam(0, &is) == 0 && is.sched_priority == 0, "sched_getparam");
    t_works(sched_setparam(0, &none));
    t_fails(sched_setparam(0, &some), EINVAL);
    t_check(sched_get_priority_min(SCHED_RR) == 1 && sched_get_priority_max(SCHED_FIFO) == 99 &&
                sched_get_priority_max(SCHED_OTHER) == 0,
            "ranges of priorities");
    t_fails(sched_get_priority_max(77), EINVAL);
    t_check(sched_rr_get_interval(0, &turn) == 0 && turn.tv_sec == 0 && turn.tv_nsec > 0,
            "a turn has a length");
    t_works(sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &none));
}

static int niceness(int which, id_t who)
{
    errno = 0;
    int is = getpriority(which, who);
    return errno ? -100 : is;
}

static void *own_niceness(void *result)
{
    int *is = result;
    is[0] = niceness(PRIO_PROCESS, 0);
    is[1] = setpriority(PRIO_PROCESS, 0, 15) == 0 ? niceness(PRIO_PROCESS, 0) : -100;
    return NULL;
}

static void being_nice(void)
{
    pthread_t thread;
    int its[2], status;
    t_check(niceness(PRIO_PROCESS, 0) == 0, "niceness begins at 0");
    t_check(nice(5) == 5 && niceness(PRIO_PROCESS, getpid()) == 5, "and can be raised");
    t_fails(setpriority(PRIO_PROCESS, 0, 4), EACCES);
    t_check(setpriority(PRIO_PROCESS, 0, 5) == 0, "but not lowered");
    pid_t child = fork();
    if (child == 0)
        _exit(niceness(PRIO_PROCESS, 0) == 5 && nice(3) == 8 && niceness(PRIO_PGRP, 0) == 5 ? 0 : 1);
    waitpid(child, &status, 0);
    t_check(status == 0 && niceness(PRIO_PROCESS, 0) == 5, "a fork begins with it and has its own");
    pthread_create(&thread, NULL, own_niceness, its);
    pthread_join(thread, NULL);
    t_check(its[0] == 5 && its[1] == 15 && niceness(PRIO_PROCESS, 0) == 5, "so does a thread");
    t_check(setpriority(PRIO_PROCESS, 0, 99) == 0 && niceness(PRIO_USER, 0) == 19, "19 is the most");
    t_fails(setpriority(PRIO_PROCESS, NOBODY, 19), ESRCH);
    t_fails(setpriority(PRIO_PROCESS, getppid(), 19), EPERM);
    t_fails(setpriority(3, 0, 19), EINVAL);
    t_check(niceness(PRIO_PROCESS, NOBODY) == -100 && errno == ESRCH, "of nobody there is none");
}

int main(void)
{
    processors();
    policies();
    being_nice();
    return t_failed;
}
