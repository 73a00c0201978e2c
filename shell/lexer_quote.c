/* lexer_quote.c - quoting (XCU 2.2): \ '' "" $''. */
#include "shell/lexer.h"
#include <string.h>

/* Adds what precedes the closing quote on this line, or all of it. NUL: the end of input came first. */
static char read_single_line(struct word_builder *b)
{
    struct parser *p = b->p;
    size_t len = strcspn(p->next, "'\n");

    word_add(b, p->next, len, true);
    p->next += len;
    if (*p->next == '\n') {
        word_add(b, "\n", 1, true);
        lexer_newline(p);
    }
    if (*p->next == '\0' && !lexer_fill(p))
        return '\0';
    return *p->next;
}

void quote_single(struct word_builder *b)
{
    struct parser *p = b->p;
    struct opener opener = {"'", p->line, p->opener};

    p->opener = &opener;
    b->quoted = true;
    p->next++;
    word_add(b, NULL, 0, true);
    while (*p->next != '\'' && read_single_line(b) != '\0')
        continue;
    if (*p->next == '\'')
        p->next++;
    else
        lexer_fail_at_end(p);
    p->opener = opener.outer;
}

void quote_double(struct word_builder *b)
{
    struct parser *p = b->p;
    struct opener opener = {"\"", p->line, p->opener};

    p->opener = &opener;
    b->quoted = true;
    p->next++;
    if (lexer_peek(p) == '"')
        word_add(b, NULL, 0, true);
    word_read(b, CONTEXT_DQUOTE);
    if (*p->next == '"')
        p->next++;
    else
        lexer_fail_at_end(p);
    p->opener = opener.outer;
}

/* The characters before which a backslash is an escape, where it is not one before all. */
static const char *const escaped[CONTEXTS] = {
    [CONTEXT_DQUOTE] = "$`\"\\",
    [CONTEXT_DBRACE] = "$`\"\\}",
    [CONTEXT_HERE] = "$`\\",
    [CONTEXT_ARITH] = "$`\\",
};

void quote_backslash(struct word_builder *b, enum word_context context)
{
    struct parser *p = b->p;

    if (lexer_peek(p) != '\\')
        return; /* it was a line continuation */
    b->quoted = true;
    if (p->next[1] == '\0') {
        word_add(b, p->next++, 1, true); /* the last character of the input */
    } else if (!escaped[context] || strchr(escaped[context], p->next[1])) {
        word_add(b, p->next + 1, 1, true);
        p->next += 2;
    } else {
        word_add(b, p->next++, 1, true);
    }
}

/* ---- $'...' (2.2.4) ---- */

static const char simple_escapes[][2] = {
    {'"', '"'},  {'\'', '\''}, {'\\', '\\'}, {'a', '\a'}, {'b', '\b'}, {'e', 033},
    {'f', '\f'}, {'n', '\n'},  {'r', '\r'},  {'t', '\t'}, {'v', '\v'},
};

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* Up to `most` digits. Returns how many there are. */
static int read_digits(const char *text, int base, int most, int *value)
{
    int count = 0;

    for (*value = 0; count < most && digit_value(text[count]) < base; count++)
        *value = *value * base + digit_value(text[count]);
    return count;
}

/* The escape at text, after its backslash. Returns its length, 0: none, the backslash stays. */
static size_t decode_escape(const char *text, int *value)
{
    int digits;

    for (size_t i = 0; i < sizeof simple_escapes / sizeof *simple_escapes; i++) {
        if (simple_escapes[i][0] == *text) {
            *value = (unsigned char)simple_escapes[i][1];
            return 1;
        }
    }
    if (*text == 'c' && text[1] != '\0' && text[1] != '\n' && text[1] != '\'') {
        *value = text[1] == '?' ? 0177 : text[1] & 037;
        return text[1] == '\\' && text[2] == '\\' ? 3 : 2; /* \c\\ is one control character, FS */
    }
    if (*text == 'x') {
        digits = read_digits(text + 1, 16, 2, value);
        return digits ? (size_t)digits + 1 : 0;
    }
    digits = read_digits(text, 8, 3, value);
    return (size_t)digits;
}

static void read_escape(struct word_builder *b, bool *cut)
{
    struct parser *p = b->p;
    int value;
    size_t len = decode_escape(p->next + 1, &value);
    char byte;

    byte = len ? (char)value : '\\';
    p->next += len + 1;
    *cut |= byte ==
            '\0'; /* no string holds it: it and what follows up to the quote are dropped, as 2.2.4 allows */
    if (!*cut)
        word_add(b, &byte, 1, true);
}

void quote_dollar_single(struct word_builder *b)
{
    struct parser *p = b->p;
    struct opener opener = {"'", p->line, p->opener};
    bool cut = false;

    p->opener = &opener;
    b->quoted = true;
    p->next++;
    word_add(b, NULL, 0, true);
    while (*p->next != '\'') {
        size_t len = strcspn(p->next, "'\\\n");

        if (!cut)
            word_add(b, p->next, len, true);
        p->next += len;
        if (*p->next == '\\') {
            read_escape(b, &cut);
        } else if (*p->next == '\n') {
            if (!cut)
                word_add(b, "\n", 1, true);
            lexer_newline(p);
        } else if (*p->next == '\0' && !lexer_fill(p)) {
            lexer_fail_at_end(p);
            break;
        }
    }
    if (*p->next == '\'')
        p->next++;
    p->opener = opener.outer;
}

/* ---- quote removal of source text ---- */

size_t quote_remove(char *text, size_t len, bool *quoted)
{
    const char *from = text, *end = text + len;
    char *to = text;
    char quote = '\0';
    size_t escape_len;
    int value;

    while (from < end) {
        char c = *from++;

        if (quote == '\0' && c == '\\' && from < end) {
            *quoted = true;
            *to++ = *from++;
        } else if (quote == '"' && c == '\\' && from < end && strchr("$`\"\\", *from)) {
            *to++ = *from++;
        } else if (quote == '$' && c == '\\' && (escape_len = decode_escape(from, &value)) > 0) {
            from += escape_len;
            *to++ = (char)value;
        } else if (quote == '\0' && c == '$' && from < end && *from == '\'') {
            *quoted = true;
            quote = '$';
            from++;
        } else if (c == quote || (quote == '$' && c == '\'')) {
            quote = '\0';
        } else if (quote == '\0' && (c == '\'' || c == '"')) {
            *quoted = true;
            quote = c;
        } else {
            *to++ = c;
        }
    }
    return (size_t)(to - text);
}
