/* edit_history.c - libedit asks for one command after the other, as wide characters. */
#include "shell/edit_history.h"
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
