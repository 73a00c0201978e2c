/* edit_cut.c - deleting, killing, yanking, transposing, changing case. */
#include "shell/arena.h"
#include "shell/edit_command.h"
#include "shell/edit_move.h"
#include "shell/locale.h"
#include "shell/utf8.h"
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

bool edit_delete(struct edit *edit, int count)
{
    size_t end = edit->text.cursor;

    while (count-- > 0)
        end = edit_text_next(&edit->text, end);
    if (end == edit->text.cursor)
        return false;
    edit_text_remove(&edit->text, edit->text.cursor, end);
    return true;
}

bool edit_delete_back(struct edit *edit, int count)
{
    size_t start = edit->text.cursor;

    while (count-- > 0)
        start = edit_text_previous(&edit->text, start);
    if (start == edit->text.cursor)
        return false;
    edit_text_remove(&edit->text, start, edit->text.cursor);
    return true;
}

bool edit_delete_blanks(struct edit *edit, int count)
{
    const struct edit_text *text = &edit->text;
    size_t start = text->cursor, end = text->cursor;

    (void)count;
    while (start > 0 && strchr(" \t", text->bytes[start - 1]))
        start--;
    while (end < text->len && strchr(" \t", text->bytes[end]))
        end++;
    edit_text_remove(&edit->text, start, end);
    return true;
}

/* ---- killing ---- */

static bool kills(edit_function *command)
{
    return command == edit_kill_end || command == edit_kill_start || command == edit_kill_word ||
           command == edit_kill_word_back || command == edit_kill_blank_back || command == edit_kill_all;
}

/* One kill behind another is one text. */
static bool kill_range(struct edit *edit, size_t from, size_t to)
{
    enum edit_kill_join join = !kills(edit->last)         ? EDIT_KILL_NEW
                               : from < edit->text.cursor ? EDIT_KILL_BEFORE
                                                          : EDIT_KILL_BEHIND;

    if (from == to)
        return false;
    edit_kill(&edit->kills, edit->text.bytes + from, to - from, join);
    edit_text_remove(&edit->text, from, to);
    return true;
}

bool edit_kill_end(struct edit *edit, int count)
{
    size_t end = edit_text_line_end(&edit->text, edit->text.cursor);

    (void)count;
    if (end == edit->text.cursor && end < edit->text.len)
        end++; /* at a line's end: its newline */
    return kill_range(edit, edit->text.cursor, end);
}

bool edit_kill_start(struct edit *edit, int count)
{
    size_t start = edit_text_line_start(&edit->text, edit->text.cursor);

    (void)count;
    if (start == edit->text.cursor && start > 0)
        start--;
    return kill_range(edit, start, edit->text.cursor);
}

bool edit_kill_all(struct edit *edit, int count)
{
    (void)count;
    return kill_range(edit, 0, edit->text.len);
}

bool edit_kill_word(struct edit *edit, int count)
{
    size_t end = edit->text.cursor;

    while (count-- > 0)
        end = edit_word_end(&edit->text, end);
    return kill_range(edit, edit->text.cursor, end);
}

bool edit_kill_word_back(struct edit *edit, int count)
{
    size_t start = edit->text.cursor;

    while (count-- > 0)
        start = edit_word_start(&edit->text, start);
    return kill_range(edit, start, edit->text.cursor);
}

bool edit_kill_blank_back(struct edit *edit, int count)
{
    size_t start = edit->text.cursor;

    while (count-- > 0)
        start = edit_blank_start(&edit->text, start);
    return kill_range(edit, start, edit->text.cursor);
}

bool edit_kill_region(struct edit *edit, int count)
{
    size_t mark = edit->mark < edit->text.len ? edit->mark : edit->text.len, cursor = edit->text.cursor;

    (void)count;
    return mark < cursor ? kill_range(edit, mark, cursor) : kill_range(edit, cursor, mark);
}

/* ---- yanking ---- */

static bool yank(struct edit *edit, size_t from)
{
    const char *text = edit_kill_get(&edit->kills, 0);

    if (!text)
        return false;
    edit_text_replace(&edit->text, from, edit->text.cursor, text, strlen(text));
    edit->yank_at = from;
    return true;
}

bool edit_yank(struct edit *edit, int count)
{
    (void)count;
    return yank(edit, edit->text.cursor);
}

/* M-y, after a yank: instead of what was yanked, what was killed before. */
bool edit_yank_older(struct edit *edit, int count)
{
    (void)count;
    if (edit->last != edit_yank && edit->last != edit_yank_older)
        return false;
    edit_kill_rotate(&edit->kills);
    return yank(edit, edit->yank_at);
}

/* ---- transposing ---- */

/* Bytes a..b and b2..c change places; the cursor goes behind them. */
static void exchange(struct edit_text *text, size_t a, size_t b, size_t b2, size_t c)
{
    char *both = xmalloc(c - a + 1), *p = both;

    p = mempcpy(p, text->bytes + b2, c - b2);
    p = mempcpy(p, text->bytes + b, b2 - b);
    memcpy(p, text->bytes + a, b - a);
    edit_text_replace(text, a, c, both, c - a);
    free(both);
}

bool edit_transpose(struct edit *edit, int count)
{
    struct edit_text *text = &edit->text;
    size_t middle = text->cursor == text->len ? edit_text_previous(text, text->cursor) : text->cursor;
    size_t before = edit_text_previous(text, middle);

    (void)count;
    if (before == middle)
        return false;
    exchange(text, before, middle, middle, edit_text_next(text, middle));
    return true;
}

bool edit_transpose_words(struct edit *edit, int count)
{
    struct edit_text *text = &edit->text;
    size_t end = edit_word_end(text, text->cursor), start = edit_word_start(text, end);
    size_t before = edit_word_start(text, start), before_end = edit_word_end(text, before);

    (void)count;
    if (before_end > start || before == start)
        return false;
    exchange(text, before, before_end, start, end);
    return true;
}

/* ---- case ---- */

static void put_case(struct edit_text *text, size_t at, bool upper)
{
    uint32_t code;
    char bytes[4];
    size_t len = utf8_decode(text->bytes + at, text->bytes + text->len, locale_is_utf8(), &code);

    if (code & UTF8_INVALID)
        return;
    wint_t other = upper ? towupper((wint_t)code) : towlower((wint_t)code);
    if (other != code)
        edit_text_replace(text, at, at + len, bytes, utf8_encode((uint32_t)other, bytes));
}

static bool change_case(struct edit *edit, int count, bool first_upper, bool rest_upper)
{
    struct edit_text *text = &edit->text;
    size_t at = text->cursor;

    for (; count > 0; count--) {
        size_t left = text->len - edit_word_end(text, at); /* bytes may become more or fewer */
        bool seen = false;
        for (; at + left < text->len; at = edit_text_next(text, at)) {
            bool letter = edit_is_letter(text, at);
            put_case(text, at, seen ? rest_upper : first_upper);
            seen = seen || letter;
        }
    }
    text->cursor = at;
    return true;
}

bool edit_upper_word(struct edit *edit, int count)
{
    return change_case(edit, count, true, true);
}

bool edit_lower_word(struct edit *edit, int count)
{
    return change_case(edit, count, false, false);
}

bool edit_capital_word(struct edit *edit, int count)
{
    return change_case(edit, count, true, false);
}
