/* edit_vi_change.c - the commands of vi's command mode that change the line. */
#include "shell/arena.h"
#include "shell/edit_command.h"
#include "shell/edit_complete.h"
#include "shell/edit_move.h"
#include "shell/edit_vi.h"
#include "shell/history.h"
#include "shell/locale.h"
#include "shell/shell.h"
#include "shell/utf8.h"
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

/* ---- inserting ---- */

static bool insert(struct edit *edit, unsigned count)
{
    edit_vi_insert(edit, count);
    return true;
}

static bool append(struct edit *edit, unsigned count)
{
    if (edit->text.cursor < edit_text_line_end(&edit->text, edit->text.cursor))
        edit->text.cursor = edit_text_next(&edit->text, edit->text.cursor);
    return insert(edit, count);
}

static bool append_at_end(struct edit *edit, unsigned count)
{
    edit->text.cursor = edit_text_line_end(&edit->text, edit->text.cursor);
    return insert(edit, count);
}

static bool insert_at_start(struct edit *edit, unsigned count)
{
    struct edit_vi_motion motion;

    edit_vi_motion(edit, '^', 1, &motion);
    edit->text.cursor = motion.to;
    return insert(edit, count);
}

static bool replace(struct edit *edit, unsigned count)
{
    insert(edit, count);
    return edit->vi.replacing = true;
}

/* ---- operators ---- */

struct range {
    size_t from, to;
};

/* All of the line the cursor is in; with a newline where there are others, unless it is to be typed anew. */
static struct range whole_line(struct edit *edit, unsigned count, bool keep_newline)
{
    struct range range = {edit_text_line_start(&edit->text, edit->text.cursor), edit->text.cursor};

    do
        range.to = edit_text_line_end(&edit->text, range.to) + 1;
    while (count > 1 && --count > 0 && range.to <= edit->text.len);
    if (range.to > edit->text.len || keep_newline) {
        range.to = range.to > edit->text.len ? edit->text.len : range.to - 1;
        if (!keep_newline && range.from > 0)
            range.from--; /* the last of several lines */
    }
    return range;
}

/* cw is for words without the blanks behind the last one, as in vi. */
static size_t words_end(const struct edit_text *text, size_t at, unsigned count, bool big)
{
    size_t from = at;

    while (count-- > 0)
        at = edit_vi_word(text, at, big);
    while (at > from && strchr(" \t\n", text->bytes[at - 1]))
        at--;
    return at;
}

/* What an operator is for: a motion that is typed behind it (with a count of its own), or its own key again.
 */
static bool read_range(struct edit *edit, unsigned count, struct range *range)
{
    uint32_t operation = edit->key, key = edit_key(edit);
    struct edit_vi_motion motion;
    unsigned more = 0;

    while (key >= (more ? '0' : '1') && key <= '9') {
        more = more < 10000 ? more * 10 + (key - '0') : more;
        key = edit_key(edit);
    }
    if (more > 0)
        count = count > 0 ? count * more : more;
    if (key == operation) {
        *range = whole_line(edit, count, operation == 'c');
        return true;
    }
    size_t cursor = edit->text.cursor;
    bool on_blank = cursor < edit->text.len && strchr(" \t\n", edit->text.bytes[cursor]);
    if (operation == 'c' && (key == 'w' || key == 'W') && !on_blank) {
        *range = (struct range){cursor, words_end(&edit->text, cursor, count > 0 ? count : 1, key == 'W')};
        return true;
    }
    if (!edit_vi_motion(edit, key, count, &motion))
        return false;
    if (motion.inclusive && motion.to < edit->text.len)
        motion.to = edit_text_next(&edit->text, motion.to);
    *range = motion.to < cursor ? (struct range){motion.to, cursor} : (struct range){cursor, motion.to};
    return true;
}

static void cut(struct edit *edit, struct range range)
{
    edit_kill(&edit->kills, edit->text.bytes + range.from, range.to - range.from, EDIT_KILL_NEW);
    edit_text_remove(&edit->text, range.from, range.to);
}

static bool delete_motion(struct edit *edit, unsigned count)
{
    struct range range;

    if (!read_range(edit, count, &range) || range.from == range.to)
        return false;
    cut(edit, range);
    return true;
}

static bool change_motion(struct edit *edit, unsigned count)
{
    struct range range;

    if (!read_range(edit, count, &range))
        return false;
    cut(edit, range);
    return insert(edit, 1);
}

static bool yank_motion(struct edit *edit, unsigned count)
{
    struct range range;

    if (!read_range(edit, count, &range) || range.from == range.to)
        return false;
    edit_kill(&edit->kills, edit->text.bytes + range.from, range.to - range.from, EDIT_KILL_NEW);
    return true;
}

static struct range to_end(struct edit *edit)
{
    return (struct range){edit->text.cursor, edit_text_line_end(&edit->text, edit->text.cursor)};
}

static bool delete_end(struct edit *edit, unsigned count)
{
    struct range range = to_end(edit);

    (void)count;
    cut(edit, range);
    return range.from < range.to;
}

static bool change_end(struct edit *edit, unsigned count)
{
    (void)count;
    cut(edit, to_end(edit));
    return insert(edit, 1);
}

static bool yank_end(struct edit *edit, unsigned count)
{
    struct range range = to_end(edit);

    (void)count;
    edit_kill(&edit->kills, edit->text.bytes + range.from, range.to - range.from, EDIT_KILL_NEW);
    return range.from < range.to;
}

static bool change_line(struct edit *edit, unsigned count)
{
    cut(edit, whole_line(edit, count, true));
    return insert(edit, 1);
}

static struct range characters(struct edit *edit, unsigned count)
{
    struct range range = {edit->text.cursor, edit->text.cursor};
    size_t end = edit_text_line_end(&edit->text, range.from);

    for (count = count > 0 ? count : 1; count > 0 && range.to < end; count--)
        range.to = edit_text_next(&edit->text, range.to);
    return range;
}

static bool delete_characters(struct edit *edit, unsigned count)
{
    struct range range = characters(edit, count);

    cut(edit, range);
    return range.from < range.to;
}

static bool delete_before(struct edit *edit, unsigned count)
{
    struct range range = {edit->text.cursor, edit->text.cursor};
    size_t start = edit_text_line_start(&edit->text, range.to);

    for (count = count > 0 ? count : 1; count > 0 && range.from > start; count--)
        range.from = edit_text_previous(&edit->text, range.from);
    cut(edit, range);
    return range.from < range.to;
}

static bool substitute(struct edit *edit, unsigned count)
{
    cut(edit, characters(edit, count));
    return insert(edit, 1);
}

/* ---- characters ---- */

static bool replace_characters(struct edit *edit, unsigned count)
{
    struct range range = characters(edit, count);
    uint32_t key = edit_key(edit);
    char bytes[4];

    if (key == KEY_CONTROL('V'))
        key = edit_key(edit);
    else if (key == KEY_ESCAPE)
        return true;
    size_t len = edit_key_bytes(key, bytes);
    if (len == 0 || range.from == range.to)
        return false;
    size_t at = range.from, left = edit->text.len - range.to;
    while (at + left < edit->text.len) {
        edit_text_replace(&edit->text, at, edit_text_next(&edit->text, at), bytes, len);
        at += len;
    }
    edit->text.cursor = at - len;
    return true;
}

static bool change_case(struct edit *edit, unsigned count)
{
    struct edit_text *text = &edit->text;

    if (text->cursor == text->len)
        return false;
    for (count = count > 0 ? count : 1; count > 0 && text->cursor < edit_text_line_end(text, text->cursor);
         count--) {
        uint32_t code;
        char bytes[4];
        size_t at = text->cursor;
        size_t len = utf8_decode(text->bytes + at, text->bytes + text->len, locale_is_utf8(), &code);
        wint_t other = code & UTF8_INVALID      ? code
                       : iswupper((wint_t)code) ? towlower((wint_t)code)
                                                : towupper((wint_t)code);
        if (other != code)
            edit_text_replace(text, at, at + len, bytes, utf8_encode(other, bytes));
        text->cursor = edit_text_next(text, at);
    }
    return true;
}

/* ---- putting ---- */

static bool put(struct edit *edit, unsigned count, bool after)
{
    const char *text = edit_kill_get(&edit->kills, 0);

    if (!text)
        return false;
    if (after && edit->text.cursor < edit_text_line_end(&edit->text, edit->text.cursor))
        edit->text.cursor = edit_text_next(&edit->text, edit->text.cursor);
    for (count = count > 0 ? count : 1; count > 0; count--)
        edit_text_insert(&edit->text, text, strlen(text));
    edit->text.cursor = edit_text_previous(&edit->text, edit->text.cursor);
    return true;
}

static bool put_after(struct edit *edit, unsigned count)
{
    return put(edit, count, true);
}

static bool put_before(struct edit *edit, unsigned count)
{
    return put(edit, count, false);
}

/* ---- words of other lines, and pathnames ---- */

/* The count-th bigword of text, or its last. false: it has fewer. */
static bool bigword(const char *text, unsigned count, const char **start, size_t *len)
{
    bool found = false;

    for (unsigned n = 1; *(text += strspn(text, " \t\n")) && (count == 0 || n <= count); n++) {
        *start = text;
        *len = strcspn(text, " \t\n");
        text += *len;
        found = count == 0 || n == count;
    }
    return found;
}

/* [count]_ */
static bool append_bigword(struct edit *edit, unsigned count)
{
    const struct history *history = edit->sh->history;
    const char *text = history ? history_get(history, history_newest(history)) : NULL, *start;
    size_t len;

    if (!text || !bigword(text, count, &start, &len))
        return false;
    if (edit->text.cursor < edit->text.len)
        edit->text.cursor = edit_text_next(&edit->text, edit->text.cursor);
    edit_text_insert(&edit->text, " ", 1);
    edit_text_insert(&edit->text, start, len);
    return insert(edit, 1);
}

static bool expand(struct edit *edit, enum edit_complete_how how)
{
    const struct edit_text *text = &edit->text;
    size_t from = text->cursor, to = text->cursor;

    while (to < text->len && !strchr(" \t\n", text->bytes[to]))
        to++;
    while (from > 0 && !strchr(" \t\n", text->bytes[from - 1]))
        from--;
    if (!edit_complete_pathname(edit, from, to, how))
        return false;
    return how == EDIT_COMPLETE_LIST ? true : insert(edit, 1);
}

static bool expand_all(struct edit *edit, unsigned count)
{
    (void)count;
    return expand(edit, EDIT_COMPLETE_ALL);
}

static bool expand_unique(struct edit *edit, unsigned count)
{
    (void)count;
    return expand(edit, EDIT_COMPLETE);
}

static bool expand_list(struct edit *edit, unsigned count)
{
    (void)count;
    return expand(edit, EDIT_COMPLETE_LIST);
}

/* ---- taking back ---- */

static bool undo(struct edit *edit, unsigned count)
{
    return edit_undo(edit, count > 0 ? (int)count : 1);
}

static bool undo_line(struct edit *edit, unsigned count)
{
    const char *original = edit->vi.original ? edit->vi.original : "";

    (void)count;
    if (strcmp(original, edit->text.bytes) == 0)
        return false;
    edit_text_replace(&edit->text, 0, edit->text.len, original, strlen(original));
    edit->text.cursor = 0;
    return true;
}

const struct edit_vi_command edit_vi_changes[] = {
    {'i', insert, true},
    {'I', insert_at_start, true},
    {'a', append, true},
    {'A', append_at_end, true},
    {'R', replace, true},
    {'d', delete_motion, true},
    {'D', delete_end, true},
    {'c', change_motion, true},
    {'C', change_end, true},
    {'S', change_line, true},
    {'s', substitute, true},
    {'x', delete_characters, true},
    {'X', delete_before, true},
    {KEY_DELETE, delete_characters, true},
    {'y', yank_motion, false},
    {'Y', yank_end, false},
    {'r', replace_characters, true},
    {'~', change_case, true},
    {'p', put_after, true},
    {'P', put_before, true},
    {'_', append_bigword, true},
    {'*', expand_all, true},
    {'\\', expand_unique, true},
    {'=', expand_list, false},
    {'u', undo, false},
    {'U', undo_line, false},
    {0, NULL, false},
};
