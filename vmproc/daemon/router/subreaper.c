/*
 * subreaper PIDFILE COMMAND [ARG...] - runs COMMAND and is the parent of everything that comes of it.
 *
 * libvirt's QEMUs are daemons: orphans at once, whose end libvirt waits for in steps of 200 ms until someone
 * has reaped them. Where process 1 is slow at that, each destroy takes 2 s; under this it takes 0.2 s.
 *
 * Everything below runs without transparent huge pages: an idle VM touches little here and there of its
 * memory, which takes 17 MiB so and 22 with them, in the same time.
 *
 * PIDFILE holds our process number and is locked (flock) for as long as we live, so nobody needs to guess
 * whether the number is still ours. SIGHUP is passed on to COMMAND. SIGTERM and SIGINT end all descendants:
 * first by SIGTERM, after GRACE_MS by SIGKILL; orphans become our children, so that none can hide. We end
 * when no descendant is left.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GRACE_MS 3000
#define LOCK_S   2   /* who asks whether we live (scripts/router) holds the lock for a moment */
#define TICK_MS  100 /* between rounds of killing: what was a grandchild is a child in the next */

static int die(const char *what)
{
    fprintf(stderr, "subreaper: %s: %s\n", what, strerror(errno));
    return 125;
}

static void give_up(int signo)
{
}

static int lock_pidfile(const char *path)
{
    const struct sigaction action = {.sa_handler = give_up};
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644), locked;

    if (fd < 0 || sigaction(SIGALRM, &action, NULL) < 0)
        return -1;
    alarm(LOCK_S);
    locked = flock(fd, LOCK_EX);
    alarm(0);
    if (locked < 0 || ftruncate(fd, 0) < 0)
        return -1;
    return dprintf(fd, "%d\n", (int)getpid()) < 0 ? -1 : 0;
}

static pid_t start(char **argv, const sigset_t *mask)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    if (getppid() != parent)
        _exit(125);
    sigprocmask(SIG_SETMASK, mask, NULL);
    execvp(argv[0], argv);
    _exit(die(argv[0]));
}

static void signal_children(int signo)
{
    char path[64];
    FILE *list;
    int pid;

    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    list = fopen(path, "re");
    if (!list)
        return;
    while (fscanf(list, "%d", &pid) == 1)
        kill(pid, signo);
    fclose(list);
}

/* Returns false when no child is left; *status is that of the command once it has ended. */
static bool reap(pid_t command, int *status)
{
    int st;
    pid_t pid;

    while ((pid = waitpid(-1, &st, WNOHANG)) > 0)
        if (pid == command)
            *status = WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
    return pid == 0;
}

static long elapsed_ms(const struct timespec *since)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - since->tv_sec) * 1000 + (now.tv_nsec - since->tv_nsec) / 1000000;
}

int main(int argc, char **argv)
{
    const struct timespec tick = {0, TICK_MS * 1000000L};
    struct timespec asked;
    sigset_t set, old;
    bool ending = false;
    int status = 0;
    pid_t command;

    if (argc < 3) {
        fprintf(stderr, "usage: subreaper PIDFILE COMMAND [ARG...]\n");
        return 2;
    }
    if (lock_pidfile(argv[1]) < 0)
        return die(argv[1]);
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, &old);
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
        return die("PR_SET_CHILD_SUBREAPER");
    command = start(argv + 2, &old);
    if (command < 0)
        return die("fork");
    while (reap(command, &status)) {
        int signo = ending ? sigtimedwait(&set, NULL, &tick) : sigwaitinfo(&set, NULL);

        if (signo == SIGHUP && !ending)
            kill(command, SIGHUP);
        if ((signo == SIGTERM || signo == SIGINT) && !ending) {
            ending = true;
            clock_gettime(CLOCK_MONOTONIC, &asked);
        }
        if (ending)
            signal_children(elapsed_ms(&asked) < GRACE_MS ? SIGTERM : SIGKILL);
    }
    unlink(argv[1]);
    return status;
}
