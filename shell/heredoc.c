/* heredoc.c - here-documents (XCU 2.7.4): announced by an operator, read after the next NEWLINE token. */
#include "shell/lexer.h"
#include <string.h>

void heredoc_announce(struct parser *p, struct redir *redir)
{
    struct heredoc *heredoc = arena_zalloc(p->arena, sizeof *heredoc);
    char *delimiter;
    size_t len;

    if (lexer_peek_token(p, 0) != TOKEN_WORD) {
        parse_unexpected(p);
        return;
    }
    /* Quote removal is all that happens to the delimiter, so its source text is what counts. */
    len = p->token.end - p->token.start;
    delimiter = arena_strndup(p->arena, p->text + p->token.start, len);
    lexer_consume(p);
    heredoc->len = quote_remove(delimiter, len, &heredoc->quoted);
    heredoc->delimiter = delimiter;
    heredoc->redir = redir;
    *p->pending_tail = heredoc;
    p->pending_tail = &heredoc->next;
}

/*
 * Adds the next line of text to b. Returns false when there is none. Without a quoted delimiter a line that
 * ends in an unquoted backslash is continued by the next one, and both are one line when the delimiter is
 * looked for.
 */
static bool read_line(struct parser *p, struct word_builder *b, const struct heredoc *heredoc)
{
    bool any = false, continued;

    if (heredoc->redir->strip_tabs) {
        if (*p->next == '\0')
            lexer_fill(p);
        p->next += strspn(p->next, "\t");
    }
    do {
        size_t len, backslashes = 0;

        if (*p->next == '\0' && !lexer_fill(p))
            return any;
        any = true;
        len = strcspn(p->next, "\n");
        while (backslashes < len && p->next[len - 1 - backslashes] == '\\')
            backslashes++;
        continued = !heredoc->quoted && backslashes % 2 == 1 && p->next[len] == '\n';
        word_add(b, p->next, len - continued, true);
        p->next += len;
        if (*p->next == '\n') {
            if (!continued)
                word_add(b, "\n", 1, true);
            lexer_newline(p);
        }
    } while (continued);
    return true;
}

static bool is_delimiter(const struct heredoc *heredoc, const char *line, size_t len)
{
    if (len > 0 && line[len - 1] == '\n')
        len--;
    return len == heredoc->len && memcmp(line, heredoc->delimiter, len) == 0;
}

struct word *heredoc_read_word(struct parser *p)
{
    struct word_builder b;
    int line = p->line;

    word_begin(&b, p);
    word_read(&b, CONTEXT_HERE);
    heredoc_read_pending(p); /* as in $(a <<E) without a line behind it */
    return word_finish(&b, line, true);
}

/* The body as a word: constant, or parsed as within double-quotes. */
static struct word *make_body(struct parser *p, const struct heredoc *heredoc, const char *text, size_t len,
                              int line)
{
    struct word_builder b;
    struct parser inner;
    struct word *word;

    if (heredoc->quoted || strcspn(text, "$`\\") == len) {
        word_begin(&b, p);
        word_add(&b, text, len, true);
        return word_finish(&b, line, true);
    }
    parser_begin_nested(&inner, p, text, len, line);
    word = heredoc_read_word(&inner);
    parser_end_nested(&inner, p);
    return word;
}

static void read_body(struct parser *p, struct heredoc *heredoc)
{
    struct word_builder text;
    size_t line_start;
    int line = p->line;
    char *body;

    word_begin(&text, p);
    word_add(&text, NULL, 0, true);
    /* A body that the end of input ends is complete, as in other shells. */
    do
        line_start = p->gather_len;
    while (read_line(p, &text, heredoc) &&
           !is_delimiter(heredoc, p->gather + line_start, p->gather_len - line_start));
    body = arena_strndup(p->arena, p->gather + text.literal, line_start - text.literal);
    p->gather_len = text.literal;
    heredoc->redir->word = make_body(p, heredoc, body, line_start - text.literal, line);
}

void heredoc_read_pending(struct parser *p)
{
    struct heredoc *heredoc = p->pending;

    p->pending = NULL;
    p->pending_tail = &p->pending;
    for (; heredoc && !p->failed; heredoc = heredoc->next)
        read_body(p, heredoc);
}
