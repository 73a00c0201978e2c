/*
 * edit_suggest.h - behind what is typed, dim, the rest of the newest command of the history that begins so.
 *
 * libedit cannot draw it: it is written beside the line, while a key is waited for and the cursor is at the
 * end, and taken away before libedit sees the key. So libedit's idea of the screen stays true. Only a line
 * that fits on one row of the screen has one, and only a command of one line is suggested.
 */
#ifndef SHELL_EDIT_SUGGEST_H
#define SHELL_EDIT_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

struct edit;

struct edit_suggestion {
    bool wanted;    /* by the user, on this terminal */
    unsigned shown; /* columns that are drawn */
};

/* Before a key is waited for, and after it has come. */
void edit_suggest_show(struct edit *edit);
void edit_suggest_hide(struct edit *edit);

/* What may be inserted at the cursor now: valid until the history changes; NULL: nothing. */
const char *edit_suggest_rest(struct edit *edit);

#endif
