/* forks.c - fork, vfork, wait, signals between processes: everything that needs no other program. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "t.h"

static volatile int children_seen;
static volatile siginfo_t last;

static void on_child(int signo, siginfo_t *info, void *context)
{
    children_seen++;
    last = *info;
}

static int data = 1;
static double number = 1.5;

static void memory_is_copied(void)
{
    int status, local = 1;
    char *anonymous = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    anonymous[0] = 'a';
    pid_t pid = fork();
    if (pid == 0) {
        data = local = 2;
        anonymous[0] = anonymous[4096] = 'b';
        number *= 2;
        _exit(getppid() == 4242 && getpid() != 4242 && number == 3.0 ? 7 : 8);
    }
    t_check(pid > 0 && waitpid(pid, &status, 0) == pid, "waitpid returns the child");
    t_check(WIFEXITED(status) && WEXITSTATUS(status) == 7, "a child's status");
    t_check(data == 1 && local == 1 && anonymous[0] == 'a' && anonymous[4096] == 0 && number == 1.5,
            "a child writes to its own memory");
    t_fails(waitpid(pid, &status, 0), ECHILD);
}

static void vfork_shares_memory(void)
{
    int status;
    volatile int seen = 0;
    pid_t pid = vfork();
    if (pid == 0) {
        seen = 5;
        _exit(9);
    }
    t_check(seen == 5, "vfork runs in the parent's memory, and first");
    t_check(waitpid(-1, &status, 0) == pid && WEXITSTATUS(status) == 9, "its status");
}

static void pipes_join(void)
{
    int to[2], from[2], status;
    char buf[8] = "";
    pipe(to);
    pipe(from);
    pid_t pid = fork();
    if (pid == 0) {
        close(to[1]);
        close(from[0]);
        while (read(to[0], buf, 1) == 1) {
            buf[0]++;
            write(from[1], buf, 1);
        }
        _exit(0);
    }
    close(to[0]);
    close(from[1]);
    write(to[1], "abc", 3);
    close(to[1]);
    int n = 0;
    while (read(from[0], buf + n, 1) == 1)
        n++;
    t_check(!strcmp(buf, "bcd"), "two processes talk over pipes");
    waitpid(pid, &status, 0);
    pid = fork();
    if (pid == 0) {
        static char much[300000];
        signal(SIGPIPE, SIG_DFL);
        close(from[0]);
        pipe(from);
        close(from[0]);
        write(from[1], much, sizeof much);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    t_check(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE, "a child dies of its own SIGPIPE");
    close(from[0]);
}

static void signals_reach(void)
{
    struct sigaction action = {.sa_sigaction = on_child, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGCHLD, &action, NULL);
    int status;
    pid_t pid = fork();
    if (pid == 0)
        for (;;)
            pause();
    t_check(waitpid(pid, &status, WNOHANG) == 0, "WNOHANG does not wait");
    t_works(kill(pid, 0));
    t_works(kill(pid, SIGSTOP));
    t_check(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP,
            "a stop is reported");
    t_works(kill(pid, SIGCONT));
    t_check(waitpid(pid, &status, WCONTINUED) == pid && WIFCONTINUED(status), "going on is reported");
    t_works(kill(pid, SIGTERM));
    siginfo_t info;
    t_check(waitid(P_PID, pid, &info, WEXITED | WNOWAIT) == 0 && info.si_code == CLD_KILLED &&
                info.si_status == SIGTERM && info.si_pid == pid,
            "waitid tells and leaves it");
    t_check(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM,
            "a killed child");
    t_check(children_seen >= 2 && last.si_pid == pid && last.si_code == CLD_KILLED, "SIGCHLD says who");
    t_fails(kill(pid, 0), ESRCH);
    signal(SIGCHLD, SIG_IGN);
    pid = fork();
    if (pid == 0)
        _exit(0);
    t_fails(waitpid(pid, &status, 0), ECHILD);
    signal(SIGCHLD, SIG_DFL);
}

static void groups(void)
{
    int status;
    pid_t first = fork();
    if (first == 0)
        for (;;)
            pause();
    pid_t second = fork();
    if (second == 0)
        for (;;)
            pause();
    t_check(setpgid(first, first) == 0 && setpgid(second, first) == 0 && getpgid(second) == first,
            "a group of two");
    t_works(kill(-first, SIGKILL));
    t_check(waitpid(-first, &status, 0) > 0 && waitpid(-first, &status, 0) > 0 && WTERMSIG(status) == SIGKILL,
            "a signal for a group reaches all of it");
}

static void both_run(void)
{
    int status;
    pid_t pid = fork();
    if (pid == 0)
        for (;;) /* never gives the processor away */
            ;
    struct timespec t = {0, 50000000};
    t_check(nanosleep(&t, NULL) == 0, "a busy child does not keep the parent from running");
    alarm(0);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    pid = fork();
    if (pid == 0) {
        alarm(1);
        for (;;)
            ;
    }
    waitpid(pid, &status, 0);
    t_check(WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM, "a child's alarm is its own");
}

static int in_clone(void *arg)
{
    *(int *)arg = 1;
    return 6;
}

static void clones(void)
{
    static char stack[65536];
    int status, seen = 0;
    pid_t pid = clone(in_clone, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &seen);
    t_check(seen == 1 && waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 6,
            "clone as posix_spawn uses it");
    t_fails(clone(in_clone, stack + sizeof stack, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, &seen), EINVAL);
}

static void many(void)
{
    int status, n = 0;
    for (int i = 0; i < 300; i++) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(i & 127);
        n += waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == (i & 127);
    }
    t_check(n == 300, "three hundred forks, one after the other");
    int started = 0;
    while (fork() > 0 ? ++started, 1 : 0)
        ;
    if (getpid() != 4242)
        _exit(0);
    t_check(errno == EAGAIN && started >= 32, "too many at once is EAGAIN");
    while (wait(NULL) > 0)
        started--;
    t_check(started == 0, "all of them are waited for");
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    memory_is_copied();
    vfork_shares_memory();
    pipes_join();
    signals_reach();
    groups();
    both_run();
    clones();
    many();
    return t_failed;
}
