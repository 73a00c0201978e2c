/*
 * edit_prompt.h - a prompt as the screen needs it: its last line, whose escape sequences take no columns.
 *
 * Bytes that are no characters of the locale, and control characters outside of escape sequences, become ? or
 * go. As for GNU readline, what stands between \001 and \002 takes no columns, whatever it is.
 */
#ifndef SHELL_EDIT_PROMPT_H
#define SHELL_EDIT_PROMPT_H

#include <stdbool.h>

struct edit_lead {
    char *bytes; /* to be written as it is; malloc'ed */
    unsigned columns;
    bool blank; /* nothing of it is seen */
};

/* Only the text after the last newline: *line_start is where it begins in text. */
struct edit_lead edit_prompt_make(const char *text, const char **line_start);

#endif
