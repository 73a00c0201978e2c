/*
 * edit_menu.h - what the word before the cursor may become, below the line, to choose from.
 *
 *   OPEN, nothing chosen                             CHOSEN: the item stands in the line
 *     TAB: what all have in common, or the first       TAB, S-TAB, arrows, page keys: another one
 *     S-TAB, arrows: the first or last                 Enter: it stays, finished as a single one is
 *     a character: inserted; those that fit stay       ESC, ^G, Backspace: what was typed, and OPEN is left
 *     ESC, ^G: left                                    / behind a directory: that stays
 *     any other key: left, and it does what it does    any other key: the item stays, and it does what it does
 */
#ifndef SHELL_EDIT_MENU_H
#define SHELL_EDIT_MENU_H

#include "shell/edit_ask.h"
#include <stdbool.h>
#include <stddef.h>

struct edit;

struct edit_menu {
    struct edit_answer *answer;
    size_t from;     /* of the word in the line; it ends at the cursor */
    char *typed;     /* the word without what is chosen; malloc'ed */
    size_t *fitting; /* items that begin so, in their order; malloc'ed */
    size_t count;
    bool chosen;
    size_t at; /* of fitting, when chosen */

    /* as it was drawn last: column by column, `visible` of the rows from `top` on; no rows: not yet */
    size_t rows, across, top, visible;
};

/* Is there a row for it below the text? */
bool edit_menu_has_room(const struct edit *edit);
/* Until the user has chosen or goes on otherwise. answer may be asked for anew; it stays the caller's. */
void edit_menu(struct edit *edit, struct edit_answer *answer, size_t from);

/* edit_menu_draw.c */
void edit_menu_put(struct edit *edit); /* below the frame that is being built */
/* As if the text had a row: for keys that come before it is drawn. */
void edit_menu_arrange(const struct edit *edit, struct edit_menu *menu);

#endif
