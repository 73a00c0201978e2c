/* lexer_dollar.c - what follows $ and `: command substitution (XCU 2.6.3), arithmetic expansion (2.6.4). */
#include "shell/arith.h"
#include "shell/lexer.h"
#include <string.h>

/* How often one command may turn out to have meant $( ( by $((: enough for any script, too few to be a way to
 * hang. */
#define MOST_REREADS 500

static struct part *new_part(struct parser *p, enum part_kind kind, bool quoted)
{
    struct part *part = arena_zalloc(p->arena, sizeof *part);

    part->kind = kind;
    part->quoted = quoted;
    return part;
}

/* ---- command substitution ---- */

/* It may run without a fork if it is one simple command that does nothing but run. */
static bool is_cheap(const struct node *body)
{
    return body && body->kind == NODE_SIMPLE && !body->redirs && !body->u.simple.assignments &&
           body->u.simple.words && body->u.simple.words->flags & WORD_STATIC;
}

void dollar_add_command(struct word_builder *b, struct node *body, bool quoted)
{
    struct part *part = new_part(b->p, PART_COMMAND, quoted);

    part->u.command = arena_alloc(b->p->arena, sizeof *part->u.command);
    *part->u.command = (struct ast_command){body, is_cheap(body)};
    word_add_part(b, part);
}

/*
 * $(commands), read by the parser itself, so that whatever has a ) in it is understood. A word is being read:
 * its token is put aside. So are here-documents whose bodies are due on the next line: a NEWLINE within the
 * parentheses does not begin them. Those that begin within and whose bodies are not there yet follow after
 * the word's line.
 */
static void read_command(struct word_builder *b, bool quoted)
{
    struct parser *p = b->p;
    struct token token = p->token;
    struct heredoc *pending = p->pending, **tail = p->pending_tail;
    struct opener opener;
    struct node *body = NULL;

    p->next++;
    p->pending = NULL;
    p->pending_tail = &p->pending;
    lexer_consume(p);
    if (lexer_enter(p, &opener, ")", p->line)) {
        body = parse_list(p, true);
        parse_expect(p, TOKEN_RPAREN);
    }
    lexer_leave(p);
    if (pending) {
        *tail = p->pending;
        if (!p->pending)
            p->pending_tail = tail;
        p->pending = pending;
    }
    p->token = token;
    dollar_add_command(b, body, quoted);
}

/* ---- arithmetic expansion ---- */

static void add_arith(struct word_builder *b, struct word *word, bool quoted)
{
    struct part *part = new_part(b->p, PART_ARITH, quoted);

    part->u.arith.word = word;
    part->u.arith.code = arith_compile_word(word, b->p->arena);
    word_add_part(b, part);
}

/*
 * `next` is at the second parenthesis of $((. It is arithmetic unless its parentheses prove not to end in )):
 * then false, and `next` is where it was.
 */
static bool read_arith(struct word_builder *b, bool quoted)
{
    struct parser *p = b->p;
    struct lexer_mark mark = lexer_try(p);
    struct opener opener;
    struct word_builder expression;
    int line = p->line;
    bool is_arith = false, undecided = false;

    p->next++;
    if (lexer_enter(p, &opener, "))", line)) {
        word_begin(&expression, p);
        word_read(&expression, CONTEXT_ARITH);
        if (*p->next == ')') {
            p->next++;
            is_arith = lexer_peek(p) == ')';
        }
        undecided = !is_arith && *p->next == '\0';
        if (undecided)
            lexer_fail_at_end(p);
    }
    lexer_leave(p);
    if (!is_arith && !p->failed && p->rereads++ < MOST_REREADS) {
        lexer_go_back(p, &mark);
        return false;
    }
    lexer_keep(p);
    if (is_arith) {
        p->next++;
        add_arith(b, word_finish(&expression, line, true), quoted);
    } else {
        lexer_fail(p, line, "$(( without ))");
    }
    return true;
}

/* ---- backquotes ---- */

/*
 * Adds to b the commands within backquotes as they are to be parsed: backslashes that protect $ ` \ (and,
 * within double-quotes, ") are gone. Afterwards `next` is behind the closing backquote.
 */
static bool gather_backquoted(struct word_builder *b, bool quoted)
{
    struct parser *p = b->p;
    const char *escaped = quoted ? "$`\\\"" : "$`\\";
    struct opener opener = {"`", p->line, p->opener};

    p->opener = &opener;
    p->next++;
    while (*p->next != '`') {
        size_t len = strcspn(p->next, "`\\\n");

        word_add(b, p->next, len, true);
        p->next += len;
        if (*p->next == '\n') {
            word_add(b, "\n", 1, true);
            lexer_newline(p);
        } else if (*p->next == '\\') {
            if (p->next[1] != '\0' && strchr(escaped, p->next[1]))
                p->next++;
            word_add(b, p->next, 1, true);
            p->next++;
        } else if (*p->next == '\0' && !lexer_fill(p)) {
            lexer_fail_at_end(p);
            p->opener = opener.outer;
            return false;
        }
    }
    p->next++;
    p->opener = opener.outer;
    return true;
}

void dollar_read_backquote(struct word_builder *b, enum word_context context)
{
    struct parser *p = b->p;
    bool quoted = context_is_quoted(context);
    struct word_builder text;
    struct parser inner;
    struct opener opener;
    struct node *body = NULL;
    int line = p->line;

    word_begin(&text, p);
    word_add(&text, NULL, 0, true);
    if (!gather_backquoted(&text, quoted))
        return;
    parser_begin_nested(&inner, p, p->gather + text.literal, p->gather_len - text.literal, line);
    if (lexer_enter(&inner, &opener, "`", line)) {
        body = parse_list(&inner, true);
        if (lexer_peek_token(&inner, 0) != TOKEN_EOF)
            parse_unexpected(&inner);
        heredoc_read_pending(&inner);
    }
    lexer_leave(&inner);
    parser_end_nested(&inner, p);
    p->gather_len = text.literal;
    dollar_add_command(b, body, quoted);
}

/* ---- $ ---- */

void dollar_read(struct word_builder *b, enum word_context context)
{
    struct parser *p = b->p;
    bool quoted = context_is_quoted(context);
    char c;

    p->next++;
    c = lexer_peek(p);
    if (c == '(') {
        p->next++;
        if (lexer_peek(p) == '(' && read_arith(b, quoted))
            return;
        p->next--;
        read_command(b, quoted);
    } else if (c == '{') {
        param_read_braces(b, context);
    } else if (c == '\'' && !quoted) {
        quote_dollar_single(b);
    } else {
        param_read(b, context);
    }
}
