/* edit_suggest.c - finding, drawing and erasing a suggestion. */
#include "shell/edit_suggest.h"
#include "shell/edit_keys.h"
#include "shell/edit_prompt.h"
#include "shell/history.h"
#include "shell/shell.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define DIM "\033[2m"

/* Of text without control characters; -1 if it has any. Literals of prompts count nothing. */
static int columns_of(const wchar_t *text, size_t len)
{
    bool literal = false;
    int columns = 0;

    for (size_t i = 0; i < len; i++) {
        int width = text[i] == EDIT_PROMPT_MARK ? 0 : wcwidth(text[i]);
        literal ^= text[i] == EDIT_PROMPT_MARK;
        if (literal)
            continue;
        if (width < 0)
            return -1;
        columns += width;
    }
    return columns;
}

const char *edit_suggest_rest(struct edit *edit)
{
    const struct history *history = edit->sh->history;
    const LineInfoW *line = edit->lib->wline(edit->el);
    const char *found = NULL;
    size_t len;

    if (!history || line->cursor != line->lastchar || line->cursor == line->buffer)
        return NULL;
    char *typed = edit_narrow(line->buffer, (size_t)(line->cursor - line->buffer), &len);
    for (unsigned n = history_newest(history); n > 0 && n >= history_oldest(history) && !found; n--) {
        const char *text = history_get(history, n);
        if (strncmp(text, typed, len) == 0 && text[len] && !strchr(text, '\n'))
            found = text + len;
    }
    free(typed);
    return found;
}

/* Columns left of the cursor's row, without the last one and the right prompt. */
static int room(const struct edit *edit)
{
    const LineInfoW *line = edit->lib->wline(edit->el);
    int prompt = columns_of(edit->prompt, wcslen(edit->prompt));
    int typed = columns_of(line->buffer, (size_t)(line->lastchar - line->buffer));
    int right = columns_of(edit->right_prompt, wcslen(edit->right_prompt));

    if (prompt < 0 || typed < 0 || right < 0)
        return 0;
    return edit->size.ws_col - prompt - typed - (right > 0 ? right + 2 : 1);
}

static bool key_is_there(void)
{
    struct pollfd keyboard = {.fd = STDIN_FILENO, .events = POLLIN};

    return poll(&keyboard, 1, 0) == 1;
}

void edit_suggest_show(struct edit *edit)
{
    const char *rest = edit->suggestion.wanted && !key_is_there() ? edit_suggest_rest(edit) : NULL;
    int left = rest ? room(edit) : 0, used = 0;

    if (left <= 0)
        return;
    wchar_t *wide = edit_widen(rest, strlen(rest));
    fputs("\0337" DIM, edit->out);
    for (const wchar_t *c = wide; *c; c++) {
        int width = wcwidth(*c);
        if (width < 0 || used + width > left)
            break;
        fprintf(edit->out, "%lc", (wint_t)*c);
        used += width;
    }
    fputs("\033[m\0338", edit->out);
    fflush(edit->out);
    free(wide);
    edit->suggestion.shown = (unsigned)used;
}

void edit_suggest_hide(struct edit *edit)
{
    if (edit->suggestion.shown > 0)
        fprintf(edit->out, "\0337%*s\0338", (int)edit->suggestion.shown, "");
    edit->suggestion.shown = 0;
}
