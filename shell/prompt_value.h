/*
 * prompt_value.h - what a prompt can tell. For prompt.c alone.
 */
#ifndef SHELL_PROMPT_VALUE_H
#define SHELL_PROMPT_VALUE_H

#include "shell/prompt.h"
#include <stdbool.h>
#include <stddef.h>

#define PROMPT_VALUE_MAX 1024

struct prompt_value {
    char text[PROMPT_VALUE_MAX]; /* cut if longer; may have control characters */
    bool notable;                /* there is something to tell */
};

/* False: no value of that name. */
bool prompt_value_find(struct shell *sh, const struct prompt_facts *facts, const char *name, size_t len,
                       struct prompt_value *value);
/* The name of a value for each letter that follows a backslash, or NULL. */
const char *prompt_value_of_letter(char letter);

/* Escape sequence of a colour, "" where none are wanted; NULL: no such colour. */
const char *prompt_colour(struct shell *sh, const char *name, size_t len);

#endif
