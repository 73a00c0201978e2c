/*
 * edit.h - the interactive line editor.
 *
 * Made by the first prompt; edit_usable() says for each line whether it can be used now, for that depends on
 * `set -o emacs`, `set -o vi`, TERM, and where descriptors 0 and 2 lead.
 *
 * A command of several lines stays one text, from its first line on, until the shell has all of it:
 * edit_read() gives it to the parser as it grows. The terminal is in the editor's mode from edit_read() to
 * edit_finish(), and otherwise in the mode that commands expect. Only as many bytes are read from descriptor
 * 0 as the line has: what is typed ahead is for the command that runs next. Nothing here waits for anything
 * but the keyboard.
 */
#ifndef SHELL_EDIT_H
#define SHELL_EDIT_H

#include <stdbool.h>
#include <stddef.h>

struct shell;
struct edit;

struct edit *edit_new(struct shell *sh); /* NULL: no terminal */
void edit_free(struct edit *edit);
bool edit_usable(const struct edit *edit);

struct edit_prompt {
    const char *text;   /* of one or several lines */
    const char *right;  /* shown at the right edge while there is room */
    const char *more;   /* before each further line of the command */
    const char *end;    /* written between the prompt and what is typed; takes no columns */
    bool suggest;       /* earlier commands that begin with what is typed */
    bool judge;         /* commands that are not there have another colour, if there are colours */
    bool bracket_paste; /* the terminal is told to say what is pasted */
};

/*
 * Reads what the user types until Enter: a command of one or several lines, newline included. begun
 * (begun_len bytes) is what the parser has of an open command; what the user makes of it may begin
 * differently. Returns the whole (*len bytes, valid until the next call), or NULL with *error: 0 end of file
 * typed, EINTR interrupted, ECANCELED a trap made the shell unwind, EIO the terminal is gone.
 */
const char *edit_read(struct edit *edit, const struct edit_prompt *prompt, const char *begun,
                      size_t begun_len, size_t *len, int *error);

/* The command is complete or given up: the terminal is as commands expect it. */
void edit_finish(struct edit *edit);

#endif
