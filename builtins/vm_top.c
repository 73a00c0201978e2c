/* vm_top.c - the view is a program of its own (vmproc/top): it links ncurses. Which jobs there are only we
 * know. */
#include "builtins/vm_programs.h"
#include "shell/arena.h"
#include "shell/error.h"
#include "shell/job.h"
#include "shell/shell.h"
#include "shell/simple.h"
#include "vmproc/vmproc.h"
#include <stdio.h>
#include <string.h>

static void add_job(struct shell *sh, struct job *job, void *context)
{
    char text[64];
    int len = snprintf(text, sizeof text, "%u:%d,", job_number(job), (int)job_pgid(job));

    arena_string_put(context, text, (size_t)len);
}

int vm_top(struct shell *sh, char **arguments)
{
    const struct external how = {.on_host = true};
    struct arena_mark mark = arena_mark(&sh->scratch);
    struct arena_string jobs;
    const char *path = vmproc_top();
    char **argv, *text;
    size_t count = 0, len;
    int status;

    if (!path) {
        error_print(sh, "vm: top: vm-top is not installed beside fleetsh's other parts");
        return 1;
    }
    arena_string_begin(&jobs, &sh->scratch);
    job_each(sh, add_job, &jobs);
    text = arena_string_finish(&jobs, &len);
    while (arguments[count])
        count++;
    argv = arena_alloc(&sh->scratch, (count + 4) * sizeof *argv);
    argv[0] = (char *)path;
    argv[1] = "--jobs";
    argv[2] = text;
    memcpy(argv + 3, arguments, (count + 1) * sizeof *argv);
    status = simple_external(sh, argv, &how);
    arena_release(&sh->scratch, mark);
    return status;
}
