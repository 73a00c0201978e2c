/* edit_motion.c - moving the cursor. */
#include "shell/edit_command.h"
#include "shell/edit_move.h"
#include "shell/edit_suggest.h"
#include <string.h>

bool edit_left(struct edit *edit, int count)
{
    for (; count > 0 && edit->text.cursor > 0; count--)
        edit->text.cursor = edit_text_previous(&edit->text, edit->text.cursor);
    return count == 0;
}

/* At the end of the line: takes what is suggested there, or one word of it. */
static bool take_suggestion(struct edit *edit, bool word)
{
    const char *rest = edit->suggest ? edit_suggest_rest(edit) : NULL;
    size_t len = rest ? strlen(rest) : 0;

    if (len == 0)
        return false;
    if (word) {
        len = strspn(rest, " ");
        len += strcspn(rest + len, " ");
    }
    edit_text_insert(&edit->text, rest, len);
    return true;
}

bool edit_take_word(struct edit *edit, int count)
{
    if (edit->text.cursor < edit->text.len)
        return edit_next_word(edit, count);
    return take_suggestion(edit, true);
}

bool edit_right(struct edit *edit, int count)
{
    if (edit->text.cursor == edit->text.len)
        return take_suggestion(edit, false);
    for (; count > 0 && edit->text.cursor < edit->text.len; count--)
        edit->text.cursor = edit_text_next(&edit->text, edit->text.cursor);
    return count == 0;
}

bool edit_home(struct edit *edit, int count)
{
    (void)count;
    edit->text.cursor = edit_text_line_start(&edit->text, edit->text.cursor);
    return true;
}

bool edit_end(struct edit *edit, int count)
{
    (void)count;
    if (edit->text.cursor == edit->text.len)
        take_suggestion(edit, false);
    edit->text.cursor = edit_text_line_end(&edit->text, edit->text.cursor);
    return true;
}

bool edit_next_word(struct edit *edit, int count)
{
    while (count-- > 0)
        edit->text.cursor = edit_word_end(&edit->text, edit->text.cursor);
    return true;
}

bool edit_previous_word(struct edit *edit, int count)
{
    while (count-- > 0)
        edit->text.cursor = edit_word_start(&edit->text, edit->text.cursor);
    return true;
}

/* ^] and a character: to it. */
static bool find(struct edit *edit, int count, bool back)
{
    char bytes[4];
    size_t len = edit_key_bytes(edit_key(edit), bytes), at = edit->text.cursor;

    if (len == 0)
        return false;
    while (count > 0 && (back ? at > 0 : at < edit->text.len)) {
        at = back ? edit_text_previous(&edit->text, at) : edit_text_next(&edit->text, at);
        if (at < edit->text.len && strncmp(edit->text.bytes + at, bytes, len) == 0)
            count--;
    }
    if (count == 0)
        edit->text.cursor = at;
    return count == 0;
}

bool edit_find_key(struct edit *edit, int count)
{
    return find(edit, count, false);
}

bool edit_find_key_back(struct edit *edit, int count)
{
    return find(edit, count, true);
}

bool edit_set_mark(struct edit *edit, int count)
{
    (void)count;
    edit->mark = edit->text.cursor;
    return true;
}

bool edit_exchange_mark(struct edit *edit, int count)
{
    size_t cursor = edit->text.cursor;

    (void)count;
    if (edit->mark > edit->text.len)
        return false;
    edit->text.cursor = edit->mark;
    edit->mark = cursor;
    return true;
}
