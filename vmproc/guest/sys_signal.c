/* sys_signal.c - system calls about signals. */
#include "lib.h"
#include "syscall.h"
#include "task.h"
#include "usercopy.h"

#define SIGSET_BYTES  8u
#define SS_FLAGS      (SS_DISABLE | SS_ONSTACK | SS_AUTODISARM)
#define MIN_ALT_STACK 2048u

SYSCALL(rt_sigaction)
{
    uint64_t signo = s->a[0];
    struct ksigaction action, *slot;
    if (s->a[3] != SIGSET_BYTES || !signo_valid(signo))
        return -EINVAL;
    slot = &current->signals.action[signo - 1];
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
    uint64_t set = current->signals.pending & current->signals.blocked;
    return s->a[1] <= SIGSET_BYTES ? copy_to_user(s->a[0], &set, s->a[1]) : -EINVAL;
}

static long sleep_for_signal(void)
{
    do
        task_will_sleep();
    while (task_sleep(NO_DEADLINE, true) != -EINTR);
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
        task_will_sleep();
        error = task_sleep(deadline, true);
        sig->blocked = blocked;
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
    bool in_use = s->tf->rsp > sig->alt_sp && s->tf->rsp - sig->alt_sp <= sig->alt_size;
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
    else if (wish.size < MIN_ALT_STACK)
        return -ENOMEM;
    sig->alt_sp = wish.sp;
    sig->alt_size = wish.size;
    sig->alt_flags = wish.flags & ~(uint32_t)SS_ONSTACK;
    return 0;
}

/* There is nobody else to send to: the process, its group and "everybody" are the same one. */
static long send(int64_t pid, uint64_t signo, int code)
{
    if (signo && !signo_valid(signo))
        return -EINVAL;
    if (pid != 0 && pid != (int64_t)current->pid && pid != -(int64_t)current->pgid)
        return -ESRCH;
    if (signo)
        signal_post((int)signo, code);
    return 0;
}

SYSCALL(kill)
{
    return send((int)s->a[0], s->a[1], SI_USER);
}

SYSCALL(tkill)
{
    return (int)s->a[0] > 0 ? send((int)s->a[0], s->a[1], SI_TKILL) : -EINVAL;
}

SYSCALL(tgkill)
{
    if ((int)s->a[0] <= 0 || (int)s->a[1] <= 0)
        return -EINVAL;
    return (uint32_t)s->a[0] == current->pid ? send((int)s->a[1], s->a[2], SI_TKILL) : -ESRCH;
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
