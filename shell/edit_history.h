/*
 * edit_history.h - the shell's history as libedit walks through it (its hist_fun_t).
 */
#ifndef SHELL_EDIT_HISTORY_H
#define SHELL_EDIT_HISTORY_H

#include <histedit.h>

struct shell;

struct edit_history {
    struct shell *sh;
    unsigned at;   /* number of the command last given */
    wchar_t *text; /* of it */
};

/* context is struct edit_history. Knows H_FIRST (the newest), H_NEXT (older), H_PREV, H_LAST and H_CURR. */
int edit_history_walk(void *context, HistEventW *event, int op, ...);

#endif
