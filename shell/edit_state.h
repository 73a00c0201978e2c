/*
 * edit_state.h - what the parts of the line editor share: the text, where it is shown, what the keys mean.
 *
 *   edit.c          a line from prompt to Enter             edit_keys.c     what was pressed
 *   edit_emacs.c    keys of emacs mode                      edit_vi*.c      vi's modes
 *   edit_command.c  what both can do                        edit_move.c     where a movement leads
 *   edit_draw.c     the line as a frame of the screen       edit_screen.c   frames on the terminal
 *   edit_search.c   ^R and ^S                               edit_history.c  up and down
 *   edit_judge.c    commands that are not there             edit_menu.c     what TAB offers
 */
#ifndef SHELL_EDIT_STATE_H
#define SHELL_EDIT_STATE_H

#include "shell/edit.h"
#include "shell/edit_binding.h"
#include "shell/edit_judge.h"
#include "shell/edit_keys.h"
#include "shell/edit_kill.h"
#include "shell/edit_menu.h"
#include "shell/edit_prompt.h"
#include "shell/edit_screen.h"
#include "shell/edit_text.h"
#include <stdio.h>
#include <termios.h>

enum edit_mode { EDIT_NONE, EDIT_EMACS, EDIT_VI };

/* Up and down: earlier and later commands that begin with what was typed. */
struct edit_walk {
    unsigned at; /* number of the command that is shown; 0: none */
    char *typed; /* the line before, malloc'ed */
};

/* Of vi's mode. */
struct edit_vi {
    bool command;               /* not inserting */
    bool replacing;             /* R */
    size_t insert_start;        /* where inserting began... */
    unsigned insert_count;      /* ...what ESC inserts so often in all */
    uint32_t typed_before;      /* the key before this one */
    unsigned count, next_count; /* of the running command; what . gives to the next one, 0: nothing */
    uint32_t find;              /* f F t T; 0: none yet */
    char find_character[8];
    char *pattern; /* of / and ?, malloc'ed */
    bool pattern_back;
    uint32_t *last; /* the keys of the last change, without its count, malloc'ed; for . */
    size_t last_len;
    unsigned last_count;
    char *original; /* the line before it was changed, for U, malloc'ed */
};

struct edit {
    struct shell *sh;
    FILE *out; /* the screen */
    enum edit_mode mode;
    struct edit_text text;
    struct edit_kills kills;
    struct edit_screen screen;
    struct edit_keyboard keyboard;
    struct edit_walk walk;
    struct edit_vi vi;

    struct edit_lead lead, more, right; /* the prompt's last line, that of further lines, that at the right */
    char *above;                        /* the prompt's lines above, malloc'ed */
    bool suggest;
    struct edit_judge judge;
    struct edit_menu *menu;     /* shown below the line; NULL: none */
    const char *message;        /* shown below the line; NULL: nothing */
    size_t match_at, match_len; /* marked in the line */
    char *sought;               /* what was searched for last, malloc'ed, or NULL */

    uint32_t key;                               /* that led to the running command */
    bool (*last)(struct edit *edit, int count); /* the command before; NULL: none */
    bool (*now)(struct edit *edit, int count);
    size_t mark, yank_at;   /* of ^@; where the last yank began */
    unsigned last_argument; /* of M-.: number of the command it came from; 0: none */
    unsigned macro_keys;    /* so many keys are yet to come from a macro: they begin none */
    unsigned next_number;   /* ^O: the command of the history to begin the next line with; 0: none */

    bool accepted, stopped; /* Enter; reading ended without a line */
    int stop;               /* why: errno, 0: end of file */
    bool taken, has_modes;  /* the terminal is in the editor's mode; modes are those of before */
    bool fresh;             /* the cursor is at the beginning of a line of its own */
    struct termios modes;
    char *line; /* result of edit_read() */
};

/* edit.c */
bool edit_attend(struct edit *edit); /* to a signal; false: reading is over */
void edit_take_terminal(struct edit *edit);
void edit_give_terminal(struct edit *edit);
void edit_bell(struct edit *edit);
/* The text becomes this one; it can be taken back. The cursor is at its end. */
void edit_set_text(struct edit *edit, const char *bytes, size_t len);

/* edit_draw.c */
void edit_show(struct edit *edit);
bool edit_show_unless_typed_ahead(struct edit *edit); /* false: there is something to read */
void edit_show_prompt_above(struct edit *edit);       /* the prompt's lines above the last one */
/* The line is over: what only helps to type it goes, `behind` is written, the cursor stands below. */
void edit_show_final(struct edit *edit, const char *behind);
/* Something else is to be written: the cursor stands below the line, which is shown anew afterwards. */
void edit_step_aside(struct edit *edit);

/* edit_emacs.c, edit_vi.c: what the key does */
void edit_emacs_key(struct edit *edit, uint32_t key);
/* What the user has bound to it. false: nothing. */
bool edit_bound_key(struct edit *edit, uint32_t key, edit_function **run);
void edit_vi_key(struct edit *edit, uint32_t key);
void edit_vi_begin(struct edit *edit); /* of a line */
void edit_vi_free(struct edit_vi *vi);

/* edit_search.c: incremental search */
bool edit_search(struct edit *edit, bool older);

#endif
