/* jobs.c - job identifiers (XBD 3.182). */
#include "completion/sources.h"
#include "shell/job.h"
#include <stdio.h>
#include <string.h>

struct search {
    const char *prefix;
    struct completions *out;
};

static void visit(struct shell *sh, struct job *job, void *context)
{
    struct search *search = context;
    char text[16];

    (void)sh;
    snprintf(text, sizeof text, "%%%u", job_number(job));
    if (strncmp(text, search->prefix, strlen(search->prefix)) == 0)
        completions_add(search->out, text);
}

void complete_jobs(struct shell *sh, const char *prefix, struct completions *out)
{
    struct search search = {prefix, out};

    job_each(sh, visit, &search);
}
