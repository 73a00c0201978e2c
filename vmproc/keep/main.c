/*
 * main.c - vmproc-keep VMPROCD ARG...: runs vmprocd with those arguments, for as long as that lives.
 *
 * A VM ends by itself when its shim and vmprocd are gone: its guest sees its port close. One that is paused sees
 * nothing. Where vmprocd was killed or has crashed, libvirt would keep such a VM until the next vmprocd sweeps it, which
 * nobody may start for days. So somebody has to notice, who is not vmprocd, costs nothing, and is still there when all
 * shells are gone: this process. It then becomes `VMPROCD --sweep`, once: what crashes again is not started again.
 * A vmprocd that ends by itself has cleaned up, and this ends with it.
 *
 * It forks, so it links the C library alone, statically: it waits for as long as vmprocd does.
 */
#include "vmproc/client/child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define STDERR_NEXT 3 /* --ready-fd of vmproc/client/spawn.c */

extern char **environ;

/* With what we have ourselves; it leads a session, as we do. */
static pid_t start(char *program, char **argv)
{
    static const struct child_fd fds[] = {{0, 0}, {1, 1}, {2, 2}, {STDERR_NEXT, STDERR_NEXT}};
    struct child_plan plan = {
        .program = program,
        .argv = argv,
        .envp = environ,
        .fds = fds,
        .nfds = sizeof fds / sizeof *fds,
        .cwd = "/",
        .umask = umask(077),
        .session = true,
    };
    for (int i = 0; i < RLIM_NLIMITS; i++)
        getrlimit((__rlimit_resource_t)i, &plan.limits[i]);
    umask(plan.umask);
    return child_start(&plan);
}

int main(int argc, char **argv)
{
    int status;
    pid_t pid;
    if (argc < 2) {
        fprintf(stderr, "vmproc-keep: is started by fleetsh; see vmprocd(8)\n");
        return 2;
    }
    pid = start(argv[1], argv + 1);
    close(STDERR_NEXT); /* its end is to be seen by who waits for it to be ready */
    if (pid < 0)
        return 1;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 1;
    if (!WIFSIGNALED(status))
        return WEXITSTATUS(status);
    execv(argv[1], (char *[]){argv[1], "--sweep", NULL});
    return 1;
}
