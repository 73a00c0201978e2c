/* arith_compile.c - arithmetic text to code: a lexer and a precedence-climbing parser (XCU 1.1.2.1). */
#include "shell/arith_code.h"
#include "shell/ast.h"
#include <stdlib.h>
#include <string.h>

#define MAX_NESTING 1000 /* parentheses, unary operators, ?: and = to the right */

enum token {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_NAME,
    TOKEN_PARAM,
    TOKEN_BINARY, /* op and precedence are set */
    TOKEN_PLUS,   /* + and - are both unary and binary */
    TOKEN_MINUS,
    TOKEN_INCREMENT,
    TOKEN_DECREMENT,
    TOKEN_ASSIGN, /* = += ...: op is the binary operator or ARITH_STORE for plain = */
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_COMPLEMENT,
    TOKEN_QUESTION,
    TOKEN_COLON,
    TOKEN_COMMA,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_BAD,
};

struct operator
{
    char text[4];
    enum token token;
    enum arith_op op;
    int precedence; /* of binary operators; || is 1 */
};

enum { PRECEDENCE_OR = 1, PRECEDENCE_AND = 2, PRECEDENCE_ADD = 9 };

/* Longer ones before their prefixes. */
static const struct operator operators[] = {
    {"<<=", TOKEN_ASSIGN, ARITH_SHIFT_LEFT, 0},
    {">>=", TOKEN_ASSIGN, ARITH_SHIFT_RIGHT, 0},
    {"++", TOKEN_INCREMENT, ARITH_ADD, 0},
    {"--", TOKEN_DECREMENT, ARITH_SUBTRACT, 0},
    {"+=", TOKEN_ASSIGN, ARITH_ADD, 0},
    {"-=", TOKEN_ASSIGN, ARITH_SUBTRACT, 0},
    {"*=", TOKEN_ASSIGN, ARITH_MULTIPLY, 0},
    {"/=", TOKEN_ASSIGN, ARITH_DIVIDE, 0},
    {"%=", TOKEN_ASSIGN, ARITH_REMAINDER, 0},
    {"&=", TOKEN_ASSIGN, ARITH_BIT_AND, 0},
    {"^=", TOKEN_ASSIGN, ARITH_BIT_XOR, 0},
    {"|=", TOKEN_ASSIGN, ARITH_BIT_OR, 0},
    {"<<", TOKEN_BINARY, ARITH_SHIFT_LEFT, 8},
    {">>", TOKEN_BINARY, ARITH_SHIFT_RIGHT, 8},
    {"<=", TOKEN_BINARY, ARITH_LESS_EQUAL, 7},
    {">=", TOKEN_BINARY, ARITH_GREATER_EQUAL, 7},
    {"==", TOKEN_BINARY, ARITH_EQUAL, 6},
    {"!=", TOKEN_BINARY, ARITH_NOT_EQUAL, 6},
    {"&&", TOKEN_AND, ARITH_AND, PRECEDENCE_AND},
    {"||", TOKEN_OR, ARITH_OR, PRECEDENCE_OR},
    {"+", TOKEN_PLUS, ARITH_ADD, PRECEDENCE_ADD},
    {"-", TOKEN_MINUS, ARITH_SUBTRACT, PRECEDENCE_ADD},
    {"*", TOKEN_BINARY, ARITH_MULTIPLY, 10},
    {"/", TOKEN_BINARY, ARITH_DIVIDE, 10},
    {"%", TOKEN_BINARY, ARITH_REMAINDER, 10},
    {"<", TOKEN_BINARY, ARITH_LESS, 7},
    {">", TOKEN_BINARY, ARITH_GREATER, 7},
    {"&", TOKEN_BINARY, ARITH_BIT_AND, 5},
    {"^", TOKEN_BINARY, ARITH_BIT_XOR, 4},
    {"|", TOKEN_BINARY, ARITH_BIT_OR, 3},
    {"=", TOKEN_ASSIGN, ARITH_STORE, 0},
    {"!", TOKEN_NOT, ARITH_NOT, 0},
    {"~", TOKEN_COMPLEMENT, ARITH_COMPLEMENT, 0},
    {"?", TOKEN_QUESTION, ARITH_UNLESS, 0},
    {":", TOKEN_COLON, ARITH_JUMP, 0},
    {",", TOKEN_COMMA, ARITH_DROP, 0},
    {"(", TOKEN_OPEN, ARITH_DROP, 0},
    {")", TOKEN_CLOSE, ARITH_DROP, 0},
};

struct lexer {
    const char *start, *next, *end; /* start: of the current token */
    enum token token;
    const struct operator* operator;
    intmax_t number;
    unsigned placeholders; /* met so far */
};

struct compiler {
    struct lexer lexer;
    struct arith_build *build;
    unsigned placeholders; /* that text may contain */
    unsigned stack;        /* values on it at this point of the code */
    unsigned nesting;
};

static bool is_name_byte(char c)
{
    return var_is_name(&c, 1) || (c >= '0' && c <= '9');
}

static bool is_blank_byte(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

const char *arith_constant(const char *text, const char *end, intmax_t *value)
{
    unsigned base = 10;
    uintmax_t sum = 0;
    const char *p = text;
    if (p < end && *p == '0') {
        base = 8;
        if (end - p > 2 && (p[1] | 0x20) == 'x') {
            base = 16;
            p += 2;
        }
    }
    const char *first = p;
    for (; p < end; p++) {
        unsigned char c = (unsigned char)*p, letter = (unsigned char)((c | 0x20u) - 'a');
        unsigned digit = c >= '0' && c <= '9' ? c - 48u : letter < 26 ? letter + 10u : 99;
        if (digit >= base)
            break;
        sum = sum * base + digit;
    }
    if (p == first || (p < end && is_name_byte(*p)))
        return NULL;
    *value = (intmax_t)sum;
    return p;
}

/* ---- lexer ---- */

static enum token lex_operator(struct lexer *lexer)
{
    size_t left = (size_t)(lexer->end - lexer->start);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t len = strlen(operators[i].text);
        if (operators[i].text[0] != *lexer->start || len > left ||
            memcmp(operators[i].text, lexer->start, len) != 0)
            continue;
        lexer->next = lexer->start + len;
        lexer->operator= & operators[i];
        return operators[i].token;
    }
    return TOKEN_BAD;
}

static void advance(struct lexer *lexer)
{
    while (lexer->next < lexer->end && (is_blank_byte(*lexer->next) || *lexer->next == '"'))
        lexer->next++; /* double-quotes are no tokens: quote removal (2.6.4) takes them away */
    const char *p = lexer->start = lexer->next;
    if (p == lexer->end) {
        lexer->token = TOKEN_END;
    } else if (*p >= '0' && *p <= '9') {
        const char *after = arith_constant(p, lexer->end, &lexer->number);
        lexer->token = after ? TOKEN_NUMBER : TOKEN_BAD;
        lexer->next = after ? after : p;
    } else if (is_name_byte(*p)) {
        while (p < lexer->end && is_name_byte(*p))
            p++;
        lexer->next = p;
        lexer->token = TOKEN_NAME;
    } else if (*p == ARITH_PLACEHOLDER) {
        lexer->next = p + 1;
        lexer->number = lexer->placeholders++;
        lexer->token = TOKEN_PARAM;
    } else {
        lexer->token = lex_operator(lexer);
    }
}

/* ++ where only + makes sense: the second + is a token of its own. */
static void split_double(struct lexer *lexer)
{
    char single = *lexer->start;
    lexer->next = lexer->start + 1;
    lexer->token = single == '+' ? TOKEN_PLUS : TOKEN_MINUS;
    for (lexer->operator= operators; lexer->operator->text[0] != single || lexer->operator->text[1];)
        lexer->operator++;
}

static bool fail(struct compiler *c, const char *why)
{
    if (!c->build->error) {
        c->build->error = why;
        c->build->where = c->lexer.start;
    }
    return false;
}

/* ---- code ---- */

static struct arith_instruction *emit(struct compiler *c, enum arith_op op)
{
    struct arith_build *build = c->build;
    if (build->arith.count == build->cap) {
        bool first = build->code == build->local;
        build->cap *= 2;
        build->code = xrealloc(first ? NULL : build->code, build->cap * sizeof *build->code);
        if (first)
            memcpy(build->code, build->local, sizeof build->local);
    }
    if (op == ARITH_CONSTANT || op == ARITH_LOAD || op == ARITH_PARAM) {
        if (++c->stack > build->arith.depth)
            build->arith.depth = c->stack;
    } else if (op >= ARITH_MULTIPLY || op == ARITH_DROP || op == ARITH_AND || op == ARITH_OR ||
               op == ARITH_UNLESS) {
        c->stack--;
    }
    struct arith_instruction *instruction = &build->code[build->arith.count++];
    *instruction = (struct arith_instruction){.op = op};
    return instruction;
}

static void emit_constant(struct compiler *c, intmax_t number)
{
    emit(c, ARITH_CONSTANT)->u.number = number;
}

static void emit_symbol(struct compiler *c, enum arith_op op, struct symbol *symbol)
{
    emit(c, op)->u.symbol = symbol;
}

static unsigned emit_jump(struct compiler *c, enum arith_op op)
{
    emit(c, op);
    return c->build->arith.count - 1;
}

static void land(struct compiler *c, unsigned jump)
{
    c->build->code[jump].target = c->build->arith.count;
}

/* ---- parser ---- */

static bool parse_list(struct compiler *c);
static bool parse_assignment(struct compiler *c);

static struct symbol *token_symbol(const struct lexer *lexer)
{
    return symbol_intern(lexer->start, (size_t)(lexer->next - lexer->start));
}

/* symbol = symbol op 1 */
static void emit_step(struct compiler *c, struct symbol *symbol, enum arith_op op)
{
    emit_symbol(c, ARITH_LOAD, symbol);
    emit_constant(c, 1);
    emit(c, op);
    emit_symbol(c, ARITH_STORE, symbol);
}

/* x++ unless an operand follows: then it is x + +operand, as in a shell without ++. */
static bool is_postfix(const struct lexer *at)
{
    struct lexer ahead = *at;
    advance(&ahead);
    return ahead.token != TOKEN_NAME && ahead.token != TOKEN_NUMBER && ahead.token != TOKEN_PARAM &&
           ahead.token != TOKEN_OPEN && ahead.token != TOKEN_NOT && ahead.token != TOKEN_COMPLEMENT;
}

static bool parse_name(struct compiler *c)
{
    struct symbol *symbol = token_symbol(&c->lexer);
    advance(&c->lexer);
    enum token token = c->lexer.token;
    if ((token == TOKEN_INCREMENT || token == TOKEN_DECREMENT) && is_postfix(&c->lexer)) {
        bool up = token == TOKEN_INCREMENT;
        emit_step(c, symbol, up ? ARITH_ADD : ARITH_SUBTRACT);
        emit_constant(c, 1);
        emit(c, up ? ARITH_SUBTRACT : ARITH_ADD);
        advance(&c->lexer);
    } else {
        emit_symbol(c, ARITH_LOAD, symbol);
    }
    return true;
}

static bool parse_primary(struct compiler *c)
{
    struct lexer *lexer = &c->lexer;
    switch (lexer->token) {
    case TOKEN_NUMBER:
        emit_constant(c, lexer->number);
        advance(lexer);
        return true;
    case TOKEN_NAME:
        return parse_name(c);
    case TOKEN_PARAM:
        if (lexer->number >= c->placeholders)
            return fail(c, "bad character");
        emit(c, ARITH_PARAM)->target = (unsigned)lexer->number;
        advance(lexer);
        return true;
    case TOKEN_OPEN:
        advance(lexer);
        if (!parse_list(c))
            return false;
        if (lexer->token != TOKEN_CLOSE)
            return fail(c, "missing )");
        advance(lexer);
        return true;
    case TOKEN_BAD:
        return fail(c, *lexer->start >= '0' && *lexer->start <= '9' ? "bad number" : "bad character");
    default:
        return fail(c, "operand expected");
    }
}

static bool parse_step_prefix(struct compiler *c)
{
    struct lexer ahead = c->lexer;
    advance(&ahead);
    if (ahead.token != TOKEN_NAME) {
        split_double(&c->lexer);
        return false;
    }
    emit_step(c, token_symbol(&ahead), c->lexer.operator->op);
    c->lexer = ahead;
    advance(&c->lexer);
    return true;
}

static bool parse_unary(struct compiler *c)
{
    if (c->lexer.token == TOKEN_INCREMENT || c->lexer.token == TOKEN_DECREMENT)
        if (parse_step_prefix(c))
            return true;
    enum token token = c->lexer.token;
    if (token != TOKEN_PLUS && token != TOKEN_MINUS && token != TOKEN_NOT && token != TOKEN_COMPLEMENT)
        return parse_primary(c);
    if (++c->nesting > MAX_NESTING)
        return fail(c, "nested too deeply");
    advance(&c->lexer);
    if (!parse_unary(c))
        return false;
    c->nesting--;
    if (token != TOKEN_PLUS)
        emit(c, token == TOKEN_MINUS ? ARITH_NEGATE : token == TOKEN_NOT ? ARITH_NOT : ARITH_COMPLEMENT);
    return true;
}

static int binary_precedence(struct lexer *lexer)
{
    if (lexer->token == TOKEN_INCREMENT || lexer->token == TOKEN_DECREMENT)
        split_double(lexer);
    switch (lexer->token) {
    case TOKEN_BINARY:
    case TOKEN_PLUS:
    case TOKEN_MINUS:
    case TOKEN_AND:
    case TOKEN_OR:
        return lexer->operator->precedence;
    default:
        return 0;
    }
}

static bool parse_binary(struct compiler *c, int lowest)
{
    if (!parse_unary(c))
        return false;
    for (int precedence; (precedence = binary_precedence(&c->lexer)) >= lowest;) {
        enum arith_op op = c->lexer.operator->op;
        bool lazy = op == ARITH_AND || op == ARITH_OR;
        unsigned jump = lazy ? emit_jump(c, op) : 0;
        advance(&c->lexer);
        if (!parse_binary(c, precedence + 1))
            return false;
        emit(c, lazy ? ARITH_BOOLEAN : op);
        if (lazy)
            land(c, jump);
    }
    return true;
}

static bool parse_conditional(struct compiler *c)
{
    if (!parse_binary(c, PRECEDENCE_OR))
        return false;
    if (c->lexer.token != TOKEN_QUESTION)
        return true;
    if (++c->nesting > MAX_NESTING)
        return fail(c, "nested too deeply");
    unsigned to_else = emit_jump(c, ARITH_UNLESS);
    advance(&c->lexer);
    if (!parse_list(c))
        return false;
    if (c->lexer.token != TOKEN_COLON)
        return fail(c, "missing :");
    unsigned to_end = emit_jump(c, ARITH_JUMP);
    c->stack--; /* the other branch starts with one value less */
    land(c, to_else);
    advance(&c->lexer);
    if (!parse_conditional(c))
        return false;
    land(c, to_end);
    c->nesting--;
    return true;
}

static bool parse_assignment(struct compiler *c)
{
    struct lexer ahead = c->lexer;
    if (c->lexer.token == TOKEN_NAME)
        advance(&ahead);
    if (ahead.token != TOKEN_ASSIGN || c->lexer.token != TOKEN_NAME)
        return parse_conditional(c);
    if (++c->nesting > MAX_NESTING)
        return fail(c, "nested too deeply");
    struct symbol *symbol = token_symbol(&c->lexer);
    enum arith_op op = ahead.operator->op;
    if (op != ARITH_STORE)
        emit_symbol(c, ARITH_LOAD, symbol);
    c->lexer = ahead;
    advance(&c->lexer);
    if (!parse_assignment(c))
        return false;
    if (op != ARITH_STORE)
        emit(c, op);
    emit_symbol(c, ARITH_STORE, symbol);
    c->nesting--;
    return true;
}

static bool parse_list(struct compiler *c)
{
    if (++c->nesting > MAX_NESTING)
        return fail(c, "nested too deeply");
    while (parse_assignment(c)) {
        if (c->lexer.token != TOKEN_COMMA) {
            c->nesting--;
            return true;
        }
        emit(c, ARITH_DROP);
        advance(&c->lexer);
    }
    return false;
}

static const char *what_follows(const struct lexer *lexer)
{
    switch (lexer->token) {
    case TOKEN_BAD:
        return *lexer->start >= '0' && *lexer->start <= '9' ? "bad number" : "bad character";
    case TOKEN_ASSIGN:
        return "assignment to what is no variable";
    default:
        return "operator expected";
    }
}

bool arith_build(struct arith_build *build, const char *text, size_t len, unsigned placeholders)
{
    build->arith = (struct arith){0};
    build->code = build->local;
    build->cap = sizeof build->local / sizeof *build->local;
    build->error = NULL;
    struct compiler c = {
        .lexer = {.next = text, .end = text + len}, .build = build, .placeholders = placeholders};
    advance(&c.lexer);
    if (c.lexer.token == TOKEN_END)
        emit_constant(&c, 0); /* as other shells have it */
    else if (parse_list(&c) && c.lexer.token != TOKEN_END)
        fail(&c, what_follows(&c.lexer));
    build->arith.code = build->code;
    return !build->error;
}

void arith_build_free(struct arith_build *build)
{
    if (build->code != build->local)
        free(build->code);
}

/* ---- for the parser of the shell ---- */

static struct arith *keep(struct arith_build *build, const struct part *const *params, unsigned param_count,
                          struct arena *arena)
{
    size_t code_size = build->arith.count * sizeof *build->code;
    struct arith *arith = arena_alloc(arena, sizeof *arith);
    struct arith_instruction *code = arena_alloc(arena, code_size);
    memcpy(code, build->code, code_size);
    *arith = build->arith;
    arith->code = code;
    if (param_count) {
        const struct part **kept = arena_alloc(arena, param_count * sizeof *kept);
        memcpy(kept, params, param_count * sizeof *kept);
        arith->params = kept;
        arith->param_count = param_count;
    }
    return arith;
}

struct arith *arith_compile(const char *text, size_t len, struct arena *arena)
{
    struct arith_build build;
    if (memchr(text, ARITH_PLACEHOLDER, len))
        return NULL;
    struct arith *arith = arith_build(&build, text, len, 0) ? keep(&build, NULL, 0, arena) : NULL;
    arith_build_free(&build);
    return arith;
}

#define MAX_TEXT 512 /* longer ones are rare enough to be parsed each time */

static bool is_plain_param(const struct part *part)
{
    return part->kind == PART_PARAM && part->u.param->op == PARAM_PLAIN && part->u.param->special != '@' &&
           part->u.param->special != '*';
}

/* A parameter may not touch what it could form one token with: 1$x, $x$y, $x=5. */
static bool stands_alone(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] != ARITH_PLACEHOLDER)
            continue;
        if (i && (is_name_byte(text[i - 1]) || text[i - 1] == ARITH_PLACEHOLDER))
            return false;
        if (i + 1 < len && is_name_byte(text[i + 1]))
            return false;
    }
    return true;
}

struct arith *arith_compile_word(const struct word *word, struct arena *arena)
{
    char text[MAX_TEXT];
    size_t len = 0;
    const struct part *params[ARITH_MAX_PARAMS];
    unsigned param_count = 0;
    if (word->flags & WORD_STATIC)
        return arith_compile(word->text, word->len, arena);
    for (const struct part *part = word->parts; part; part = part->next) {
        bool literal = part->kind == PART_LITERAL;
        size_t more = literal ? part->u.literal.len : 1;
        if (len + more > sizeof text || (literal && memchr(part->u.literal.text, ARITH_PLACEHOLDER, more)))
            return NULL;
        if (literal) {
            memcpy(text + len, part->u.literal.text, more);
        } else {
            if (!is_plain_param(part) || param_count == ARITH_MAX_PARAMS)
                return NULL;
            text[len] = ARITH_PLACEHOLDER;
            params[param_count++] = part;
        }
        len += more;
    }
    if (!stands_alone(text, len))
        return NULL;
    struct arith_build build;
    struct arith *arith =
        arith_build(&build, text, len, param_count) ? keep(&build, params, param_count, arena) : NULL;
    arith_build_free(&build);
    return arith;
}
