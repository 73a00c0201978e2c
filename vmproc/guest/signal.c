/* signal.c - posting signals and acting on them. */
#include "signal.h"

#include <asm/unistd.h>
#include <linux/errno.h>

#include "lib.h"
#include "posixtimer.h"
#include "process.h"
#include "sched.h"
#include "task.h"
#include "trap.h"

enum default_action { TERMINATE, IGNORE, STOP };

/* signal(7). Core dumps are not written; whoever dumps core, terminates. */
static const uint8_t default_actions[NSIGNALS + 1] = {
    [SIGCHLD] = IGNORE, [SIGCONT] = IGNORE, [SIGURG] = IGNORE, [SIGWINCH] = IGNORE,
    [SIGSTOP] = STOP,   [SIGTSTP] = STOP,   [SIGTTIN] = STOP,  [SIGTTOU] = STOP,
};

#define STOP_SIGNALS (SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

static bool is_ignored(const struct task *t, int signo)
{
    uint64_t handler = t->leader->signals.action[signo - 1].handler;
    return handler == (uint64_t)SIG_IGN || (handler == (uint64_t)SIG_DFL && default_actions[signo] == IGNORE);
}

static void alarm_fires(struct timer *timer)
{
    struct signals *s = CONTAINER(timer, struct signals, real_timer);
    if (s->real_interval)
        timer_start(timer, timer->when + s->real_interval);
    signal_send(CONTAINER(s, struct task, signals), SIGALRM, &(struct signal_source){.code = SI_KERNEL});
}

void signals_init(struct task *t, uint64_t ignored, uint64_t blocked)
{
    struct signals *s = &t->signals;
    s->blocked = blocked & ~SIGNALS_UNBLOCKABLE;
    s->alt_flags = SS_DISABLE;
    s->real_timer.fire = alarm_fires;
    for (int signo = 1; signo <= NSIGNALS; signo++) {
        if (ignored & SIGNAL_BIT(signo) & ~SIGNALS_UNBLOCKABLE)
            s->action[signo - 1].handler = (uint64_t)SIG_IGN;
        if (is_ignored(t, signo) && !(s->blocked & SIGNAL_BIT(signo)))
            s->shared.set &= ~SIGNAL_BIT(signo);
    }
}

void signals_exec(struct task *t)
{
    struct ksigaction *action = t->leader->signals.action;
    for (int i = 0; i < NSIGNALS; i++) {
        bool ignored = action[i].handler == (uint64_t)SIG_IGN;
        action[i] = (struct ksigaction){.handler = (uint64_t)(ignored ? SIG_IGN : SIG_DFL)};
    }
    t->signals.alt_sp = t->signals.alt_size = 0;
    t->signals.alt_flags = SS_DISABLE;
}

uint64_t signals_pending(const struct task *t)
{
    return t->signals.own.set | t->leader->signals.shared.set;
}

bool signal_pending(const struct task *t)
{
    return signals_pending(t) & ~t->signals.blocked;
}

/* Stopping and continuing undo each other, also when they are ignored or blocked. */
static void undo_opposite(struct task *leader, struct pending_signals *p, int signo)
{
    if (signo == SIGCONT)
        p->set &= ~STOP_SIGNALS;
    else if (SIGNAL_BIT(signo) & STOP_SIGNALS)
        p->set &= ~SIGNAL_BIT(SIGCONT);
    if (signo == SIGCONT || signo == SIGKILL)
        leader->stopped = false;
}

static void make_pending(struct pending_signals *p, int signo, const struct signal_source *source)
{
    if (!(p->set & SIGNAL_BIT(signo))) /* one of each is kept, the first */
        p->source[signo - 1] = *source;
    p->set |= SIGNAL_BIT(signo);
}

/* Does each thread of the process block it? */
static bool is_blocked_by_all(const struct task *leader, int signo)
{
    for (const struct task *t = sched_first(); t; t = t->next)
        if (t->leader == leader && !t->gone &&
            !((t->signals.blocked | t->signals.awaited) & SIGNAL_BIT(signo)))
            return false;
    return true;
}

uint64_t signals_fatal(const struct task *t)
{
    uint64_t fatal = 0;
    for (int signo = 1; signo <= NSIGNALS; signo++)
        if (default_actions[signo] == TERMINATE &&
            t->leader->signals.action[signo - 1].handler == (uint64_t)SIG_DFL &&
            !is_blocked_by_all(t->leader, signo))
            fatal |= SIGNAL_BIT(signo);
    return fatal;
}

void signal_send(struct task *t, int signo, const struct signal_source *source)
{
    struct task *leader = t->leader;
    undo_opposite(leader, &leader->signals.shared, signo);
    if (!is_ignored(leader, signo) || is_blocked_by_all(leader, signo))
        make_pending(&leader->signals.shared, signo, source);
}

void signal_send_thread(struct task *t, int signo, const struct signal_source *source)
{
    undo_opposite(t->leader, &t->signals.own, signo);
    if (!is_ignored(t, signo) || (t->signals.blocked | t->signals.awaited) & SIGNAL_BIT(signo))
        make_pending(&t->signals.own, signo, source);
}

void signal_post(int signo, int code)
{
    struct signal_source source = {.code = code};
    if (code == SI_USER || code == SI_TKILL) {
        source.pid = current->pid;
        source.uid = current->uid;
    }
    signal_send_thread(current, signo, &source);
}

void signal_from_host(uint32_t signo, bool to_group)
{
    struct signal_source source = {.code = SI_USER, .pid = first_task.ppid, .uid = first_task.uid};
    if (!signo_valid(signo))
        return;
    for (struct task *t = &first_task; t; t = t->next)
        if (t == &first_task || (to_group && t->mm && t->leader == t && t->pgid == first_task.pgid))
            signal_send(t, (int)signo, &source);
}

void signal_queue(int signo, int code, uint64_t value)
{
    signal_send(
        current, signo,
        &(struct signal_source){.code = code, .pid = current->pid, .uid = current->uid, .value = value});
}

void signal_drop_ignored(int signo)
{
    if (!is_ignored(current, signo))
        return;
    current->leader->signals.shared.set &= ~SIGNAL_BIT(signo);
    for (struct task *t = sched_first(); t; t = t->next)
        if (t->leader == current->leader)
            t->signals.own.set &= ~SIGNAL_BIT(signo);
    posix_timers_ignored(signo);
}

void signal_swap_blocked(uint64_t set)
{
    struct signals *s = &current->signals;
    s->saved_blocked = s->blocked;
    s->restore_blocked = true;
    s->blocked = set & ~SIGNALS_UNBLOCKABLE;
}

void signal_unswap_blocked(void)
{
    struct signals *s = &current->signals;
    s->restore_blocked = false;
    s->blocked = s->saved_blocked;
}

void signal_force(int signo, const struct signal_source *source)
{
    struct signals *s = &current->signals;
    struct ksigaction *action = &current->leader->signals.action[signo - 1];
    uint64_t bit = SIGNAL_BIT(signo);
    if (s->blocked & bit || action->handler == (uint64_t)SIG_IGN) {
        action->handler = (uint64_t)SIG_DFL;
        s->blocked &= ~bit;
    }
    s->own.source[signo - 1] = *source;
    s->own.set |= bit;
}

int signal_take(uint64_t set, struct signal_source *source)
{
    /* Faults first: their frame must show where they happened. */
    static const uint64_t faults = SIGNAL_BIT(SIGSEGV) | SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(SIGFPE) |
                                   SIGNAL_BIT(SIGILL) | SIGNAL_BIT(SIGTRAP);
    uint64_t own = current->signals.own.set & set, ready = signals_pending(current) & set;
    if (!ready)
        return 0;
    ready = own & faults ? own & faults : own ? own : ready;
    int signo = __builtin_ctzl(ready) + 1;
    struct pending_signals *from = own ? &current->signals.own : &current->leader->signals.shared;
    from->set &= ~SIGNAL_BIT(signo);
    *source = from->source[signo - 1];
    posix_timers_taken(signo, source);
    return signo;
}

int signal_take_fatal(void)
{
    struct signal_source source;
    int signo;
    while ((signo = signal_take(~0ul, &source)) != 0) {
        if (default_actions[signo] == TERMINATE)
            return signo;
        if (default_actions[signo] == STOP)
            process_stop(signo);
    }
    return 0;
}

void signal_fill_info(siginfo_t *info, int signo, const struct signal_source *source)
{
    memset(info, 0, sizeof *info);
    info->si_signo = signo;
    info->si_code = source->code;
    if (source->has_addr) {
        info->si_addr = (void *)source->addr;
    } else {
        info->si_pid = (int)source->pid;
        info->si_uid = source->uid;
        info->si_value.sival_ptr = (void *)source->value;
    }
}

/* What becomes of the call that the signal interrupted, if it did. */
static void settle_syscall(struct trapframe *tf, const struct ksigaction *action)
{
    if (!frame_is_syscall(tf))
        return;
    long result = frame_result(tf);
    if (result != -ERESTARTSYS && result != -ERESTARTNOHAND && result != -ERESTART_RESTARTBLOCK)
        return;
    if (action && !(result == -ERESTARTSYS && action->flags & SA_RESTART)) {
        frame_set_result(tf, -EINTR);
        return;
    }
    frame_call_again(tf, !action && result == -ERESTART_RESTARTBLOCK ? __NR_restart_syscall : frame_call(tf));
}

static void handle(struct trapframe *tf, int signo, const struct signal_source *source)
{
    struct signals *s = &current->signals;
    struct ksigaction *slot = &current->leader->signals.action[signo - 1], action = *slot;
    uint64_t old = s->restore_blocked ? s->saved_blocked : s->blocked;
    s->restore_blocked = false;
    settle_syscall(tf, &action);
    if (action.flags & SA_RESETHAND)
        slot->handler = (uint64_t)SIG_DFL;
    if (sigframe_push(tf, signo, source, &action, old) != 0) {
        if (signo == SIGSEGV)
            slot->handler = (uint64_t)SIG_DFL;
        signal_force(SIGSEGV, &(struct signal_source){.code = SI_KERNEL});
        return;
    }
    s->blocked |= action.mask | (action.flags & SA_NODEFER ? 0 : SIGNAL_BIT(signo));
    s->blocked &= ~SIGNALS_UNBLOCKABLE;
}

void signal_deliver(struct trapframe *tf)
{
    struct signals *s = &current->signals;
    struct signal_source source;
    int signo;
    while ((signo = signal_take(~s->blocked, &source)) != 0) {
        uint64_t handler = current->leader->signals.action[signo - 1].handler;
        if (handler == (uint64_t)SIG_IGN)
            continue;
        if (handler != (uint64_t)SIG_DFL) {
            handle(tf, signo, &source);
            continue;
        }
        if (default_actions[signo] == TERMINATE)
            process_end(CTL_EXIT_SIGNAL, (uint32_t)signo);
        if (default_actions[signo] == STOP)
            process_stop(signo);
    }
    settle_syscall(tf, NULL);
    if (s->restore_blocked)
        signal_unswap_blocked();
}
