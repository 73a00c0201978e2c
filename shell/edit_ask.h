/*
 * edit_ask.h - possibilities, found by a child, so that neither a slow directory nor a slow directory service
 * holds up the prompt: ^C ends the wait.
 */
#ifndef SHELL_EDIT_ASK_H
#define SHELL_EDIT_ASK_H

#include "shell/complete.h"
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct edit;

#define EDIT_ANSWERS_MAX 400     /* items, where they are to be shown */
#define EDIT_ANSWERS_ALL INT_MAX /* where all are to be inserted */

struct edit_answer {
    struct completions found;
    char *ending; /* found.ending, malloc'ed */
};

/* complete_line() with these. false: reading is over, or there was trouble. */
bool edit_ask_line(struct edit *edit, const char *line, size_t cursor, size_t limit,
                   struct edit_answer *answer);
/* complete_pathnames() of that word. */
bool edit_ask_pathnames(struct edit *edit, const char *word, size_t limit, struct edit_answer *answer);
/* A child that is not waited for any more is killed. One that is stuck in its system call ends when that does; the
 * jobs' waiting takes it then. */
void edit_end_child(pid_t child);
void edit_answer_free(struct edit_answer *answer);

#endif
