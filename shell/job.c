/* job.c - the job table: who is in it, what state it is in, how it is named. */
#include "shell/job.h"
#include "shell/error.h"
#include "shell/fork.h"
#include "shell/job_table.h"
#include "shell/shell.h"
#include "shell/trap.h"
#include "vmproc/events.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_REMEMBERED 1024 /* ended lists nobody waits for; POSIX asks for {CHILD_MAX} >= 25 */

void job_init(struct shell *sh)
{
    sh->jobs = xmalloc(sizeof *sh->jobs);
    *sh->jobs = (struct jobs){.tty = -1};
}

struct job *job_new(struct shell *sh, const struct node *node, unsigned processes)
{
    struct job *job = xmalloc(sizeof *job + processes * sizeof job->processes[0]);

    memset(job, 0, sizeof *job);
    job->node = node;
    job->ast = sh->ast ? ast_hold(sh->ast) : NULL;
    job->pipefail = sh->options.pipefail;
    job->cap = processes;
    job->next = sh->jobs->first;
    sh->jobs->first = job;
    return job;
}

/* A foreground job of the subshell does not hide its parent's jobs: there is none while somebody looks. */
struct job *job_list(const struct shell *sh)
{
    return sh->jobs->parents ? sh->jobs->parents : sh->jobs->first;
}

bool job_is_own(const struct shell *sh, const struct job *job)
{
    for (const struct job *own = sh->jobs->first; own; own = own->next)
        if (own == job)
            return true;
    return false;
}

void job_free(struct shell *sh, struct job *job)
{
    struct job **link = &sh->jobs->first;

    while (*link != job)
        link = &(*link)->next;
    *link = job->next;
    ast_drop(job->ast);
    free(job);
}

void job_abandon(struct shell *sh, struct job *job)
{
    if (job->count == 0)
        job_free(sh, job);
}

static unsigned free_number(const struct jobs *jobs)
{
    unsigned highest = 0;

    for (const struct job *job = jobs->first; job; job = job->next)
        if (job->number > highest)
            highest = job->number;
    return highest + 1;
}

static void make_current(struct shell *sh, struct job *job)
{
    if (job->number == 0)
        job->number = free_number(sh->jobs);
    job->stamp = ++sh->jobs->clock;
}

/* Lets the oldest ended asynchronous list go, so that a script that never waits does not grow. */
static void limit_remembered(struct shell *sh)
{
    struct job *oldest = NULL;
    unsigned ended = 0;

    for (struct job *job = sh->jobs->first; job; job = job->next)
        if (job->background && job_state(job) == JOB_DONE) {
            ended++;
            oldest = job;
        }
    if (ended > MAX_REMEMBERED)
        job_free(sh, oldest);
}

void job_put_in_background(struct shell *sh, struct job *job)
{
    sh->jobs->parents = NULL;
    job->background = true;
    make_current(sh, job);
    sh->last_async = job->processes[job->count - 1].pid;
    if (++sh->jobs->remembered > MAX_REMEMBERED) {
        job_poll(sh);
        limit_remembered(sh);
    }
}

enum job_state job_state(const struct job *job)
{
    enum job_state state = JOB_DONE;

    for (unsigned i = 0; i < job->count; i++) {
        if (job->processes[i].state == JOB_RUNNING)
            return JOB_RUNNING;
        if (job->processes[i].state == JOB_STOPPED)
            state = JOB_STOPPED;
    }
    return state;
}

int job_status_of(int wait_status)
{
    if (WIFEXITED(wait_status))
        return WEXITSTATUS(wait_status);
    if (WIFSTOPPED(wait_status))
        return 128 + WSTOPSIG(wait_status);
    return 128 + WTERMSIG(wait_status);
}

int job_status(const struct job *job)
{
    int status = job->count > 0 ? job_status_of(job->processes[job->count - 1].status) : 0;

    if (!job->pipefail)
        return status;
    for (unsigned i = job->count; i > 0 && status == 0; i--)
        status = job_status_of(job->processes[i - 1].status);
    return status;
}

static struct process *find_process(struct shell *sh, pid_t pid, struct job **owner)
{
    for (struct job *job = sh->jobs->first; job; job = job->next)
        for (unsigned i = 0; i < job->count; i++)
            if (job->processes[i].pid == pid && job->processes[i].state != JOB_DONE) {
                *owner = job;
                return &job->processes[i];
            }
    return NULL;
}

bool job_reap(struct shell *sh, bool block)
{
    int flags = (block ? 0 : WNOHANG) | (sh->jobs->control ? WUNTRACED | WCONTINUED : 0), status;
    pid_t pid = waitpid(-1, &status, flags);
    struct process *process;
    struct job *job;

    if (pid <= 0)
        return false;
    if (!WIFSTOPPED(status) && !WIFCONTINUED(status))
        event_instant(sh->events.fd, pid, EVENT_SHELL, "reaped", event_now_ns());
    process = find_process(sh, pid, &job);
    if (!process)
        return true; /* not ours: a child of the program that became this shell */
    if (WIFCONTINUED(status)) {
        process->state = JOB_RUNNING;
    } else {
        process->state = WIFSTOPPED(status) ? JOB_STOPPED : JOB_DONE;
        process->status = status;
    }
    job->changed = job_state(job) != JOB_RUNNING;
    if (job_state(job) == JOB_STOPPED)
        make_current(sh, job);
    return true;
}

void job_poll(struct shell *sh)
{
    while (job_reap(sh, false))
        ;
}

bool job_enter_child(struct shell *sh, struct job *job, unsigned flags)
{
    bool controlled = sh->jobs->control && job && !(flags & FORK_NO_JOB);

    if (controlled) {
        pid_t pid = getpid();

        if (job->pgid == 0)
            job->pgid = pid;
        setpgid(0, job->pgid);
        if ((flags & FORK_FOREGROUND) && job->pgid == pid)
            job_terminal_give(sh, job);
    }
    job_forget_in_subshell(sh);
    return controlled;
}

void job_enter_parent(struct shell *sh, struct job *job, pid_t pid, unsigned flags)
{
    if (!job)
        return;
    job->processes[job->count++] = (struct process){.pid = pid, .state = JOB_RUNNING};
    if (!sh->jobs->control || (flags & FORK_NO_JOB))
        return;
    if (job->pgid == 0)
        job->pgid = pid;
    setpgid(pid, job->pgid); /* on both sides: whoever comes first (the other one's failure is harmless) */
    if ((flags & FORK_FOREGROUND) && job->pgid == pid)
        job_terminal_give(sh, job);
}

pid_t job_pgid(const struct job *job)
{
    return job->pgid ? job->pgid : job->processes[0].pid;
}

int job_send_signal(const struct job *job, int number)
{
    int error = ESRCH;

    if (job->pgid)
        return kill(-job->pgid, number) == 0 ? 0 : errno;
    for (unsigned i = 0; i < job->count; i++)
        if (job->processes[i].state != JOB_DONE && (error == ESRCH || error == 0))
            error = kill(job->processes[i].pid, number) == 0 ? 0 : errno;
    return error;
}

bool job_is_controlled(const struct job *job)
{
    return job->pgid != 0;
}

unsigned job_number(const struct job *job)
{
    return job->number;
}

bool job_warn_stopped(struct shell *sh)
{
    struct jobs *jobs = sh->jobs;

    if (!sh->interactive || jobs->warned == jobs->clock)
        return false;
    job_poll(sh); /* one may have been killed just now */
    for (const struct job *job = jobs->first; job; job = job->next)
        if (job->number && job_state(job) == JOB_STOPPED) {
            jobs->warned = jobs->clock;
            error_print(sh, "there are stopped jobs");
            return true;
        }
    return false;
}

void job_hang_up(struct shell *sh)
{
    for (const struct job *job = sh->jobs->first; job; job = job->next)
        for (unsigned i = 0; i < job->count; i++) {
            pid_t whom = job->pgid ? -job->pgid : job->processes[i].pid;

            if (job->processes[i].state == JOB_DONE)
                continue;
            kill(whom, SIGHUP);
            kill(whom, SIGCONT); /* or a stopped one would never know */
            if (job->pgid)
                break;
        }
}

void job_each(struct shell *sh, void (*visit)(struct shell *sh, struct job *job, void *context),
              void *context)
{
    for (unsigned number = 0;;) {
        struct job *lowest = NULL; /* above number */

        for (struct job *job = job_list(sh); job; job = job->next)
            if (job->number > number && (!lowest || job->number < lowest->number))
                lowest = job;
        if (!lowest)
            return;
        number = lowest->number;
        visit(sh, lowest, context);
    }
}
