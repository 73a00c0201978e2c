/* edit_vi_history.c - the commands of vi's command mode that show another line of the history. */
#include "shell/arena.h"
#include "shell/edit_command.h"
#include "shell/edit_history.h"
#include "shell/edit_move.h"
#include "shell/edit_vi.h"
#include "shell/history.h"
#include "shell/pattern.h"
#include "shell/shell.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In a command of several lines first from line to line. */
static bool walk(struct edit *edit, unsigned count, bool older)
{
    bool done = false;

    for (count = count > 0 ? count : 1; count > 0; count--) {
        size_t cursor = edit->text.cursor;
        size_t to = older ? edit_line_above(&edit->text, cursor) : edit_line_below(&edit->text, cursor);
        if (to != cursor)
            edit->text.cursor = to;
        else if (edit_walk(edit, older, false))
            edit->text.cursor = 0;
        else
            return done;
        done = true;
    }
    return done;
}

static bool older(struct edit *edit, unsigned count)
{
    return walk(edit, count, true);
}

static bool newer(struct edit *edit, unsigned count)
{
    return walk(edit, count, false);
}

/* [number]G: that command, or the oldest. */
static bool go(struct edit *edit, unsigned count)
{
    if (!edit->sh->history || !edit_walk_to(edit, count > 0 ? count : history_oldest(edit->sh->history)))
        return false;
    edit->text.cursor = 0;
    return true;
}

/* ---- / ? n N ---- */

/* Pattern matching notation, anywhere in the command; ^ at its beginning: only there. malloc'ed. */
static char *whole_pattern(const char *typed)
{
    char *pattern = xmalloc(strlen(typed) + 3);

    sprintf(pattern, "%s%s*", *typed == '^' ? "" : "*", *typed == '^' ? typed + 1 : typed);
    return pattern;
}

static bool seek(struct edit *edit, bool back)
{
    const struct history *history = edit->sh->history;
    unsigned newest, oldest, number;
    bool found = false;

    if (!edit->vi.pattern || !history || (newest = history_newest(history)) == 0)
        return false;
    oldest = history_oldest(history);
    number = edit->walk.at ? edit->walk.at : newest + 1;
    char *pattern = whole_pattern(edit->vi.pattern);
    for (number += back ? -1u : 1u; !found && number >= oldest && number <= newest; number += back ? -1u : 1u)
        if (pattern_match(pattern, history_get(history, number)))
            found = edit_walk_to(edit, number);
    free(pattern);
    if (found)
        edit->text.cursor = 0;
    return found;
}

/* The pattern, shown below the line as it is typed. malloc'ed; NULL: given up. */
static char *read_pattern(struct edit *edit, char sign)
{
    struct edit_text typed = {0};
    char told[256];
    uint32_t key;

    edit_text_begin(&typed, "", 0);
    do {
        char bytes[4];
        snprintf(told, sizeof told, "%c%s_", sign, typed.bytes);
        edit->message = told;
        key = edit_key(edit);
        edit->message = NULL;
        if (key == '\r' || key == '\n')
            break;
        if (key == KEY_CONTROL('V'))
            key = edit_key(edit);
        if (key == KEY_DELETE_BACK || key == KEY_CONTROL('H')) {
            if (typed.len == 0)
                key = KEY_ESCAPE;
            else
                edit_text_remove(&typed, edit_text_previous(&typed, typed.cursor), typed.cursor);
        } else if (key == KEY_CONTROL('U')) {
            edit_text_remove(&typed, 0, typed.len);
        } else {
            edit_text_insert(&typed, bytes, edit_key_bytes(key, bytes));
        }
    } while (key != KEY_ESCAPE && key != KEY_NONE);
    char *pattern = key == KEY_ESCAPE || key == KEY_NONE ? NULL : xstrdup(typed.bytes);
    edit_text_free(&typed);
    return pattern;
}

/* / goes back to older commands, ? forward. An empty pattern is the last one. */
static bool search(struct edit *edit, unsigned count)
{
    bool back = edit->key == '/';
    char *pattern = read_pattern(edit, back ? '/' : '?');

    (void)count;
    if (!pattern)
        return true;
    edit->vi.pattern_back = back;
    if (*pattern) {
        free(edit->vi.pattern);
        edit->vi.pattern = pattern;
    } else {
        free(pattern);
    }
    return seek(edit, back);
}

static bool search_again(struct edit *edit, unsigned count)
{
    (void)count;
    return seek(edit, edit->vi.pattern_back);
}

static bool search_back(struct edit *edit, unsigned count)
{
    (void)count;
    return seek(edit, !edit->vi.pattern_back);
}

/* [number]v: the line, or that command, in an editor. */
static bool external(struct edit *edit, unsigned count)
{
    const char *text =
        count > 0 && edit->sh->history ? history_get(edit->sh->history, count) : edit->text.bytes;

    return text && edit_in_editor(edit, text, strlen(text));
}

static bool comment(struct edit *edit, unsigned count)
{
    (void)count;
    return edit_comment(edit, 1);
}

const struct edit_vi_command edit_vi_histories[] = {
    {'k', older, false},       {'-', older, false},
    {KEY_UP, older, false},    {KEY_CONTROL('P'), older, false},
    {'j', newer, false},       {'+', newer, false},
    {KEY_DOWN, newer, false},  {KEY_CONTROL('N'), newer, false},
    {'G', go, false},          {'/', search, false},
    {'?', search, false},      {'n', search_again, false},
    {'N', search_back, false}, {'v', external, false},
    {'#', comment, false},     {0, NULL, false},
};
