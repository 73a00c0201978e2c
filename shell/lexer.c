/* lexer.c - token recognition (XCU 2.3): blanks, comments, operators, and what kind of token a word is. */
#include "shell/lexer.h"
#include "shell/error.h"
#include "shell/shell.h"
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    enum token_kind kind;
} reserved_words[] = {
    {"!", TOKEN_BANG},    {"case", TOKEN_CASE},   {"do", TOKEN_DO},       {"done", TOKEN_DONE},
    {"elif", TOKEN_ELIF}, {"else", TOKEN_ELSE},   {"esac", TOKEN_ESAC},   {"fi", TOKEN_FI},
    {"for", TOKEN_FOR},   {"if", TOKEN_IF},       {"in", TOKEN_IN},       {"then", TOKEN_THEN},
    {"time", TOKEN_TIME}, {"until", TOKEN_UNTIL}, {"while", TOKEN_WHILE}, {"{", TOKEN_LBRACE},
    {"}", TOKEN_RBRACE},
};

void lexer_register_reserved(void)
{
    if (symbol_intern("!", 1)->reserved)
        return;
    for (size_t i = 0; i < sizeof reserved_words / sizeof *reserved_words; i++) {
        const char *name = reserved_words[i].name;

        symbol_intern(name, strlen(name))->reserved = (unsigned char)reserved_words[i].kind;
    }
}

/* ---- errors ---- */

void lexer_discard(struct parser *p)
{
    p->failed = true;
    while (*p->next)
        if (*p->next++ == '\n')
            p->line++;
    p->token.kind = TOKEN_EOF;
}

void lexer_fail(struct parser *p, int line, const char *format, ...)
{
    struct shell *sh = p->sh;
    int running_line = sh->line;
    char message[400];
    va_list arguments;

    if (p->quiet) {
        p->mistaken |= !p->failed;
    } else if (!p->failed) {
        va_start(arguments, format);
        vsnprintf(message, sizeof message, format, arguments);
        va_end(arguments);
        sh->line = line;
        sh->parsing = true;
        error_print(sh, "syntax error: %s", message);
        if (!p->nested && p->token.kind > TOKEN_NEWLINE)
            error_show_place(sh, p->text, p->token.start, p->token.end);
        sh->parsing = false;
        sh->line = running_line;
        sh->status = 2;
    }
    lexer_discard(p);
}

void lexer_fail_at_end(struct parser *p)
{
    if (p->opener)
        lexer_fail(p, p->line, "unexpected end of file (looking for \"%s\" of line %d)", p->opener->closer,
                   p->opener->line);
    else
        lexer_fail(p, p->line, "unexpected end of file");
}

bool lexer_enter(struct parser *p, struct opener *opener, const char *closer, int line)
{
    *opener = (struct opener){closer, line, p->opener};
    p->opener = opener;
    if (++p->depth <= PARSER_MAX_DEPTH)
        return true;
    lexer_fail(p, line, "nested more than %d deep", PARSER_MAX_DEPTH);
    return false;
}

/* ---- operators ---- */

/* What a further character makes of an operator. */
static const struct {
    enum token_kind shorter;
    char next;
    enum token_kind longer;
} operator_growth[] = {
    {TOKEN_SEMI, ';', TOKEN_DSEMI},     {TOKEN_SEMI, '&', TOKEN_SEMI_AMP},   {TOKEN_AMP, '&', TOKEN_AND_IF},
    {TOKEN_PIPE, '|', TOKEN_OR_IF},     {TOKEN_LESS, '<', TOKEN_DLESS},      {TOKEN_LESS, '&', TOKEN_LESSAND},
    {TOKEN_LESS, '>', TOKEN_LESSGREAT}, {TOKEN_DLESS, '-', TOKEN_DLESSDASH}, {TOKEN_GREAT, '>', TOKEN_DGREAT},
    {TOKEN_GREAT, '&', TOKEN_GREATAND}, {TOKEN_GREAT, '|', TOKEN_CLOBBER},
};

static const unsigned char operator_first[128] = {
    [';'] = TOKEN_SEMI,  ['&'] = TOKEN_AMP,    ['|'] = TOKEN_PIPE,   ['<'] = TOKEN_LESS,
    ['>'] = TOKEN_GREAT, ['('] = TOKEN_LPAREN, [')'] = TOKEN_RPAREN,
};

static enum token_kind grow(enum token_kind kind, char next)
{
    for (size_t i = 0; i < sizeof operator_growth / sizeof *operator_growth; i++) {
        if (operator_growth[i].shorter == kind && operator_growth[i].next == next)
            return operator_growth[i].longer;
    }
    return TOKEN_NONE;
}

static enum token_kind read_operator(struct parser *p)
{
    enum token_kind kind = operator_first[(unsigned char)*p->next++];
    enum token_kind longer;

    /* Nothing follows a parenthesis, so the next line is not wanted yet. */
    while (kind != TOKEN_LPAREN && kind != TOKEN_RPAREN &&
           (longer = grow(kind, lexer_peek(p))) != TOKEN_NONE) {
        kind = longer;
        p->next++;
    }
    return kind;
}

/* ---- words ---- */

/* Digits before < or >: a descriptor of any size; one that no system has stays beyond all limits. */
static bool is_io_number(struct parser *p, const char *text, size_t len)
{
    int fd = 0;

    for (size_t i = 0; i < len; i++) {
        if (!char_is(text[i], CHAR_DIGIT))
            return false;
        fd = fd > (INT_MAX - 9) / 10 ? INT_MAX : fd * 10 + (text[i] - '0');
    }
    p->token.fd = fd;
    return true;
}

/* {name} before < or >: rule 2 of 2.10.2, the optional IO_LOCATION. */
static bool is_io_location(struct parser *p, const char *text, size_t len)
{
    if (len < 3 || text[0] != '{' || text[len - 1] != '}' || char_is(text[1], CHAR_DIGIT))
        return false;
    for (size_t i = 1; i < len - 1; i++) {
        if (!char_is(text[i], CHAR_NAME))
            return false;
    }
    p->token.symbol = symbol_intern(text + 1, len - 2);
    return true;
}

/* `time` is reserved where a command follows it, so that its other options and uses reach the utility (XCU
 * time). */
static bool time_is_reserved(struct parser *p)
{
    size_t start = lexer_offset(p);
    bool result = true;
    char c;

    while ((c = lexer_peek(p)) == ' ' || c == '\t')
        p->next++;
    if (c == '-')
        result = p->next[1] == 'p' && (p->next[2] == ' ' || p->next[2] == '\t');
    else if (c == '(')
        result = p->next[1 + strspn(p->next + 1, " \t")] != ')'; /* a function of that name */
    else if (c == '\0' || c == '\n' || c == '#' || (char_is(c, CHAR_OPERATOR) && c != '<' && c != '>'))
        result = false;
    p->next = p->text + start;
    return result;
}

/* The command name or, by flags, a reserved word. NONE: it was an alias, read on. */
static enum token_kind read_command_word(struct parser *p, size_t len, unsigned flags)
{
    size_t start = p->token.start;
    struct symbol *symbol = symbol_intern(p->text + start, len);

    if (symbol->reserved && flags & LEX_RESERVED &&
        (!(flags & LEX_IN) || symbol->reserved == TOKEN_IN || symbol->reserved == TOKEN_DO) &&
        (symbol->reserved != TOKEN_TIME || (!symbol->alias && time_is_reserved(p))))
        return symbol->reserved;
    if (p->alias_time == ALIASES_LATER) {
        if (flags & LEX_ALIAS)
            command_note_name(p, symbol);
    } else if (symbol->alias && (flags & LEX_ALIAS || p->check_alias) && lexer_substitute(p, start, symbol)) {
        return TOKEN_NONE;
    }
    p->token.word = word_literal(p, symbol->name, len, p->token.line);
    if (flags & LEX_ALIAS)
        p->token.word->symbol = symbol;
    return TOKEN_WORD;
}

/* text[start..next) is a token without quoting, expansions and glob characters. */
static enum token_kind read_plain_word(struct parser *p, unsigned flags)
{
    const char *text = p->text + p->token.start;
    size_t len = lexer_offset(p) - p->token.start;

    if (*p->next == '<' || *p->next == '>') {
        if (is_io_number(p, text, len))
            return TOKEN_IO_NUMBER;
        if (is_io_location(p, text, len))
            return TOKEN_IO_LOCATION;
    }
    if (flags & (LEX_RESERVED | LEX_ALIAS) || p->check_alias)
        return read_command_word(p, len, flags);
    p->token.word = word_literal(p, arena_strndup(p->arena, text, len), len, p->token.line);
    return TOKEN_WORD;
}

/* name=value: an assignment before the command name, or the operand of a declaration utility (2.9.1.1). */
static enum token_kind read_assignment(struct parser *p, size_t name_len, unsigned flags)
{
    struct word_builder b;
    int line = p->line;

    word_begin(&b, p);
    if (flags & LEX_ASSIGN)
        p->token.symbol = symbol_intern(p->next, name_len);
    else
        word_add(&b, p->next, name_len + 1, false);
    p->next += name_len + 1;
    if (lexer_peek(p) == '~')
        word_read_tilde(&b, CONTEXT_ASSIGN);
    word_read(&b, CONTEXT_ASSIGN);
    p->token.word = word_finish(&b, line, true);
    if (flags & LEX_ASSIGN)
        return TOKEN_ASSIGNMENT;
    p->token.word->flags |= WORD_ASSIGN;
    return TOKEN_WORD;
}

/* The number of characters from `next` on that are nothing but themselves in a word. */
static size_t plain_length(struct parser *p)
{
    size_t len = 0, start;
    char c;

    if (p->next[0] == '[' && char_is(p->next[1], CHAR_DELIMITER))
        return 1; /* the utility of that name */
    if (p->next[0] == '~')
        return 0;
    for (;;) {
        while (!char_is(p->next[len], CHAR_WORD))
            len++;
        if (p->next[len] != '\0' && p->next[len] != '\\')
            return len;
        start = lexer_offset(p);
        p->next += len;
        c = lexer_peek_slow(p);
        p->next = p->text + start;
        if (char_is(c, CHAR_WORD))
            return len;
    }
}

static enum token_kind read_word(struct parser *p, unsigned flags)
{
    struct word_builder b;
    size_t len;

    if (flags & (LEX_ASSIGN | LEX_OPERAND) && !char_is(*p->next, CHAR_DIGIT)) {
        size_t name_len = lexer_name(p);

        if (name_len > 0 && p->next[name_len] == '=')
            return read_assignment(p, name_len, flags);
    }
    len = plain_length(p);
    if (len > 0 && (char_is(p->next[len], CHAR_DELIMITER) || p->next[len] == '\0')) {
        p->next += len;
        return read_plain_word(p, flags);
    }
    word_begin(&b, p);
    if (*p->next == '~')
        word_read_tilde(&b, CONTEXT_WORD);
    word_read(&b, CONTEXT_WORD);
    p->token.word = word_finish(&b, p->token.line, true);
    if (flags & LEX_ALIAS && p->token.word->flags & WORD_STATIC)
        p->token.word->symbol = symbol_intern(p->token.word->text, p->token.word->len);
    if (flags & LEX_ALIAS && p->alias_time == ALIASES_LATER)
        command_note_name(p, p->token.word->symbol);
    return TOKEN_WORD;
}

/* ---- tokens ---- */

static void skip_blanks_and_comment(struct parser *p)
{
    char c;

    while ((c = lexer_peek(p)) == ' ' || c == '\t')
        p->next++;
    if (c != '#')
        return;
    p->next += strcspn(p->next, "\n");
    lexer_peek(p); /* a comment in an alias's value, or without newline at the end of input */
}

static enum token_kind read_token(struct parser *p, unsigned flags)
{
    char c;

    skip_blanks_and_comment(p);
    lexer_leave_aliases(p);
    p->token.start = lexer_offset(p);
    p->token.line = p->line;
    c = *p->next;
    if (c == '\n') {
        lexer_newline(p);
        return TOKEN_NEWLINE;
    }
    if (c == '\0')
        return TOKEN_EOF;
    return char_is(c, CHAR_OPERATOR) ? read_operator(p) : read_word(p, flags);
}

enum token_kind lexer_token(struct parser *p, unsigned flags)
{
    enum token_kind kind;

    p->check_alias = false;
    do
        kind = read_token(p, flags);
    while (kind == TOKEN_NONE);
    p->token.end = p->last_end = lexer_offset(p);
    if (kind == TOKEN_NEWLINE && p->pending)
        heredoc_read_pending(p);
    return p->token.kind = p->failed ? TOKEN_EOF : kind;
}
