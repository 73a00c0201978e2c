/* complete.c - asks the sources that fit the word, then quotes what they know. */
#include "shell/complete.h"
#include "completion/sources.h"
#include "completion/word.h"
#include "shell/arena.h"
#include <stdlib.h>
#include <string.h>

#define SPECIAL " \t\n'\"\\$`|&;<>()*?[]#~!{}=" /* outside of quotes */

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

static char *requote(char *plain, char open, bool tilde)
{
    if (!open && !strpbrk(plain, SPECIAL)) /* most are */
        return plain;
    char *quoted = quote(plain, open, tilde);
    free(plain);
    return quoted;
}

static void quote_all(struct completions *found, char open, bool tilde)
{
    for (size_t i = 0; i < found->count; i++)
        found->items[i].text = requote(found->items[i].text, open, tilde);
    found->common = requote(found->common, open, tilde);
}

/* Bytes of each item that are word's, without what is behind its last slash. */
static size_t directory_len(const char *word, char open, bool tilde)
{
    const char *slash = strrchr(word, '/');

    if (!slash)
        return 0;
    char *directory = xstrdup(word);
    directory[slash + 1 - word] = '\0';
    directory = requote(directory, open, tilde);
    size_t len = strlen(directory);
    free(directory);
    return len;
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

void complete_pathnames(struct shell *sh, const char *word, size_t limit, struct completions *out)
{
    bool tilde = word[0] == '~';

    *out = (struct completions){.ending = " ", .limit = limit, .so_far = out->so_far};
    complete_expansion(sh, word, out);
    completions_finish(out);
    quote_all(out, 0, tilde);
    if (out->count > 0) /* as word stands in the line: it is quoted */
        out->listed_from = strrchr(word, '/') ? (size_t)(strrchr(word, '/') + 1 - word) : 0;
}

void complete_line(struct shell *sh, const char *line, size_t cursor, size_t limit, struct completions *out)
{
    struct word_context word;

    word_find(line, cursor, &word);
    *out = (struct completions){.start = word.start, .ending = " ", .limit = limit, .so_far = out->so_far};
    if (word.role == WORD_VARIABLE) {
        complete_variables(sh, word.text, out);
        completions_finish(out);
        out->ending = word.brace ? "}" : "";
    } else {
        char open = word.quote && word.quoted_start ? word.quote : 0;
        bool tilde = word.text[0] == '~';
        find_words(sh, &word, out);
        completions_finish(out);
        if (out->has_programs)
            applets_describe(out);
        if (word.text[0] != '%')
            quote_all(out, open, tilde);
        if (open)
            out->ending = open == '"' ? "\" " : "' ";
        if (out->count > 0)
            out->listed_from = directory_len(word.text, open, tilde);
    }
    word_free(&word);
}
