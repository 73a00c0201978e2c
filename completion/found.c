/*
 * found.c - the set of what was found.
 *
 * A directory may hold very many names of which a screen shows few. A source that finds each text once therefore only
 * offers what it finds (completions_offer()): of those, the first `limit` in the order of their bytes are
 * kept. What all texts have in common, the least and the greatest have: so the greatest is remembered as well.
 */
#include "completion/sources.h"
#include "shell/arena.h"
#include "shell/byte_sort.h"
#include <stdlib.h>
#include <string.h>

#define SPARE 2048 /* more than limit are collected before they are sorted and cut */

void completions_take(struct completions *found, char *text, char *about)
{
    if (found->count == found->cap) {
        found->cap = found->cap ? 2 * found->cap : 64;
        found->items = xrealloc(found->items, found->cap * sizeof *found->items);
    }
    found->items[found->count] = (struct completion){.text = text, .about = about};
    found->count++;
}

void completions_add(struct completions *found, const char *text, const char *about)
{
    completions_take(found, xstrdup(text), about ? xstrdup(about) : NULL);
}

void completions_add_matching(struct completions *found, const char *prefix, const char *text,
                              const char *about)
{
    if (strncmp(text, prefix, strlen(prefix)) == 0)
        completions_add(found, text, about);
}

static void free_item(struct completion *item)
{
    free(item->text);
    free(item->about);
}

void completions_free(struct completions *found)
{
    for (size_t i = 0; i < found->count; i++)
        free_item(&found->items[i]);
    free(found->items);
    free(found->common);
    free(found->greatest);
}

static void sort_unique(struct completions *found)
{
    struct byte_sort_item *order = xmalloc((found->count + 1) * sizeof *order);
    struct completion *sorted = xmalloc((found->cap + 1) * sizeof *sorted);
    size_t kept = 0;

    for (size_t i = 0; i < found->count; i++) /* of those with the same text the first stays */
        order[i] = (struct byte_sort_item){.text = found->items[i].text, .index = (unsigned)i};
    byte_sort(order, found->count);
    for (size_t i = 0; i < found->count; i++) {
        struct completion *item = &found->items[order[i].index];
        if (kept > 0 && strcmp(sorted[kept - 1].text, item->text) == 0)
            free_item(item);
        else
            sorted[kept++] = *item;
    }
    free(order);
    free(found->items);
    found->items = sorted;
    found->count = kept;
    found->cap++;
}

static void note_greatest(struct completions *found, const char *text)
{
    if (found->greatest && strcmp(found->greatest, text) >= 0)
        return;
    free(found->greatest);
    found->greatest = xstrdup(text);
}

void completions_leave_out(struct completions *found, const char *greatest, size_t count)
{
    note_greatest(found, greatest);
    found->left_out += count;
}

/* To the first limit of them. */
static void cut(struct completions *found)
{
    sort_unique(found);
    if (found->count <= found->limit)
        return;
    completions_leave_out(found, found->items[found->count - 1].text, found->count - found->limit);
    while (found->count > found->limit)
        free_item(&found->items[--found->count]);
}

void completions_offer(struct completions *found, const char *text, unsigned char type)
{
    if (found->so_far)
        ++*found->so_far;
    if (found->left_out > 0 && strcmp(text, found->items[found->limit - 1].text) > 0) {
        completions_leave_out(found, text, 1);
        return;
    }
    if (found->count >= found->limit && found->count - found->limit == SPARE)
        cut(found);
    completions_take(found, xstrdup(text), NULL);
    found->items[found->count - 1].type = type;
}

/* What all texts begin with, whole characters only; malloc'ed. */
static char *common_prefix(const struct completions *found)
{
    if (found->count == 0)
        return xstrdup("");
    const char *least = found->items[0].text, *greatest = found->items[found->count - 1].text;
    size_t len = 0;

    if (found->greatest && strcmp(found->greatest, greatest) > 0)
        greatest = found->greatest;
    while (least[len] && least[len] == greatest[len])
        len++;
    while (len > 0 && ((unsigned char)least[len] & 0xc0) == 0x80)
        len--;
    char *common = xstrdup(least);
    common[len] = '\0';
    return common;
}

void completions_finish(struct completions *found)
{
    cut(found);
    found->common = common_prefix(found);
}
