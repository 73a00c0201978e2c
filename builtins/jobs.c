/* jobs [-l|-p] [job...] - XCU jobs. */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/job.h"
#include "shell/shell.h"

static void print(struct shell *sh, struct job *job, void *format)
{
    job_print(sh, job, *(const enum job_format *)format);
}

int builtin_jobs(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    enum job_format format = JOB_FORMAT_DEFAULT;
    int letter, status = 0;

    while ((letter = builtin_option(sh, &options, argc, argv, "lp")) != -1) {
        if (letter == '?')
            return 2;
        format = letter == 'l' ? JOB_FORMAT_LONG : JOB_FORMAT_PGID;
    }
    job_poll(sh);
    if (options.index >= argc)
        job_each(sh, print, &format);
    for (int i = options.index; i < argc; i++) {
        bool ambiguous;
        struct job *job = job_find(sh, argv[i], &ambiguous);

        if (job) {
            job_print(sh, job, format);
        } else {
            error_print(sh, "jobs: %s: %s", argv[i], ambiguous ? "ambiguous" : "no such job");
            status = 1;
        }
    }
    return status;
}
