/* edit_history.c - from one command of the history to the next. */
#include "shell/edit_history.h"
#include "shell/arena.h"
#include "shell/edit_state.h"
#include "shell/history.h"
#include "shell/shell.h"
#include <stdlib.h>
#include <string.h>

/* Is the line the command that was shown last? Else it is what was typed. */
static void begin_walk(struct edit *edit)
{
    struct edit_walk *walk = &edit->walk;
    const char *shown = walk->at && edit->sh->history ? history_get(edit->sh->history, walk->at) : NULL;

    if (shown && strcmp(shown, edit->text.bytes) == 0)
        return;
    free(walk->typed);
    walk->typed = xstrdup(edit->text.bytes);
    walk->at = 0;
}

static void show(struct edit *edit, unsigned number)
{
    const char *text = number ? history_get(edit->sh->history, number) : edit->walk.typed;

    edit->walk.at = number;
    edit_set_text(edit, text, strlen(text));
}

bool edit_walk(struct edit *edit, bool older, bool prefix)
{
    const struct history *history = edit->sh->history;

    if (!history)
        return false;
    begin_walk(edit);
    unsigned newest = history_newest(history), oldest = history_oldest(history);
    size_t typed_len = prefix ? strlen(edit->walk.typed) : 0;
    unsigned number = edit->walk.at ? edit->walk.at : newest + 1;
    if (newest == 0 || (edit->walk.at == 0 && !older))
        return false;
    for (;;) {
        number += older ? -1u : 1u;
        if (number < oldest)
            return false;
        if (number > newest) {
            show(edit, 0);
            return true;
        }
        const char *text = history_get(history, number);
        if (strncmp(text, edit->walk.typed, typed_len) == 0 && strcmp(text, edit->text.bytes) != 0) {
            show(edit, number);
            return true;
        }
    }
}

bool edit_walk_to(struct edit *edit, unsigned number)
{
    if (!edit->sh->history || !history_get(edit->sh->history, number))
        return false;
    begin_walk(edit);
    show(edit, number);
    return true;
}

void edit_walk_home(struct edit *edit)
{
    if (edit->walk.at)
        show(edit, 0);
}
