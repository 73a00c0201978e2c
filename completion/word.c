/* word.c - one pass over the line up to the cursor. */
#include "completion/word.h"
#include "shell/arena.h"
#include "shell/complete.h"
#include "shell/var.h"
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 32

/* What surrounds a command: a word, of `$(` or a backquote, that goes on behind it, or else a `(`. */
struct surrounding {
    char open;
    bool at_command; /* that word was a command's name */
};

struct scan {
    struct word_context *word;
    size_t len;          /* of word->text */
    size_t dollar;       /* where a $ stands that may begin a variable at the cursor, + 1; 0: none */
    bool in_word, plain; /* plain: no quoting in it, so it may be a reserved word */
    bool at_command;     /* the next word is a command's name */
    bool redirection;    /* the next word is a redirection's operand */
    bool assignment;     /* start was moved behind a = */
    struct surrounding around[DEPTH_MAX];
    unsigned depth;
    complete_command_visit *visit; /* of commands' names, or NULL */
    void *context;
    bool lost; /* what follows may not be what it looks like: no more visits */
};

static void forget_arguments(struct word_context *word)
{
    while (word->count > 0)
        free(word->arguments[--word->count]);
}

static void add_argument(struct word_context *word)
{
    if (word->count == word->cap) {
        word->cap = word->cap ? 2 * word->cap : 8;
        word->arguments = xrealloc(word->arguments, word->cap * sizeof *word->arguments);
    }
    word->arguments[word->count++] = xstrdup(word->text);
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(*words, text) == 0)
            return true;
    return false;
}

static bool begins_command(const char *text)
{
    static const char *const words[] = {"!",    "{",    "do",    "elif",  "else", "if",
                                        "then", "time", "until", "while", NULL};

    return is_one_of(text, words);
}

/* A command's name that ends before text. Whose patterns look like commands, and what changes the meaning of
 * names, ends the visits. */
static void visit_command(struct scan *scan, size_t end, const char *text)
{
    static const char *const unclear[] = {".", "alias", "case", "cd", "eval", "unalias", NULL};
    const char *name = scan->word->text;

    if (scan->lost || strpbrk(name, "$*?[~"))
        return;
    if (text[strspn(text, " \t")] == '(' || is_one_of(name, unclear))
        scan->lost = true;
    else
        scan->visit(scan->word->start, end, name, scan->context);
}

/* text: what follows the word, at the byte `at` of the line. */
static void end_word(struct scan *scan, size_t at, const char *text)
{
    struct word_context *word = scan->word;

    if (!scan->in_word)
        return;
    word->text[scan->len] = '\0';
    if (scan->redirection) {
        scan->redirection = false;
    } else if (scan->at_command && !scan->assignment && !(scan->plain && begins_command(word->text))) {
        scan->at_command = false;
        if (scan->visit)
            visit_command(scan, at, text);
        free(word->command);
        word->command = xstrdup(word->text);
    } else if (word->command) {
        add_argument(word);
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

static void begin_command(struct scan *scan, size_t at, const char *text)
{
    end_word(scan, at, text);
    scan->at_command = true;
    scan->redirection = false;
    forget_arguments(scan->word);
    free(scan->word->command);
    scan->word->command = NULL;
}

/* < > and what belongs to them: a number before, & | < > - behind. Returns their length from text on. */
static size_t scan_redirection(struct scan *scan, const char *text, size_t at, size_t left)
{
    size_t len = 1;

    scan->word->text[scan->len] = '\0';
    if (scan->in_word && scan->plain && scan->len > 0 &&
        scan->word->text[strspn(scan->word->text, "0123456789")] == '\0')
        scan->in_word = false;
    end_word(scan, at, text);
    if (len < left && strchr("&|<>", text[len]))
        len++;
    if (len == 2 && len < left && text[len] == '-')
        len++;
    scan->lost = scan->lost || (len > 1 && text[0] == '<' && text[1] == '<'); /* a here-document follows */
    scan->redirection = true;
    return len;
}

static void go_in(struct scan *scan, char open, size_t at, const char *text)
{
    if (scan->depth == DEPTH_MAX)
        scan->lost = true;
    else
        scan->around[scan->depth++] = (struct surrounding){open, scan->at_command};
    begin_command(scan, at, text);
}

/* The word around the substitution goes on: it is not constant. */
static void go_out(struct scan *scan, size_t at, const char *text)
{
    begin_command(scan, at, text);
    if (scan->depth == 0 || scan->around[--scan->depth].open == '(')
        return;
    begin_word(scan, at);
    scan->at_command = scan->around[scan->depth].at_command;
    scan->word->text[scan->len++] = '$';
    scan->plain = false;
}

static bool opens_substitution(const struct scan *scan)
{
    return scan->in_word && scan->len > 0 && scan->word->text[scan->len - 1] == '$' && scan->dollar > 0;
}

/* ( ) ` ; & | and the newline. */
static size_t scan_operator(struct scan *scan, const char *text, size_t at, size_t left)
{
    bool closes = *text == '`' && scan->depth > 0 && scan->around[scan->depth - 1].open == '`';

    if (*text == '(' && left > 1 && text[1] == '(') /* arithmetic */
        scan->lost = true;
    if (*text == ')' || closes)
        go_out(scan, at, text);
    else if (*text == '(' || *text == '`')
        go_in(scan, *text == '(' && opens_substitution(scan) ? '$' : *text, at, text);
    else
        begin_command(scan, at, text);
    return 1;
}

/* An unquoted character. Returns how many bytes of text it took. */
static size_t scan_plain(struct scan *scan, const char *text, size_t at, size_t left)
{
    struct word_context *word = scan->word;
    char c = *text;

    if (c == ' ' || c == '\t') {
        end_word(scan, at, text);
        return 1;
    }
    if (strchr(";&|()\n`", c))
        return scan_operator(scan, text, at, left);
    if (c == '<' || c == '>')
        return scan_redirection(scan, text, at, left);
    if (c == '#' && !scan->in_word)
        scan->lost = true;
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
            scan->lost = scan->lost || (scan->assignment && strncmp(word->text, "PATH=", 5) == 0);
            if (scan->assignment || !scan->at_command) {
                free(word->option);
                word->option = strndup(word->text, scan->len - 1);
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
    if (word->quote == '"' && (*text == '`' || (*text == '(' && scan->dollar == at)))
        scan->lost = true; /* quotes in there are others */
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

void complete_each_command(const char *line, size_t len, complete_command_visit *visit, void *context)
{
    struct word_context word = {.text = xmalloc(len + 1)};
    struct scan scan = {.word = &word, .at_command = true, .visit = visit, .context = context};

    for (size_t i = 0; i < len && !scan.lost;)
        i += (word.quote ? scan_quoted : scan_plain)(&scan, line + i, i, len - i);
    if (!word.quote && !scan.lost)
        end_word(&scan, len, line + len);
    word_free(&word);
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
    free(word->option);
    forget_arguments(word);
    free(word->arguments);
}
