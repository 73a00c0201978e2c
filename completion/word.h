/*
 * word.h - which word the cursor is in, and what it is there: enough of XCU 2.3 to complete it.
 */
#ifndef COMPLETION_WORD_H
#define COMPLETION_WORD_H

#include <stdbool.h>
#include <stddef.h>

enum word_role { WORD_COMMAND, WORD_ARGUMENT, WORD_VARIABLE };

struct word_context {
    enum word_role role;
    size_t
        start; /* byte of the line where what is completed begins: after =, or after $ and ${ of a variable */
    char quote;        /* the quote that is open at the cursor, or 0 */
    bool quoted_start; /* that quote stands at start: the completion may use it */
    bool brace;        /* WORD_VARIABLE: after ${ */
    char *text;        /* from start to the cursor, without quoting; malloc'ed */
    char *command;     /* the command whose argument this is, or NULL; malloc'ed */
    char **arguments;  /* those before this one; malloc'ed */
    size_t count, cap;
    char *option;      /* what stands before the =; malloc'ed, NULL: no = */
    bool after_equals; /* x=file, --option=file: start is behind the = */
};

void word_find(const char *line, size_t cursor, struct word_context *word);
void word_free(struct word_context *word);

#endif
