/*
 * out.h - buffered standard output of built-in utilities.
 *
 * A built-in utility writes here and eval flushes after it: one write(2) a command, and an error (ENOSPC,
 * EPIPE...) is noticed once: message and status > 0. While a command substitution runs a built-in without a
 * fork, the buffer is captured instead of written.
 */
#ifndef SHELL_OUT_H
#define SHELL_OUT_H

#include "shell/shell.h"
#include <stdbool.h>
#include <stddef.h>

struct out {
    char *buffer;
    size_t used, cap;
    size_t *captures;      /* for each capture under way: where its text begins in buffer */
    unsigned depth, slots; /* captures under way; room in captures */
    int error;             /* errno of the first failure since the last flush */
};

void out_init(struct shell *sh);
void out_write(struct shell *sh, const char *text, size_t len);
void out_puts(struct shell *sh, const char *text);
void out_putc(struct shell *sh, char c);
__attribute__((format(printf, 2, 3))) void out_printf(struct shell *sh, const char *format, ...);
/* Writes what is buffered to descriptor 1. Returns 0 or errno of the first failure since the last flush. */
int out_flush(struct shell *sh);
/* Whether out_flush() has anything to do. */
static inline bool out_is_pending(const struct shell *sh)
{
    return sh->out->used > 0 && sh->out->depth == 0;
}
/* In a forked child: what was buffered is the parent's to write. */
void out_discard(struct shell *sh);

/* Captures until out_capture_end(); captures nest. The text is in sh->scratch, len bytes, NULs included. */
void out_capture_begin(struct shell *sh);
char *out_capture_end(struct shell *sh, size_t *len);

#endif
