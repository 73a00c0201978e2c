/* edit_suggest.c - finding a suggestion. */
#include "shell/edit_suggest.h"
#include "shell/edit_state.h"
#include "shell/history.h"
#include "shell/shell.h"
#include <string.h>

const char *edit_suggest_rest(struct edit *edit)
{
    const struct history *history = edit->sh->history;
    const struct edit_text *text = &edit->text;

    if (!history || text->cursor != text->len || text->len == 0)
        return NULL;
    for (unsigned n = history_newest(history); n > 0 && n >= history_oldest(history); n--) {
        const char *old = history_get(history, n);
        if (strncmp(old, text->bytes, text->len) == 0 && old[text->len] && !strchr(old, '\n'))
            return old + text->len;
    }
    return NULL;
}
