/* edit_history.c - libedit asks for one command after the other, as wide characters. */
#include "shell/edit_history.h"
#include "shell/arena.h"
#include "shell/edit_keys.h"
#include "shell/history.h"
#include "shell/shell.h"
#include <stdlib.h>
#include <string.h>

int edit_history_walk(void *context, HistEventW *event, int op, ...)
{
    struct edit_history *walk = context;
    const struct history *history = walk->sh->history;
    unsigned oldest = history_oldest(history), newest = history_newest(history), wanted;

    switch (op) {
    case H_FIRST:
        wanted = newest;
        break;
    case H_LAST:
        wanted = oldest;
        break;
    case H_NEXT:
        wanted = walk->at - 1;
        break;
    case H_PREV:
        wanted = walk->at + 1;
        break;
    case H_CURR:
        wanted = walk->at;
        break;
    default:
        return -1;
    }
    if (newest == 0 || wanted < oldest || wanted > newest)
        return -1;
    free(walk->text);
    const char *text = history_get(history, wanted);
    walk->text = edit_widen(text, strlen(text));
    walk->at = wanted;
    event->num = (int)wanted;
    event->str = walk->text;
    return 0;
}

static bool is_shown(const struct history *history, const struct edit_search *search, const char *line,
                     size_t len)
{
    const char *text = search->at ? history_get(history, search->at) : NULL;

    return text && strlen(text) == len && memcmp(text, line, len) == 0;
}

const char *edit_search(struct shell *sh, struct edit_search *search, bool older, const char *line,
                        size_t len)
{
    const struct history *history = sh->history;
    unsigned newest = history_newest(history), oldest = history_oldest(history);

    if (!is_shown(history, search, line, len)) {
        free(search->typed);
        search->typed = xmalloc(len + 1);
        memcpy(search->typed, line, len);
        search->typed[len] = '\0';
        search->typed_len = len;
        search->at = 0;
    }
    if (search->at == 0 && !older)
        return NULL;
    unsigned number = search->at ? search->at : newest + 1;
    for (;;) {
        number += older ? -1u : 1u;
        if (newest == 0 || number < oldest)
            return NULL;
        if (number > newest) { /* back to what was typed */
            search->at = 0;
            return search->typed;
        }
        const char *text = history_get(history, number);
        if (strncmp(text, search->typed, search->typed_len) == 0 &&
            (strlen(text) != len || memcmp(text, line, len) != 0)) {
            search->at = number;
            return text;
        }
    }
}
