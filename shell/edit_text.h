/*
 * edit_text.h - the text that is being edited: bytes, a cursor, and what was done to them.
 *
 * Positions are offsets in bytes. The cursor never stands inside a character, nor between one and the
 * combining characters behind it: the two are one to the user. Bytes that are no character are characters of
 * their own. Lines are separated by newlines.
 *
 * Every change goes through edit_text_replace(), which notes how to take it back. Changes of one group are
 * taken back together.
 */
#ifndef SHELL_EDIT_TEXT_H
#define SHELL_EDIT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct edit_change {
    unsigned group;
    size_t at, inserted; /* that many bytes at this place were put in... */
    char *removed;       /* ...for these, malloc'ed */
    size_t removed_len;
    size_t cursor; /* where it was before */
};

struct edit_text {
    char *bytes; /* ends with NUL */
    size_t len, cap, cursor;
    struct edit_change *changes; /* oldest first */
    size_t change_count, change_cap;
    unsigned group;
};

void edit_text_free(struct edit_text *text);

/* Another text; nothing of the one before can be taken back. The cursor is at its end. */
void edit_text_begin(struct edit_text *text, const char *bytes, size_t len);
/* Bytes from..to become these len; the cursor is behind them. */
void edit_text_replace(struct edit_text *text, size_t from, size_t to, const char *bytes, size_t len);
void edit_text_insert(struct edit_text *text, const char *bytes, size_t len); /* at the cursor */
void edit_text_remove(struct edit_text *text, size_t from, size_t to);        /* the cursor is there */

/* What follows is another group of changes. */
void edit_text_new_group(struct edit_text *text);
/* Takes the newest group back; false: there is none. */
bool edit_text_undo(struct edit_text *text);

size_t edit_text_next(const struct edit_text *text, size_t at);     /* the next character; len at the end */
size_t edit_text_previous(const struct edit_text *text, size_t at); /* 0 at the beginning */
size_t edit_text_line_start(const struct edit_text *text, size_t at);
size_t edit_text_line_end(const struct edit_text *text, size_t at);

/*
 * Length in bytes of the character at bytes, with its combining characters, and the columns it takes: 0..2;
 * -1: it is a control character or none at all.
 */
size_t edit_cluster(const char *bytes, const char *end, int *columns);

#endif
