#include "shell/byte_sort.h"
#include <stdlib.h>
#include <string.h>

static int by_bytes(const void *a, const void *b)
{
    const struct byte_sort_item *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    int order = strcmp(x->text, y->text);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static size_t common_prefix(const struct byte_sort_item *items, size_t count)
{
    size_t common = strlen(items[0].text);
    for (size_t i = 1; i < count; i++) {
        size_t same = 0;
        while (same < common && items[i].text[same] == items[0].text[same])
            same++;
        common = same;
    }
    return common;
}

/* The most significant byte first. */
static uint64_t sort_key(const char *text)
{
    uint64_t key = 0;
    for (int i = 0; i < 8; i++) {
        key = key << 8 | (unsigned char)*text;
        text += *text != '\0';
    }
    return key;
}

void byte_sort(struct byte_sort_item *items, size_t count)
{
    if (count < 2)
        return;
    size_t common = common_prefix(items, count);
    for (size_t i = 0; i < count; i++)
        items[i].key = sort_key(items[i].text + common);
    qsort(items, count, sizeof *items, by_bytes);
}
