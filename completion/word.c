/* word.c - one pass over the line up to the cursor. */
#include "completion/word.h"
#include "shell/arena.h"
#include "shell/var.h"
#include <stdlib.h>
#include <string.h>

struct scan {
    struct word_context *word;
    size_t len;          /* of word->text */
    size_t dollar;       /* where a $ stands that may begin a variable at the cursor, + 1; 0: none */
    bool in_word, plain; /* plain: no quoting in it, so it may be a reserved word */
    bool at_command;     /* the next word is a command's name */
    bool redirection;    /* the next word is a redirection's operand */
    bool assignment;     /* start was moved behind a = */
};

static bool begins_command(const char *text)
{
    static const char *const words[] = {"!",    "{",    "do",    "elif",  "else", "if",
                                        "then", "time", "until", "while", NULL};

    for (const char *const *word = words; *word; word++)
        if (strcmp(*word, text) == 0)
            return true;
    return false;
}

static void end_word(struct scan *scan)
{
    struct word_context *word = scan->word;

    if (!scan->in_word)
        return;
    word->text[scan->len] = '\0';
    if (scan->redirection) {
        scan->redirection = false;
    } else if (scan->at_command && !scan->assignment && !(scan->plain && begins_command(word->text))) {
        scan->at_command = false;
        free(word->command);
        word->command = xstrdup(word->text);
        word->number = 1;
    } else if (word->command) {
        free(word->previous);
        word->previous = xstrdup(word->text);
        word->number++;
    }
    scan->in_word = false;
}

static void begin_word(struct scan *scan, size_t at)
{
    if (scan->in_word)
        return;
    scan->in_word = scan->plain = true;
    scan->assignment = scan->word->after_equals = false;
    scan->dollar = scan->len = 0;
    scan->word->start = at;
}

static void begin_command(struct scan *scan)
{
    end_word(scan);
    scan->at_command = true;
    scan->redirection = false;
    free(scan->word->command);
    free(scan->word->previous);
    scan->word->command = scan->word->previous = NULL;
}

/* An unquoted character. Returns how many bytes of text it took. */
static size_t scan_plain(struct scan *scan, const char *text, size_t at, size_t left)
{
    struct word_context *word = scan->word;
    char c = *text;

    if (c == ' ' || c == '\t') {
        end_word(scan);
        return 1;
    }
    if (strchr(";&|()\n`", c)) {
        begin_command(scan);
        return 1;
    }
    if (c == '<' || c == '>') {
        end_word(scan);
        scan->redirection = true;
        return 1;
    }
    begin_word(scan, at);
    if (c == '\'' || c == '"') {
        word->quote = c;
        word->quoted_start = at == word->start;
        scan->plain = false;
    } else if (c == '\\' && left > 1) {
        word->text[scan->len++] = text[1];
        scan->plain = false;
        return 2;
    } else {
        word->text[scan->len++] = c;
        if (c == '$')
            scan->dollar = at + 1;
        if (c == '=') { /* x=file, --option=file */
            scan->assignment = scan->at_command && var_is_name(word->text, scan->len - 1);
            if (scan->assignment || !scan->at_command) {
                word->start = at + 1;
                word->after_equals = true;
                scan->len = 0;
            }
        }
    }
    return 1;
}

static size_t scan_quoted(struct scan *scan, const char *text, size_t at, size_t left)
{
    struct word_context *word = scan->word;

    if (*text == word->quote) {
        word->quote = 0;
        return 1;
    }
    if (word->quote == '"' && *text == '\\' && left > 1 && strchr("$`\"\\\n", text[1])) {
        word->text[scan->len++] = text[1];
        return 2;
    }
    if (word->quote == '"' && *text == '$')
        scan->dollar = at + 1;
    word->text[scan->len++] = *text;
    return 1;
}

/* Is what stands between the last $ and the cursor the beginning of a name? Then that is what is completed.
 */
static void find_variable(struct scan *scan, const char *line, size_t cursor)
{
    struct word_context *word = scan->word;
    size_t start = scan->dollar;

    if (!scan->in_word || start == 0)
        return;
    word->brace = start < cursor && line[start] == '{';
    start += word->brace;
    if (start < cursor && !var_is_name(line + start, cursor - start))
        return;
    word->role = WORD_VARIABLE;
    word->start = start;
    memcpy(word->text, line + start, cursor - start);
    scan->len = cursor - start;
}

void word_find(const char *line, size_t cursor, struct word_context *word)
{
    struct scan scan = {.word = word, .at_command = true};

    *word = (struct word_context){.text = xmalloc(cursor + 1)};
    for (size_t i = 0; i < cursor;)
        i += (word->quote ? scan_quoted : scan_plain)(&scan, line + i, i, cursor - i);
    begin_word(&scan, cursor);
    word->role = scan.at_command && !scan.assignment && !scan.redirection ? WORD_COMMAND : WORD_ARGUMENT;
    find_variable(&scan, line, cursor);
    word->text[scan.len] = '\0';
}

void word_free(struct word_context *word)
{
    free(word->text);
    free(word->command);
    free(word->previous);
}
