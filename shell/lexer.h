/*
 * lexer.h - the parser's inside: its state, token recognition (XCU 2.3), words (2.2, 2.6), aliases,
 * here-documents. Only the files of the parser include this.
 *
 * All lines of the complete command being parsed stand in one buffer, NUL-terminated:
 *
 *     text                   next              text + len
 *      | read                 | not read yet    | NUL: the next line is to be fetched (lexer_fill)
 *
 * An alias's value replaces its name in that buffer, and line continuations are cut out of it, so that
 * whatever belongs together is contiguous and no other source of characters exists. The buffer may move
 * whenever a character is looked at: positions that are kept are offsets.
 *
 * Failure is the end of input: whoever finds an error calls lexer_fail() (or parser_unexpected()), which
 * reports the first one and from then on makes every character NUL and every token TOKEN_EOF. So loops end by
 * themselves, and nobody needs to look at `failed` but where EOF would be fine.
 */
#ifndef SHELL_LEXER_H
#define SHELL_LEXER_H

#include "shell/ast.h"
#include "shell/parser.h"
#include <stdbool.h>
#include <stddef.h>

struct shell;

/* ---- tokens (XCU 2.10.1) ---- */

enum token_kind {
    TOKEN_NONE, /* none has been read ahead */
    TOKEN_EOF,
    TOKEN_NEWLINE,
    TOKEN_SEMI,
    TOKEN_AMP,
    TOKEN_DSEMI,    /* ;; */
    TOKEN_SEMI_AMP, /* ;& */
    TOKEN_AND_IF,   /* && */
    TOKEN_OR_IF,    /* || */
    TOKEN_PIPE,
    TOKEN_RPAREN,
    /* reserved words that close or separate */
    TOKEN_THEN,
    TOKEN_ELSE,
    TOKEN_ELIF,
    TOKEN_FI,
    TOKEN_DO,
    TOKEN_DONE,
    TOKEN_ESAC,
    TOKEN_IN,
    TOKEN_RBRACE,
    /* from here on: what can begin a command */
    TOKEN_BANG,
    TOKEN_TIME,
    TOKEN_IF,
    TOKEN_WHILE,
    TOKEN_UNTIL,
    TOKEN_FOR,
    TOKEN_CASE,
    TOKEN_LBRACE,
    TOKEN_LPAREN,
    TOKEN_WORD,
    TOKEN_ASSIGNMENT,
    TOKEN_IO_NUMBER,
    TOKEN_IO_LOCATION, /* {name} before < or > */
    TOKEN_LESS,
    TOKEN_GREAT,
    TOKEN_CLOBBER,   /* >| */
    TOKEN_DGREAT,    /* >> */
    TOKEN_LESSGREAT, /* <> */
    TOKEN_LESSAND,   /* <& */
    TOKEN_GREATAND,  /* >& */
    TOKEN_DLESS,     /* << */
    TOKEN_DLESSDASH, /* <<- */
    TOKEN_KINDS
};

struct token {
    enum token_kind kind;
    int line;
    size_t start, end;     /* in the text */
    struct word *word;     /* WORD; ASSIGNMENT: the value */
    struct symbol *symbol; /* ASSIGNMENT, IO_LOCATION: the name */
    int fd;                /* IO_NUMBER */
};

/* What a word may be where it stands; depends on the grammar, so the parser says it when it looks at a token.
 */
#define LEX_RESERVED 0x1u /* a reserved word (2.4) */
#define LEX_ALIAS    0x2u /* the command name: subject to alias substitution, its symbol is interned */
#define LEX_ASSIGN   0x4u /* an assignment before the command name */
#define LEX_OPERAND  0x8u /* an operand of a declaration utility */
#define LEX_IN       0x10u /* with LEX_RESERVED: only `in` and `do` are reserved here (2.10.2, rules 5 and 6) */
#define LEX_PREFIX   (LEX_ALIAS | LEX_ASSIGN)
#define LEX_COMMAND  (LEX_RESERVED | LEX_PREFIX)

/* ---- the state ---- */

/* One change of the text, kept while it matters: an alias's value in place of its name, or a continuation cut
 * out. */
struct splice {
    size_t start, end;     /* of the value; equal for a continuation */
    struct symbol *symbol; /* the alias; NULL: a continuation */
    int outer;             /* the value that this one began in, -1: none */
    bool trailing_blank;   /* the next word is subject to alias substitution as well */
};

/*
 * When aliases are substituted. The commands of a substitution wait until they are run (LATER), unless they cannot be
 * read without: then their aliases are substituted as those around them (AT_ONCE), and so in all that they hold.
 */
enum alias_time { ALIASES_NOW, ALIASES_LATER, ALIASES_AT_ONCE };

/* A here-document whose operator has been read and whose body has not. */
struct heredoc {
    struct heredoc *next;
    struct redir *redir;
    const char *delimiter;
    size_t len;
    bool quoted;
};

/* A construct that is not closed yet, for messages. Lives on the C stack of who parses it. */
struct opener {
    const char *closer;
    int line;
    struct opener *outer;
};

struct parser {
    struct shell *sh;
    struct input *input;
    struct arena *arena; /* of the command being parsed */
    char *text;
    size_t len, size;
    char *next;
    int line;          /* of *next */
    bool continuation; /* a line of this command has been read: prompt with PS2 */
    bool failed, interrupted, at_end;
    bool nested; /* parses part of another parser's text */
    bool quiet;  /* syntax errors are not reported but noted in `mistaken` */
    bool mistaken;

    struct token token;
    size_t last_end;        /* where the token before ended */
    bool check_alias;       /* the word being read follows an alias's trailing blank */
    unsigned depth;         /* of nested constructs; at most PARSER_MAX_DEPTH */
    unsigned attempts;      /* $(( being tried as arithmetic: splices are kept to be undone */
    unsigned rereads;       /* of $(( that turned out to be $( ( in this command */
    unsigned substitutions; /* of aliases in this command */
    struct opener *opener;  /* innermost first */

    struct splice *splices; /* in order of their making */
    int splice_count, splice_size;
    int active; /* innermost alias value that holds the current position, -1: none */

    enum alias_time alias_time;
    struct symbol **names; /* LATER: of commands that await alias substitution; a stack, for nested ones */
    size_t name_count, name_size;
    bool unknown_name; /* and there is one that is not known before it is expanded */

    struct heredoc *pending, **pending_tail;

    char *gather; /* text of literals being put together; a stack, for words within words */
    size_t gather_len, gather_size;
    struct node **nodes; /* items of lists being put together; a stack as well */
    size_t node_count, node_size;
};

/* Prepares a parser for part of outer's text (backquotes, here-documents); its input is text. */
void parser_begin_nested(struct parser *parser, struct parser *outer, const char *text, size_t len, int line);
/* Frees it; a failure becomes outer's. */
void parser_end_nested(struct parser *parser, struct parser *outer);

/* ---- characters (lexer_text.c) ---- */

#define CHAR_WORD      0x001u /* special in an unquoted word */
#define CHAR_DQUOTE    0x002u /* special within double-quotes */
#define CHAR_BRACE     0x004u /* special in the operand of ${...} */
#define CHAR_DBRACE    0x008u /* the same within double-quotes */
#define CHAR_HERE      0x010u /* special in a here-document */
#define CHAR_ARITH     0x020u /* special in $((...)) */
#define CHAR_COLON     0x040u /* special in an assignment's value */
#define CHAR_NAME      0x080u
#define CHAR_DIGIT     0x100u
#define CHAR_DELIMITER 0x200u /* unquoted, ends a token (NUL is none: the next line may go on) */
#define CHAR_OPERATOR  0x400u

extern const unsigned short char_class[256];

static inline bool char_is(char c, unsigned classes)
{
    return (char_class[(unsigned char)c] & classes) != 0;
}

/* Appends the next line of input to the text. False at the end of input. */
bool lexer_fill(struct parser *p);
/* Puts value in place of text[start..next), which becomes unread again. */
void lexer_replace(struct parser *p, size_t start, const char *value, size_t len);
char lexer_peek_slow(struct parser *p);

/* The next character after line continuations; NUL at the end of input. Not consumed. */
static inline char lexer_peek(struct parser *p)
{
    return *p->next == '\0' || *p->next == '\\' ? lexer_peek_slow(p) : *p->next;
}

/* The number of characters from `next` on that are a name (or begin with a digit); they are contiguous. */
size_t lexer_name(struct parser *p);

static inline size_t lexer_offset(const struct parser *p)
{
    return (size_t)(p->next - p->text);
}

/* Consumes a newline: counts the line, unless it is in an alias's value. */
void lexer_newline(struct parser *p);

/* ---- aliases and going back (lexer_splice.c) ---- */

/* The token text[start..next) is an alias: its value is what is to be read instead. False: it is being
 * substituted. */
bool lexer_substitute(struct parser *p, size_t start, struct symbol *symbol);
/* At the start of a token: leaves the values that end before. Sets check_alias. */
void lexer_leave_aliases(struct parser *p);
void lexer_note_continuation(struct parser *p);

struct lexer_mark {
    size_t next, gather_len, node_count, name_count;
    unsigned depth;
    struct opener *opener;
    int line, splice_count, active;
    struct heredoc **pending_tail;
};

/* Begins an attempt; afterwards either lexer_keep() or lexer_go_back(), which makes the text what it was. */
struct lexer_mark lexer_try(struct parser *p);
void lexer_keep(struct parser *p);
void lexer_go_back(struct parser *p, const struct lexer_mark *mark);

/* ---- tokens (lexer.c) ---- */

/* The kind of the next token, read if there is none. flags count when it is read. */
enum token_kind lexer_token(struct parser *p, unsigned flags);

static inline enum token_kind lexer_peek_token(struct parser *p, unsigned flags)
{
    return p->token.kind != TOKEN_NONE ? p->token.kind : lexer_token(p, flags);
}
static inline void lexer_consume(struct parser *p)
{
    p->token.kind = TOKEN_NONE;
}

void lexer_register_reserved(void);
/* Reports a syntax error at line and fails. */
__attribute__((format(printf, 3, 4))) void lexer_fail(struct parser *p, int line, const char *format, ...);
/* Fails without a report: the rest of the text is not read, from now on input is at its end. */
void lexer_discard(struct parser *p);
/* The same at the end of input: says what the innermost opener waits for. */
void lexer_fail_at_end(struct parser *p);

/* Entering and leaving a nested construct. Entering reports and returns false beyond PARSER_MAX_DEPTH. */
bool lexer_enter(struct parser *p, struct opener *opener, const char *closer, int line);
static inline void lexer_leave(struct parser *p)
{
    p->opener = p->opener->outer;
    p->depth--;
}

/* ---- words (lexer_word.c) ---- */

enum word_context {
    CONTEXT_WORD,
    CONTEXT_ASSIGN,  /* the value of an assignment: tilde after each colon */
    CONTEXT_DQUOTE,  /* "..." */
    CONTEXT_BRACE,   /* word of ${x-word} */
    CONTEXT_PATTERN, /* word of ${x#word}: quoting is as if ${ were not in double-quotes */
    CONTEXT_DBRACE,  /* word of "${x-word}" */
    CONTEXT_HERE,    /* here-document and prompts: double-quotes whose " is no quote */
    CONTEXT_ARITH,   /* $((...)) */
    CONTEXTS
};

/* A word being put together. */
struct word_builder {
    struct parser *p;
    struct part *first, **tail;
    size_t literal;      /* where the open literal begins in gather */
    bool open;           /* there is one */
    bool literal_quoted; /* and it is quoted */
    bool constant;       /* nothing but literals so far */
    bool quoted;         /* something was quoted */
    bool glob, bracket;  /* an unquoted * ? or [...]; an unquoted [ */
    unsigned parens;     /* ARITH: open ones */
};

void word_begin(struct word_builder *b, struct parser *p);
void word_add(struct word_builder *b, const char *text, size_t len, bool quoted);
void word_add_part(struct word_builder *b, struct part *part);
/* fixed: no field splitting happens to the literals, so that a constant word is static. */
struct word *word_finish(struct word_builder *b, int line, bool fixed);
/* A word of one literal; text must live as long as the arena. */
struct word *word_literal(struct parser *p, const char *text, size_t len, int line);

/* Reads parts up to, not including, what ends the context: a delimiter, a closer or the end of input. */
void word_read(struct word_builder *b, enum word_context context);
/* At ~ in a place that the standard names: adds a tilde part when it is a tilde-prefix (2.6.1). */
void word_read_tilde(struct word_builder *b, enum word_context context);

/* ---- quoting (lexer_quote.c): `next` is at the quote ---- */

void quote_single(struct word_builder *b);
void quote_dollar_single(struct word_builder *b); /* `next` is at the ' of $' */
void quote_double(struct word_builder *b);
void quote_backslash(struct word_builder *b, enum word_context context);
/* Quote removal on source text, for the delimiter of a here-document. Returns the new length; *quoted: any
 * was there. */
size_t quote_remove(char *text, size_t len, bool *quoted);

/* ---- expansions (lexer_dollar.c, lexer_command.c, lexer_param.c): `next` is at $ or ` ---- */

void dollar_read(struct word_builder *b, enum word_context context);
void command_read(struct word_builder *b, bool quoted); /* `next` is at the ( of $( */
void command_read_backquote(struct word_builder *b, enum word_context context);
/* The name of a command, for a substitution's list; NULL: it comes from an expansion. */
void command_note_name(struct parser *p, struct symbol *name);
void param_read(struct word_builder *b, enum word_context context);        /* `next` is after $ */
void param_read_braces(struct word_builder *b, enum word_context context); /* `next` is at { */

static inline bool context_is_quoted(enum word_context context)
{
    return context == CONTEXT_DQUOTE || context >= CONTEXT_DBRACE;
}

/* ---- here-documents (heredoc.c) ---- */

/* After << or <<-: reads the delimiter and makes redir's body pending. */
void heredoc_announce(struct parser *p, struct redir *redir);
/* All of p's text as the inside of a here-document or a prompt. */
struct word *heredoc_read_word(struct parser *p);
/* After a NEWLINE token: reads the bodies of all that are pending. */
void heredoc_read_pending(struct parser *p);

/* ---- grammar (parser.c, parse_*.c): nodes are NULL after a failure ---- */

/* list or, with newlines, compound_list. NULL without failure: it is empty. */
struct node *parse_list(struct parser *p, bool compound);
struct node *parse_body(struct parser *p); /* a compound list that must not be empty */
struct node *parse_command(struct parser *p);
struct node *parse_compound(struct parser *p); /* with its redirections */
struct node *parse_simple(struct parser *p);
struct redir **parse_redir(struct parser *p, struct redir **tail); /* the token is a redirection's first */

struct node *parse_new_node(struct parser *p, enum node_kind kind, int line);
struct word *parse_take_word(struct parser *p);               /* the peeked TOKEN_WORD */
bool parse_word_is(const struct parser *p, const char *text); /* the peeked token is this word, unquoted */
void parse_linebreak(struct parser *p, unsigned flags);
bool parse_expect(struct parser *p, enum token_kind kind); /* consumes it, or reports */
void parse_unexpected(struct parser *p);                   /* reports the peeked token */
void parse_push(struct parser *p, struct node *node);
/* Makes a node of the pushed ones since base, or returns the only one. */
struct node *parse_pop_list(struct parser *p, size_t base, enum node_kind kind, int line);

static inline bool token_begins_command(enum token_kind kind)
{
    return kind >= TOKEN_BANG;
}

#endif
