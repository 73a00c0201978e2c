/* thread.c - how threads begin and end. */
#include "thread.h"

#include <linux/errno.h>

#include "cpu.h"
#include "file.h"
#include "futex.h"
#include "lib.h"
#include "pagetable.h"
#include "process.h"
#include "sched.h"
#include "usercopy.h"
#include "vm.h"

long thread_new(const struct trapframe *tf, const struct fork_args *args)
{
    struct task *leader = current->leader;
    if (!process_is_real())
        return -ENOSYS;
    if (leader->threads >= THREADS_MAX || leader->ender)
        return -EAGAIN;
    struct task *t = sched_new_task();
    if (!t)
        return -ENOMEM;
    t->leader = leader;
    t->tid = fork_new_id();
    t->pid = leader->pid, t->uid = leader->uid, t->gid = leader->gid;
    memcpy(t->comm, current->comm, sizeof t->comm);
    t->nice = current->nice;
    t->sched_policy = current->sched_policy;
    t->signals.blocked = current->signals.blocked;
    t->signals.alt_flags = SS_DISABLE;
    t->clear_child_tid = args->clear_tid;
    t->mm = mm_ref(current->mm);
    t->files = fd_table_ref(current->files);
    fork_set_registers(t, tf, args);
    fork_store_tid(t, args);
    leader->threads++;
    sched_start(t);
    return t->tid;
}

/* Who joins this thread waits for that word to change. */
static void tell_joiner(void)
{
    uint32_t zero = 0;
    uint64_t at = current->clear_child_tid;
    current->clear_child_tid = 0;
    if (at && put_user(zero, at) == 0)
        futex_wake(current->mm, at, 1, ~0u);
}

static void drop_shares(struct task *t)
{
    struct fd_table *files = t->files;
    struct mm *mm = t->mm;
    fd_drop_held(t);
    t->files = NULL;
    t->mm = NULL;
    fd_table_free(files);
    mm_free(mm);
}

void thread_end(void)
{
    struct task *leader = current->leader;
    tell_joiner();
    leader->threads--;
    waitq_wake(&leader->thread_wait);
    if (current != leader) {
        pagetable_use(NULL);
        drop_shares(current);
        sched_end();
    }
    /* A leader stays for what is the process's; its last thread goes without it. */
    fd_drop_held(current);
    current->gone = true;
    for (;;)
        sched_rest();
}

bool thread_must_end(void)
{
    const struct task *leader = current->leader;
    return leader->ender && leader->ender != current;
}

void thread_end_others(void)
{
    struct task *leader = current->leader;
    struct signal_source source = {.code = SI_KERNEL};
    if (thread_must_end())
        thread_end();
    leader->ender = current;
    for (struct task *t = sched_first(); t; t = t->next)
        if (t->leader == leader && t != current && !t->gone)
            signal_send_thread(t, SIGKILL, &source);
    while (leader->threads > 1)
        waitq_sleep(&leader->thread_wait, NO_DEADLINE, false);
    leader->ender = NULL;
}

void thread_alone(void)
{
    struct task *leader = current->leader;
    current->tid = current->pid;
    if (current == leader)
        return;
    struct mm *old = leader->mm;
    leader->mm = mm_ref(current->mm);
    mm_free(old);
}

void thread_drop_leader(void)
{
    struct task *leader = current->leader;
    if (current == leader)
        return;
    current->leader = current;
    drop_shares(leader);
    sched_remove(leader);
}
