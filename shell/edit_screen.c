/* edit_screen.c - rows, and how to get from one frame to the next. */
#include "shell/edit_screen.h"
#include "shell/arena.h"
#include "shell/edit_text.h"
#include <stdlib.h>
#include <string.h>

#define TAB_STOP 8

static const char *const style_on[] = {[EDIT_PLAIN] = "",
                                       [EDIT_DIM] = "\033[2m",
                                       [EDIT_WRONG] = "\033[31m",
                                       [EDIT_MARKED] = "\033[4m",
                                       [EDIT_CHOSEN] = "\033[7m"};

static void frame_free(struct edit_frame *frame)
{
    free(frame->cells);
    free(frame->rows);
    free(frame->pool);
}

void edit_screen_free(struct edit_screen *screen)
{
    frame_free(&screen->shown);
    frame_free(&screen->next);
}

/* ---- building a frame ---- */

static size_t pool_put(struct edit_frame *frame, const char *bytes, size_t len)
{
    size_t at = frame->pool_len;

    if (at + len > frame->pool_cap) {
        frame->pool_cap = 2 * (at + len);
        frame->pool = xrealloc(frame->pool, frame->pool_cap);
    }
    if (len > 0)
        memcpy(frame->pool + at, bytes, len);
    frame->pool_len += len;
    return at;
}

static struct edit_row *last_row(struct edit_frame *frame)
{
    return &frame->rows[frame->row_count - 1];
}

static void add_row(struct edit_frame *frame, unsigned start)
{
    if (frame->row_count == frame->row_cap) {
        frame->row_cap = frame->row_cap ? 2 * frame->row_cap : 16;
        frame->rows = xrealloc(frame->rows, frame->row_cap * sizeof *frame->rows);
    }
    frame->rows[frame->row_count++] =
        (struct edit_row){.first = frame->cell_count, .start = start, .columns = start};
}

/* A row that begins with a prompt; one that is wider than the screen covers several rows. */
static void add_lead(struct edit_screen *screen, const char *lead, unsigned columns)
{
    struct edit_frame *frame = &screen->next;
    size_t len = strlen(lead);

    add_row(frame, columns % screen->width);
    struct edit_row *row = last_row(frame);
    row->lead = pool_put(frame, lead, len);
    row->lead_len = len;
    if (columns >= screen->width)
        row->start = row->columns = screen->width;
    for (unsigned covered = screen->width; covered <= columns; covered += screen->width)
        add_row(frame, columns - covered < screen->width ? columns % screen->width : screen->width);
}

/* The cursor is where the next character goes: that may be in the row below. */
static void settle_cursor(struct edit_frame *frame)
{
    if (!frame->cursor_waits)
        return;
    frame->cursor_waits = false;
    frame->cursor_row = frame->row_count - 1;
    frame->cursor_column = last_row(frame)->columns;
}

void edit_screen_begin(struct edit_screen *screen, const char *lead, unsigned columns)
{
    struct edit_frame *frame = &screen->next;

    frame->cell_count = frame->row_count = frame->pool_len = 0;
    frame->cursor_waits = false;
    frame->cursor_row = frame->cursor_column = 0;
    add_lead(screen, lead, columns);
}

void edit_screen_newline(struct edit_screen *screen, const char *lead, unsigned columns)
{
    settle_cursor(&screen->next);
    if (screen->next.cursor_column == screen->width)
        screen->next.cursor_column--;
    add_lead(screen, lead, columns);
}

static void put_cell(struct edit_screen *screen, const char *bytes, size_t len, unsigned columns,
                     enum edit_style style)
{
    struct edit_frame *frame = &screen->next;

    if (last_row(frame)->columns + columns > screen->width)
        add_row(frame, 0);
    settle_cursor(frame);
    if (frame->cell_count == frame->cell_cap) {
        frame->cell_cap = frame->cell_cap ? 2 * frame->cell_cap : 256;
        frame->cells = xrealloc(frame->cells, frame->cell_cap * sizeof *frame->cells);
    }
    frame->cells[frame->cell_count++] =
        (struct edit_cell){(uint32_t)pool_put(frame, bytes, len), (uint16_t)len, (uint8_t)columns, style};
    last_row(frame)->count++;
    last_row(frame)->columns += columns;
}

static void put_control(struct edit_screen *screen, unsigned char byte, enum edit_style style)
{
    char name[2] = {'^', byte == 0x7f ? '?' : (char)(byte + '@')};

    if (byte == '\t') {
        do
            put_cell(screen, " ", 1, 1, style);
        while (last_row(&screen->next)->columns % TAB_STOP);
    } else if (byte >= 0x80) {
        put_cell(screen, "?", 1, 1, style);
    } else {
        put_cell(screen, name, 1, 1, style);
        put_cell(screen, name + 1, 1, 1, style);
    }
}

void edit_screen_put(struct edit_screen *screen, const char *bytes, size_t len, enum edit_style style)
{
    const char *end = bytes + len;
    int columns;

    if (style == EDIT_WRONG && !screen->colour)
        style = EDIT_PLAIN;
    for (size_t n; bytes < end; bytes += n) {
        n = edit_cluster(bytes, end, &columns);
        if (columns > 0 && n <= UINT16_MAX && (unsigned)columns <= screen->width)
            put_cell(screen, bytes, n, (unsigned)columns, style);
        else if (columns < 0)
            put_control(screen, (unsigned char)*bytes, style);
        else /* a combining character that has nothing to combine with */
            put_cell(screen, "?", 1, 1, style);
    }
}

void edit_screen_tail(struct edit_screen *screen, const char *bytes, unsigned columns)
{
    struct edit_frame *frame = &screen->next;
    struct edit_row *row = &frame->rows[0];

    if (columns == 0 || row->columns + columns + 2 > screen->width)
        return;
    row->tail_len = strlen(bytes);
    row->tail = pool_put(frame, bytes, row->tail_len);
    row->tail_columns = columns;
}

void edit_screen_cursor(struct edit_screen *screen)
{
    screen->next.cursor_waits = true;
}

void edit_screen_end(struct edit_screen *screen)
{
    struct edit_frame *frame = &screen->next;

    /* Behind the last column no cursor can be seen: it stands at the beginning of the next row. */
    if (last_row(frame)->columns == screen->width)
        add_row(frame, 0);
    settle_cursor(frame);
    frame->end_row = frame->row_count - 1;
}

unsigned edit_screen_room(const struct edit_screen *screen)
{
    return screen->width - screen->next.rows[screen->next.row_count - 1].columns;
}

/* ---- the terminal's cursor ---- */

static void line_feeds(struct edit_screen *screen, size_t count)
{
    for (; count > 0; count--)
        fputs(screen->onlcr ? "\n" : "\r\n", screen->out);
}

static void move_to(struct edit_screen *screen, size_t row, unsigned column)
{
    if (row == screen->row && column == screen->column)
        return;
    if (row > screen->row) {
        line_feeds(screen, row - screen->row);
        screen->column = 0;
    } else if (row < screen->row || screen->column >= screen->width) {
        fputc('\r', screen->out);
        screen->column = 0;
        if (row < screen->row)
            fprintf(screen->out, "\033[%zuA", screen->row - row);
    }
    screen->row = row;
    if (column == 0 && screen->column > 0)
        fputc('\r', screen->out);
    else if (column < screen->column && screen->column - column < 4)
        for (unsigned n = screen->column - column; n > 0; n--)
            fputc('\b', screen->out);
    else if (column < screen->column)
        fprintf(screen->out, "\033[%uD", screen->column - column);
    else if (column > screen->column)
        fprintf(screen->out, "\033[%uC", column - screen->column);
    screen->column = column;
}

/* ---- from one frame to the next ---- */

static bool same_bytes(const struct edit_frame *a, size_t at_a, const struct edit_frame *b, size_t at_b,
                       size_t len)
{
    return len == 0 || memcmp(a->pool + at_a, b->pool + at_b, len) == 0;
}

static bool same_cell(const struct edit_frame *a, const struct edit_cell *x, const struct edit_frame *b,
                      const struct edit_cell *y)
{
    return x->len == y->len && x->columns == y->columns && x->style == y->style &&
           same_bytes(a, x->at, b, y->at, x->len);
}

static bool same_begin(const struct edit_frame *a, const struct edit_row *x, const struct edit_frame *b,
                       const struct edit_row *y)
{
    return x->start == y->start && x->lead_len == y->lead_len &&
           same_bytes(a, x->lead, b, y->lead, x->lead_len);
}

static bool same_tail(const struct edit_frame *a, const struct edit_row *x, const struct edit_frame *b,
                      const struct edit_row *y)
{
    return x->tail_len == y->tail_len && same_bytes(a, x->tail, b, y->tail, x->tail_len);
}

static void write_cells(struct edit_screen *screen, const struct edit_row *row, size_t from)
{
    const struct edit_frame *frame = &screen->next;
    unsigned style = EDIT_PLAIN;

    for (size_t i = from; i < row->count; i++) {
        const struct edit_cell *cell = &frame->cells[row->first + i];
        if (cell->style != style) {
            fprintf(screen->out, "%s%s", style != EDIT_PLAIN ? "\033[m" : "", style_on[cell->style]);
            style = cell->style;
        }
        fwrite(frame->pool + cell->at, 1, cell->len, screen->out);
        screen->column += cell->columns;
    }
    if (style != EDIT_PLAIN)
        fputs("\033[m", screen->out);
}

/* The row's lead; a wide one goes over the rows below, which are marked as such. */
static void write_lead(struct edit_screen *screen, size_t number)
{
    const struct edit_frame *frame = &screen->next;
    const struct edit_row *row = &frame->rows[number];

    fwrite(frame->pool + row->lead, 1, row->lead_len, screen->out);
    screen->column = row->start;
    while (row->start == screen->width && number + 1 < frame->row_count && row[1].lead_len == 0 &&
           row->count == 0) {
        row++;
        number++;
        if (row->start == 0) /* the prompt ends with the row */
            break;
        screen->row++;
        screen->column = row->start;
        if (row->start < screen->width)
            break;
    }
}

/*
 * Row `number` of the next frame over what is there. old: the row that is shown there, or NULL: nothing is.
 * The position is counted in rows of the frame.
 */
static void show_row(struct edit_screen *screen, size_t number, const struct edit_row *old)
{
    const struct edit_frame *next = &screen->next, *shown = &screen->shown;
    const struct edit_row *row = &next->rows[number];
    bool wraps = number > next->top && screen->row + 1 == number && screen->column == screen->width;
    unsigned column = row->start, old_columns = old ? old->columns : 0;
    size_t same = 0;

    if (old && same_begin(shown, old, next, row)) {
        while (same < row->count && same < old->count &&
               same_cell(shown, &shown->cells[old->first + same], next, &next->cells[row->first + same]))
            column += next->cells[row->first + same++].columns;
        if (same == row->count && same == old->count && same_tail(shown, old, next, row))
            return;
    } else if (row->lead_len > 0) {
        move_to(screen, number, 0);
        if (old_columns > 0)
            fputs("\033[K", screen->out);
        write_lead(screen, number);
        old_columns = 0;
    }
    if (wraps && column == 0 && row->count > 0 && same == 0) {
        screen->row = number; /* the terminal goes there with the next character */
        screen->column = 0;
    } else if (wraps && column == 0 && row->lead_len == 0 && !old) {
        fputs(" \r", screen->out);
        screen->row = number;
        screen->column = 0;
    } else if (screen->row < number || same < row->count || old_columns > row->columns ||
               (old && old->tail_len > 0) || row->tail_len > 0) {
        if (row->start < screen->width)
            move_to(screen, number, column);
    }
    write_cells(screen, row, same);
    if ((old_columns > row->columns || (old && old->tail_len > 0)) && screen->column < screen->width)
        fputs("\033[K", screen->out);
    if (row->tail_len > 0) {
        move_to(screen, number, screen->width - row->tail_columns - 1);
        fwrite(next->pool + row->tail, 1, row->tail_len, screen->out);
        screen->column = screen->width - 1;
    }
}

static void choose_top(struct edit_screen *screen)
{
    struct edit_frame *next = &screen->next;

    next->top = screen->known ? screen->shown.top : 0;
    if (next->cursor_row < next->top)
        next->top = next->cursor_row;
    if (next->cursor_row >= next->top + screen->height)
        next->top = next->cursor_row + 1 - screen->height;
    if (next->row_count <= screen->height)
        next->top = 0;
}

static size_t last_visible(const struct edit_screen *screen, const struct edit_frame *frame)
{
    size_t end = frame->top + screen->height;

    return (end < frame->row_count ? end : frame->row_count) - 1;
}

void edit_screen_show(struct edit_screen *screen)
{
    struct edit_frame *next = &screen->next, *shown = &screen->shown, keep;

    choose_top(screen);
    size_t last = last_visible(screen, next);
    size_t there = screen->known ? last_visible(screen, shown) - shown->top + 1 : 0; /* rows that are shown */
    screen->row = screen->known ? screen->row - shown->top + next->top : next->top;
    for (size_t i = next->top; i <= last; i++)
        show_row(screen, i, i - next->top < there ? &shown->rows[shown->top + i - next->top] : NULL);
    if (there > last - next->top + 1) {
        move_to(screen, last + 1, 0);
        fputs("\033[J", screen->out);
    }
    move_to(screen, next->cursor_row, next->cursor_column);
    keep = *shown;
    *shown = *next;
    *next = keep;
    screen->known = true;
    fflush(screen->out);
}

void edit_screen_to_end(struct edit_screen *screen)
{
    size_t last = last_visible(screen, &screen->shown);
    size_t end = screen->shown.end_row < last ? screen->shown.end_row : last;

    move_to(screen, end, screen->shown.rows[end].columns);
}

void edit_screen_rest(struct edit_screen *screen)
{
    if (!screen->known)
        return;
    edit_screen_to_end(screen);
    line_feeds(screen, 1);
    screen->row++;
    screen->column = 0;
    if (screen->row >= screen->shown.top + screen->height) /* the terminal has scrolled */
        screen->shown.top++;
    fflush(screen->out);
}

void edit_screen_leave(struct edit_screen *screen)
{
    edit_screen_rest(screen);
    screen->known = false;
    screen->row = 0;
    screen->column = 0;
}

/* Rows that a row of so many columns fills on a screen of that width. */
static size_t rows_for(unsigned columns, unsigned width)
{
    return columns == 0 ? 1 : (columns + width - 1) / width;
}

void edit_screen_resize(struct edit_screen *screen, unsigned height, unsigned width, bool reflows)
{
    size_t up = screen->row - screen->shown.top;

    if (screen->known) {
        const struct edit_row *rows = screen->shown.rows;
        if (reflows) { /* rows that the terminal had wrapped are one line to it */
            unsigned line = 0;
            up = 0;
            for (size_t i = screen->shown.top; i < screen->row; i++) {
                line += rows[i].tail_len > 0 ? screen->width - 1 : rows[i].columns;
                if (rows[i].columns < screen->width || i + 1 == screen->shown.row_count) {
                    up += rows_for(line, width);
                    line = 0;
                }
            }
            up += (line + screen->column) / width;
        }
        fputc('\r', screen->out);
        if (up > 0)
            fprintf(screen->out, "\033[%zuA", up);
        fputs("\033[J", screen->out);
    }
    screen->height = height > 0 ? height : 24;
    screen->width = width > 0 ? width : 80;
    screen->known = false;
    screen->row = screen->column = 0;
}

void edit_screen_clear(struct edit_screen *screen)
{
    fputs("\033[H\033[2J", screen->out);
    screen->known = false;
    screen->row = screen->column = 0;
}
