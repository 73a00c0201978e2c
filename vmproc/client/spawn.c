/* spawn.c - starts vmprocd so that nothing of the starting shell stays in it. */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY_FD 3

/*
 * A fork whose end raises no SIGCHLD and which waitpid(-1) does not see: the shell that calls us keeps its
 * own account of its children.
 */
static pid_t quiet_fork(void)
{
    return (pid_t)syscall(SYS_clone, 0, 0, 0, 0, 0);
}

/* In a child's child, so that init reaps it: returns 0 there, the middle one's pid or -errno in the caller.
 */
static pid_t double_fork(void)
{
    pid_t pid = quiet_fork();
    if (pid < 0)
        return -errno;
    if (pid > 0) {
        while (waitpid(pid, NULL, __WCLONE) < 0 && errno == EINTR)
            ;
        return pid;
    }
    setsid();
    pid = quiet_fork();
    if (pid != 0)
        _exit(pid < 0);
    return 0;
}

static void reset_signals(void)
{
    sigset_t none;
    for (int sig = 1; sig < NSIG; sig++)
        signal(sig, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Moves the two descriptors to their places and closes the rest; either may stand in the other's place. */
static int arrange_descriptors(int log_fd, int ready_fd)
{
    int null_fd;
    log_fd = fcntl(log_fd, F_DUPFD, READY_FD + 1);
    ready_fd = fcntl(ready_fd, F_DUPFD, READY_FD + 1);
    null_fd = open("/dev/null", O_RDWR);
    if (log_fd < 0 || ready_fd < 0 || null_fd < 0)
        return -1;
    if (dup2(null_fd, 0) < 0 || dup2(log_fd, 1) < 0 || dup2(log_fd, 2) < 0 || dup2(ready_fd, READY_FD) < 0)
        return -1;
    return (int)syscall(SYS_close_range, READY_FD + 1, ~0u, 0);
}

int spawn_daemon(const char *program, int log_fd)
{
    char *argv[] = {"vmprocd", "--ready-fd", "3", NULL};
    int ready[2], err;
    pid_t pid;
    if (pipe2(ready, O_CLOEXEC))
        return -errno;
    pid = double_fork();
    if (pid == 0) {
        reset_signals();
        umask(077);
        if (chdir("/") == 0 && arrange_descriptors(log_fd, ready[1]) == 0)
            execv(program, argv);
        _exit(127);
    }
    err = pid < 0 ? (int)pid : 0;
    close(ready[1]);
    if (err) {
        close(ready[0]);
        return err;
    }
    return ready[0];
}

int spawn_detached(void (*work)(void))
{
    pid_t pid = double_fork();
    if (pid == 0) {
        /* A pipe of the shell's that stayed open here would keep its reader waiting. */
        reset_signals();
        if (syscall(SYS_close_range, 0, ~0u, 0) == 0)
            work();
        _exit(0);
    }
    return pid < 0 ? (int)pid : 0;
}
