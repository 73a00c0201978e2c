/* parser.c - complete commands, lists, and-or lists, pipelines (XCU 2.10.2, 2.9.2, 2.9.3). */
#include "shell/parser.h"
#include "shell/lexer.h"
#include "shell/shell.h"
#include <stdlib.h>
#include <string.h>

/* ---- a parser's life ---- */

static void init(struct parser *p, struct shell *sh, struct input *input, int line)
{
    memset(p, 0, sizeof *p);
    p->sh = sh;
    p->input = input;
    p->line = line;
    p->active = -1;
    p->pending_tail = &p->pending;
    p->size = 512;
    p->text = p->next = xmalloc(p->size);
    *p->text = '\0';
    p->gather_size = 256;
    p->gather = xmalloc(p->gather_size);
}

static void destroy(struct parser *p)
{
    free(p->text);
    free(p->splices);
    free(p->gather);
    free(p->nodes);
    free(p->names);
}

struct parser *parser_new(struct shell *sh, struct input *input, int first_line)
{
    struct parser *p = xmalloc(sizeof *p);

    lexer_register_reserved();
    init(p, sh, input, first_line);
    return p;
}

void parser_free(struct parser *p)
{
    if (!p)
        return;
    destroy(p);
    free(p);
}

void parser_begin_nested(struct parser *p, struct parser *outer, const char *text, size_t len, int line)
{
    init(p, outer->sh, input_from_string(text, len), line);
    p->nested = true;
    p->arena = outer->arena;
    p->depth = outer->depth;
    p->opener = outer->opener;
    p->rereads = outer->rereads;
    p->substitutions = outer->substitutions;
    p->alias_time = outer->alias_time;
    p->quiet = outer->quiet;
}

void parser_end_nested(struct parser *p, struct parser *outer)
{
    outer->rereads = p->rereads;
    outer->substitutions = p->substitutions;
    outer->mistaken |= p->mistaken;
    if (p->failed)
        lexer_discard(outer);
    input_free(p->input);
    destroy(p);
}

struct word *parser_quoted_word(struct shell *sh, const char *text, struct arena *arena)
{
    struct parser p;
    struct word *word;
    struct input *input = input_from_string(text, strlen(text));

    lexer_register_reserved();
    init(&p, sh, input, sh->line);
    p.nested = true;
    p.arena = arena;
    word = heredoc_read_word(&p);
    if (p.failed)
        word = NULL;
    destroy(&p);
    input_free(input);
    return word;
}

/* ---- what the grammar's functions share ---- */

struct node *parse_new_node(struct parser *p, enum node_kind kind, int line)
{
    struct node *node = arena_zalloc(p->arena, sizeof *node);

    node->kind = kind;
    node->line = line;
    return node;
}

struct word *parse_take_word(struct parser *p)
{
    lexer_consume(p);
    return p->token.word;
}

bool parse_word_is(const struct parser *p, const char *text)
{
    size_t len = strlen(text);

    /* The source's text, so that quoting makes a difference. */
    return p->token.kind == TOKEN_WORD && p->token.word->len == len &&
           !(p->token.word->flags & WORD_QUOTED) && p->token.word->flags & WORD_STATIC &&
           memcmp(p->token.word->text, text, len) == 0;
}

void parse_linebreak(struct parser *p, unsigned flags)
{
    while (lexer_peek_token(p, flags) == TOKEN_NEWLINE)
        lexer_consume(p);
}

void parse_unexpected(struct parser *p)
{
    size_t len = p->token.end - p->token.start;

    if (p->token.kind == TOKEN_EOF)
        lexer_fail_at_end(p);
    else if (p->token.kind == TOKEN_NEWLINE)
        lexer_fail(p, p->token.line, "unexpected newline");
    else
        lexer_fail(p, p->token.line, "unexpected \"%.*s\"", len > 60 ? 60 : (int)len,
                   p->text + p->token.start);
}

bool parse_expect(struct parser *p, enum token_kind kind)
{
    if (lexer_peek_token(p, LEX_RESERVED) != kind) {
        parse_unexpected(p);
        return false;
    }
    lexer_consume(p);
    return true;
}

void parse_push(struct parser *p, struct node *node)
{
    if (p->node_count == p->node_size) {
        p->node_size = p->node_size * 2 + 32;
        p->nodes = xrealloc(p->nodes, p->node_size * sizeof *p->nodes);
    }
    p->nodes[p->node_count++] = node;
}

struct node *parse_pop_list(struct parser *p, size_t base, enum node_kind kind, int line)
{
    size_t count = p->node_count - base;
    struct node *node;

    p->node_count = base;
    if (count == 1)
        return p->nodes[base];
    node = parse_new_node(p, kind, line);
    node->u.list.count = (unsigned)count;
    node->u.list.items = arena_alloc(p->arena, count * sizeof *node->u.list.items);
    memcpy(node->u.list.items, p->nodes + base, count * sizeof *node->u.list.items);
    return node;
}

/* ---- pipelines ---- */

static struct node *parse_pipe_sequence(struct parser *p)
{
    size_t base = p->node_count;
    int line = p->token.line;

    for (;;) {
        struct node *command = parse_command(p);

        if (!command)
            break;
        parse_push(p, command);
        if (lexer_peek_token(p, LEX_RESERVED) != TOKEN_PIPE)
            return parse_pop_list(p, base, NODE_PIPELINE, line);
        lexer_consume(p);
        parse_linebreak(p, LEX_COMMAND);
    }
    p->node_count = base;
    return NULL;
}

/* `time [-p]`: the option is a word, and then comes what may begin a pipeline. */
static struct node **parse_time(struct parser *p, struct node *node)
{
    lexer_consume(p);
    if (lexer_peek_token(p, LEX_COMMAND) == TOKEN_WORD && parse_word_is(p, "-p")) {
        lexer_consume(p);
        node->u.time.posix_format = true;
        lexer_peek_token(p, LEX_COMMAND);
    }
    return &node->u.time.child;
}

static struct node **parse_bang(struct parser *p, struct node *node)
{
    lexer_consume(p);
    if (lexer_peek_token(p, LEX_COMMAND) == TOKEN_BANG)
        parse_unexpected(p);
    return &node->u.child;
}

static struct node *parse_pipeline(struct parser *p)
{
    struct node *first = NULL, **place = &first;
    unsigned depth = p->depth;

    for (;;) {
        enum token_kind kind = p->token.kind;

        if (kind != TOKEN_BANG && kind != TOKEN_TIME)
            break;
        *place = parse_new_node(p, kind == TOKEN_TIME ? NODE_TIME : NODE_NOT, p->token.line);
        place = kind == TOKEN_TIME ? parse_time(p, *place) : parse_bang(p, *place);
        if (++depth > PARSER_MAX_DEPTH)
            lexer_fail(p, p->token.line, "nested more than %d deep", PARSER_MAX_DEPTH);
        if (p->failed)
            return NULL;
    }
    *place = parse_pipe_sequence(p);
    return *place ? first : NULL;
}

/* ---- lists ---- */

/* `operand` becomes the left of a longer and-or list (ast.h). */
static struct node *extend_and_or(struct parser *p, struct node *list, enum node_kind kind,
                                  struct node *first)
{
    struct node *node = parse_new_node(p, kind, p->token.line);

    node->u.binary.left = list;
    if (first) {
        list->u.binary.up = node;
        node->u.binary.first = first;
    } else {
        node->u.binary.first = node;
    }
    return node;
}

static struct node *parse_and_or(struct parser *p)
{
    struct node *list = parse_pipeline(p);
    struct node *first = NULL;

    while (list) {
        enum token_kind kind = lexer_peek_token(p, LEX_RESERVED);

        if (kind != TOKEN_AND_IF && kind != TOKEN_OR_IF)
            break;
        list = extend_and_or(p, list, kind == TOKEN_AND_IF ? NODE_AND : NODE_OR, first);
        first = list->u.binary.first;
        lexer_consume(p);
        parse_linebreak(p, LEX_COMMAND);
        list->u.binary.right = parse_pipeline(p);
        if (!list->u.binary.right)
            return NULL;
    }
    return list;
}

struct node *parse_list(struct parser *p, bool compound)
{
    size_t base = p->node_count;
    int line = p->line;

    for (;;) {
        struct node *node, *async;
        enum token_kind kind;

        if (compound)
            parse_linebreak(p, LEX_COMMAND);
        if (!token_begins_command(lexer_peek_token(p, LEX_COMMAND)))
            break;
        if (p->node_count == base)
            line = p->token.line;
        node = parse_and_or(p);
        if (!node) {
            p->node_count = base;
            return NULL;
        }
        kind = lexer_peek_token(p, LEX_RESERVED);
        if (kind == TOKEN_AMP) {
            async = parse_new_node(p, NODE_ASYNC, node->line);
            async->u.child = node;
            node = async;
        }
        parse_push(p, node);
        if (kind != TOKEN_AMP && kind != TOKEN_SEMI && !(compound && kind == TOKEN_NEWLINE))
            break;
        lexer_consume(p);
    }
    return p->node_count == base ? NULL : parse_pop_list(p, base, NODE_SEQUENCE, line);
}

struct node *parse_body(struct parser *p)
{
    struct node *body = parse_list(p, true);

    if (!body)
        parse_unexpected(p);
    return body;
}

/* ---- complete commands ---- */

/* What is left of an alias's value after a newline in it stays; else the text begins anew. */
static void begin_command(struct parser *p)
{
    if (p->failed || *p->next == '\0') {
        p->next = p->text;
        *p->next = '\0';
        p->len = p->last_end = 0;
        p->active = -1;
        p->splice_count = 0;
    }
    p->pending = NULL;
    p->pending_tail = &p->pending;
    p->failed = p->interrupted = p->at_end = p->continuation = false;
    p->opener = NULL;
    p->depth = p->attempts = p->rereads = p->substitutions = 0;
    p->gather_len = p->node_count = p->name_count = 0;
    p->unknown_name = p->quiet = p->mistaken = false;
    p->alias_time = ALIASES_NOW;
    lexer_consume(p);
}

/* complete_command: a list up to the end of its line. Empty lines count only where each has its prompt. */
static void parse_complete_command(struct parser *p, struct ast *ast)
{
    enum token_kind kind;

    do {
        begin_command(p);
        ast->root = parse_list(p, false);
        kind = lexer_peek_token(p, LEX_RESERVED);
    } while (!ast->root && kind == TOKEN_NEWLINE && !p->sh->interactive);
    if (kind == TOKEN_EOF)
        heredoc_read_pending(p);
    else if (kind != TOKEN_NEWLINE)
        parse_unexpected(p);
}

enum parse_result parser_next(struct parser *p, struct ast **result)
{
    struct arena arena = ARENA_INIT;
    struct ast *ast = arena_zalloc(&arena, sizeof *ast);

    *result = NULL;
    ast->references = 1;
    p->arena = &arena;
    parse_complete_command(p, ast);
    p->arena = NULL;
    ast->arena = arena;
    if (!p->failed && (ast->root || p->token.kind != TOKEN_EOF)) {
        *result = ast;
        return PARSE_OK;
    }
    ast_drop(ast);
    if (!p->failed)
        return PARSE_EOF;
    return p->interrupted ? PARSE_INTERRUPTED : PARSE_ERROR;
}
