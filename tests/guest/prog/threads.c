/* threads.c - threads of one process: beginning, ending, locks, signals, what they share. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "t.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static __thread int own;
static int count, turn;

static void *adds(void *arg)
{
    for (int i = 0; i < 2000; i++) {
        pthread_mutex_lock(&lock);
        int was = count;
        if (i % 500 == 0)
            sched_yield();
        count = was + 1;
        pthread_mutex_unlock(&lock);
        own++;
    }
    return (void *)(long)own;
}

static void locks(void)
{
    pthread_t t[8];
    void *result;
    int whole = 1;
    for (int i = 0; i < 8; i++)
        t_check(pthread_create(&t[i], NULL, adds, NULL) == 0, "a thread begins");
    for (int i = 0; i < 8; i++)
        whole &= pthread_join(t[i], &result) == 0 && (long)result == 2000;
    t_check(whole && count == 16000 && own == 0, "a mutex, thread-local memory, results");
}

static void *answers(void *arg)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < 50; i++) {
        while (turn % 2 == 0)
            pthread_cond_wait(&changed, &lock);
        turn++;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void conditions(void)
{
    pthread_t t;
    struct timespec soon;
    pthread_create(&t, NULL, answers, NULL);
    pthread_mutex_lock(&lock);
    for (int i = 0; i < 50; i++) {
        while (turn % 2)
            pthread_cond_wait(&changed, &lock);
        turn++;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&lock);
    pthread_join(t, NULL);
    t_check(turn == 100, "two threads take turns by a condition variable");
    pthread_mutex_lock(&lock);
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 20000000;
    if (soon.tv_nsec >= 1000000000)
        soon.tv_sec++, soon.tv_nsec -= 1000000000;
    t_check(pthread_cond_timedwait(&changed, &lock, &soon) == ETIMEDOUT, "a timed wait ends");
    pthread_mutex_unlock(&lock);
}

static int word;

static void *spins(void *arg)
{
    while (!__atomic_load_n(&word, __ATOMIC_SEQ_CST))
        ;
    return NULL;
}

static void *only_ids(void *arg)
{
    return (void *)(syscall(SYS_gettid) != getpid() && getpid() == 4242 ? 1l : 0l);
}

static void ids(void)
{
    pthread_t t;
    void *result;
    pthread_create(&t, NULL, only_ids, NULL);
    pthread_join(t, &result);
    t_check(result && syscall(SYS_gettid) == getpid(), "one process id, a thread id each");
    pthread_create(&t, NULL, spins, NULL);
    struct timespec ms = {0, 30000000};
    nanosleep(&ms, NULL);
    __atomic_store_n(&word, 1, __ATOMIC_SEQ_CST);
    t_check(pthread_join(t, NULL) == 0, "a thread that never sleeps does not keep others from running");
}

static volatile pthread_t handled_by;
static sem_t handled;

static void handler(int signo)
{
    handled_by = pthread_self();
    sem_post(&handled);
}

static void *waits(void *arg)
{
    char c;
    int *pipe_fds = arg;
    return (void *)(long)read(pipe_fds[0], &c, 1);
}

static void *sigwaits(void *arg)
{
    int signo = 0;
    sigwait(arg, &signo);
    return (void *)(long)signo;
}

static void signals(void)
{
    pthread_t t;
    void *result;
    int fds[2];
    sigset_t set;
    struct sigaction action = {.sa_handler = handler};
    sem_init(&handled, 0, 0);
    sigaction(SIGUSR1, &action, NULL);
    pipe(fds);
    pthread_create(&t, NULL, waits, fds);
    struct timespec ms = {0, 10000000};
    nanosleep(&ms, NULL);
    t_check(pthread_kill(t, SIGUSR1) == 0 && sem_wait(&handled) == 0 && handled_by == t,
            "a signal for a thread is handled by it");
    pthread_join(t, &result);
    t_check((long)result == -1, "and ends its read");
    raise(SIGUSR1);
    t_check(handled_by == pthread_self(), "raise is for the calling thread");
    pthread_create(&t, NULL, waits, fds);
    nanosleep(&ms, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    kill(getpid(), SIGUSR1);
    while (sem_wait(&handled) != 0 || handled_by != t)
        ;
    t_check(1, "a signal for the process goes to a thread that does not block it");
    pthread_join(t, NULL);
    pthread_create(&t, NULL, sigwaits, &set);
    nanosleep(&ms, NULL);
    kill(getpid(), SIGUSR1);
    pthread_join(t, &result);
    t_check((long)result == SIGUSR1, "a thread that awaits a signal gets that of the process");
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    close(fds[0]);
    close(fds[1]);
}

static void *closes(void *arg)
{
    int *fds = arg;
    close(fds[0]);
    return NULL;
}

static void *changes_directory(void *arg)
{
    umask(027);
    return (void *)(long)chdir("/");
}

static void shared(void)
{
    pthread_t reader, closer;
    void *result;
    int fds[2];
    char here[4096], there[4096];
    pipe(fds);
    pthread_create(&reader, NULL, waits, fds);
    struct timespec ms = {0, 10000000};
    nanosleep(&ms, NULL);
    pthread_create(&closer, NULL, closes, fds);
    pthread_join(closer, NULL);
    t_check(fcntl(fds[0], F_GETFD) == -1 && errno == EBADF, "descriptors are shared");
    write(fds[1], "x", 1);
    pthread_join(reader, &result);
    t_check((long)result == 1, "a read goes on when another thread closes its descriptor");
    getcwd(here, sizeof here);
    pthread_create(&closer, NULL, changes_directory, NULL);
    pthread_join(closer, NULL);
    t_check(getcwd(there, sizeof there) && !strcmp(there, "/") && umask(022) == 027, "so are cwd and umask");
    chdir(here);
}

static void *touches(void *arg)
{
    for (int i = 0; i < 50; i++) {
        char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (int at = 0; at < 1 << 20; at += 65536)
            p[at] = 1;
        munmap(p, 1 << 20);
    }
    return NULL;
}

static void *reads_file(void *arg)
{
    long sum = 0;
    for (int i = 0; i < 5; i++) {
        int fd = open("/proc/self/exe", O_RDONLY);
        char *p = mmap(NULL, 400000, PROT_READ, MAP_PRIVATE, fd, 0);
        close(fd);
        for (int at = 0; at < 400000; at += 4096)
            sum += p[at];
        munmap(p, 400000);
    }
    return (void *)sum;
}

static void memory(void)
{
    pthread_t t[6];
    void *result, *first;
    for (int i = 0; i < 6; i++)
        pthread_create(&t[i], NULL, i % 2 ? reads_file : touches, NULL);
    pthread_join(t[1], &first);
    int same = 1;
    for (int i = 0; i < 6; i++)
        if (i != 1) {
            pthread_join(t[i], &result);
            same &= !(i % 2) || result == first;
        }
    t_check(same, "mappings come and go in several threads");
}

static void *forks_one(void *arg)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(syscall(SYS_gettid) == getpid() ? 5 : 6);
    waitpid(pid, &status, 0);
    return (void *)(long)WEXITSTATUS(status);
}

static void *nothing(void *arg)
{
    for (;;)
        pause();
}

static void processes(void)
{
    pthread_t t;
    void *result;
    int status;
    pthread_create(&t, NULL, forks_one, NULL);
    pthread_join(t, &result);
    t_check((long)result == 5, "a thread forks: the child is a process of one thread");
    pid_t pid = fork();
    if (pid == 0) {
        for (int i = 0; i < 5; i++)
            pthread_create(&t, NULL, i % 2 ? spins : nothing, NULL);
        word = 0;
        _exit(9);
    }
    t_check(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 9,
            "exit ends all threads of a child");
    pid = fork();
    if (pid == 0) {
        pthread_create(&t, NULL, nothing, NULL);
        pthread_kill(t, SIGKILL);
        nothing(NULL);
    }
    t_check(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
            "a signal that kills kills all threads");
}

static void many(void)
{
    pthread_t t[200];
    int n = 0;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 200; i++)
            pthread_create(&t[i], &small, only_ids, NULL);
        for (int i = 0; i < 200; i++)
            n += pthread_join(t[i], NULL) == 0;
    }
    t_check(n == 600, "six hundred threads");
}

static void *ends_all(void *arg)
{
    struct timespec ms = {0, 10000000};
    nanosleep(&ms, NULL); /* the main thread is gone by now */
    exit(t_failed);
}

int main(void)
{
    pthread_t t;
    setvbuf(stdout, NULL, _IONBF, 0);
    locks();
    conditions();
    ids();
    signals();
    shared();
    memory();
    processes();
    many();
    pthread_create(&t, NULL, nothing, NULL);
    pthread_create(&t, NULL, ends_all, NULL);
    pthread_exit(NULL);
}
