/*
 * edit_complete.h - what TAB does to the line: inserts what is sure, lists the rest.
 */
#ifndef SHELL_EDIT_COMPLETE_H
#define SHELL_EDIT_COMPLETE_H

#include <stdbool.h>
#include <stdio.h>

struct shell;

struct edit_completion {
    char *insert;        /* to stand between start and the cursor, malloc'ed; NULL: leave the line alone */
    size_t delete_bytes; /* before the cursor, which insert replaces */
};

/* Where possibilities are listed. */
struct edit_list {
    FILE *out;
    unsigned rows, columns;
    bool colour;
};

/*
 * before: the line up to the cursor. When nothing can be inserted and there is more than one possibility,
 * they are listed below the line, with descriptions if all fit on the screen; returns 1 then (the line must
 * be shown again), -1 when there is none, else 0.
 */
int edit_complete(struct shell *sh, const char *before, size_t len, const struct edit_list *list,
                  struct edit_completion *result);

#endif
