/* fg [job], bg [job...] - XCU fg, bg. */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/job.h"
#include "shell/out.h"
#include "shell/shell.h"

/* The job, when there is one under job control; else NULL, reported. */
static struct job *find(struct shell *sh, const char *utility, const char *operand)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    bool ambiguous = false;
    struct job *job = NULL;

    if (!job_has_control(sh))
        error_print(sh, "%s: there is no job control", utility);
    else if (!(job = job_find(sh, operand ? operand : "%%", &ambiguous)))
        error_print(sh, "%s: %s: %s", utility, operand ? operand : "%%",
                    ambiguous ? "ambiguous" : "no such job");
    else if (!job_is_controlled(job))
        error_print(sh, "%s: %s: not under job control", utility, operand ? operand : "%%");
    arena_release(&sh->scratch, mark);
    return job && job_is_controlled(job) ? job : NULL;
}

int builtin_fg(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    struct arena_mark mark = arena_mark(&sh->scratch);
    struct job *job;

    if (builtin_option(sh, &options, argc, argv, "") != -1)
        return 2;
    job = find(sh, "fg", options.index < argc ? argv[options.index] : NULL);
    if (!job)
        return 1;
    out_printf(sh, "%s\n", job_text(sh, job));
    out_flush(sh);
    arena_release(&sh->scratch, mark);
    return job_continue(sh, job, true);
}

static int background(struct shell *sh, const char *operand)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    struct job *job = find(sh, "bg", operand);

    if (!job)
        return 1;
    out_printf(sh, "[%u] %s\n", job_number(job), job_text(sh, job));
    out_flush(sh); /* before the job can write */
    arena_release(&sh->scratch, mark);
    return job_continue(sh, job, false);
}

int builtin_bg(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    int status = 0;

    if (builtin_option(sh, &options, argc, argv, "") != -1)
        return 2;
    if (options.index >= argc)
        return background(sh, NULL);
    for (int i = options.index; i < argc; i++)
        if (background(sh, argv[i]) != 0)
            status = 1;
    return status;
}
