/*
 * task.h - the program as the kernel sees it, and how it waits.
 *
 * The first task is the program that EXEC named; its forks and threads are others (sched.h). A thread's
 * `leader` is the task that its process began with, any other's is itself: what belongs to a process is its
 * leader's, which stays until the last thread has ended. Kernel code runs on the task's own stack, reaches
 * its state through `current`, and waits only by waitq_sleep()/task_sleep(), where others may run. Kernel
 * code is never preempted.
 */
#ifndef GUEST_TASK_H
#define GUEST_TASK_H

#include "cpu.h"
#include "signal.h"
#include "timer.h"
#include "types.h"
#include "vmproc/guest_abi.h"

struct mm;
struct fd_table;
struct trapframe;
struct child;
struct file;
struct posix_timer;

#define FDS_HELD 4u

struct waiter {
    struct task *task;
    struct waiter *next, **link; /* link: what points here */
};

struct waitq {
    struct waiter *first;
};

struct task {
    bool woken;         /* by waitq_wake() since it lay down */
    bool asleep;        /* in task_sleep() */
    bool interruptible; /* asleep: a signal that is to be acted on ends it */
    bool napping;       /* leader: in a sleep that nothing but time and signals end */
    bool stopped;       /* a fork that was stopped by a signal */
    bool gone;          /* never to run again: the end has come, or its process's other threads go on */
    bool no_faults;     /* usercopy must not bring in pages: a fault there is EFAULT */
    bool resident;      /* it is the resident program */
    struct task *leader;
    uint32_t tid; /* pid is the leader's */
    uint32_t pid, ppid, pgid, sid, uid, gid;
    uint32_t umask;
    int8_t nice;          /* as Linux, each thread has its own */
    uint8_t sched_policy; /* SCHED_* */
    char comm[16];
    uint64_t clear_child_tid;
    struct ctl_rlimit rlimit[CTL_NRLIMIT];
    struct mm *mm;
    struct fd_table *files;
    struct signals signals;
    struct posix_timer *posix_timers; /* leader: of timer_create(2) */
    int32_t next_posix_timer;         /* leader */
    uint64_t restart_deadline;        /* of the sleep that restart_syscall(2) goes on with */
    char cwd[4096];                   /* absolute, no symbolic links, as the host knows it */
    uint32_t cwd_fid;                 /* 9P; 0: not walked to yet */
    bool cwd_special;                 /* special.h: there is no fid */
    char exe[4096];                   /* what /proc/self/exe says */
    char hostname[65];

    unsigned threads;            /* leader: that have not ended */
    struct task *ender;          /* leader: the thread that waits for the others to end */
    struct waitq thread_wait;    /* leader: a thread has ended */
    struct file *held[FDS_HELD]; /* what the system call under way has looked up (file.h) */
    unsigned next_held;

    struct task *next; /* among all of them */
    char *kstack;      /* NULL: the first task's, which is never freed */
    uint64_t kstack_top, ksp;
    struct fpu_area *fpu;                 /* while another runs; NULL until there is another */
    struct thread_pointer thread_pointer; /* likewise */
    struct task *parent;                  /* NULL: of the first one, and of those whose parent has ended */
    struct child *children;               /* child.h */
    struct waitq child_wait;              /* something has become of a child, or vfork_child has let go */
    struct task *vfork_child;             /* runs in our address space: we wait until it has left */
    struct task *vfork_parent;            /* likewise, seen from there */
    uint32_t vfork_pid;                   /* what vfork_child left as its process id */
    uint64_t children_user_ns, children_system_ns; /* of those that were waited for */
};

extern struct task *current;
extern struct task first_task; /* before EXEC: nobody's */

/* ---- waiting ---- */

#define NO_DEADLINE UINT64_MAX

void waitq_add(struct waitq *q, struct waiter *w); /* w is the caller's, until waitq_remove() */
void waitq_remove(struct waiter *w);
void waitq_wake(struct waitq *q);

/*
 * To wait: task_will_sleep(), join queues, look at the condition, task_sleep(). Sleeps until woken through a
 * queue: 0. Or -EINTR: interruptible and a signal is to be acted on; -ETIMEDOUT: clock_monotonic() has
 * reached deadline. A wake may be about nothing: look again. waitq_sleep() is all of this for one queue, the
 * condition just looked at: nothing can happen between the look and the call, as the kernel is not preempted.
 */
void task_will_sleep(void);
int task_sleep(uint64_t deadline, bool interruptible);
int waitq_sleep(struct waitq *q, uint64_t deadline, bool interruptible);

/* Rests the processor until the next interrupt has been handled. */
void idle(void);

/* ---- CPU time ---- */

/* Now the processor serves: the program, the kernel for it, nobody. Times before that are booked. */
enum account { ACCOUNT_USER, ACCOUNT_SYSTEM, ACCOUNT_IDLE };
void account_switch(enum account to);
uint64_t account_ns(enum account what);
void account_reset(void);

#endif
