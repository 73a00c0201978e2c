/*
 * edit_suggest.h - the rest of the newest command of the history that begins as the line does.
 *
 * Only while the cursor is at the end of a line that is not empty, and only a command of one line.
 */
#ifndef SHELL_EDIT_SUGGEST_H
#define SHELL_EDIT_SUGGEST_H

struct edit;

/* What may be inserted at the cursor now: valid until the history changes; NULL: nothing. */
const char *edit_suggest_rest(struct edit *edit);

#endif
