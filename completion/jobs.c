/* jobs.c - job identifiers (XBD 3.182). */
#include "completion/sources.h"
#include "shell/job.h"
#include "shell/shell.h"
#include <stdio.h>

struct search {
    const char *prefix;
    struct completions *out;
};

static void visit(struct shell *sh, struct job *job, void *context)
{
    struct search *search = context;
    char text[16];

    struct arena_mark mark = arena_mark(&sh->scratch);

    snprintf(text, sizeof text, "%%%u", job_number(job));
    completions_add_matching(search->out, search->prefix, text, job_text(sh, job));
    arena_release(&sh->scratch, mark);
}

void complete_jobs(struct shell *sh, const char *prefix, struct completions *out)
{
    struct search search = {prefix, out};

    job_each(sh, visit, &search);
}
