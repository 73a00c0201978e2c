/* complete.c - asks the sources that fit the word, then sorts and quotes what they know. */
#include "shell/complete.h"
#include "completion/sources.h"
#include "completion/word.h"
#include "shell/arena.h"
#include <stdlib.h>
#include <string.h>

void completions_add(struct completions *completions, const char *text)
{
    if (completions->count == completions->cap) {
        completions->cap = completions->cap ? 2 * completions->cap : 64;
        completions->items = xrealloc(completions->items, completions->cap * sizeof *completions->items);
    }
    completions->items[completions->count++] = xstrdup(text);
}

void completions_free(struct completions *completions)
{
    for (size_t i = 0; i < completions->count; i++)
        free(completions->items[i]);
    free(completions->items);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_unique(struct completions *found)
{
    size_t kept = 0;

    if (found->count == 0)
        return;
    qsort(found->items, found->count, sizeof *found->items, by_text);
    for (size_t i = 0; i < found->count; i++)
        if (kept > 0 && strcmp(found->items[kept - 1], found->items[i]) == 0)
            free(found->items[i]);
        else
            found->items[kept++] = found->items[i];
    found->count = kept;
}

/* text as the shell reads it back, within an open quote or with backslashes; malloc'ed. */
static char *quote(const char *text, char open)
{
    const char *special = open == '"' ? "$`\"\\" : open ? "" : " \t\n'\"\\$`|&;<>()*?[]#~!{}=";
    char *quoted = xmalloc(5 * strlen(text) + 2), *to = quoted;

    if (open)
        *to++ = open;
    else if (strncmp(text, "~/", 2) == 0)
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

static void quote_all(struct completions *found, char open)
{
    for (size_t i = 0; i < found->count; i++) {
        char *plain = found->items[i];
        found->items[i] = quote(plain, open);
        free(plain);
    }
}

static void find_arguments(struct shell *sh, const struct word_context *word, struct completions *out)
{
    static const char *const with_jobs[] = {"bg", "fg", "jobs", "kill", "vm", "wait", NULL};

    for (const char *const *name = with_jobs; word->command && word->text[0] == '%' && *name; name++)
        if (strcmp(*name, word->command) == 0)
            complete_jobs(sh, word->text, out);
    if (out->count > 0)
        return;
    if (word->role == WORD_COMMAND && !strchr(word->text, '/'))
        complete_commands(sh, word->text, out);
    else
        complete_files(sh, word->text, word->role == WORD_COMMAND, out);
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
        find_arguments(sh, &word, out);
        sort_unique(out);
        if (word.text[0] != '%')
            quote_all(out, open);
        if (open)
            out->ending = open == '"' ? "\" " : "' ";
        const char *slash = out->count > 0 ? strrchr(word.text, '/') : NULL;
        if (slash)
            out->listed_from = (size_t)(slash + 1 - word.text) + (open != 0);
    }
    word_free(&word);
}
