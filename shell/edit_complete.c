/* edit_complete.c - between complete.h, which knows what is possible, and the line. */
#include "shell/edit_complete.h"
#include "shell/arena.h"
#include "shell/edit_ask.h"
#include "shell/edit_state.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- the list ---- */

/* Where possibilities are listed. */
struct list {
    FILE *out;
    unsigned rows, columns;
    bool colour;
};

/* Characters as they are, control characters as ?: a file's name must not command the terminal. Stops before
 * width columns are exceeded. Returns the columns used. */
static unsigned put_visible(const char *text, unsigned width, FILE *out)
{
    const char *end = text + strlen(text);
    unsigned used = 0;

    for (size_t len; text < end; text += len) {
        int columns;
        len = edit_cluster(text, end, &columns);
        unsigned needed = columns < 0 ? 1 : (unsigned)columns;
        if (used + needed > width)
            break;
        if (out && columns < 0)
            fputc('?', out);
        else if (out)
            fwrite(text, 1, len, out);
        used += needed;
    }
    return used;
}

static const char *listed(const struct completions *found, size_t i)
{
    return found->items[i].text + found->listed_from;
}

static unsigned widest(const struct completions *found)
{
    unsigned width = 0;

    for (size_t i = 0; i < found->count; i++) {
        unsigned columns = put_visible(listed(found, i), UINT_MAX, NULL);
        width = columns > width ? columns : width;
    }
    return width;
}

static bool is_described(const struct completions *found)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].about)
            return true;
    return false;
}

/* One a line, with what it is. */
static void list_described(const struct completions *found, const struct list *list, unsigned width)
{
    width = width > list->columns / 2 ? list->columns / 2 : width;
    for (size_t i = 0; i < found->count; i++) {
        const char *about = found->items[i].about;
        unsigned used = put_visible(listed(found, i), about ? width : list->columns, list->out);
        if (about) {
            fprintf(list->out, "%*s%s", (int)(width - used + 2), "", list->colour ? "\033[2m" : "");
            put_visible(about, list->columns - width - 3, list->out);
            fputs(list->colour ? "\033[m" : "", list->out);
        }
        fputs("\r\n", list->out);
    }
}

/* Down the columns, as ls does. */
static void list_columns(const struct completions *found, const struct list *list, unsigned width)
{
    size_t shown = found->count;
    size_t across = list->columns / (width + 2) ? list->columns / (width + 2) : 1;
    size_t rows = (shown + across - 1) / across;

    for (size_t row = 0; row < rows; row++) {
        for (size_t i = row; i < shown; i += rows) {
            unsigned used = put_visible(listed(found, i), list->columns, list->out);
            if (i + rows < shown)
                fprintf(list->out, "%*s", (int)(width + 2 - used), "");
        }
        fputs("\r\n", list->out);
    }
    if (found->left_out > 0)
        fprintf(list->out, "(%zu more)\r\n", found->left_out);
}

static void list_all(const struct completions *found, const struct list *list)
{
    unsigned width = widest(found);

    if (found->count + 1 < list->rows && list->columns > 20 && is_described(found))
        list_described(found, list, width);
    else
        list_columns(found, list, width);
}

static void list_below(struct edit *edit, const struct edit_answer *answer)
{
    const struct list list = {edit->out, edit->screen.height, edit->screen.width, edit->screen.colour};

    edit_step_aside(edit);
    list_all(&answer->found, &list);
}

/* ---- the line ---- */

/* A single possibility is finished, unless it is a directory. */
static void insert_only(struct edit *edit, size_t from, size_t to, const struct edit_answer *answer)
{
    const char *text = answer->found.items[0].text;
    size_t len = strlen(text);

    edit_text_replace(&edit->text, from, to, text, len);
    if (len == 0 || text[len - 1] != '/')
        edit_text_insert(&edit->text, answer->ending, strlen(answer->ending));
}

static void insert_all(struct edit *edit, size_t from, size_t to, const struct edit_answer *answer)
{
    edit_text_replace(&edit->text, from, to, "", 0);
    for (size_t i = 0; i < answer->found.count; i++) {
        edit_text_insert(&edit->text, answer->found.items[i].text, strlen(answer->found.items[i].text));
        edit_text_insert(&edit->text, " ", 1);
    }
}

/* What is sure goes into the line in place of from..to. */
static bool use(struct edit *edit, const struct edit_answer *answer, size_t from, size_t to,
                enum edit_complete_how how)
{
    const struct completions *found = &answer->found;
    size_t common = strlen(found->common);

    if (found->count == 0)
        return false;
    if (how == EDIT_COMPLETE_ALL)
        insert_all(edit, from, to, answer);
    else if (how == EDIT_COMPLETE && found->count == 1)
        insert_only(edit, from, to, answer);
    else if (how == EDIT_COMPLETE &&
             (common > to - from || strncmp(edit->text.bytes + from, found->common, to - from) != 0))
        edit_text_replace(&edit->text, from, to, found->common, common);
    else
        list_below(edit, answer);
    return true;
}

static size_t limit_of(enum edit_complete_how how)
{
    return how == EDIT_COMPLETE_ALL ? EDIT_ANSWERS_ALL : EDIT_ANSWERS_MAX;
}

bool edit_complete(struct edit *edit, enum edit_complete_how how)
{
    struct edit_answer answer = {0};
    size_t cursor = edit->text.cursor;
    bool done = edit_ask_line(edit, edit->text.bytes, cursor, limit_of(how), &answer) &&
                use(edit, &answer, answer.found.start, cursor, how);

    edit_answer_free(&answer);
    return done;
}

bool edit_complete_pathname(struct edit *edit, size_t from, size_t to, enum edit_complete_how how)
{
    struct edit_answer answer = {0};
    char *word = strndup(edit->text.bytes + from, to - from);
    bool done =
        word && edit_ask_pathnames(edit, word, limit_of(how), &answer) && use(edit, &answer, from, to, how);

    edit_answer_free(&answer);
    free(word);
    return done;
}
