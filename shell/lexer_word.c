/* lexer_word.c - words (XCU 2.2, 2.6): put together from literals and expansions. */
#include "shell/lexer.h"
#include <string.h>

static const struct {
    unsigned special; /* the characters at which reading stops to think */
    char closer;      /* that ends it, NUL: only a delimiter or the end of input does */
    bool quoted;
} contexts[CONTEXTS] = {
    [CONTEXT_WORD] = {CHAR_WORD, '\0', false},    [CONTEXT_ASSIGN] = {CHAR_WORD | CHAR_COLON, '\0', false},
    [CONTEXT_DQUOTE] = {CHAR_DQUOTE, '"', true},  [CONTEXT_BRACE] = {CHAR_BRACE, '}', false},
    [CONTEXT_PATTERN] = {CHAR_BRACE, '}', false}, [CONTEXT_DBRACE] = {CHAR_DBRACE, '}', true},
    [CONTEXT_HERE] = {CHAR_HERE, '\0', true},     [CONTEXT_ARITH] = {CHAR_ARITH, '\0', true},
};

/* ---- putting together ---- */

void word_begin(struct word_builder *b, struct parser *p)
{
    *b = (struct word_builder){.p = p, .constant = true};
    b->tail = &b->first;
}

static void gather(struct parser *p, const char *text, size_t len)
{
    if (p->gather_size - p->gather_len < len) {
        p->gather_size = p->gather_size * 2 + len + 256;
        p->gather = xrealloc(p->gather, p->gather_size);
    }
    if (len)
        memcpy(p->gather + p->gather_len, text, len);
    p->gather_len += len;
}

static void link_part(struct word_builder *b, struct part *part)
{
    part->next = NULL;
    *b->tail = part;
    b->tail = &part->next;
}

static void close_literal(struct word_builder *b)
{
    struct parser *p = b->p;
    struct part *part;
    size_t len;

    if (!b->open)
        return;
    len = p->gather_len - b->literal;
    part = arena_alloc(p->arena, sizeof *part);
    part->kind = PART_LITERAL;
    part->quoted = b->literal_quoted;
    part->u.literal.text = arena_strndup(p->arena, p->gather + b->literal, len);
    part->u.literal.len = len;
    link_part(b, part);
    p->gather_len = b->literal;
    b->open = false;
}

/* len may be 0: an empty quoted literal is what makes "" a field. */
void word_add(struct word_builder *b, const char *text, size_t len, bool quoted)
{
    if (b->open && b->literal_quoted != quoted)
        close_literal(b);
    if (!b->open) {
        b->open = true;
        b->literal = b->p->gather_len;
        b->literal_quoted = quoted;
    }
    gather(b->p, text, len);
}

void word_add_part(struct word_builder *b, struct part *part)
{
    close_literal(b);
    link_part(b, part);
    b->constant = false;
}

static struct part *init_literal(struct part *part, const char *text, size_t len, bool quoted)
{
    part->next = NULL;
    part->kind = PART_LITERAL;
    part->quoted = quoted;
    part->u.literal.text = text;
    part->u.literal.len = len;
    return part;
}

struct word *word_literal(struct parser *p, const char *text, size_t len, int line)
{
    struct {
        struct word word;
        struct part part;
    } *both = arena_alloc(p->arena, sizeof *both);

    both->word = (struct word){.text = text, .len = len, .flags = WORD_STATIC, .line = line};
    both->word.parts = init_literal(&both->part, text, len, false);
    return &both->word;
}

/* The literals of a constant word become one; as no unquoted character of it is special, all of it may be
 * quoted. */
static void make_static(struct word_builder *b, struct word *word)
{
    struct part *first = b->first;
    struct arena_string s;

    word->flags |= WORD_STATIC;
    if (!first) {
        word->text = "";
    } else if (!first->next) {
        word->text = first->u.literal.text;
        word->len = first->u.literal.len;
    } else {
        arena_string_begin(&s, b->p->arena);
        for (struct part *part = first; part; part = part->next)
            arena_string_put(&s, part->u.literal.text, part->u.literal.len);
        word->text = arena_string_finish(&s, &word->len);
        init_literal(first, word->text, word->len, b->quoted);
    }
}

struct word *word_finish(struct word_builder *b, int line, bool fixed)
{
    struct word *word = arena_zalloc(b->p->arena, sizeof *word);

    close_literal(b);
    word->line = line;
    word->parts = b->first;
    if (b->quoted)
        word->flags |= WORD_QUOTED;
    if (b->glob || (b->bracket && !b->constant)) /* an expansion may bring the ] */
        word->flags |= WORD_GLOB;
    else if (b->constant && fixed)
        make_static(b, word);
    return word;
}

/* ---- reading ---- */

void word_read_tilde(struct word_builder *b, enum word_context context)
{
    struct parser *p = b->p;
    size_t start = lexer_offset(p);
    struct part *part;
    char c;

    do {
        p->next++;
        c = lexer_peek(p);
    } while (c != '\0' && c != '/' && !char_is(c, contexts[context].special | CHAR_DELIMITER));
    /* Quoting, an expansion or a glob character in it: no login name. */
    if (c == '\0' || c == '/' || c == ':' || c == '}' || char_is(c, CHAR_DELIMITER)) {
        part = arena_alloc(p->arena, sizeof *part);
        init_literal(part, NULL, lexer_offset(p) - start - 1, false);
        part->kind = PART_TILDE;
        part->u.literal.text = arena_strndup(p->arena, p->text + start + 1, part->u.literal.len);
        word_add_part(b, part);
    } else {
        word_add(b, p->text + start, lexer_offset(p) - start, false);
    }
}

/* One plain character. */
static void add_one(struct word_builder *b, enum word_context context)
{
    word_add(b, b->p->next++, 1, contexts[context].quoted);
}

static void read_glob(struct word_builder *b, enum word_context context)
{
    char c = *b->p->next;

    if (c == '[')
        b->bracket = true;
    else if (c != ']' || b->bracket)
        b->glob = true;
    add_one(b, context);
}

/* The parentheses of an arithmetic expression; false at the one that closes it. */
static bool read_paren(struct word_builder *b, enum word_context context)
{
    if (*b->p->next == ')' && b->parens-- == 0)
        return false;
    if (*b->p->next == '(')
        b->parens++;
    add_one(b, context);
    return true;
}

/* `next` is at a special character. False: it ends the word. */
static bool read_special(struct word_builder *b, enum word_context context)
{
    struct parser *p = b->p;
    char c = *p->next;

    if (c == '\0')
        return lexer_fill(p);
    if (c == contexts[context].closer)
        return false;
    switch (c) {
    case '\\':
        quote_backslash(b, context);
        return true;
    case '\'':
        quote_single(b);
        return true;
    case '"':
        if (context == CONTEXT_ARITH)
            p->next++; /* quote removal is all that it means there (2.6.4) */
        else
            quote_double(b);
        return true;
    case '$':
        dollar_read(b, context);
        return true;
    case '`':
        command_read_backquote(b, context);
        return true;
    case '*':
    case '?':
    case '[':
    case ']':
        read_glob(b, context);
        return true;
    case ':':
        add_one(b, context);
        if (lexer_peek(p) == '~')
            word_read_tilde(b, context);
        return true;
    }
    if (context <= CONTEXT_ASSIGN)
        return false; /* a delimiter */
    if (c == '\n') {
        word_add(b, "\n", 1, contexts[context].quoted);
        lexer_newline(p);
        return true;
    }
    return read_paren(b, context);
}

void word_read(struct word_builder *b, enum word_context context)
{
    struct parser *p = b->p;
    unsigned special = contexts[context].special;

    do {
        char *end = p->next;

        while (!char_is(*end, special))
            end++;
        if (end != p->next) {
            word_add(b, p->next, (size_t)(end - p->next), contexts[context].quoted);
            p->next = end;
        }
    } while (read_special(b, context));
}
