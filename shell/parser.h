/*
 * parser.h - the lexer and recursive-descent parser (XCU 2.3, 2.4, 2.10), one complete command at a time.
 */
#ifndef SHELL_PARSER_H
#define SHELL_PARSER_H

#include "shell/ast.h"
#include "shell/input.h"

struct parser;

enum parse_result {
    PARSE_OK,    /* *ast is set; root may be NULL for an empty line */
    PARSE_EOF,   /* nothing more */
    PARSE_ERROR, /* reported: message on stderr, sh->status = 2; the rest of the line is discarded */
    PARSE_INTERRUPTED, /* interactive: ^C while reading; nothing to run */
};

/* first_line: number of the input's first line (LINENO). The parser does not own input. */
struct parser *parser_new(struct shell *sh, struct input *input, int first_line);
void parser_free(struct parser *parser);

/*
 * Reads as many lines as one complete command needs and no more. *ast belongs to the caller (ast_drop). Aliases are
 * substituted as the tokens are read (2.3.1), so definitions take effect from the next complete command on.
 * Nesting is limited to PARSER_MAX_DEPTH: a clear syntax error, never a stack overflow.
 */
enum parse_result parser_next(struct parser *parser, struct ast **ast);

#define PARSER_MAX_DEPTH 2000

/*
 * Parses text as the inside of double-quotes or a here-document: PS1, PS2, PS4, ENV are expanded this way. The word
 * lives in arena. NULL after a syntax error (reported).
 */
struct word *parser_quoted_word(struct shell *sh, const char *text, struct arena *arena);

/* The command as source again: `jobs`, `type`/`command -V` of functions, fc, set -v. One line, or indented lines. */
char *ast_print(const struct node *node, bool one_line, struct arena *arena);

#endif
