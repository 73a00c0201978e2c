/* lexer_param.c - parameter expansion (XCU 2.6.2). */
#include "shell/lexer.h"
#include <limits.h>
#include <string.h>

static bool is_special(char c)
{
    return c != '\0' && strchr("@*#?-$!0", c) != NULL;
}

static struct param *add_param(struct word_builder *b, bool quoted)
{
    struct {
        struct part part;
        struct param param;
    } *both = arena_zalloc(b->p->arena, sizeof *both);

    both->part.kind = PART_PARAM;
    both->part.quoted = quoted;
    both->part.u.param = &both->param;
    word_add_part(b, &both->part);
    return &both->param;
}

/* Digits: $0 is a special parameter; a position that no shell has stays one that is unset. */
static void set_positional(struct param *param, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned digit = (unsigned)(text[i] - '0');

        param->positional =
            param->positional > (UINT_MAX - 9) / 10 ? UINT_MAX : param->positional * 10 + digit;
    }
    if (param->positional == 0)
        param->special = '0';
}

void param_read(struct word_builder *b, enum word_context context)
{
    struct parser *p = b->p;
    bool quoted = context_is_quoted(context);
    char c = lexer_peek(p);
    struct param *param;

    if (is_special(c) || char_is(c, CHAR_DIGIT)) {
        param = add_param(b, quoted);
        param->text = arena_strndup(p->arena, p->next, 1);
        if (is_special(c))
            param->special = c;
        else
            set_positional(param, &c, 1);
        p->next++;
    } else if (char_is(c, CHAR_NAME)) {
        size_t len = lexer_name(p);

        param = add_param(b, quoted);
        param->symbol = symbol_intern(p->next, len);
        param->text = param->symbol->name;
        p->next += len;
    } else {
        word_add(b, "$", 1, quoted);
    }
}

/* ---- ${...} ---- */

static const struct {
    char name[4];
    enum param_op op;
    bool colon;
} operators[] = {
    /* longer ones first */
    {":-", PARAM_DEFAULT, true},     {":=", PARAM_ASSIGN, true},       {":?", PARAM_ERROR, true},
    {":+", PARAM_ALTERNATIVE, true}, {"##", PARAM_PREFIX_LONG, false}, {"%%", PARAM_SUFFIX_LONG, false},
    {"-", PARAM_DEFAULT, false},     {"=", PARAM_ASSIGN, false},       {"?", PARAM_ERROR, false},
    {"+", PARAM_ALTERNATIVE, false}, {"#", PARAM_PREFIX_SHORT, false}, {"%", PARAM_SUFFIX_SHORT, false},
};

/* Looks one character further; what is returned stays in place, contiguous with what was before. */
static char peek_second(struct parser *p)
{
    char c;

    if (lexer_peek(p) == '\0')
        return '\0';
    p->next++;
    c = lexer_peek(p);
    p->next--;
    return c;
}

/* The parameter's name. False: there is none. */
static bool read_name(struct parser *p, struct param *param)
{
    char c = lexer_peek(p);
    size_t len = 1;

    if (char_is(c, CHAR_DIGIT)) {
        lexer_name(p); /* no continuation stands between them now */
        while (char_is(p->next[len], CHAR_DIGIT))
            len++;
        set_positional(param, p->next, len);
    } else if (char_is(c, CHAR_NAME)) {
        len = lexer_name(p);
        param->symbol = symbol_intern(p->next, len);
    } else if (is_special(c)) {
        param->special = c;
    } else {
        return false;
    }
    param->text = param->symbol ? param->symbol->name : arena_strndup(p->arena, p->next, len);
    p->next += len;
    return true;
}

/*
 * After `${#`: is it the length of a parameter? It is of one with a name; `${#}` and `${#-word}` are about
 * the parameter #, and `${#-}`, `${#?}`, `${##}` the length of a special parameter.
 */
static bool is_length(struct parser *p)
{
    char c = lexer_peek(p);

    return char_is(c, CHAR_NAME) || (is_special(c) && peek_second(p) == '}');
}

static bool read_operator(struct parser *p, struct param *param)
{
    char first = lexer_peek(p);
    char second = peek_second(p);

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        const char *name = operators[i].name;

        if (name[0] == first && (name[1] == '\0' || name[1] == second)) {
            param->op = operators[i].op;
            param->colon = operators[i].colon;
            p->next += strlen(name);
            return true;
        }
    }
    return false;
}

static enum word_context operand_context(enum param_op op, enum word_context outer)
{
    if (op >= PARAM_PREFIX_SHORT && op <= PARAM_SUFFIX_LONG)
        return CONTEXT_PATTERN;
    return context_is_quoted(outer) ? CONTEXT_DBRACE : CONTEXT_BRACE;
}

static void read_operand(struct parser *p, struct param *param, enum word_context context)
{
    struct word_builder b;
    int line = p->line;

    word_begin(&b, p);
    if (context != CONTEXT_DBRACE && lexer_peek(p) == '~')
        word_read_tilde(&b, context);
    word_read(&b, context);
    param->word = word_finish(&b, line, context != CONTEXT_BRACE);
}

/* What stands between the braces. */
static void read_inside(struct parser *p, struct param *param, enum word_context outer)
{
    if (lexer_peek(p) == '#') {
        p->next++;
        if (is_length(p)) {
            read_name(p, param);
            param->op = lexer_peek(p) == '}' ? PARAM_LENGTH : PARAM_BAD;
            return;
        }
        p->next--;
    }
    if (!read_name(p, param))
        param->op = PARAM_BAD;
    else if (lexer_peek(p) == '}')
        param->op = PARAM_PLAIN;
    else if (read_operator(p, param))
        read_operand(p, param, operand_context(param->op, outer));
    else
        param->op = PARAM_BAD;
}

/* To know where it ends. It is kept as text, and the body of a here-document would stand outside of that. */
static void read_bad(struct parser *p, enum word_context outer)
{
    struct param rest = {.op = PARAM_BAD};
    struct heredoc **tail = p->pending_tail;
    int line = p->line;

    read_operand(p, &rest, operand_context(PARAM_BAD, outer));
    if (p->pending_tail != tail)
        lexer_fail(p, line, "bad substitution with a here-document");
}

void param_read_braces(struct word_builder *b, enum word_context context)
{
    struct parser *p = b->p;
    size_t start = lexer_offset(p);
    struct param *param = add_param(b, context_is_quoted(context));
    struct opener opener;

    if (lexer_enter(p, &opener, "}", p->line)) {
        p->next++;
        read_inside(p, param, context);
        if (param->op == PARAM_BAD)
            read_bad(p, context);
        if (*p->next == '}')
            p->next++;
        else
            lexer_fail_at_end(p);
    }
    lexer_leave(p);
    if (param->op == PARAM_BAD && !p->failed) {
        char *text = arena_strndup(p->arena, p->text + start - 1, lexer_offset(p) - start + 1);

        text[0] = '$'; /* a continuation may have stood between */
        param->text = text;
    }
}
