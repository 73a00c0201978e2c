/* job_print.c - naming jobs (XBD 3.182 job ID) and telling about them (XCU jobs, 2.11). */
#include "shell/job.h"
#include "shell/job_table.h"
#include "shell/out.h"
#include "shell/parser.h"
#include "shell/shell.h"
#include "shell/trap.h"
#include "shell/write_all.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char *job_text(struct shell *sh, const struct job *job)
{
    return job->node ? ast_print(job->node, true, &sh->scratch) : "";
}

/* The current job (nth 0) and the previous one (nth 1): stopped ones first, then by age. */
static struct job *by_recency(struct shell *sh, unsigned nth)
{
    struct job *taken = NULL;

    for (;; nth--) {
        struct job *best = NULL;

        for (struct job *job = job_list(sh); job; job = job->next) {
            bool stopped = job_state(job) == JOB_STOPPED;

            if (job->number == 0 || job == taken)
                continue;
            if (!best || stopped > (job_state(best) == JOB_STOPPED) ||
                (stopped == (job_state(best) == JOB_STOPPED) && job->stamp > best->stamp))
                best = job;
        }
        if (nth == 0)
            return best;
        taken = best;
    }
}

static struct job *by_text(struct shell *sh, const char *text, bool anywhere, bool *ambiguous)
{
    struct job *found = NULL;

    for (struct job *job = job_list(sh); job; job = job->next) {
        const char *name = job_text(sh, job);

        if (job->number == 0 ||
            !(anywhere ? strstr(name, text) != NULL : strncmp(name, text, strlen(text)) == 0))
            continue;
        if (found)
            *ambiguous = true;
        found = job;
    }
    return found;
}

struct job *job_find(struct shell *sh, const char *spec, bool *ambiguous)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    struct job *found;
    char *end;

    *ambiguous = false;
    if (*spec == '%')
        spec++;
    if (*spec == '\0' || strcmp(spec, "%") == 0 || strcmp(spec, "+") == 0)
        return by_recency(sh, 0);
    if (strcmp(spec, "-") == 0) {
        found = by_recency(sh, 1);
        return found ? found : by_recency(sh, 0);
    }
    unsigned long number = strtoul(spec, &end, 10);
    if (*end == '\0' && *spec >= '0' && *spec <= '9') {
        for (struct job *job = job_list(sh); job; job = job->next)
            if (job->number == number && number > 0)
                return job;
        return NULL;
    }
    found = *spec == '?' ? by_text(sh, spec + 1, true, ambiguous) : by_text(sh, spec, false, ambiguous);
    arena_release(&sh->scratch, mark);
    return *ambiguous ? NULL : found;
}

static void state_text(const struct job *job, char text[64])
{
    int status = job->processes[job->count - 1].status;

    switch (job_state(job)) {
    case JOB_RUNNING:
        snprintf(text, 64, "Running");
        break;
    case JOB_STOPPED:
        for (unsigned i = 0; i < job->count; i++)
            if (job->processes[i].state == JOB_STOPPED)
                status = job->processes[i].status;
        snprintf(text, 64, "Stopped (SIG%s)", signal_name(WSTOPSIG(status)));
        break;
    case JOB_DONE:
        if (WIFSIGNALED(status))
            snprintf(text, 64, "%s%s", strsignal(WTERMSIG(status)),
                     WCOREDUMP(status) ? " (core dumped)" : "");
        else if (job_status(job) == 0)
            snprintf(text, 64, "Done");
        else
            snprintf(text, 64, "Done(%d)", job_status(job));
        break;
    }
}

/* XCU jobs, STDOUT: "[%d] %c %s %s\n", and with -l the process group before the state. */
static void put_job(struct shell *sh, const struct job *job, enum job_format format)
{
    char mark = job == by_recency(sh, 0) ? '+' : job == by_recency(sh, 1) ? '-' : ' ', state[64];
    struct arena_mark scratch = arena_mark(&sh->scratch);

    if (format == JOB_FORMAT_PGID) {
        out_printf(sh, "%d\n", (int)job_pgid(job));
        return;
    }
    state_text(job, state);
    if (format == JOB_FORMAT_LONG)
        out_printf(sh, "[%u] %c %d %s %s\n", job->number, mark, (int)job_pgid(job), state, job_text(sh, job));
    else
        out_printf(sh, "[%u] %c %s %s\n", job->number, mark, state, job_text(sh, job));
    arena_release(&sh->scratch, scratch);
}

void job_print(struct shell *sh, struct job *job, enum job_format format)
{
    put_job(sh, job, format);
    job->changed = false;
    if (job_state(job) == JOB_DONE && format != JOB_FORMAT_PGID && job_is_own(sh, job))
        job_free(sh, job);
}

void job_describe(struct shell *sh, const struct job *job, enum job_format format)
{
    size_t len;
    char *text;

    out_capture_begin(sh);
    put_job(sh, job, format);
    text = out_capture_end(sh, &len);
    write_all(STDERR_FILENO, text, len);
}

static void notify_one(struct shell *sh, struct job *job, void *context)
{
    (void)context;
    if (!job->changed)
        return;
    job_describe(sh, job, JOB_FORMAT_DEFAULT);
    job->changed = false;
    if (job_state(job) == JOB_DONE)
        job->number = 0; /* its name is free again; wait may still ask for its status */
}

void job_notify(struct shell *sh)
{
    struct arena_mark mark = arena_mark(&sh->scratch);

    job_poll(sh);
    job_each(sh, notify_one, NULL);
    arena_release(&sh->scratch, mark);
}
