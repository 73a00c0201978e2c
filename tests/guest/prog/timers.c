/* timers.c - timer_create(2): its signals, intervals, overruns, threads, and what becomes of it at fork and exec. */
#define _GNU_SOURCE
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "t.h"

#define MS 1000000l

static volatile sig_atomic_t count, code, overrun, value, receiver;

static void on_signal(int signo, siginfo_t *info, void *context)
{
    count++, code = info->si_code, overrun = info->si_overrun, value = info->si_value.sival_int;
    receiver = (int)syscall(SYS_gettid);
}

static void act(int signo)
{
    struct sigaction sa = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(signo, &sa, 0);
}

static timer_t new_timer(clockid_t clock, int notify, int signo, int v)
{
    struct sigevent e = {.sigev_notify = notify, .sigev_signo = signo, .sigev_value.sival_int = v};
    timer_t t = 0;
    t_check(timer_create(clock, &e, &t) == 0, "a timer is made");
    return t;
}

static void set(timer_t t, long first, long interval)
{
    struct itimerspec s = {{interval / 1000 / MS, interval % (1000 * MS)},
                           {first / 1000 / MS, first % (1000 * MS)}};
    t_check(timer_settime(t, 0, &s, 0) == 0, "it is set");
}

static long left(timer_t t)
{
    struct itimerspec s;
    return timer_gettime(t, &s) ? -1 : s.it_value.tv_sec * 1000 * MS + s.it_value.tv_nsec;
}

static void wait_for(int n)
{
    sigset_t none, usual;
    sigfillset(&none);
    sigprocmask(SIG_SETMASK, &none, &usual);
    while (count < n)
        sigsuspend(&usual);
    sigprocmask(SIG_SETMASK, &usual, 0);
}

static long now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000 * MS + t.tv_nsec;
}

static void once(clockid_t clock)
{
    long begin = now(CLOCK_MONOTONIC);
    timer_t t = new_timer(clock, SIGEV_SIGNAL, SIGUSR1, 77);
    t_check(left(t) == 0, "before it is set nothing is left");
    count = 0;
    set(t, 20 * MS, 0);
    wait_for(1);
    t_check(now(CLOCK_MONOTONIC) - begin >= 20 * MS, "not before its time");
    t_check(code == SI_TIMER && value == 77 && overrun == 0,
            "the signal says that it is a timer's, and which");
    t_check(left(t) == 0 && timer_getoverrun(t) == 0, "then nothing is left");
    set(t, 3600 * 1000 * MS, 0);
    t_check(left(t) > 3599 * 1000 * MS && left(t) <= 3600 * 1000 * MS, "what is left");
    struct itimerspec off = {{0}}, old;
    t_check(timer_settime(t, 0, &off, &old) == 0 && old.it_value.tv_sec >= 3599 && left(t) == 0, "stopped");
    count = 0;
    long at = now(clock) + 20 * MS;
    struct itimerspec absolute = {{0}, {at / 1000 / MS, at % (1000 * MS)}}, past = {{0}, {1, 0}};
    t_works(timer_settime(t, TIMER_ABSTIME, &absolute, 0));
    wait_for(1);
    t_check(now(clock) >= at, "an absolute time");
    t_works(timer_settime(t, TIMER_ABSTIME, &past, 0));
    wait_for(2);
    t_works(timer_delete(t));
    t_fails(timer_delete(t), EINVAL);
    t_fails(timer_gettime(t, &old), EINVAL);
    t_fails(timer_getoverrun(t), EINVAL);
    t_fails(timer_settime(t, 0, &off, 0), EINVAL);
}

static void intervals(void)
{
    sigset_t usr1;
    siginfo_t info;
    sigemptyset(&usr1), sigaddset(&usr1, SIGUSR1);
    timer_t t = new_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 1);
    count = 0;
    set(t, 5 * MS, 5 * MS);
    wait_for(5);
    t_check(left(t) > 0 && left(t) <= 5 * MS, "an interval goes on");
    sigprocmask(SIG_BLOCK, &usr1, 0);
    set(t, MS, MS);
    struct timespec nap = {0, 50 * MS};
    nanosleep(&nap, 0);
    t_check(sigwaitinfo(&usr1, &info) == SIGUSR1 && info.si_overrun >= 30, "what was missed is the overrun");
    t_check(timer_getoverrun(t) == info.si_overrun, "which timer_getoverrun says");
    t_check(sigwaitinfo(&usr1, &info) == SIGUSR1 && info.si_overrun < 1000, "and it goes on");
    set(t, 1, 1); /* as fast as signals are taken, and no machine that stands still */
    for (int i = 0; i < 20; i++)
        sigwaitinfo(&usr1, &info);
    t_check(info.si_code == SI_TIMER, "an interval of a nanosecond");
    signal(SIGUSR1, SIG_IGN);
    nanosleep(&nap, 0);
    sigprocmask(SIG_UNBLOCK, &usr1, 0);
    set(t, MS, MS);
    nanosleep(&nap, 0);
    act(SIGUSR1);
    count = 0;
    wait_for(2);
    t_check(count >= 2, "an ignored one goes on, and is heard when that ends");
    t_works(timer_delete(t));
}

/* Signals are not queued: each of several timers with the same one is heard all the same. */
static void several(void)
{
    timer_t t[8];
    sigset_t rt;
    unsigned heard = 0;
    siginfo_t info;
    sigemptyset(&rt), sigaddset(&rt, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &rt, 0);
    for (int i = 0; i < 8; i++)
        t[i] = new_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, i), set(t[i], MS, 0);
    struct timespec nap = {0, 20 * MS}, bound = {10, 0};
    nanosleep(&nap, 0);
    for (int i = 0; i < 8 && sigtimedwait(&rt, &info, &bound) == SIGRTMIN; i++)
        heard |= 1u << info.si_value.sival_int;
    t_check(heard == 0xff, "eight timers of one signal");
    for (int i = 0; i < 8; i++)
        timer_delete(t[i]);
    sigprocmask(SIG_UNBLOCK, &rt, 0);
}

static sem_t called, ready;

static void function(union sigval v)
{
    value = v.sival_int;
    sem_post(&called);
}

static void *thread(void *tid)
{
    *(volatile int *)tid = (int)syscall(SYS_gettid);
    sem_post(&ready);
    pause();
    sem_post(&ready);
    return 0;
}

static void threads(void)
{
    struct sigevent e = {
        .sigev_notify = SIGEV_THREAD, .sigev_notify_function = function, .sigev_value.sival_int = 5};
    timer_t t;
    sem_init(&called, 0, 0), sem_init(&ready, 0, 0);
    t_works(timer_create(CLOCK_REALTIME, &e, &t));
    set(t, MS, MS);
    for (int i = 0; i < 3; i++)
        sem_wait(&called);
    t_check(value == 5, "SIGEV_THREAD calls");
    timer_delete(t);
    pthread_t p;
    volatile int tid = 0;
    struct timespec nap = {0, 20 * MS};
    pthread_create(&p, 0, thread, (void *)&tid);
    sem_wait(&ready);
    struct sigevent one = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1};
    one._sigev_un._tid = tid;
    t_works(timer_create(CLOCK_MONOTONIC, &one, &t));
    set(t, MS, 5 * MS); /* again, should it come before pause() */
    sem_wait(&ready);
    t_check(receiver == tid, "SIGEV_THREAD_ID is that thread's");
    pthread_join(p, 0);
    count = 0;
    nanosleep(&nap, 0);
    t_check(count == 0, "and nobody's when that has ended");
    timer_delete(t);
    one._sigev_un._tid = tid;
    t_fails(timer_create(CLOCK_MONOTONIC, &one, &t), EINVAL);
}

static void forks(char *self)
{
    timer_t t = new_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 1);
    int status = -1;
    set(t, 3600 * 1000 * MS, 0);
    pid_t child = fork();
    if (child == 0) {
        struct itimerspec s;
        _exit(!(timer_gettime(t, &s) == -1 && errno == EINVAL));
    }
    t_check(waitpid(child, &status, 0) == child && status == 0, "a fork has no timers");
    t_check(left(t) > 0, "its parent keeps them");
    set(t, 10 * MS, 10 * MS);
    fflush(stdout);
    signal(SIGUSR1, SIG_DFL); /* which would end us */
    sigset_t usr1;
    sigemptyset(&usr1), sigaddset(&usr1, SIGUSR1);
    sigprocmask(SIG_BLOCK, &usr1, 0);
    char number[16];
    snprintf(number, sizeof number, "%d", t_failed);
    execl(self, self, number, (char *)0);
    t_check(0, "exec");
}

/* The program that exec has begun: what is pending is let in, and no timer goes on. */
static int after_exec(int failed)
{
    struct timespec zero = {0, 0}, nap = {0, 50 * MS};
    struct itimerspec s;
    sigset_t usr1;
    sigemptyset(&usr1), sigaddset(&usr1, SIGUSR1);
    while (sigtimedwait(&usr1, 0, &zero) == SIGUSR1)
        ;
    t_failed = failed;
    t_check(sigtimedwait(&usr1, 0, &nap) == -1 && errno == EAGAIN, "exec ends all timers");
    t_check(syscall(SYS_timer_gettime, 0, &s) == -1 && errno == EINVAL, "their numbers, too");
    return t_failed;
}

static void refused(void)
{
    struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 65};
    struct itimerspec s = {{0}, {0, 1000 * MS}};
    timer_t t;
    int id;
    t_fails(timer_create(CLOCK_MONOTONIC, &e, &t), EINVAL);
    e.sigev_signo = SIGUSR1, e.sigev_notify = 99;
    t_fails(timer_create(CLOCK_MONOTONIC, &e, &t), EINVAL);
    t_check(syscall(SYS_timer_create, 99, 0, &id) == -1 && errno == EINVAL, "a clock that does not exist");
    t_check(syscall(SYS_timer_create, CLOCK_MONOTONIC, 8, &id) == -1 && errno == EFAULT, "a bad sigevent");
    t_check(syscall(SYS_timer_create, CLOCK_MONOTONIC, 0, 8) == -1 && errno == EFAULT,
            "a bad place for the number");
    t_check(syscall(SYS_timer_create, CLOCK_MONOTONIC, 0, &id) == 0, "no sigevent is SIGALRM");
    t_check(syscall(SYS_timer_settime, id, 0, &s, 0) == -1 && errno == EINVAL, "a second is no nanosecond");
    s.it_value.tv_nsec = -1;
    t_check(syscall(SYS_timer_settime, id, 0, &s, 0) == -1 && errno == EINVAL, "nor is a negative one");
    t_check(syscall(SYS_timer_settime, id, 0, 0, 0) == -1 && errno == EINVAL, "no time");
    t_check(syscall(SYS_timer_settime, id, 0, 8, 0) == -1 && errno == EFAULT, "a bad time");
    s.it_value.tv_nsec = MS;
    act(SIGALRM);
    count = 0;
    t_check(syscall(SYS_timer_settime, id, 0, &s, 0) == 0, "a good one");
    wait_for(1);
    t_check(value == id, "whose value is its number");
    t_check(syscall(SYS_timer_delete, id) == 0, "deleted");
    unsigned many = 0;
    while (many < 100000 && syscall(SYS_timer_create, CLOCK_MONOTONIC, 0, &id) == 0)
        many++;
    t_check(many >= 32 && errno == EAGAIN, "more than there may be");
    while (many--)
        syscall(SYS_timer_delete, id--);
    e.sigev_notify = SIGEV_NONE;
    t_works(timer_create(CLOCK_MONOTONIC, &e, &t));
    set(t, 10 * MS, 0);
    t_check(left(t) <= 10 * MS, "SIGEV_NONE can be asked");
    struct timespec nap = {0, 20 * MS};
    nanosleep(&nap, 0);
    t_check(left(t) == 0, "until it has ended");
    timer_delete(t);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, 0, _IOLBF, 0);
    if (argc > 1)
        return after_exec(atoi(argv[1]));
    act(SIGUSR1);
    once(CLOCK_MONOTONIC);
    once(CLOCK_REALTIME);
    intervals();
    several();
    threads();
    refused();
    forks(argv[0]);
    return 1;
}
