/* children.c - see children.h. */
#include "shim.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>

int children_reserve(struct children *children)
{
    unsigned room = children->room ? children->room * 2 : 8;
    pid_t *grown;
    if (children->count < children->room)
        return 0;
    grown = realloc(children->pid, room * sizeof *grown);
    if (!grown)
        return -ENOMEM;
    children->pid = grown;
    children->room = room;
    return 0;
}

void children_add(struct children *children, pid_t pid)
{
    children->pid[children->count++] = pid;
}

static uint64_t to_ns(struct timeval t)
{
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_usec * 1000u;
}

static void tell(struct shim *shim, pid_t pid, int status, const struct rusage *usage)
{
    struct ctl_child m = {
        .pid = (uint32_t)pid,
        .status = status,
        .user_ns = to_ns(usage->ru_utime),
        .system_ns = to_ns(usage->ru_stime),
        .max_rss_bytes = (uint64_t)usage->ru_maxrss * 1024u,
    };
    if (!shim->exited)
        ctl_send(shim, CTL_CHILD, &m, sizeof m);
}

/* Only those that the program knows: a shell that became this command may have left others. */
void children_reap(struct shim *shim)
{
    struct children *children = &shim->children;
    for (unsigned i = 0; i < children->count;) {
        struct rusage usage;
        int status;
        pid_t pid = wait4(children->pid[i], &status, WNOHANG | WUNTRACED | WCONTINUED, &usage);
        if (pid > 0)
            tell(shim, pid, status, &usage);
        if (pid < 0 || (pid > 0 && (WIFEXITED(status) || WIFSIGNALED(status))))
            children->pid[i] = children->pid[--children->count];
        else if (pid == 0)
            i++;
    }
}

int children_kill(const struct children *children, pid_t pid, int signo)
{
    for (unsigned i = 0; i < children->count; i++)
        if (children->pid[i] == pid)
            return kill(pid, signo) ? -errno : 0;
    return -ESRCH;
}
