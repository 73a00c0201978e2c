/* complete.c - asks the sources that fit the word, then sorts and quotes what they know. */
#include "shell/complete.h"
#include "completion/sources.h"
#include "completion/word.h"
#include "shell/arena.h"
#include "shell/byte_sort.h"
#include <stdlib.h>
#include <string.h>

#define SPECIAL " \t\n'\"\\$`|&;<>()*?[]#~!{}=" /* outside of quotes */

void completions_take(struct completions *completions, char *text, char *about)
{
    if (completions->count == completions->cap) {
        completions->cap = completions->cap ? 2 * completions->cap : 64;
        completions->items = xrealloc(completions->items, completions->cap * sizeof *completions->items);
    }
    completions->items[completions->count] = (struct completion){.text = text, .about = about};
    completions->count++;
}

void completions_add(struct completions *completions, const char *text, const char *about)
{
    completions_take(completions, xstrdup(text), about ? xstrdup(about) : NULL);
}

void completions_add_matching(struct completions *completions, const char *prefix, const char *text,
                              const char *about)
{
    if (strncmp(text, prefix, strlen(prefix)) == 0)
        completions_add(completions, text, about);
}

static void free_item(struct completion *item)
{
    free(item->text);
    free(item->about);
}

void completions_free(struct completions *completions)
{
    for (size_t i = 0; i < completions->count; i++)
        free_item(&completions->items[i]);
    free(completions->items);
}

static void sort_unique(struct completions *found)
{
    struct byte_sort_item *order = xmalloc((found->count + 1) * sizeof *order);
    struct completion *sorted = xmalloc((found->count + 1) * sizeof *sorted);
    size_t kept = 0;

    for (size_t i = 0; i < found->count; i++) /* of those with the same text the first stays */
        order[i] = (struct byte_sort_item){.text = found->items[i].text, .index = (unsigned)i};
    byte_sort(order, found->count);
    for (size_t i = 0; i < found->count; i++) {
        struct completion *item = &found->items[order[i].index];
        if (kept > 0 && strcmp(sorted[kept - 1].text, item->text) == 0)
            free_item(item);
        else
            sorted[kept++] = *item;
    }
    free(order);
    free(found->items);
    found->items = sorted;
    found->count = kept;
    found->cap = kept + 1;
}

/* text as the shell reads it back, within an open quote or with backslashes; tilde: one at its beginning is a
 * tilde-prefix. malloc'ed. */
static char *quote(const char *text, char open, bool tilde)
{
    const char *special = open == '"' ? "$`\"\\" : open ? "" : SPECIAL;
    char *quoted = xmalloc(5 * strlen(text) + 2), *to = quoted;

    if (open)
        *to++ = open;
    else if (tilde && *text == '~')
        *to++ = *text++;
    for (; *text; text++) {
        if (!open && *text == '\n') { /* a backslash would remove it */
            memcpy(to, "'\n'", 3);
            to += 3;
            continue;
        }
        if (open == '\'' && *text == '\'') {
            memcpy(to, "'\\'", 3);
            to += 3;
        } else if (strchr(special, *text)) {
            *to++ = '\\';
        }
        *to++ = *text;
    }
    *to = '\0';
    return quoted;
}

static void quote_all(struct completions *found, char open, bool tilde)
{
    for (size_t i = 0; i < found->count; i++) {
        char *plain = found->items[i].text;
        if (!open && !strpbrk(plain, SPECIAL)) /* most are, and there may be very many */
            continue;
        found->items[i].text = quote(plain, open, tilde);
        free(plain);
    }
}

static void find_words(struct shell *sh, const struct word_context *word, struct completions *out)
{
    if (word->text[0] == '~' && !word->quote && !strchr(word->text, '/'))
        complete_users(word->text + 1, "~", "/", out);
    else if (word->role == WORD_ARGUMENT && complete_arguments(sh, word, out))
        return;
    else if (word->role == WORD_COMMAND && !strchr(word->text, '/'))
        complete_commands(sh, word->text, out);
    else
        complete_files(sh, word->text, word->role == WORD_COMMAND ? FILES_EXECUTABLE : FILES_ALL, out);
}

void complete_pathnames(struct shell *sh, const char *word, struct completions *out)
{
    *out = (struct completions){.ending = " "};
    complete_expansion(sh, word, out);
    sort_unique(out);
    quote_all(out, 0, word[0] == '~');
    const char *slash = strrchr(word, '/');
    if (slash && out->count > 0)
        out->listed_from = (size_t)(slash + 1 - word);
}

void complete_line(struct shell *sh, const char *line, size_t cursor, struct completions *out)
{
    struct word_context word;

    word_find(line, cursor, &word);
    *out = (struct completions){.start = word.start, .ending = " "};
    if (word.role == WORD_VARIABLE) {
        complete_variables(sh, word.text, out);
        sort_unique(out);
        out->ending = word.brace ? "}" : "";
    } else {
        char open = word.quote && word.quoted_start ? word.quote : 0;
        find_words(sh, &word, out);
        sort_unique(out);
        if (out->has_programs)
            applets_describe(out);
        if (word.text[0] != '%')
            quote_all(out, open, word.text[0] == '~');
        if (open)
            out->ending = open == '"' ? "\" " : "' ";
        const char *slash = out->count > 0 ? strrchr(word.text, '/') : NULL;
        if (slash)
            out->listed_from = (size_t)(slash + 1 - word.text) + (open != 0);
    }
    word_free(&word);
}
