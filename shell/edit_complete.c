/* edit_complete.c - between complete.h, which knows what is possible, and the line. */
#include "shell/edit_complete.h"
#include "shell/arena.h"
#include "shell/complete.h"
#include "shell/edit_keys.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define MAX_LISTED 400

/* Bytes that all items have in common, whole characters only. */
static size_t common_prefix(const struct completions *found)
{
    size_t len = strlen(found->items[0].text);

    for (size_t i = 1; i < found->count; i++) {
        size_t same = 0;
        while (same < len && found->items[i].text[same] == found->items[0].text[same])
            same++;
        len = same;
    }
    while (len > 0 && ((unsigned char)found->items[0].text[len] & 0xc0) == 0x80)
        len--;
    return len;
}

/* ---- the list ---- */

/* Characters as they are, control characters as ?: a file's name must not command the terminal. Stops before
 * width columns are exceeded. Returns the columns used. */
static unsigned put_visible(const char *text, unsigned width, FILE *out)
{
    wchar_t *wide = edit_widen(text, strlen(text));
    unsigned used = 0;

    for (const wchar_t *c = wide; *c; c++) {
        int columns = wcwidth(*c);
        wchar_t shown = columns < 0 ? L'?' : *c;
        unsigned needed = columns < 0 ? 1 : (unsigned)columns;
        if (used + needed > width)
            break;
        if (out)
            fprintf(out, "%lc", (wint_t)shown);
        used += needed;
    }
    free(wide);
    return used;
}

static const char *listed(const struct completions *found, size_t i)
{
    return found->items[i].text + found->listed_from;
}

static unsigned widest(const struct completions *found, size_t shown)
{
    unsigned width = 0;

    for (size_t i = 0; i < shown; i++) {
        unsigned columns = put_visible(listed(found, i), UINT_MAX, NULL);
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
static void list_described(const struct completions *found, const struct edit_list *list, unsigned width)
{
    width = width > list->columns / 2 ? list->columns / 2 : width;
    for (size_t i = 0; i < found->count; i++) {
        const char *about = found->items[i].about;
        unsigned used = put_visible(listed(found, i), about ? width : list->columns, list->out);
        if (about) {
            fprintf(list->out, "%*s%s", (int)(width - used + 2), "", list->colour ? "\033[2m" : "");
            put_visible(about, list->columns - width - 3, list->out);
            fputs(list->colour ? "\033[m" : "", list->out);
        }
        fputs("\r\n", list->out);
    }
}

/* Down the columns, as ls does. */
static void list_columns(const struct completions *found, size_t shown, const struct edit_list *list,
                         unsigned width)
{
    size_t across = list->columns / (width + 2) ? list->columns / (width + 2) : 1;
    size_t rows = (shown + across - 1) / across;

    for (size_t row = 0; row < rows; row++) {
        for (size_t i = row; i < shown; i += rows) {
            unsigned used = put_visible(listed(found, i), list->columns, list->out);
            if (i + rows < shown)
                fprintf(list->out, "%*s", (int)(width + 2 - used), "");
        }
        fputs("\r\n", list->out);
    }
    if (shown < found->count)
        fprintf(list->out, "(%zu more)\r\n", found->count - shown);
}

static void list_all(const struct completions *found, const struct edit_list *list)
{
    size_t shown = found->count < MAX_LISTED ? found->count : MAX_LISTED;
    unsigned width = widest(found, shown);

    fputs("\r\n", list->out);
    if (found->count + 1 < list->rows && list->columns > 20 && is_described(found))
        list_described(found, list, width);
    else
        list_columns(found, shown, list, width);
}

/* A single possibility is finished, unless it is a directory. */
static char *finished(const char *item, const char *ending)
{
    size_t len = strlen(item);
    char *text = xmalloc(len + strlen(ending) + 1);

    memcpy(text, item, len + 1);
    if (len == 0 || item[len - 1] != '/')
        strcpy(text + len, ending);
    return text;
}

int edit_complete(struct shell *sh, const char *before, size_t len, const struct edit_list *list,
                  struct edit_completion *result)
{
    struct completions found = {0};
    int status = -1;

    *result = (struct edit_completion){NULL, 0};
    complete_line(sh, before, len, &found);
    if (found.count > 0) {
        size_t common = common_prefix(&found);
        result->delete_bytes = len - found.start;
        if (found.count == 1) {
            result->insert = finished(found.items[0].text, found.ending);
            status = 0;
        } else if (common > result->delete_bytes ||
                   strncmp(before + found.start, found.items[0].text, result->delete_bytes) != 0) {
            result->insert = xmalloc(common + 1);
            memcpy(result->insert, found.items[0].text, common);
            result->insert[common] = '\0';
            status = 0;
        } else {
            list_all(&found, list);
            status = 1;
        }
    }
    completions_free(&found);
    return status;
}
