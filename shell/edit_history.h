/*
 * edit_history.h - the shell's history as libedit walks through it (its hist_fun_t).
 */
#ifndef SHELL_EDIT_HISTORY_H
#define SHELL_EDIT_HISTORY_H

#include <histedit.h>
#include <stdbool.h>
#include <stddef.h>

struct shell;

struct edit_history {
    struct shell *sh;
    unsigned at;   /* number of the command last given */
    wchar_t *text; /* of it */
};

/*
 * Up and down: earlier and later commands that begin with what was typed. libedit's own functions for that
 * match anywhere in a command, and take what was typed for a regular expression.
 */
struct edit_search {
    unsigned at; /* number of the command that is shown; 0: none */
    char *typed; /* the line before the search began */
    size_t typed_len;
};

/*
 * The line to show instead of line (len bytes), or NULL: there is none. Valid until the next call. A line
 * that is not the one this gave last begins a new search.
 */
const char *edit_search(struct shell *sh, struct edit_search *search, bool older, const char *line,
                        size_t len);

/* context is struct edit_history. Knows H_FIRST (the newest), H_NEXT (older), H_PREV, H_LAST and H_CURR. */
int edit_history_walk(void *context, HistEventW *event, int op, ...);

#endif
