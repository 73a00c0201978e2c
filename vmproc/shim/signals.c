/* signals.c - notes signals for the loop; the shim's own death and stop by one. */
#include "signals.h"
#include "cancel.h"

#include <stddef.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static uint64_t pending; /* bit signo-1; written by handlers in any thread */
static uint64_t typed_pending;

static uint64_t bit(int signo)
{
    return 1ull << (signo - 1);
}

static void note(int signo, siginfo_t *info, void *context)
{
    if (signo == CANCEL_SIGNAL && info->si_code == SI_TKILL && info->si_pid == getpid()) {
        cancel_in_handler(context);
        return;
    }
    if ((signo == SIGPIPE || signo == SIGXFSZ) && info->si_pid == getpid())
        return; /* by a write of our own: the guest hears of EPIPE or EFBIG and raises its own */
    if (info->si_code == SI_KERNEL)
        __atomic_fetch_or(&typed_pending, bit(signo), __ATOMIC_RELAXED);
    __atomic_fetch_or(&pending, bit(signo), __ATOMIC_RELEASE);
}

/*
 * Left alone: what cannot be caught, what a fault of the shim itself raises, and what glibc keeps for itself.
 */
static bool is_left_alone(int signo)
{
    static const uint64_t left = 1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1) | 1ull << (SIGSEGV - 1) |
                                 1ull << (SIGBUS - 1) | 1ull << (SIGFPE - 1) | 1ull << (SIGILL - 1) |
                                 1ull << (SIGTRAP - 1) | 1ull << (SIGSYS - 1) | 1ull << (SIGABRT - 1) |
                                 1ull << 31 | 1ull << 32;
    return left & bit(signo);
}

static bool is_job_stop(int signo)
{
    return signo == SIGTSTP || signo == SIGTTIN || signo == SIGTTOU;
}

static uint64_t as_bits(const sigset_t *set)
{
    uint64_t bits = 0;
    for (int sig = 1; sig <= 64; sig++)
        if (sigismember(set, sig) == 1)
            bits |= bit(sig);
    return bits;
}

void signals_catch(struct signals *signals)
{
    struct sigaction act = {.sa_sigaction = note, .sa_flags = SA_SIGINFO}, old;
    sigset_t all, before;
    sigfillset(&all);
    sigfillset(&act.sa_mask);
    sigprocmask(SIG_SETMASK, &all, &before);
    signals->blocked = as_bits(&before);
    signals->ignored = 0;
    for (int sig = 1; sig <= 64; sig++) {
        if (is_left_alone(sig) || sigaction(sig, &act, &old))
            continue;
        if (old.sa_handler != SIG_IGN)
            continue;
        signals->ignored |= bit(sig);
        if (is_job_stop(sig))
            sigaction(sig, &old, NULL);
    }
    sigemptyset(&signals->wait_mask);
    sigemptyset(&signals->wait_mask_worker);
    sigaddset(&signals->wait_mask_worker, SIGTTIN);
    sigaddset(&signals->wait_mask_worker, SIGTTOU);
}

void signals_let_in(const sigset_t *waiting)
{
    sigset_t some, before;
    if (sigpending(&some) || !as_bits(&some))
        return;
    sigprocmask(SIG_SETMASK, waiting, &before); /* here the handlers run */
    sigprocmask(SIG_SETMASK, &before, NULL);
}

int signals_next(bool *typed)
{
    uint64_t now = __atomic_load_n(&pending, __ATOMIC_ACQUIRE);
    int signo;
    if (!now)
        return 0;
    signo = __builtin_ctzll(now) + 1;
    __atomic_fetch_and(&pending, ~bit(signo), __ATOMIC_ACQUIRE);
    *typed = __atomic_fetch_and(&typed_pending, ~bit(signo), __ATOMIC_RELAXED) & bit(signo);
    return signo;
}

void signals_discard_stops(void)
{
    __atomic_fetch_and(&pending, ~(bit(SIGTSTP) | bit(SIGTTIN) | bit(SIGTTOU)), __ATOMIC_RELAXED);
}

void signals_take_continue(void)
{
    const struct timespec now = {0, 0};
    sigset_t cont;
    sigemptyset(&cont);
    sigaddset(&cont, SIGCONT);
    sigtimedwait(&cont, NULL, &now);
    __atomic_fetch_and(&pending, ~bit(SIGCONT), __ATOMIC_RELAXED);
}

void signals_default_action(int signo)
{
    struct sigaction act = {.sa_handler = SIG_DFL}, old;
    sigset_t one, before;
    sigaction(signo, &act, &old);
    sigemptyset(&one);
    sigaddset(&one, signo);
    kill(getpid(), signo);
    sigprocmask(SIG_UNBLOCK, &one, &before); /* here it happens */
    sigprocmask(SIG_SETMASK, &before, NULL);
    sigaction(signo, &old, NULL);
}

_Noreturn void signals_die_of(int signo)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signals_default_action(signo);
    _exit(128 + signo); /* its default action is not to end a process */
}
