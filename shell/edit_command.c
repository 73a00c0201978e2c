/* edit_command.c - inserting, accepting, the history, completion. */
#include "shell/edit_command.h"
#include "shell/arena.h"
#include "shell/edit_complete.h"
#include "shell/edit_history.h"
#include "shell/edit_move.h"
#include "shell/history.h"
#include "shell/shell.h"
#include <stdlib.h>
#include <string.h>

/* ---- inserting ---- */

bool edit_insert_key(struct edit *edit, int count)
{
    char bytes[4];
    size_t len = edit_key_bytes(edit->key, bytes);

    if (len == 0)
        return false;
    for (; count > 0; count--)
        edit_text_insert(&edit->text, bytes, len);
    return true;
}

bool edit_insert_paste(struct edit *edit, int count)
{
    (void)count;
    edit_text_insert(&edit->text, edit->keyboard.paste, edit->keyboard.paste_len);
    return true;
}

bool edit_quoted_insert(struct edit *edit, int count)
{
    edit->key = edit_key(edit);
    if (edit->key == '\r')
        edit->key = '\n';
    return edit_insert_key(edit, count);
}

bool edit_insert_newline(struct edit *edit, int count)
{
    (void)count;
    edit_text_insert(&edit->text, "\n", 1);
    return true;
}

/* ---- the end of a line ---- */

bool edit_accept(struct edit *edit, int count)
{
    (void)count;
    return edit->accepted = true;
}

/* The next line begins with the command that follows this one in the history. */
bool edit_accept_and_next(struct edit *edit, int count)
{
    edit->next_number = edit->walk.at ? edit->walk.at + 1 : 0;
    return edit_accept(edit, count);
}

/* ^D: on an empty line the end of the input; else it deletes. */
bool edit_end_of_file(struct edit *edit, int count)
{
    if (edit->text.len > 0)
        return edit_delete(edit, count);
    edit->stop = 0;
    return edit->stopped = true;
}

bool edit_comment(struct edit *edit, int count)
{
    edit->text.cursor = 0;
    for (size_t at = 0; at < edit->text.len; at = edit_text_line_end(&edit->text, at) + 1)
        edit_text_replace(&edit->text, at, at, "#", 1);
    return edit_accept(edit, count);
}

bool edit_abort(struct edit *edit, int count)
{
    (void)edit, (void)count;
    return false;
}

/* ---- taking back, showing ---- */

bool edit_undo(struct edit *edit, int count)
{
    bool done = false;

    while (count-- > 0 && edit_text_undo(&edit->text))
        done = true;
    return done;
}

bool edit_revert(struct edit *edit, int count)
{
    (void)count;
    while (edit_text_undo(&edit->text))
        continue;
    return true;
}

bool edit_clear(struct edit *edit, int count)
{
    (void)count;
    edit_screen_clear(&edit->screen);
    edit_show_prompt_above(edit);
    return true;
}

/* ---- the history ---- */

bool edit_older(struct edit *edit, int count)
{
    bool done = false;

    while (count-- > 0 && edit_walk(edit, true, true))
        done = true;
    return done;
}

bool edit_newer(struct edit *edit, int count)
{
    bool done = false;

    while (count-- > 0 && edit_walk(edit, false, true))
        done = true;
    return done;
}

bool edit_up(struct edit *edit, int count)
{
    size_t to = edit_line_above(&edit->text, edit->text.cursor);

    if (to == edit->text.cursor)
        return edit_older(edit, count);
    edit->text.cursor = to;
    return count > 1 ? edit_up(edit, count - 1) : true;
}

bool edit_down(struct edit *edit, int count)
{
    size_t to = edit_line_below(&edit->text, edit->text.cursor);

    if (to == edit->text.cursor)
        return edit_newer(edit, count);
    edit->text.cursor = to;
    return count > 1 ? edit_down(edit, count - 1) : true;
}

bool edit_first(struct edit *edit, int count)
{
    (void)count;
    return edit_walk_to(edit, history_oldest(edit->sh->history));
}

bool edit_newest(struct edit *edit, int count)
{
    (void)count;
    edit_walk_home(edit);
    return true;
}

/* M-. : the last word of the command before, then of the one before that... */
bool edit_last_argument(struct edit *edit, int count)
{
    const struct history *history = edit->sh->history;
    bool again = edit->last == edit_last_argument && edit->last_argument > 0;
    unsigned number = again ? edit->last_argument - 1 : history_newest(history);
    const char *text = number > 0 ? history_get(history, number) : NULL;

    (void)count;
    if (!text)
        return false;
    const char *end = text + strlen(text), *start;
    while (end > text && strchr(" \t\n", end[-1]))
        end--;
    for (start = end; start > text && !strchr(" \t\n", start[-1]);)
        start--;
    edit_text_replace(&edit->text, again ? edit->yank_at : edit->text.cursor, edit->text.cursor, start,
                      (size_t)(end - start));
    edit->yank_at = edit->text.cursor - (size_t)(end - start);
    edit->last_argument = number;
    return true;
}

bool edit_search_older(struct edit *edit, int count)
{
    (void)count;
    return edit_search(edit, true);
}

bool edit_search_newer(struct edit *edit, int count)
{
    (void)count;
    return edit_search(edit, false);
}

bool edit_external(struct edit *edit, int count)
{
    (void)count;
    return edit_in_editor(edit, edit->text.bytes, edit->text.len);
}

/* ---- completion ---- */

bool edit_complete_word(struct edit *edit, int count)
{
    (void)count;
    return edit_complete(edit, EDIT_COMPLETE);
}

bool edit_list_word(struct edit *edit, int count)
{
    (void)count;
    return edit_complete(edit, EDIT_COMPLETE_LIST);
}

bool edit_insert_all(struct edit *edit, int count)
{
    (void)count;
    return edit_complete(edit, EDIT_COMPLETE_ALL);
}
