/*
 * edit_move.h - where a movement leads. Positions as in edit_text.h; each returns `at` where it cannot move.
 *
 * emacs's words are letters and digits. vi's are letters, digits and _, or what else stands together; its
 * bigwords are what blanks separate.
 */
#ifndef SHELL_EDIT_MOVE_H
#define SHELL_EDIT_MOVE_H

#include "shell/edit_text.h"

bool edit_is_letter(const struct edit_text *text, size_t at);     /* or a digit */
size_t edit_word_end(const struct edit_text *text, size_t at);    /* emacs: behind this or the next word */
size_t edit_word_start(const struct edit_text *text, size_t at);  /* emacs: of this or the one before */
size_t edit_blank_start(const struct edit_text *text, size_t at); /* of what blanks separate; for ^W */

size_t edit_vi_word(const struct edit_text *text, size_t at, bool big);      /* w W */
size_t edit_vi_word_end(const struct edit_text *text, size_t at, bool big);  /* e E */
size_t edit_vi_word_back(const struct edit_text *text, size_t at, bool big); /* b B */

/* To the line above or below, in the same column, or its end. */
size_t edit_line_above(const struct edit_text *text, size_t at);
size_t edit_line_below(const struct edit_text *text, size_t at);

#endif
