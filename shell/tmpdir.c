/* tmpdir.c - the session's directory for temporary files. */
#include "shell/tmpdir.h"
#include "shell/job.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

void tmpdir_begin(struct shell *sh)
{
    struct symbol *symbol = symbol_intern("TMPDIR", 6);
    char path[32];
    uint64_t number;

    if ((symbol->var.flags & VAR_SET) || getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number)
        return;
    snprintf(path, sizeof path, "/tmp/fleetsh-%016llx", (unsigned long long)number);
    if (var_set(sh, symbol, path, strlen(path), VAR_EXPORT))
        symbol->var.flags |= VAR_DYNAMIC;
}

/*
 * The number cannot be guessed, and until the directory is there nobody but this shell and its subshells has
 * seen it: what already stands there was made by one of them.
 */
void tmpdir_make(const char *path)
{
    mkdir(path, 0700);
}

static void note_alive(struct shell *sh, struct job *job, void *context)
{
    bool *alive = context;

    (void)sh;
    *alive |= job_state(job) != JOB_DONE;
}

bool tmpdir_is_ours(struct shell *sh)
{
    bool alive = false;

    if (!(symbol_intern("TMPDIR", 6)->var.flags & VAR_DYNAMIC))
        return false;
    job_poll(sh);
    job_each(sh, note_alive, &alive); /* a job that lives on may be about to use it */
    return !alive;
}

void tmpdir_end(struct shell *sh)
{
    if (tmpdir_is_ours(sh))
        rmdir(symbol_intern("TMPDIR", 6)->var.value);
}
