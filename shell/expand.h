/*
 * expand.h - word expansions (XCU 2.6), in the standard's order, over the parts that the parser made.
 *
 * Results live in sh->scratch: the caller sets a mark before and releases it after use. A failing expansion
 * (${x?}, set -u, bad substitution, arithmetic error, failed assignment) reports itself, sets sh->unwind
 * (UNWIND_ERROR, XCU 2.8.1 "expansion error") and returns false/NULL.
 */
#ifndef SHELL_EXPAND_H
#define SHELL_EXPAND_H

#include "shell/ast.h"
#include <stdbool.h>
#include <stdint.h>

struct shell;

void expand_init(struct shell *sh); /* makes sh->expansion; var_import() calls it */

/* A growing vector of fields in sh->scratch; always NULL-terminated once finished. */
struct fields {
    char **items;
    size_t count, cap;
};

/* All words of a simple command or a for list: splitting, pathname expansion, quote removal. Appends. */
bool expand_fields(struct shell *sh, const struct word *words, struct fields *out);

/* One string: assignment values, case subjects, redirection operands of non-interactive shells (no splitting, no
 * pathname expansion, quote removal; "$*" joins by IFS, $@ in such a context joins by space). */
char *expand_string(struct shell *sh, const struct word *word, size_t *len);

/* Expands an assignment's value and assigns it, x=$x... in place. false: readonly (reported; nothing unwinds, as with
 * var_set) or a failed expansion (sh->unwind is set). */
bool expand_assignment(struct shell *sh, const struct assignment *assignment, unsigned add_flags);

/* A redirection operand: as expand_string; an interactive shell performs pathname expansion if it yields one word. */
char *expand_redirection(struct shell *sh, const struct word *word);

/* A here-document body. */
char *expand_here(struct shell *sh, const struct word *word, size_t *len);

/* A pattern (case, ${x#w}): characters that were quoted come out with a backslash before them, see pattern.h. */
char *expand_pattern(struct shell *sh, const struct word *word);

/* An arithmetic expression's text, expanded and evaluated (XCU 2.6.4). */
bool expand_arith(struct shell *sh, const struct part *part, intmax_t *result);

/* Parses text as in double-quotes and expands parameters (and commands, arithmetic): PS1, PS4, ENV. Never unwinds:
 * on an error the text itself is the result. */
char *expand_prompt(struct shell *sh, const char *text);

/* IFS changed: recompute the splitting table (var.h hook). */
void expand_ifs_changed(struct shell *sh, struct symbol *symbol);

#endif
