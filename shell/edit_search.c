/*
 * edit_search.c - incremental search in the history.
 *
 * Each key changes what is sought, goes on to the next match, or ends the search:
 *
 *   character, paste: one more    Backspace: one less      ^R, up: older   ^S, down: newer
 *                                                          with nothing typed yet: what was sought last
 *   ^G: the line is as before     ESC: the match stays     any other key: so, and it does what it does
 */
#include "shell/arena.h"
#include "shell/edit_state.h"
#include "shell/history.h"
#include "shell/shell.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATTERN_MAX 256

struct search {
    char pattern[PATTERN_MAX];
    size_t len;
    unsigned at; /* number of the command that is shown; 0: the line as it was */
    bool older, failed;
    char told[PATTERN_MAX + 64];
};

/* The next command with the pattern, from number on; with other, not what is shown already. 0: none. */
static unsigned find(struct edit *edit, const struct search *search, unsigned number, bool other)
{
    const struct history *history = edit->sh->history;
    unsigned newest = history_newest(history), oldest = history_oldest(history);

    for (; number >= oldest && number <= newest && number > 0; number += search->older ? -1u : 1u) {
        const char *text = history_get(history, number);
        if (strstr(text, search->pattern) && (!other || strcmp(text, edit->text.bytes) != 0))
            return number;
    }
    return 0;
}

static void mark_match(struct edit *edit, const struct search *search)
{
    const char *match = search->len > 0 ? strstr(edit->text.bytes, search->pattern) : NULL;

    edit->match_len = 0;
    if (!match)
        return;
    edit->match_at = (size_t)(match - edit->text.bytes);
    edit->match_len = search->len;
    edit->text.cursor = edit->match_at;
}

/* From where the search is, or with beyond from the command after it. */
static void seek(struct edit *edit, struct search *search, bool beyond)
{
    unsigned newest = history_newest(edit->sh->history), from = search->at;

    search->failed = false;
    if (search->len == 0)
        return;
    if (!beyond && strstr(edit->text.bytes, search->pattern) && search->at > 0)
        return;
    if (from == 0)
        from = search->older ? newest : 0;
    else if (beyond)
        from += search->older ? -1u : 1u;
    unsigned found = find(edit, search, from, beyond);
    search->failed = found == 0;
    if (found > 0) {
        const char *text = history_get(edit->sh->history, found);
        edit_set_text(edit, text, strlen(text));
        search->at = found;
    }
}

static bool add(struct search *search, const char *bytes, size_t len)
{
    if (len == 0 || search->len + len >= PATTERN_MAX)
        return false;
    memcpy(search->pattern + search->len, bytes, len);
    search->len += len;
    search->pattern[search->len] = '\0';
    return true;
}

/* Its first line. */
static bool add_paste(struct search *search, const struct edit_keyboard *keyboard)
{
    const char *newline = keyboard->paste_len > 0 ? memchr(keyboard->paste, '\n', keyboard->paste_len) : NULL;

    return add(search, keyboard->paste, newline ? (size_t)(newline - keyboard->paste) : keyboard->paste_len);
}

static void remove_last(struct search *search)
{
    while (search->len > 0 && ((unsigned char)search->pattern[--search->len] & 0xc0) == 0x80)
        continue;
    search->pattern[search->len] = '\0';
}

/* ^R, ^S: to the next match, or what was sought last is sought once more. */
static void go_on(struct edit *edit, struct search *search, bool older)
{
    bool again = search->len == 0 && edit->sought;

    search->older = older;
    if (again)
        add(search, edit->sought, strlen(edit->sought));
    seek(edit, search, !again);
}

/* What a key does to the search; false: it ends it. */
static bool take(struct edit *edit, struct search *search, uint32_t key)
{
    char bytes[4];
    size_t len;

    switch (key) {
    case KEY_CONTROL('R'):
    case KEY_UP:
        go_on(edit, search, true);
        return true;
    case KEY_CONTROL('S'):
    case KEY_DOWN:
        go_on(edit, search, false);
        return true;
    case KEY_CONTROL('H'):
    case KEY_DELETE_BACK:
        remove_last(search);
        search->at = search->older ? 0 : search->at; /* from the newest on again */
        seek(edit, search, false);
        return true;
    case KEY_PASTE:
        search->failed = !add_paste(search, &edit->keyboard);
        seek(edit, search, false);
        return true;
    default:
        len = key >= ' ' ? edit_key_bytes(key, bytes) : 0;
        if (len == 0)
            return false;
        search->failed = !add(search, bytes, len);
        seek(edit, search, false);
        return true;
    }
}

bool edit_search(struct edit *edit, bool older)
{
    struct search search = {.older = older};
    size_t cursor = edit->text.cursor;
    bool suggest = edit->suggest;
    uint32_t key;

    if (!edit->sh->history)
        return false;
    char *original = xstrdup(edit->text.bytes);
    edit->suggest = false;
    do {
        snprintf(search.told, sizeof search.told, "%s%s: %s_", search.failed ? "no " : "",
                 search.older ? "earlier" : "later", search.pattern);
        edit->message = search.told;
        mark_match(edit, &search);
        key = edit_key(edit);
    } while (!edit->stopped && take(edit, &search, key));
    edit->message = NULL;
    edit->match_len = 0;
    edit->suggest = suggest;
    if (search.len > 0) {
        free(edit->sought);
        edit->sought = xstrdup(search.pattern);
    }
    edit->walk.at = search.at;
    if (key == KEY_CONTROL('G')) {
        edit_set_text(edit, original, strlen(original));
        edit->text.cursor = cursor;
        edit->walk.at = 0;
    } else if (key != KEY_ESCAPE && !edit->stopped) {
        edit_keys_queue(&edit->keyboard, &key, 1);
    }
    free(original);
    return key != KEY_CONTROL('G');
}
