/* sys_signal.c - system calls about signals. */
#include "child.h"
#include "fork.h"
#include "lib.h"
#include "sched.h"
#include "syscall.h"
#include "task.h"
#include "usercopy.h"

#define SIGSET_BYTES 8u
#define SS_FLAGS     (SS_DISABLE | SS_ONSTACK | SS_AUTODISARM)

SYSCALL(rt_sigaction)
{
    uint64_t signo = s->a[0];
    struct ksigaction action, *slot;
    if (s->a[3] != SIGSET_BYTES || !signo_valid(signo))
        return -EINVAL;
    slot = &current->leader->signals.action[signo - 1];
    if (s->a[1]) {
        if (SIGNAL_BIT(signo) & SIGNALS_UNBLOCKABLE)
            return -EINVAL;
        if (get_user(action, s->a[1]) != 0)
            return -EFAULT;
    }
    if (s->a[2] && put_user(*slot, s->a[2]) != 0)
        return -EFAULT;
    if (s->a[1]) {
        *slot = action;
        signal_drop_ignored((int)signo);
    }
    return 0;
}

SYSCALL(rt_sigprocmask)
{
    struct signals *sig = &current->signals;
    uint64_t old = sig->blocked, set;
    if (s->a[3] != SIGSET_BYTES)
        return -EINVAL;
    if (s->a[1]) {
        if (get_user(set, s->a[1]) != 0)
            return -EFAULT;
        switch (s->a[0]) {
        case SIG_BLOCK:
            set |= old;
            break;
        case SIG_UNBLOCK:
            set = old & ~set;
            break;
        case SIG_SETMASK:
            break;
        default:
            return -EINVAL;
        }
        sig->blocked = set & ~SIGNALS_UNBLOCKABLE;
    }
    return s->a[2] ? put_user(old, s->a[2]) : 0;
}

SYSCALL(rt_sigreturn)
{
    if (sigframe_pop(s->tf) != 0)
        signal_force(SIGSEGV, &(struct signal_source){.code = SI_KERNEL});
    return 0;
}

SYSCALL(rt_sigpending)
{
    uint64_t set = signals_pending(current) & current->signals.blocked;
    return s->a[1] <= SIGSET_BYTES ? copy_to_user(s->a[0], &set, s->a[1]) : -EINVAL;
}

static long sleep_for_signal(void)
{
    fork_naps(true);
    do
        task_will_sleep();
    while (task_sleep(NO_DEADLINE, true) != -EINTR);
    fork_naps(false);
    return -ERESTARTNOHAND;
}

SYSCALL(rt_sigsuspend)
{
    uint64_t set;
    if (s->a[1] != SIGSET_BYTES)
        return -EINVAL;
    if (get_user(set, s->a[0]) != 0)
        return -EFAULT;
    signal_swap_blocked(set);
    return sleep_for_signal();
}

SYSCALL(pause)
{
    return sleep_for_signal();
}

SYSCALL(rt_sigtimedwait)
{
    struct signals *sig = &current->signals;
    uint64_t set, deadline = NO_DEADLINE;
    int64_t timeout[2];
    if (s->a[3] != SIGSET_BYTES)
        return -EINVAL;
    if (get_user(set, s->a[0]) != 0 || (s->a[2] && get_user(timeout, s->a[2]) != 0))
        return -EFAULT;
    if (s->a[2]) {
        if (timeout[0] < 0 || timeout[1] < 0 || timeout[1] >= (int64_t)NS_PER_SEC)
            return -EINVAL;
        deadline = clock_monotonic() + (uint64_t)timeout[0] * NS_PER_SEC + (uint64_t)timeout[1];
    }
    set &= ~SIGNALS_UNBLOCKABLE;
    struct signal_source source;
    uint64_t blocked = sig->blocked;
    int signo = signal_take(set, &source), error = 0;
    if (!signo) {
        sig->blocked &= ~set; /* so that one of them ends the sleep */
        sig->awaited = set;
        task_will_sleep();
        error = task_sleep(deadline, true);
        sig->blocked = blocked;
        sig->awaited = 0;
        signo = signal_take(set, &source);
    }
    if (!signo)
        return error == -ETIMEDOUT ? -EAGAIN : -EINTR;
    siginfo_t info;
    signal_fill_info(&info, signo, &source);
    return s->a[1] && put_user(info, s->a[1]) != 0 ? -EFAULT : signo;
}

SYSCALL(sigaltstack)
{
    struct signals *sig = &current->signals;
    struct {
        uint64_t sp;
        uint32_t flags, pad;
        uint64_t size;
    } now = {sig->alt_sp, sig->alt_flags, 0, sig->alt_size}, wish;
    bool in_use = signal_on_alt_stack(sig, frame_sp(s->tf));
    if (in_use)
        now.flags |= SS_ONSTACK;
    if (s->a[0] && get_user(wish, s->a[0]) != 0)
        return -EFAULT;
    if (s->a[1] && put_user(now, s->a[1]) != 0)
        return -EFAULT;
    if (!s->a[0])
        return 0;
    if (in_use)
        return -EPERM;
    if (wish.flags & ~SS_FLAGS)
        return -EINVAL;
    if (wish.flags & SS_DISABLE)
        wish.sp = wish.size = 0;
    else if (wish.size < MINSIGSTKSZ)
        return -ENOMEM;
    sig->alt_sp = wish.sp;
    sig->alt_size = wish.size;
    sig->alt_flags = wish.flags & ~(uint32_t)SS_ONSTACK;
    return 0;
}

/* A child that has become a VM: the host sends it on. */
static long send_to_vm(const struct child *c, int signo)
{
    return ctl_call(&(struct ctl_request){.op = CALL_KILL, .a = c->host_pid, .b = signo});
}

/* The first process's parent, group and whoever else is out there cannot be reached from here. */
static bool is_meant(int64_t pid, uint32_t its_pid, uint32_t its_pgid)
{
    if (pid > 0)
        return its_pid == (uint32_t)pid;
    return pid == -1 || its_pgid == (pid ? (uint32_t)-pid : current->leader->pgid);
}

static long send(int64_t pid, uint64_t signo, int code)
{
    struct signal_source source = {.code = code, .pid = current->pid, .uid = current->uid};
    unsigned found = 0;
    long r = 0;
    if (signo && !signo_valid(signo))
        return -EINVAL;
    for (struct task *t = sched_first(); t; t = t->next) {
        if (t->leader != t)
            continue;
        if (t->mm && is_meant(pid, t->pid, t->pgid) && !(pid == -1 && t == current->leader)) {
            found++;
            if (signo)
                signal_send(t, (int)signo, &source);
        }
        /* A zombie takes any signal. The list may change while the host is asked: mark first. */
        for (struct child *c = t->children; c; c = c->next)
            if (!c->task && is_meant(pid, c->pid, c->pgid)) {
                found++;
                if (!c->ended && c->host_pid)
                    c->signal_due = true;
            }
    }
    if (!found)
        return -ESRCH;
    for (struct child *c; (c = child_with_signal_due()) != NULL;) {
        c->signal_due = false;
        long sent = send_to_vm(c, (int)signo);
        r = sent < 0 && sent != -ESRCH ? sent : r;
    }
    return r;
}

SYSCALL(kill)
{
    return send((int)s->a[0], s->a[1], SI_USER);
}

/* One thread; pid 0: whatever process it is of. */
static long send_to_thread(uint32_t pid, uint32_t tid, uint64_t signo)
{
    struct signal_source source = {.code = SI_TKILL, .pid = current->pid, .uid = current->uid};
    if (signo && !signo_valid(signo))
        return -EINVAL;
    for (struct task *t = sched_first(); t; t = t->next)
        if (t->mm && !t->gone && t->tid == tid && (!pid || t->pid == pid)) {
            if (signo)
                signal_send_thread(t, (int)signo, &source);
            return 0;
        }
    return -ESRCH;
}

SYSCALL(tkill)
{
    return (int)s->a[0] > 0 ? send_to_thread(0, (uint32_t)s->a[0], s->a[1]) : -EINVAL;
}

SYSCALL(tgkill)
{
    if ((int)s->a[0] <= 0 || (int)s->a[1] <= 0)
        return -EINVAL;
    return send_to_thread((uint32_t)s->a[0], (uint32_t)s->a[1], s->a[2]);
}

SYSCALL(rt_sigqueueinfo)
{
    siginfo_t info;
    if (!signo_valid(s->a[1]))
        return -EINVAL;
    if (get_user(info, s->a[2]) != 0)
        return -EFAULT;
    if ((uint32_t)s->a[0] != current->pid)
        return -ESRCH;
    signal_queue((int)s->a[1], info.si_code, (uint64_t)info.si_value.sival_ptr);
    return 0;
}
