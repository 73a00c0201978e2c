/* edit_text.c - changing a text, and taking that back. */
#include "shell/edit_text.h"
#include "shell/arena.h"
#include "shell/locale.h"
#include "shell/utf8.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* ---- characters ---- */

static int columns_of(uint32_t code)
{
    if (code & UTF8_INVALID || (code >= 0x80 && !locale_is_utf8()))
        return -1;
    return wcwidth((wchar_t)code);
}

size_t edit_cluster(const char *bytes, const char *end, int *columns)
{
    bool utf8 = locale_is_utf8();
    uint32_t code;
    size_t len = utf8_decode(bytes, end, utf8, &code);

    *columns = columns_of(code);
    if (*columns < 0)
        return len;
    while (bytes + len < end) {
        size_t more = utf8_decode(bytes + len, end, utf8, &code);
        if (columns_of(code) != 0)
            break;
        len += more;
    }
    return len;
}

size_t edit_text_next(const struct edit_text *text, size_t at)
{
    int columns;

    return at >= text->len ? text->len
                           : at + edit_cluster(text->bytes + at, text->bytes + text->len, &columns);
}

size_t edit_text_previous(const struct edit_text *text, size_t at)
{
    const char *start = text->bytes, *p = start + at;
    bool utf8 = locale_is_utf8();
    uint32_t code;

    while (p > start) {
        p -= utf8_before(start, p, utf8);
        utf8_decode(p, start + at, utf8, &code);
        if (columns_of(code) != 0)
            break;
    }
    /* Behind a control character a combining one stands alone. */
    size_t found = (size_t)(p - start), next;
    while ((next = edit_text_next(text, found)) < at)
        found = next;
    return found;
}

size_t edit_text_line_start(const struct edit_text *text, size_t at)
{
    while (at > 0 && text->bytes[at - 1] != '\n')
        at--;
    return at;
}

size_t edit_text_line_end(const struct edit_text *text, size_t at)
{
    while (at < text->len && text->bytes[at] != '\n')
        at++;
    return at;
}

/* ---- changes ---- */

static void forget_changes(struct edit_text *text)
{
    for (size_t i = 0; i < text->change_count; i++)
        free(text->changes[i].removed);
    text->change_count = 0;
    text->group = 1;
}

void edit_text_free(struct edit_text *text)
{
    forget_changes(text);
    free(text->changes);
    free(text->bytes);
}

static void put_in(struct edit_text *text, size_t from, size_t to, const char *bytes, size_t len)
{
    size_t rest = text->len - to;

    if (text->cap < from + len + rest + 1) {
        text->cap = 2 * (from + len + rest + 1);
        text->bytes = xrealloc(text->bytes, text->cap);
    }
    memmove(text->bytes + from + len, text->bytes + to, rest);
    if (len > 0)
        memcpy(text->bytes + from, bytes, len);
    text->len = from + len + rest;
    text->bytes[text->len] = '\0';
    text->cursor = from + len;
}

void edit_text_begin(struct edit_text *text, const char *bytes, size_t len)
{
    forget_changes(text);
    put_in(text, 0, text->len, bytes, len);
}

void edit_text_replace(struct edit_text *text, size_t from, size_t to, const char *bytes, size_t len)
{
    if (text->change_count == text->change_cap) {
        text->change_cap = text->change_cap ? 2 * text->change_cap : 32;
        text->changes = xrealloc(text->changes, text->change_cap * sizeof *text->changes);
    }
    struct edit_change *change = &text->changes[text->change_count];
    struct edit_change *before = text->change_count > 0 ? change - 1 : NULL;
    if (from == to && before && before->group == text->group && before->removed_len == 0 &&
        before->at + before->inserted == from) {
        before->inserted += len; /* typing on */
    } else {
        *change =
            (struct edit_change){text->group, from, len, xmalloc(to - from + 1), to - from, text->cursor};
        memcpy(change->removed, text->bytes + from, to - from);
        text->change_count++;
    }
    put_in(text, from, to, bytes, len);
}

void edit_text_insert(struct edit_text *text, const char *bytes, size_t len)
{
    edit_text_replace(text, text->cursor, text->cursor, bytes, len);
}

void edit_text_remove(struct edit_text *text, size_t from, size_t to)
{
    edit_text_replace(text, from, to, "", 0);
}

void edit_text_new_group(struct edit_text *text)
{
    text->group++;
}

bool edit_text_undo(struct edit_text *text)
{
    if (text->change_count == 0)
        return false;
    unsigned group = text->changes[text->change_count - 1].group;
    while (text->change_count > 0 && text->changes[text->change_count - 1].group == group) {
        struct edit_change *change = &text->changes[--text->change_count];
        put_in(text, change->at, change->at + change->inserted, change->removed, change->removed_len);
        text->cursor = change->cursor;
        free(change->removed);
    }
    return true;
}
