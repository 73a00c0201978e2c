/* parse_command.c - compound commands (XCU 2.9.4) and which of all commands it is. */
#include "shell/lexer.h"
#include "shell/shell.h"

typedef struct node *command_parser(struct parser *p);

/* ( list ) */
static struct node *parse_subshell(struct parser *p)
{
    struct node *node = parse_new_node(p, NODE_SUBSHELL, p->token.line);

    node->u.child = parse_body(p);
    parse_expect(p, TOKEN_RPAREN);
    return node;
}

/* { list; } : the braces matter only to redirections, which parse_command() looks for. */
static struct node *parse_brace(struct parser *p)
{
    struct node *node = parse_new_node(p, NODE_BRACE, p->token.line);

    node->u.child = parse_body(p);
    parse_expect(p, TOKEN_RBRACE);
    return node;
}

static struct node *parse_if(struct parser *p)
{
    struct node *first = NULL, **place = &first;
    enum token_kind kind;

    do {
        struct node *node = parse_new_node(p, NODE_IF, p->token.line);

        *place = node;
        node->u.if_.condition = parse_body(p);
        parse_expect(p, TOKEN_THEN);
        node->u.if_.then_part = parse_body(p);
        place = &node->u.if_.else_part;
        kind = lexer_peek_token(p, LEX_RESERVED);
        if (kind == TOKEN_ELIF || kind == TOKEN_ELSE)
            lexer_consume(p);
    } while (kind == TOKEN_ELIF);
    if (kind == TOKEN_ELSE)
        *place = parse_body(p);
    parse_expect(p, TOKEN_FI);
    return first;
}

static struct node *parse_do_group(struct parser *p)
{
    struct node *body;

    if (!parse_expect(p, TOKEN_DO))
        return NULL;
    body = parse_body(p);
    parse_expect(p, TOKEN_DONE);
    return body;
}

static struct node *parse_loop(struct parser *p, enum node_kind kind)
{
    struct node *node = parse_new_node(p, kind, p->token.line);

    node->u.loop.condition = parse_body(p);
    node->u.loop.body = parse_do_group(p);
    return node;
}

static struct node *parse_while(struct parser *p)
{
    return parse_loop(p, NODE_WHILE);
}

static struct node *parse_until(struct parser *p)
{
    return parse_loop(p, NODE_UNTIL);
}

static struct word *parse_words(struct parser *p)
{
    struct word *words = NULL, **tail = &words;

    while (lexer_peek_token(p, 0) == TOKEN_WORD) {
        *tail = parse_take_word(p);
        tail = &(*tail)->next;
    }
    return words;
}

/* The name of a for loop (2.10.2, rule 5). */
static struct symbol *parse_for_name(struct parser *p)
{
    struct word *word;

    if (lexer_peek_token(p, 0) != TOKEN_WORD) {
        parse_unexpected(p);
        return NULL;
    }
    word = parse_take_word(p);
    if (!(word->flags & WORD_STATIC) || word->flags & WORD_QUOTED || !var_is_name(word->text, word->len)) {
        lexer_fail(p, p->token.line, "not a name for a loop's variable");
        return NULL;
    }
    return symbol_intern(word->text, word->len);
}

static struct node *parse_for(struct parser *p)
{
    struct node *node = parse_new_node(p, NODE_FOR, p->token.line);
    bool newlines;

    node->u.for_.variable = parse_for_name(p);
    newlines = lexer_peek_token(p, LEX_RESERVED | LEX_IN) == TOKEN_NEWLINE;
    parse_linebreak(p, LEX_RESERVED | LEX_IN);
    node->u.for_.over_positional = p->token.kind != TOKEN_IN;
    if (p->token.kind == TOKEN_IN) {
        lexer_consume(p);
        node->u.for_.words = parse_words(p);
        if (p->token.kind != TOKEN_SEMI && p->token.kind != TOKEN_NEWLINE)
            parse_unexpected(p);
        lexer_consume(p);
    } else if (p->token.kind == TOKEN_SEMI && !newlines) {
        lexer_consume(p);
    }
    parse_linebreak(p, LEX_RESERVED | LEX_IN);
    node->u.for_.body = parse_do_group(p);
    return node;
}

/* pattern | pattern ... ) */
static struct word *parse_patterns(struct parser *p)
{
    struct word *patterns = NULL, **tail = &patterns;

    for (;;) {
        if (lexer_peek_token(p, 0) != TOKEN_WORD) {
            parse_unexpected(p);
            return NULL;
        }
        *tail = parse_take_word(p);
        tail = &(*tail)->next;
        if (lexer_peek_token(p, 0) != TOKEN_PIPE)
            break;
        lexer_consume(p);
    }
    parse_expect(p, TOKEN_RPAREN);
    return patterns;
}

/* One item. False: it is the last, there was no ;; or ;& behind it. */
static bool parse_case_item(struct parser *p, struct case_item *item)
{
    enum token_kind kind;

    if (p->token.kind == TOKEN_LPAREN)
        lexer_consume(p);
    item->patterns = parse_patterns(p);
    item->body = parse_list(p, true);
    kind = lexer_peek_token(p, LEX_RESERVED);
    item->fall_through = kind == TOKEN_SEMI_AMP;
    if (kind != TOKEN_DSEMI && kind != TOKEN_SEMI_AMP)
        return false;
    lexer_consume(p);
    return true;
}

static struct node *parse_case(struct parser *p)
{
    struct node *node = parse_new_node(p, NODE_CASE, p->token.line);
    struct case_item **tail = &node->u.case_.items;

    if (lexer_peek_token(p, 0) != TOKEN_WORD) {
        parse_unexpected(p);
        return NULL;
    }
    node->u.case_.subject = parse_take_word(p);
    parse_linebreak(p, LEX_RESERVED | LEX_IN);
    parse_expect(p, TOKEN_IN);
    while (!p->failed) {
        /* A pattern may be any reserved word but, without a parenthesis before it, esac (2.10.2, rule 4). */
        parse_linebreak(p, 0);
        if (parse_word_is(p, "esac")) {
            lexer_consume(p);
            return node;
        }
        *tail = arena_zalloc(p->arena, sizeof **tail);
        if (!parse_case_item(p, *tail))
            break;
        tail = &(*tail)->next;
    }
    parse_expect(p, TOKEN_ESAC);
    return node;
}

static const struct {
    command_parser *parse;
    const char *closer;
} compound_commands[TOKEN_KINDS] = {
    [TOKEN_LPAREN] = {parse_subshell, ")"}, [TOKEN_LBRACE] = {parse_brace, "}"},
    [TOKEN_IF] = {parse_if, "fi"},          [TOKEN_WHILE] = {parse_while, "done"},
    [TOKEN_UNTIL] = {parse_until, "done"},  [TOKEN_FOR] = {parse_for, "done"},
    [TOKEN_CASE] = {parse_case, "esac"},
};

struct node *parse_compound(struct parser *p)
{
    enum token_kind kind = p->token.kind;
    struct opener opener;
    struct node *node = NULL;
    struct redir **tail;

    if (!compound_commands[kind].parse) {
        parse_unexpected(p);
        return NULL;
    }
    if (lexer_enter(p, &opener, compound_commands[kind].closer, p->token.line)) {
        lexer_consume(p);
        node = compound_commands[kind].parse(p);
    }
    lexer_leave(p);
    if (p->failed)
        return NULL;
    tail = &node->redirs;
    while (lexer_peek_token(p, tail == &node->redirs ? LEX_RESERVED : 0) >= TOKEN_IO_NUMBER)
        tail = parse_redir(p, tail);
    return node->kind == NODE_BRACE && !node->redirs ? node->u.child : node;
}

struct node *parse_command(struct parser *p)
{
    return p->token.kind >= TOKEN_WORD ? parse_simple(p) : parse_compound(p);
}
