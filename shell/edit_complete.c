/* edit_complete.c - between complete.h, which knows what is possible, and the line. */
#include "shell/edit_complete.h"
#include "shell/arena.h"
#include "shell/complete.h"
#include <stdlib.h>
#include <string.h>

#define MAX_LISTED 400

/* Bytes that all items have in common, whole characters only. */
static size_t common_prefix(const struct completions *found)
{
    size_t len = strlen(found->items[0]);

    for (size_t i = 1; i < found->count; i++) {
        size_t same = 0;
        while (same < len && found->items[i][same] == found->items[0][same])
            same++;
        len = same;
    }
    while (len > 0 && ((unsigned char)found->items[0][len] & 0xc0) == 0x80)
        len--;
    return len;
}

/* Down the columns, as ls does. */
static void list(const struct completions *found, FILE *out, unsigned columns)
{
    size_t shown = found->count < MAX_LISTED ? found->count : MAX_LISTED, width = 0;

    for (size_t i = 0; i < shown; i++) {
        size_t len = strlen(found->items[i] + found->listed_from);
        width = len > width ? len : width;
    }
    width += 2;
    size_t across = columns / width ? columns / width : 1, rows = (shown + across - 1) / across;
    fputs("\r\n", out);
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = row; i < shown; i += rows)
            fprintf(out, "%-*s", i + rows < shown ? (int)width : 0, found->items[i] + found->listed_from);
        fputs("\r\n", out);
    }
    if (shown < found->count)
        fprintf(out, "(%zu more)\r\n", found->count - shown);
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

int edit_complete(struct shell *sh, const char *before, size_t len, FILE *out, unsigned columns,
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
            result->insert = finished(found.items[0], found.ending);
            status = 0;
        } else if (common > result->delete_bytes ||
                   strncmp(before + found.start, found.items[0], result->delete_bytes) != 0) {
            result->insert = xmalloc(common + 1);
            memcpy(result->insert, found.items[0], common);
            result->insert[common] = '\0';
            status = 0;
        } else {
            list(&found, out, columns);
            status = 1;
        }
    }
    completions_free(&found);
    return status;
}
