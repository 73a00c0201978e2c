/* job_wait.c - waiting: for the foreground job, and the `wait` utility. */
#include "shell/error.h"
#include "shell/job.h"
#include "shell/job_table.h"
#include "shell/out.h"
#include "shell/shell.h"
#include "shell/trap.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* No child is left though the job counts some: somebody made the kernel forget them. */
static void give_up(struct job *job)
{
    for (unsigned i = 0; i < job->count; i++)
        if (job->processes[i].state != JOB_DONE)
            job->processes[i] =
                (struct process){.pid = job->processes[i].pid, .status = 127 << 8, .state = JOB_DONE};
}

/* What the user should know about a foreground job's end by a signal. */
static void report_signal(struct shell *sh, const struct job *job)
{
    int status = job->processes[job->count - 1].status;
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (number == 0 || number == SIGPIPE)
        return;
    if (number == SIGINT) {
        if (sh->interactive && job->pgid && trap_get(sh, SIGINT)) /* else the shell shares it */
            dprintf(STDERR_FILENO, "\n");
        return;
    }
    /* A script's user hears of crashes; what aborts says why itself. */
    if (sh->interactive || number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGFPE)
        error_print(sh, "%s%s", strsignal(number), WCOREDUMP(status) ? " (core dumped)" : "");
}

/*
 * ^C went to the job's process group and not to the shell's: the shell acts as if it had got it, but for a
 * trap's action, which is for signals that really came.
 */
static void share_interrupt(struct shell *sh, const struct job *job)
{
    int status = job->processes[job->count - 1].status;

    if (!job->pgid || sh->jobs->tty < 0 || !WIFSIGNALED(status) || WTERMSIG(status) != SIGINT ||
        trap_get(sh, SIGINT))
        return;
    raise(SIGINT);
}

int job_wait_foreground(struct shell *sh, struct job *job)
{
    int status;

    while (job_state(job) == JOB_RUNNING && !trap_hangs_up(sh))
        if (!job_reap(sh, true) && errno == ECHILD)
            give_up(job);
    if (job_state(job) == JOB_RUNNING) { /* the shell ends, whatever becomes of the job */
        trap_run_pending(sh);
        return sh->status;
    }
    status = job_status(job);
    job_terminal_take(sh, job);
    if (job_state(job) == JOB_STOPPED) {
        job->background = true;
        job->changed = false;
        if (sh->interactive) {
            dprintf(STDERR_FILENO, "\n");
            job_describe(sh, job, JOB_FORMAT_DEFAULT);
        }
        return job_status_of(job->processes[job->count - 1].status);
    }
    report_signal(sh, job);
    share_interrupt(sh, job);
    job_free(sh, job);
    return status;
}

/* Sleeps until a child changes (true) or a signal is noted. */
static bool sleep_until_change(struct shell *sh)
{
    bool changed = false;
    sigset_t all, old;

    trap_watch_children(sh);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &old);
    while (!trap_signal_was_taken(sh)) {
        if (job_reap(sh, false)) {
            changed = true;
            break;
        }
        if (errno == ECHILD)
            break;
        sigsuspend(&old);
    }
    sigprocmask(SIG_SETMASK, &old, NULL);
    return changed;
}

int job_wait(struct shell *sh, struct job *job)
{
    int status;

    while (job_state(job) != JOB_DONE) {
        if (sleep_until_change(sh))
            continue;
        if (trap_signal_was_taken(sh))
            return 128 + trap_signal_was_taken(sh);
        give_up(job);
    }
    status = job_status(job);
    job_free(sh, job);
    return status;
}

int job_wait_pid(struct shell *sh, pid_t pid)
{
    for (struct job *job = sh->jobs->first; job; job = job->next)
        for (unsigned i = 0; job->background && i < job->count; i++)
            if (job->processes[i].pid == pid)
                return job_wait(sh, job);
    return 127;
}

int job_wait_all(struct shell *sh)
{
    for (struct job *job = sh->jobs->first; job;) {
        if (job_state(job) == JOB_RUNNING) {
            int status = job_wait(sh, job); /* lets it go unless a signal came */

            if (trap_signal_was_taken(sh))
                return status;
            job = sh->jobs->first;
            continue;
        }
        struct job *next = job->next;
        if (job_state(job) == JOB_DONE)
            job_free(sh, job);
        job = next;
    }
    return 0;
}
