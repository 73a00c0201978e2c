/* edit_menu_draw.c - the menu as rows of a frame. */
#include "shell/edit_list.h"
#include "shell/edit_menu.h"
#include "shell/edit_state.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define GAP           2  /* columns between names */
#define DESCRIBED_MIN 20 /* columns of a screen that has room for descriptions */

struct layout {
    unsigned columns; /* of the screen, without the last one: no row wraps */
    unsigned width;   /* of a name */
    bool described;   /* one a row, with what it is */
};

struct pen {
    struct edit_screen *screen;
    enum edit_style style;
};

static void put(const char *bytes, size_t len, void *context)
{
    const struct pen *pen = context;

    edit_screen_put(pen->screen, bytes, len, pen->style);
}

static void put_blanks(struct edit_screen *screen, unsigned count, enum edit_style style)
{
    for (; count > 0; count--)
        edit_screen_put(screen, " ", 1, style);
}

/* In width columns. */
static void put_padded(struct edit_screen *screen, const char *text, unsigned width, enum edit_style style)
{
    struct pen pen = {screen, style};

    put_blanks(screen, width - edit_visible(text, width, put, &pen), style);
}

static const char *name_at(const struct edit_menu *menu, size_t at)
{
    return edit_list_name(&menu->answer->found, menu->fitting[at]);
}

static const char *about_at(const struct edit_menu *menu, size_t at)
{
    return menu->answer->found.items[menu->fitting[at]].about;
}

static struct layout find_layout(const struct edit_menu *menu, unsigned columns)
{
    struct layout layout = {.columns = columns > 1 ? columns - 1 : 1};
    unsigned widest = 1;

    for (size_t i = 0; i < menu->count; i++) {
        unsigned width = edit_visible(name_at(menu, i), UINT_MAX, NULL, NULL);
        widest = width > widest ? width : widest;
        layout.described = layout.described || (about_at(menu, i) && columns > DESCRIBED_MIN);
    }
    unsigned limit = layout.described ? layout.columns / 2 : layout.columns;
    layout.width = widest < limit ? widest : limit;
    return layout;
}

/* How many rows, and which of them are shown on so many rows of the screen. */
static void arrange(struct edit_menu *menu, const struct layout *layout, size_t room)
{
    size_t across = layout->described ? 1 : (layout->columns + GAP) / (layout->width + GAP);

    menu->across = across > 0 ? across : 1;
    menu->rows = (menu->count + menu->across - 1) / menu->across;
    bool told = room > 1 && (menu->rows > room || menu->answer->found.left_out > 0);
    menu->visible = menu->rows < room - told ? menu->rows : room - told;
    size_t row = menu->chosen ? menu->at % menu->rows : menu->top;
    if (row < menu->top)
        menu->top = row;
    if (row >= menu->top + menu->visible)
        menu->top = row + 1 - menu->visible;
    if (menu->top + menu->visible > menu->rows)
        menu->top = menu->rows - menu->visible;
}

static void put_row(struct edit_screen *screen, const struct edit_menu *menu, const struct layout *layout,
                    size_t row)
{
    for (size_t i = row; i < menu->count; i += menu->rows) {
        bool chosen = menu->chosen && i == menu->at;
        put_padded(screen, name_at(menu, i), layout->width, chosen ? EDIT_CHOSEN : EDIT_PLAIN);
        if (i + menu->rows < menu->count)
            put_blanks(screen, GAP, EDIT_PLAIN);
    }
    if (layout->described && about_at(menu, row) && layout->columns > layout->width + GAP) {
        struct pen pen = {screen, EDIT_DIM};
        put_blanks(screen, GAP, EDIT_PLAIN);
        edit_visible(about_at(menu, row), layout->columns - layout->width - GAP, put, &pen);
    }
}

/* What is not shown. */
static void put_rest(struct edit_screen *screen, const struct edit_menu *menu, unsigned columns)
{
    struct pen pen = {screen, EDIT_DIM};
    char text[120] = "", more[40] = "";

    if (menu->answer->found.left_out > 0)
        snprintf(more, sizeof more, "(%zu more)", menu->answer->found.left_out);
    if (menu->visible < menu->rows)
        snprintf(text, sizeof text, "rows %zu to %zu of %zu %s", menu->top + 1, menu->top + menu->visible,
                 menu->rows, more);
    edit_visible(*text ? text : more, columns, put, &pen);
}

void edit_menu_arrange(const struct edit *edit, struct edit_menu *menu)
{
    const struct layout layout = find_layout(menu, edit->screen.width);

    arrange(menu, &layout, edit->screen.height > 1 ? edit->screen.height - 1 : 1);
}

void edit_menu_put(struct edit *edit)
{
    struct edit_screen *screen = &edit->screen;
    struct edit_menu *menu = edit->menu;

    if (!menu || screen->next.row_count >= screen->height)
        return;
    const struct layout layout = find_layout(menu, screen->width);
    arrange(menu, &layout, screen->height - screen->next.row_count);
    for (size_t row = menu->top; row < menu->top + menu->visible; row++) {
        edit_screen_newline(screen, "", 0);
        put_row(screen, menu, &layout, row);
    }
    if (menu->visible == menu->rows && menu->answer->found.left_out == 0)
        return;
    if (screen->next.row_count < screen->height) {
        edit_screen_newline(screen, "", 0);
        put_rest(screen, menu, layout.columns);
    }
}
