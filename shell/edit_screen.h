/*
 * edit_screen.h - the editor's part of the terminal: some rows, of which only what differs is written anew.
 *
 * A frame is built from the prompt on (edit_screen_begin, _lead, _put, _newline...), then shown
 * (edit_screen_show). The terminal must know ECMA-48's cursor movements and erasing; nothing is ever asked of
 * it. A row that ends because the screen does is continued by the terminal's own wrapping, so that it can
 * arrange and copy it as one line. Of more rows than the screen has, those around the cursor are shown.
 *
 * Invariant between two calls: either nothing is shown (known is false), and the cursor is at the beginning
 * of a row that is free, or `shown` is what stands there, and the cursor is at row, column of it.
 */
#ifndef SHELL_EDIT_SCREEN_H
#define SHELL_EDIT_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum edit_style { EDIT_PLAIN, EDIT_DIM, EDIT_WRONG, EDIT_MARKED, EDIT_CHOSEN };

struct edit_cell {
    uint32_t at; /* of its bytes in the frame's pool */
    uint16_t len;
    uint8_t columns, style;
};

struct edit_row {
    size_t first, count;     /* cells */
    size_t lead, lead_len;   /* in the pool: written as it is, before the cells */
    unsigned start, columns; /* where the cells begin; where they end */
    size_t tail, tail_len;   /* in the pool: at the right edge */
    unsigned tail_columns;
};

struct edit_frame {
    struct edit_cell *cells;
    size_t cell_count, cell_cap;
    struct edit_row *rows;
    size_t row_count, row_cap;
    char *pool;
    size_t pool_len, pool_cap;
    bool cursor_waits; /* for the character that it is on */
    size_t cursor_row;
    unsigned cursor_column;
    size_t end_row; /* last row of the text, without what stands below */
    size_t top;     /* first row that is on the screen */
};

struct edit_screen {
    FILE *out;
    unsigned height, width; /* of the terminal */
    bool colour, onlcr;     /* onlcr: the terminal makes CR NL of NL */
    struct edit_frame shown, next;
    bool known;
    size_t row;      /* of shown, where the cursor is */
    unsigned column; /* the width itself: behind the last column, the next character wraps */
};

void edit_screen_free(struct edit_screen *screen);

void edit_screen_begin(struct edit_screen *screen, const char *lead, unsigned columns);
void edit_screen_newline(struct edit_screen *screen, const char *lead, unsigned columns);
/* Text without newlines. Control characters are shown as ^X, bytes that are no characters as ?. */
void edit_screen_put(struct edit_screen *screen, const char *bytes, size_t len, enum edit_style style);
/* At the right edge of the first row, if there is room. */
void edit_screen_tail(struct edit_screen *screen, const char *bytes, unsigned columns);
void edit_screen_cursor(struct edit_screen *screen);         /* here */
void edit_screen_end(struct edit_screen *screen);            /* of the text */
unsigned edit_screen_room(const struct edit_screen *screen); /* columns left in the row being built */
void edit_screen_show(struct edit_screen *screen);

void edit_screen_to_end(struct edit_screen *screen); /* of the text: the cursor */
/* The cursor goes below the text. The next frame is drawn over this one, if nothing else is written
 * meanwhile. */
void edit_screen_rest(struct edit_screen *screen);
/* The same, and nothing is known to be shown any more. */
void edit_screen_leave(struct edit_screen *screen);
/* The terminal has another size now: what was shown is erased as well as can be told. */
void edit_screen_resize(struct edit_screen *screen, unsigned height, unsigned width, bool reflows);
void edit_screen_clear(struct edit_screen *screen); /* the whole terminal */

#endif
