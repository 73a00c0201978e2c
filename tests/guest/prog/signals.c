/* signals.c - handlers, masks, restarts, timers, stacks, and the FPU's state across them. */
#define _GNU_SOURCE
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>

#include "arch.h"
#include "t.h"

static volatile sig_atomic_t count, last;
static volatile uintptr_t handler_sp;

static void on_signal(int signo)
{
    count++, last = signo;
    handler_sp = (uintptr_t)__builtin_frame_address(0);
}

static void use_fpu(int signo)
{
    volatile double d = 3.0;
    for (int i = 0; i < 100; i++)
        d = sqrt(d + i);
    spoil_fpu();
    count++, last = signo;
}

static void act(int signo, void (*handler)(int), int flags)
{
    struct sigaction sa = {.sa_handler = handler, .sa_flags = flags};
    sigaction(signo, &sa, 0);
}

static void alarm_in(long us, long interval)
{
    struct itimerval t = {{0, interval}, {0, us}};
    setitimer(ITIMER_REAL, &t, 0);
}

static void on_info(int signo, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    last = signo;
    count = info->si_code;
    set_result(uc, 77); /* the frame is what the program goes on with */
}

static void test_fpu(void)
{
    double in[2] = {1.25, -7.5}, out[2];
    uint64_t x15[2] = {0x1122334455667788, 0x99aabbccddeeff00}, y15[2];
    act(SIGALRM, use_fpu, 0);
    count = 0;
    alarm_in(20000, 0);
    hold_fpu(in, x15, out, y15, &count);
    t_check(count == 1 && out[0] == 1.25 && out[1] == -7.5 && !memcmp(x15, y15, sizeof x15),
            "floating-point and vector registers survive a handler that uses them");
}

static void test_restart(void)
{
    int p[2];
    char c;
    t_works(pipe(p));
    act(SIGALRM, on_signal, 0);
    alarm_in(10000, 0);
    t_fails(read(p[0], &c, 1), EINTR);
    act(SIGALRM, on_signal, SA_RESTART);
    count = 0;
    alarm_in(10000, 10000);
    struct pollfd pfd = {p[0], POLLIN, 0};
    t_fails(poll(&pfd, 1, 5000), EINTR);
    alarm_in(0, 0);
    struct timespec half = {0, 500000000}, left = {0, 0};
    alarm_in(10000, 0);
    errno = 0;
    t_check(nanosleep(&half, &left) == -1 && errno == EINTR && left.tv_nsec > 300000000 &&
                left.tv_nsec < 500000000,
            "nanosleep says what is left");
    alarm_in(10000, 0);
    t_fails(pause(), EINTR);
}

int main(void)
{
    setvbuf(stdout, 0, _IOLBF, 0);
    act(SIGUSR1, on_signal, 0);
    raise(SIGUSR1);
    t_check(count == 1 && last == SIGUSR1, "a handler runs");

    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    raise(SIGUSR1);
    t_check(count == 1, "a blocked signal waits");
    sigset_t pending;
    sigpending(&pending);
    t_check(sigismember(&pending, SIGUSR1) == 1, "sigpending tells it");
    sigprocmask(SIG_UNBLOCK, &set, 0);
    t_check(count == 2, "it comes when it is unblocked");

    sigprocmask(SIG_BLOCK, &set, 0);
    raise(SIGUSR1);
    sigset_t none;
    sigemptyset(&none);
    t_fails(sigsuspend(&none), EINTR);
    t_check(count == 3, "sigsuspend lets it in");
    sigprocmask(SIG_BLOCK, 0, &pending);
    t_check(sigismember(&pending, SIGUSR1) == 1, "and restores the mask");
    raise(SIGUSR1);
    siginfo_t info;
    struct timespec zero = {0, 0};
    t_check(sigtimedwait(&set, &info, &zero) == SIGUSR1 && info.si_pid == getpid(), "sigtimedwait takes it");
    t_fails(sigtimedwait(&set, &info, &zero), EAGAIN);
    raise(SIGUSR1);
    fd_set fds;
    FD_ZERO(&fds);
    t_fails(pselect(0, &fds, 0, 0, 0, &none), EINTR);
    t_check(count == 4, "pselect lets it in");
    sigprocmask(SIG_SETMASK, &old, 0);

    act(SIGUSR2, on_signal, SA_RESETHAND);
    raise(SIGUSR2);
    struct sigaction now;
    sigaction(SIGUSR2, 0, &now);
    t_check(now.sa_handler == SIG_DFL, "SA_RESETHAND resets");

    struct sigaction sa = {.sa_sigaction = on_info, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR2, &sa, 0);
    long r = raw_kill(getpid(), SIGUSR2);
    t_check(last == SIGUSR2 && count == SI_USER && r == 77,
            "SA_SIGINFO tells, and sigreturn takes the frame as it is");

    static char alt[1 << 16];
    stack_t ss = {.ss_sp = alt, .ss_size = sizeof alt};
    t_works(sigaltstack(&ss, 0));
    act(SIGUSR1, on_signal, SA_ONSTACK);
    raise(SIGUSR1);
    t_check(handler_sp > (uintptr_t)alt && handler_sp < (uintptr_t)alt + sizeof alt,
            "SA_ONSTACK uses the other stack");

    act(SIGALRM, on_signal, 0);
    count = 0;
    alarm_in(5000, 5000);
    while (count < 5)
        ;
    alarm_in(0, 0);
    t_check(last == SIGALRM, "an interval timer interrupts a busy loop");
    act(SIGFPE, on_signal, SA_RESETHAND);
    act(SIGCHLD, SIG_DFL, 0);
    raise(SIGCHLD);
    raise(SIGWINCH);
    t_check(1, "signals that are ignored by default are");
    t_fails(kill(getpid(), 65), EINVAL);
    t_fails(kill(1 << 20, SIGTERM), ESRCH);
    t_fails(sigaction(SIGKILL, &sa, 0), EINVAL);
    test_restart();
    test_fpu();
    return t_failed;
}
