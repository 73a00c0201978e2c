/* edit_move.c - words and lines. */
#include "shell/edit_move.h"
#include "shell/locale.h"
#include "shell/utf8.h"
#include <wctype.h>

enum class { BLANK, WORD, OTHER };

static uint32_t code_at(const struct edit_text *text, size_t at)
{
    uint32_t code;

    utf8_decode(text->bytes + at, text->bytes + text->len, locale_is_utf8(), &code);
    return code;
}

bool edit_is_letter(const struct edit_text *text, size_t at)
{
    uint32_t code = code_at(text, at);

    return !(code & UTF8_INVALID) && iswalnum((wint_t)code);
}

static bool is_blank(const struct edit_text *text, size_t at)
{
    return text->bytes[at] == ' ' || text->bytes[at] == '\t' || text->bytes[at] == '\n';
}

static enum class class_at(const struct edit_text *text, size_t at, bool big) {
    if (is_blank(text, at)) return BLANK;
    return big || edit_is_letter(text, at) || text->bytes[at] == '_' ? WORD : OTHER;
}

size_t edit_word_end(const struct edit_text *text, size_t at)
{
    while (at < text->len && !edit_is_letter(text, at))
        at = edit_text_next(text, at);
    while (at < text->len && edit_is_letter(text, at))
        at = edit_text_next(text, at);
    return at;
}

size_t edit_word_start(const struct edit_text *text, size_t at)
{
    while (at > 0 && !edit_is_letter(text, edit_text_previous(text, at)))
        at = edit_text_previous(text, at);
    while (at > 0 && edit_is_letter(text, edit_text_previous(text, at)))
        at = edit_text_previous(text, at);
    return at;
}

size_t edit_blank_start(const struct edit_text *text, size_t at)
{
    while (at > 0 && is_blank(text, at - 1))
        at--;
    while (at > 0 && !is_blank(text, at - 1))
        at--;
    return at;
}

size_t edit_vi_word(const struct edit_text *text, size_t at, bool big)
{
    if (at >= text->len)
        return at;
    enum class class = class_at(text, at, big);
    while (at < text->len && class != BLANK && class_at(text, at, big) == class)
        at = edit_text_next(text, at);
    while (at < text->len && is_blank(text, at))
        at++;
    return at;
}

size_t edit_vi_word_end(const struct edit_text *text, size_t at, bool big)
{
    size_t from = at, next = edit_text_next(text, at);

    while (next < text->len && is_blank(text, next))
        next++;
    if (next >= text->len)
        return from < text->len ? edit_text_previous(text, text->len) : from;
    enum class class = class_at(text, next, big);
    do {
        at = next;
        next = edit_text_next(text, at);
    } while (next < text->len && class_at(text, next, big) == class);
    return at;
}

size_t edit_vi_word_back(const struct edit_text *text, size_t at, bool big)
{
    while (at > 0 && is_blank(text, at - 1))
        at--;
    if (at == 0)
        return 0;
    at = edit_text_previous(text, at);
    enum class class = class_at(text, at, big);
    while (at > 0) {
        size_t before = edit_text_previous(text, at);
        if (class_at(text, before, big) != class)
            break;
        at = before;
    }
    return at;
}

/* Columns from the line's start. */
static unsigned column_of(const struct edit_text *text, size_t at)
{
    unsigned total = 0;
    int columns;

    for (size_t p = edit_text_line_start(text, at); p < at;) {
        p += edit_cluster(text->bytes + p, text->bytes + text->len, &columns);
        total += columns < 0 ? 2 : (unsigned)columns;
    }
    return total;
}

static size_t at_column(const struct edit_text *text, size_t start, unsigned wanted)
{
    size_t end = edit_text_line_end(text, start);
    unsigned total = 0;
    int columns;

    while (start < end) {
        size_t len = edit_cluster(text->bytes + start, text->bytes + end, &columns);
        total += columns < 0 ? 2 : (unsigned)columns;
        if (total > wanted)
            break;
        start += len;
    }
    return start;
}

size_t edit_line_above(const struct edit_text *text, size_t at)
{
    size_t start = edit_text_line_start(text, at);

    return start == 0 ? at : at_column(text, edit_text_line_start(text, start - 1), column_of(text, at));
}

size_t edit_line_below(const struct edit_text *text, size_t at)
{
    size_t end = edit_text_line_end(text, at);

    return end == text->len ? at : at_column(text, end + 1, column_of(text, at));
}
