/* fork.c - copies of the running task. */
#include "fork.h"

#include <linux/errno.h>

#include "child.h"
#include "cpu.h"
#include "file.h"
#include "lib.h"
#include "p9.h"
#include "pagetable.h"
#include "posixtimer.h"
#include "process.h"
#include "sched.h"
#include "thread.h"
#include "trap.h"
#include "usercopy.h"
#include "vm.h"
#include "writeback.h"

#define FIRST_PID 4194305u /* no Linux host gives such a number to a process */

static uint32_t forks;
static struct waitq fork_has_left; /* it has ended or become a VM */

uint32_t fork_new_id(void)
{
    static uint32_t next = FIRST_PID;
    return next++;
}

/* What a child does not inherit. */
static void forget_own(struct task *t)
{
    t->next = NULL;
    t->leader = t;
    t->threads = 1;
    t->ender = NULL;
    t->thread_wait = (struct waitq){NULL};
    memset(t->held, 0, sizeof t->held);
    t->parent = current->leader;
    t->children = NULL;
    t->child_wait = (struct waitq){NULL};
    t->vfork_child = t->vfork_parent = NULL;
    t->woken = t->asleep = t->stopped = t->gone = t->napping = t->no_faults = false;
    t->cwd_fid = 0;
    t->clear_child_tid = 0;
    t->ppid = current->pid;
    struct signals *s = &t->signals;
    s->own.set = s->shared.set = 0;
    s->blocked = current->signals.blocked;
    s->alt_sp = current->signals.alt_sp, s->alt_size = current->signals.alt_size;
    s->alt_flags = current->signals.alt_flags;
    s->restore_blocked = false;
    s->real_interval = 0;
    t->posix_timers = NULL;
    t->next_posix_timer = 0;
    s->real_timer = (struct timer){.fire = s->real_timer.fire};
}

static void reset_handlers(struct signals *s)
{
    for (int i = 0; i < NSIGNALS; i++)
        if (s->action[i].handler != (uint64_t)SIG_IGN)
            s->action[i] = (struct ksigaction){0};
}

/* A new process like current's, with current for its one thread, but for its memory, files and registers. */
static struct task *clone_task(void)
{
    struct task *t = sched_new_task();
    if (!t)
        return NULL;
    struct task own = {.kstack = t->kstack, .kstack_top = t->kstack_top, .fpu = t->fpu};
    memcpy(t, current->leader, sizeof *t);
    memcpy(t->comm, current->comm, sizeof t->comm);
    t->nice = current->nice;
    t->sched_policy = current->sched_policy;
    t->kstack = own.kstack, t->kstack_top = own.kstack_top, t->fpu = own.fpu;
    forget_own(t);
    t->mm = NULL;
    t->files = NULL;
    return t;
}

static void give_up(struct task *t)
{
    fd_table_free(t->files);
    mm_free(t->mm);
    sched_free_task(t);
}

void fork_set_registers(struct task *t, const struct trapframe *tf, const struct fork_args *args)
{
    struct trapframe *child_tf = trapframe_at(t->kstack_top);
    *child_tf = *tf;
    frame_set_result(child_tf, 0);
    if (args->stack)
        frame_set_sp(child_tf, args->stack);
    fpu_save(t->fpu);
    thread_pointer_save(&t->thread_pointer);
    if (args->tls)
        thread_pointer_set(&t->thread_pointer, args->tls);
}

/* Where the C library asked for it. A bad address is the program's own doing and harms nobody else. */
void fork_store_tid(struct task *t, const struct fork_args *args)
{
    struct mm *mm = current->mm;
    if (args->tid_here)
        put_user(t->tid, args->tid_here);
    if (!args->tid_there)
        return;
    current->mm = t->mm;
    pagetable_use(t->mm->root);
    put_user(t->tid, args->tid_there);
    current->mm = mm;
    pagetable_use(mm->root);
}

/* Only SIGKILL ends it early. */
static long wait_for_vfork(struct task *t)
{
    uint64_t blocked = current->signals.blocked;
    current->vfork_child = t;
    t->vfork_parent = current;
    current->signals.blocked = ~SIGNAL_BIT(SIGKILL);
    while (current->vfork_child)
        if (waitq_sleep(&current->child_wait, NO_DEADLINE, true) == -EINTR)
            break;
    current->signals.blocked = blocked;
    if (!current->vfork_child)
        return current->vfork_pid;
    current->vfork_child->vfork_parent = NULL;
    current->vfork_child = NULL;
    return -EINTR;
}

long task_fork(const struct trapframe *tf, const struct fork_args *args)
{
    if (!process_is_real())
        return -ENOSYS;
    if (forks == FORK_MAX)
        return -EAGAIN;
    int error = p9_session(); /* not two at once */
    if (error)
        return error;
    struct task *t = clone_task();
    if (!t)
        return -ENOMEM;
    t->tid = t->pid = fork_new_id();
    t->mm = args->vfork ? mm_ref(current->mm) : mm_copy(current->mm);
    t->files = fd_table_copy(current->files);
    if (!t->mm || !t->files || !child_new(current->leader, t)) {
        give_up(t);
        return -ENOMEM;
    }
    if (args->reset_handlers)
        reset_handlers(&t->signals);
    fork_set_registers(t, tf, args);
    fork_store_tid(t, args);
    forks++;
    sched_start(t);
    return args->vfork ? wait_for_vfork(t) : (long)t->pid;
}

/* ---- the end ---- */

void fork_naps(bool naps)
{
    current->leader->napping = naps;
    if (naps)
        waitq_wake(&fork_has_left);
}

/* One that sleeps, as the clock of a timeout(1) does, has nothing to do for anybody: but as another's child.
 */
static bool any_is_busy(void)
{
    for (struct task *t = sched_first()->next; t; t = t->next) {
        bool is_clock = t->napping && (!t->parent || t->parent == &first_task);
        if (t->mm && t->leader == t && !t->gone && !is_clock)
            return true;
    }
    return false;
}

int fork_wait_all(void)
{
    struct task *self = current->leader;
    if (!any_is_busy())
        return 0;
    thread_end_others();
    for (uint32_t fd = 0; fd < fd_limit(); fd++)
        fd_close(fd);
    for (int i = 0; i < NSIGNALS; i++)
        self->signals.action[i] = (struct ksigaction){0};
    current->signals.blocked = 0;
    for (;;) {
        int signo = signal_take_fatal();
        if (signo || !any_is_busy())
            return signo;
        waitq_sleep(&fork_has_left, NO_DEADLINE, true);
    }
}

static void let_parent_go(uint32_t pid)
{
    struct task *parent = current->leader->vfork_parent;
    if (!parent)
        return;
    current->leader->vfork_parent = NULL;
    parent->vfork_pid = pid;
    parent->vfork_child = NULL;
    waitq_wake(&parent->child_wait);
}

static void release_all(void)
{
    thread_end_others();
    timer_stop(&current->leader->signals.real_timer);
    posix_timers_delete_all(current->leader);
    current->signals.blocked = ~0ul; /* nothing interrupts us any more */
    for (uint32_t fd = 0; fd < fd_limit(); fd++)
        fd_close(fd);
    fd_table_free(current->files);
    current->files = NULL;
    if (current->leader->cwd_fid)
        p9_clunk(current->leader->cwd_fid);
    writeback_all();
    pagetable_use(NULL);
    mm_free(current->mm);
    current->mm = NULL;
    child_orphan_all(current->leader);
    forks--;
    waitq_wake(&fork_has_left);
}

void fork_end(int status)
{
    release_all();
    let_parent_go(current->pid);
    struct child *c = child_record(current);
    if (c) {
        c->task = NULL;
        child_changed(current->leader->parent, c, status);
    }
    thread_drop_leader();
    sched_end();
}

void fork_becomes_vm(uint32_t host_pid)
{
    bool vforked = current->leader->vfork_parent;
    release_all();
    struct child *c = child_record(current);
    /* Whoever called vfork(2) has not seen a number yet and gets the one that the rest of the world knows. */
    if (c && c->pgid == c->pid && vforked)
        c->pgid = host_pid;
    if (c && vforked)
        c->pid = host_pid;
    let_parent_go(host_pid);
    child_spawned(current->leader->parent, c, host_pid);
    thread_drop_leader();
    sched_end();
}
