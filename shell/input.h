/*
 * input.h - where commands come from: a string (-c, eval, trap), a file or descriptor, standard input, the terminal.
 *
 * Standard input is read so that a command run meanwhile finds its own bytes (XCU sh, INPUT FILES): a seekable
 * descriptor is read by blocks and sought back before each command runs, another one byte by byte.
 */
#ifndef SHELL_INPUT_H
#define SHELL_INPUT_H

#include <stdbool.h>
#include <stddef.h>

struct shell;
struct input;

struct input *input_from_string(const char *text, size_t len); /* text must stay valid */
struct input *input_from_fd(int fd, bool shared); /* shared: standard input, as above; else owned and closed */
/* Lines from the line editor or, without one, descriptor 0 with PS1/PS2 written to stderr (edit.h). */
struct input *input_interactive(struct shell *sh);
void input_free(struct input *input);

/*
 * The next line including its newline (absent only at the end of input), valid until the next call; NULL at the end,
 * or after an error, with *error = errno. continuation: PS2 instead of PS1. NUL bytes are dropped, as dash and bash do.
 */
const char *input_line(struct input *input, bool continuation, size_t *len, int *error);
/* set -v writes its lines to standard error: descriptors and the terminal, not strings. */
bool input_echoes(const struct input *input);
/* Certainly nothing more to come: the last command need not come back (EVAL_EXIT). Only strings can tell. */
bool input_at_end(const struct input *input);
/* errno of the read that ended it, or 0: dot treats that as an error of its own (2.8.1). */
int input_error(const struct input *input);
/* The private descriptor that it reads, where redir.c may move it to another number; NULL: it has none. */
int *input_descriptor(struct input *input);
/* What messages call a file; name must stay valid. NULL: it has none. */
void input_set_name(struct input *input, const char *name);
const char *input_name(const struct input *input);
/* Before a command runs: puts a seekable shared descriptor where the next unread line begins. */
void input_sync(struct input *input);

#endif
