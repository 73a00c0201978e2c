/*
 * edit_keys.h - how libedit gets its characters (its el_rfunc_t); and what edit.c and edit_keys.c share.
 *
 * A terminal that was told to brackets what is pasted with ESC[200~ and ESC[201~. That text is collected here
 * and libedit gets one key for it, which is bound to a function that inserts it: so pasted newlines execute
 * nothing.
 */
#ifndef SHELL_EDIT_KEYS_H
#define SHELL_EDIT_KEYS_H

#include "shell/edit_history.h"
#include "shell/edit_suggest.h"
#include "shell/libedit.h"
#include <stdbool.h>
#include <sys/ioctl.h>
#include <termios.h>

#define EDIT_PASTE_KEY                                                                                       \
    L'\x9d' /* a C1 control character: no key of a keyboard, and below 256 as EL_BIND wants it */
#define EDIT_PASTE_BIND "\\235" /* the same for EL_BIND */

enum edit_mode { EDIT_NONE, EDIT_EMACS, EDIT_VI };

struct edit {
    struct shell *sh;
    const struct libedit *lib;
    EditLine *el;
    FILE *out, *nowhere; /* the screen; where libedit's complaints go */
    enum edit_mode mode; /* what libedit's keys are set up for */
    char *terminal;      /* TERM as libedit was told */
    wchar_t *prompt, *right_prompt;
    const char *prompt_end; /* to be written before the first key is waited for; NULL: it was */
    struct edit_history history;
    struct edit_search search;
    struct edit_suggestion suggestion;
    struct winsize size;
    struct termios modes; /* of the terminal between two lines, unless it was left in raw mode */
    bool has_modes;
    bool fresh;   /* the cursor is at the beginning of a line of its own */
    bool stopped; /* reading ended without a line, and why: errno, 0: end of file */
    int stop;
    char ahead[64]; /* bytes read to see what an ESC begins (edit_escape.h): a key */
    size_t ahead_len;
    char *paste;
    size_t paste_len, paste_cap;
    char *line; /* result of edit_read() */
};

struct edit *edit_of(EditLine *el); /* its client data */

/* For reading keys, and back to the modes that were there. */
void edit_take_terminal(struct edit *edit);
void edit_give_terminal(struct edit *edit);

/* One byte; milliseconds < 0: without limit. 1; 0: none came; -1: reading is over, edit->stop says why. */
int edit_byte_within(struct edit *edit, int milliseconds, char *byte);

int edit_read_character(EditLine *el, wchar_t *character);

/* Conversions in the present locale, malloc'ed. What is no character becomes ?. */
wchar_t *edit_widen(const char *text, size_t len);
char *edit_narrow(const wchar_t *text, size_t count, size_t *len);

#endif
