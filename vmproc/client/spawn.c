/* spawn.c - starts vmprocd so that nothing of the starting shell stays in it; and a shim's children. */
#include "spawn.h"
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY_FD   3
#define FILES_MOST 65536 /* a VM takes some ten of vmprocd's descriptors while it waits */

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

/*
 * The limits are the first user's, who may have set them for one command; vmprocd serves them all. So as much
 * as may be had of what it uses up: what the privileged may, else what the hard limits leave.
 */
static void raise_limits(void)
{
    static const int raised[] = {RLIMIT_AS,    RLIMIT_CPU,    RLIMIT_DATA,
                                 RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_NPROC};
    for (unsigned i = 0; i < sizeof raised / sizeof *raised; i++) {
        struct rlimit limit;
        rlim_t most = raised[i] == RLIMIT_NOFILE ? FILES_MOST : RLIM_INFINITY;
        if (getrlimit(raised[i], &limit) || setrlimit(raised[i], &(struct rlimit){most, most}) == 0)
            continue;
        limit.rlim_cur = limit.rlim_max;
        setrlimit(raised[i], &limit);
    }
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

int spawn_daemon(const char *keeper, const char *program, int log_fd, bool replace)
{
    char *argv[] = {"vmproc-keep", (char *)program, "--ready-fd", "3", replace ? "--replace" : NULL, NULL};
    int ready[2], err;
    pid_t pid;
    if (pipe2(ready, O_CLOEXEC))
        return -errno;
    pid = double_fork();
    if (pid == 0) {
        reset_signals();
        raise_limits();
        umask(077);
        if (chdir("/") == 0 && arrange_descriptors(log_fd, ready[1]) == 0)
            keeper ? execv(keeper, argv) : execv(program, argv + 1);
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

/* ---- children ---- */

static void set_signals(uint64_t ignored, uint64_t blocked)
{
    sigset_t mask;
    sigemptyset(&mask);
    for (int sig = 1; sig < NSIG; sig++) {
        signal(sig, ignored >> (sig - 1) & 1 ? SIG_IGN : SIG_DFL);
        if (blocked >> (sig - 1) & 1)
            sigaddset(&mask, sig);
    }
    sigprocmask(SIG_SETMASK, &mask, NULL);
}

/*
 * All to places that are nobody's first, since one's source may have the number that another is to get.
 * copies has room for n.
 */
static int place_descriptors(const struct child_fd fds[], unsigned n, int copies[])
{
    int base = 0;
    for (unsigned i = 0; i < n; i++)
        base = fds[i].to >= base ? fds[i].to + 1 : base;
    for (unsigned i = 0; i < n; i++)
        if ((copies[i] = fcntl(fds[i].from, F_DUPFD, base)) < 0)
            return -errno;
    if (base && syscall(SYS_close_range, 0, base - 1, 0))
        return -errno;
    for (unsigned i = 0; i < n; i++)
        if (dup2(copies[i], fds[i].to) < 0)
            return -errno;
    return syscall(SYS_close_range, base, ~0u, 0) ? -errno : 0;
}

/* Limits last: they may allow less than what comes before needs. One that cannot be set stays as it is. */
static int become(const struct child_plan *plan, int copies[])
{
    int err;
    if (plan->session)
        setsid();
    else if (plan->pgid >= 0 && setpgid(0, plan->pgid))
        return -errno;
    if (chdir(plan->cwd))
        return -errno;
    err = place_descriptors(plan->fds, plan->nfds, copies);
    if (err)
        return err;
    umask(plan->umask);
    for (int i = 0; i < RLIM_NLIMITS; i++)
        setrlimit((__rlimit_resource_t)i, &plan->limits[i]);
    set_signals(plan->ignored, plan->blocked);
    execve(plan->program, plan->argv, plan->envp);
    return -errno;
}

/* In the child of vfork(2): the caller's memory, everything else its own. */
static _Noreturn void run_child(const struct child_plan *plan, int copies[], volatile int *err)
{
    *err = become(plan, copies);
    _exit(127);
}

pid_t child_start(const struct child_plan *plan)
{
    int *copies = malloc((plan->nfds + 1) * sizeof *copies);
    volatile int err = 0;
    sigset_t all, before;
    pid_t pid;
    if (!copies)
        return -ENOMEM;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before); /* no handler of ours runs in the child */
    pid = vfork();
    if (pid == 0)
        run_child(plan, copies, &err);
    if (pid < 0)
        err = -errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    free(copies);
    if (pid > 0 && err)
        waitpid(pid, NULL, 0);
    return err ? err : pid;
}

int child_replace(const struct child_plan *plan)
{
    int *copies = malloc((plan->nfds + 1) * sizeof *copies), err;
    if (!copies)
        return -ENOMEM;
    err = become(plan, copies);
    free(copies);
    return err;
}
