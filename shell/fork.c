/* fork.c - fork(2), and what a child must forget (XCU 2.13). */
#include "shell/fork.h"
#include "shell/error.h"
#include "shell/exec.h"
#include "shell/job.h"
#include "shell/out.h"
#include "shell/readahead.h"
#include "shell/shell.h"
#include "shell/trap.h"
#include "vmproc/events.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* An asynchronous list without job control (2.9.3.1, 2.11). It must not read what its parent is to read. */
static void isolate_from_terminal(struct shell *sh)
{
    int null = open("/dev/null", O_RDONLY);

    trap_ignore_in_async(sh);
    if (null < 0) {
        error_print_errno(sh, errno, "/dev/null");
        _exit(126);
    }
    if (null != STDIN_FILENO) {
        dup2(null, STDIN_FILENO);
        close(null);
    }
}

static void become_subshell(struct shell *sh, struct job *job, unsigned flags)
{
    bool controlled = job_enter_child(sh, job, flags);

    exec_unwire(sh);
    sh->subshell_depth++;
    sh->loop_depth = 0;
    trap_in_subshell(sh);
    out_discard(sh);
    vmproc_lifeline_in_subshell(&sh->lifeline);
    vmproc_usage_in_subshell(&sh->usage);
    if ((flags & FORK_ASYNC) && !controlled)
        isolate_from_terminal(sh);
}

pid_t shell_fork(struct shell *sh, struct job *job, unsigned flags)
{
    /* A handler that ran in the child before it resets its traps would lose the signal. */
    bool block = trap_handles_any(sh) || sh->interactive;
    sigset_t all, old;
    pid_t pid;

    if (!shell_executes(sh) && sh->subshell_depth == 0) {
        vmproc_lifeline_open(&sh->lifeline);
        vmproc_usage_open(&sh->usage);
    }
    readahead_sync(sh);
    if (flags & FORK_ASYNC)
        readahead_shared(sh);
    if (block) {
        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, &old);
    }
    if (sh->events.fd >= 0)
        sh->events.forked_ns = event_now_ns();
    pid = fork();
    if (pid == 0)
        become_subshell(sh, job, flags);
    else if (pid > 0)
        job_enter_parent(sh, job, pid, flags);
    if (block)
        sigprocmask(SIG_SETMASK, &old, NULL);
    if (pid < 0) {
        error_unwind(sh, 126, "cannot fork: %s", strerror(errno));
        if (job)
            job_abandon(sh, job);
    }
    return pid;
}
