/*
 * input_impl.h - what a kind of input consists of; for input.c, and edit.c, which makes the interactive one.
 *
 * A kind embeds struct input as its first member. The contracts of line, sync and free are those of
 * input_line(), input_sync() and input_free().
 */
#ifndef SHELL_INPUT_IMPL_H
#define SHELL_INPUT_IMPL_H

#include "shell/input.h"

struct input_kind {
    const char *(*line)(struct input *input, bool continuation, size_t *len, int *error);
    void (*sync)(struct input *input); /* NULL: nothing to do */
    void (*free)(struct input *input);
    bool (*at_end)(const struct input *input); /* NULL: cannot tell */
    int *(*descriptor)(struct input *input);   /* NULL: none */
};

struct input {
    const struct input_kind *kind;
    const char *name; /* what messages call it; NULL: nothing. The caller's */
    int error;        /* of the read that ended it */
    bool echo; /* set -v writes its lines to standard error: a string is no input in that sense */
};

#endif
