/*
 * print.h - the inside of ast_print(): a tree as source that parses to the same tree.
 */
#ifndef SHELL_PRINT_H
#define SHELL_PRINT_H

#include "shell/ast.h"

struct print_heredoc {
    struct arena arena; /* of text */
    char *text;
    size_t len;
    char delimiter[16];
};

struct printer {
    struct arena_string out;
    bool one_line;
    unsigned indent;
    struct print_heredoc *heredocs; /* whose bodies are due after the next newline; malloc'ed */
    unsigned heredoc_count, heredoc_size;
    unsigned heredoc_first; /* of this level of $(): those before belong to the line that it stands in */
};

void print_text(struct printer *pr, const char *text);
void print_newline(struct printer *pr); /* bodies that are due, and the indentation */
void print_forget_bodies(struct printer *pr);
void print_node(struct printer *pr, const struct node *node);

/* Is ( its first character? After another one that would look like arithmetic. */
bool print_begins_with_paren(const struct node *node);

/* A word as it may stand in a command. */
void print_word(struct printer *pr, const struct word *word);
/* A word as it stands in a here-document whose delimiter is not quoted. */
void print_here_word(struct printer *pr, const struct word *word);

#endif
