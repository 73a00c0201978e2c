/* parse_simple.c - simple commands (XCU 2.9.1), their redirections (2.7), and function definitions (2.9.5).
 */
#include "shell/builtin.h"
#include "shell/lexer.h"
#include <string.h>

static const struct {
    enum redir_op op;
    int fd; /* without a number */
} redir_operators[TOKEN_KINDS] = {
    [TOKEN_LESS] = {REDIR_READ, 0},           [TOKEN_GREAT] = {REDIR_WRITE, 1},
    [TOKEN_CLOBBER] = {REDIR_CLOBBER, 1},     [TOKEN_DGREAT] = {REDIR_APPEND, 1},
    [TOKEN_LESSGREAT] = {REDIR_READWRITE, 0}, [TOKEN_LESSAND] = {REDIR_DUP_IN, 0},
    [TOKEN_GREATAND] = {REDIR_DUP_OUT, 1},    [TOKEN_DLESS] = {REDIR_HERE, 0},
    [TOKEN_DLESSDASH] = {REDIR_HERE, 0},
};

struct redir **parse_redir(struct parser *p, struct redir **tail)
{
    struct redir *redir = arena_zalloc(p->arena, sizeof *redir);
    enum token_kind kind = p->token.kind;
    bool number = kind == TOKEN_IO_NUMBER;

    redir->line = p->token.line;
    if (kind == TOKEN_IO_LOCATION)
        redir->fd_name = p->token.symbol;
    if (kind < TOKEN_LESS) {
        lexer_consume(p);
        kind = lexer_peek_token(p, 0);
    }
    redir->strip_tabs = kind == TOKEN_DLESSDASH;
    redir->op = redir_operators[kind].op;
    redir->fd = number ? p->token.fd : redir_operators[kind].fd;
    lexer_consume(p);
    if (redir->op == REDIR_HERE)
        heredoc_announce(p, redir);
    else if (lexer_peek_token(p, 0) == TOKEN_WORD)
        redir->word = parse_take_word(p);
    else
        parse_unexpected(p);
    *tail = redir;
    return &redir->next;
}

/* ---- function definitions ---- */

/*
 * fname ( ) linebreak compound_command [redirections]. Like most shells this takes names that are no
 * variable's, but no quoted ones. That of a special built-in utility is defined in vain: the utility is found
 * first.
 */
static struct node *parse_function(struct parser *p, const struct word *name)
{
    struct node *node = parse_new_node(p, NODE_FUNCTION, name->line);

    lexer_consume(p);
    parse_expect(p, TOKEN_RPAREN);
    if (!name->symbol || name->flags & WORD_QUOTED) {
        lexer_fail(p, name->line, "no name for a function");
        return NULL;
    }
    node->u.function.name = name->symbol;
    parse_linebreak(p, LEX_COMMAND);
    node->u.function.body = parse_compound(p);
    return node->u.function.body ? node : NULL;
}

/* ---- simple commands ---- */

/*
 * Whether operands that look like assignments are such: after the name of a declaration utility, `command`
 * and its options skipped (2.9.1.1). Decided anew by each word while it is MAYBE.
 */
enum declaration { DECLARATION_MAYBE, DECLARATION_NO, DECLARATION_YES };

static enum declaration judge_declaration(const struct word *word, bool first)
{
    const struct symbol *symbol;

    if (!(word->flags & WORD_STATIC))
        return DECLARATION_NO;
    if (!first && word->text[0] == '-')
        return DECLARATION_MAYBE;
    symbol = word->symbol ? word->symbol : symbol_find(word->text, word->len);
    if (!symbol || !symbol->builtin)
        return DECLARATION_NO;
    if (symbol->builtin->flags & BUILTIN_DECLARATION)
        return DECLARATION_YES;
    return strcmp(symbol->name, "command") == 0 ? DECLARATION_MAYBE : DECLARATION_NO;
}

/* Only such a command can turn out to be a function definition. */
static bool is_lone_word(const struct node *node)
{
    return node->u.simple.words && !node->u.simple.words->next && !node->u.simple.assignments &&
           !node->redirs;
}

struct node *parse_simple(struct parser *p)
{
    struct node *node = parse_new_node(p, NODE_SIMPLE, p->token.line);
    struct assignment **assignment = &node->u.simple.assignments;
    struct word **word = &node->u.simple.words;
    struct redir **redir = &node->redirs;
    enum declaration declaration = DECLARATION_MAYBE;
    unsigned flags = LEX_PREFIX;

    while (!p->failed) {
        enum token_kind kind = lexer_peek_token(p, flags);

        if (kind == TOKEN_WORD) {
            *word = parse_take_word(p);
            if (declaration == DECLARATION_MAYBE)
                declaration = judge_declaration(*word, word == &node->u.simple.words);
            flags = declaration == DECLARATION_YES ? LEX_OPERAND : 0;
            word = &(*word)->next;
        } else if (kind == TOKEN_ASSIGNMENT) {
            *assignment = arena_zalloc(p->arena, sizeof **assignment);
            (*assignment)->symbol = p->token.symbol;
            (*assignment)->value = p->token.word;
            assignment = &(*assignment)->next;
            lexer_consume(p);
        } else if (kind >= TOKEN_IO_NUMBER) {
            redir = parse_redir(p, redir);
        } else if (kind == TOKEN_LPAREN && is_lone_word(node)) {
            return parse_function(p, node->u.simple.words);
        } else {
            break;
        }
    }
    return p->failed ? NULL : node;
}
