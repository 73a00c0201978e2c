/* edit_judge.c - the child that looks for a command, and what has been heard of it. */
#include "shell/edit_judge.h"
#include "shell/arena.h"
#include "shell/complete.h"
#include "shell/edit_ask.h"
#include "shell/edit_state.h"
#include "shell/exec.h"
#include "shell/fork.h"
#include "shell/redir.h"
#include "shell/symbol.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the names of a line ---- */

struct names {
    struct edit *edit;
    bool paused;
    char *unknown; /* the first that nothing is known of, malloc'ed */
    bool unfinished;
    struct edit_missing *missing;
    size_t count, max;
};

static const struct edit_verdict *verdict_of(const struct edit_judge *judge, const char *name)
{
    for (size_t i = 0; i < judge->count; i++)
        if (strcmp(judge->verdicts[i].name, name) == 0)
            return &judge->verdicts[i];
    return NULL;
}

/* Without looking anywhere. */
static bool is_known(const char *name)
{
    const struct symbol *symbol = symbol_find(name, strlen(name));

    return symbol &&
           (symbol->alias || symbol->function || symbol->builtin || symbol->reserved || symbol->path);
}

static void find_unknown(size_t from, size_t to, const char *name, void *context)
{
    struct names *names = context;

    (void)from;
    if (names->unknown || !*name || is_known(name) || verdict_of(&names->edit->judge, name))
        return;
    if (to == names->edit->text.cursor && !names->paused)
        names->unfinished = true;
    else
        names->unknown = xstrdup(name);
}

static void find_missing(size_t from, size_t to, const char *name, void *context)
{
    struct names *names = context;
    const struct edit_verdict *verdict = verdict_of(&names->edit->judge, name);

    if (verdict && verdict->missing && !is_known(name) && names->count < names->max)
        names->missing[names->count++] = (struct edit_missing){from, to};
}

size_t edit_judge_missing(struct edit *edit, struct edit_missing *missing, size_t max)
{
    struct names names = {.edit = edit, .missing = missing, .max = max};

    if (edit->judge.on && edit->judge.count > 0)
        complete_each_command(edit->text.bytes, edit->text.len, find_missing, &names);
    return names.count;
}

/* ---- asking ---- */

static void begin_question(struct edit *edit, char *name)
{
    struct edit_judge *judge = &edit->judge;
    int ends[2], error;

    judge->asked = name;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        edit_judge_end(edit);
        return;
    }
    ends[0] = redir_move_high(ends[0]);
    ends[1] = redir_move_high(ends[1]);
    judge->child = shell_fork(edit->sh, NULL, FORK_NO_JOB);
    if (judge->child == 0) {
        bool found = exec_find(edit->sh, symbol_intern(name, strlen(name)), NULL, &error) != NULL;
        _exit(write(ends[1], found ? "+" : "-", 1) == 1 ? 0 : 1);
    }
    close(ends[1]);
    judge->answer = ends[0];
    if (judge->child < 0) {
        edit_judge_end(edit);
        judge->on = false;
    }
}

int edit_judge_ask(struct edit *edit, bool paused)
{
    struct edit_judge *judge = &edit->judge;
    struct names names = {.edit = edit, .paused = paused};

    if (!judge->on || judge->asked || judge->count == EDIT_JUDGE_NAMES)
        return -1;
    complete_each_command(edit->text.bytes, edit->text.len, find_unknown, &names);
    if (names.unknown)
        begin_question(edit, names.unknown);
    return !names.unknown && names.unfinished ? EDIT_JUDGE_MS : -1;
}

static void forget_child(struct edit_judge *judge)
{
    if (judge->answer >= 0)
        close(judge->answer);
    judge->answer = -1;
    judge->asked = NULL;
}

void edit_judge_hear(struct edit *edit)
{
    struct edit_judge *judge = &edit->judge;
    char found = '+'; /* without an answer nothing is wrong */
    ssize_t n;

    do
        n = read(judge->answer, &found, 1);
    while (n < 0 && errno == EINTR);
    judge->verdicts[judge->count++] = (struct edit_verdict){judge->asked, found == '-'};
    forget_child(judge);
    while (waitpid(judge->child, NULL, 0) < 0 && errno == EINTR)
        continue;
}

/* ---- a line ---- */

void edit_judge_begin(struct edit *edit, bool on)
{
    edit_judge_end(edit);
    edit->judge.on = on;
}

void edit_judge_end(struct edit *edit)
{
    struct edit_judge *judge = &edit->judge;

    if (judge->asked && judge->child > 0)
        edit_end_child(judge->child);
    free(judge->asked);
    forget_child(judge);
    for (size_t i = 0; i < judge->count; i++)
        free(judge->verdicts[i].name);
    judge->count = 0;
}
