/*
 * edit.h - the interactive line editor, over libedit.
 *
 * Invariants: between two calls the terminal is in the mode that commands expect. Only as many bytes are read
 * from descriptor 0 as the line has: what is typed ahead is for the command that runs next. Nothing here
 * waits for anything but the keyboard.
 *
 * Made by the first prompt; edit_usable() says for each line whether it can be used now, for that depends on
 * `set -o emacs`, `set -o vi`, TERM, and where descriptors 0 and 2 lead.
 */
#ifndef SHELL_EDIT_H
#define SHELL_EDIT_H

#include <stdbool.h>
#include <stddef.h>

struct shell;
struct edit;

struct edit *edit_new(struct shell *sh); /* NULL: no libedit or no terminal */
void edit_free(struct edit *edit);
bool edit_usable(const struct edit *edit);

struct edit_prompt {
    const char *text;   /* of one or several lines */
    const char *right;  /* shown at the right edge while there is room */
    const char *end;    /* written once between it and what is typed; takes no columns */
    bool suggest;       /* earlier commands that begin with what is typed */
    bool bracket_paste; /* the terminal is told to say what is pasted */
};

/*
 * Reads what the user types until Enter: one line, or several when text was pasted; newline included. Returns
 * it (*len bytes, valid until the next call), or NULL with *error: 0 end of file typed, EINTR interrupted,
 * ECANCELED a trap made the shell unwind, EIO the terminal is gone.
 */
const char *edit_read(struct edit *edit, const struct edit_prompt *prompt, size_t *len, int *error);

#endif
