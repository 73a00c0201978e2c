/* edit_list.c - possibilities, listed once: what is written stays above the line. */
#include "shell/edit_list.h"
#include "shell/edit_state.h"
#include <limits.h>
#include <string.h>

/* Where possibilities are listed. */
struct list {
    FILE *out;
    unsigned rows, columns;
    bool colour;
};

unsigned edit_visible(const char *text, unsigned width, edit_visible_put *put, void *context)
{
    const char *end = text + strlen(text);
    unsigned used = 0;

    for (size_t len; text < end; text += len) {
        int columns;
        len = edit_cluster(text, end, &columns);
        unsigned needed = columns < 0 ? 1 : (unsigned)columns;
        if (used + needed > width)
            break;
        if (put && columns < 0)
            put("?", 1, context);
        else if (put)
            put(text, len, context);
        used += needed;
    }
    return used;
}

static void write_visible(const char *bytes, size_t len, void *out)
{
    fwrite(bytes, 1, len, out);
}

const char *edit_list_name(const struct completions *found, size_t i)
{
    return found->items[i].text + found->listed_from;
}

static unsigned widest(const struct completions *found)
{
    unsigned width = 0;

    for (size_t i = 0; i < found->count; i++) {
        unsigned columns = edit_visible(edit_list_name(found, i), UINT_MAX, NULL, NULL);
        width = columns > width ? columns : width;
    }
    return width;
}

static bool is_described(const struct completions *found)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].about)
            return true;
    return false;
}

/* One a line, with what it is. */
static void list_described(const struct completions *found, const struct list *list, unsigned width)
{
    width = width > list->columns / 2 ? list->columns / 2 : width;
    for (size_t i = 0; i < found->count; i++) {
        const char *about = found->items[i].about;
        unsigned used =
            edit_visible(edit_list_name(found, i), about ? width : list->columns, write_visible, list->out);
        if (about) {
            fprintf(list->out, "%*s%s", (int)(width - used + 2), "", list->colour ? "\033[2m" : "");
            edit_visible(about, list->columns - width - 3, write_visible, list->out);
            fputs(list->colour ? "\033[m" : "", list->out);
        }
        fputs("\r\n", list->out);
    }
}

/* Down the columns, as ls does. */
static void list_columns(const struct completions *found, const struct list *list, unsigned width)
{
    size_t shown = found->count;
    size_t across = list->columns / (width + 2) ? list->columns / (width + 2) : 1;
    size_t rows = (shown + across - 1) / across;

    for (size_t row = 0; row < rows; row++) {
        for (size_t i = row; i < shown; i += rows) {
            unsigned used = edit_visible(edit_list_name(found, i), list->columns, write_visible, list->out);
            if (i + rows < shown)
                fprintf(list->out, "%*s", (int)(width + 2 - used), "");
        }
        fputs("\r\n", list->out);
    }
    if (found->left_out > 0)
        fprintf(list->out, "(%zu more)\r\n", found->left_out);
}

static void list_all(const struct completions *found, const struct list *list)
{
    unsigned width = widest(found);

    if (found->count + 1 < list->rows && list->columns > 20 && is_described(found))
        list_described(found, list, width);
    else
        list_columns(found, list, width);
}

void edit_list_below(struct edit *edit, const struct completions *found)
{
    const struct list list = {edit->out, edit->screen.height, edit->screen.width, edit->screen.colour};

    edit_step_aside(edit);
    list_all(found, &list);
}
