/* out.c - one growing buffer; each capture is a tail of it. */
#include "shell/out.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OUT_FIRST_SIZE 1024
#define OUT_WRITE_SIZE 65536 /* one built-in utility's output beyond this is written on the way */

void out_init(struct shell *sh)
{
    struct out *out = xmalloc(sizeof *out);

    *out = (struct out){.buffer = xmalloc(OUT_FIRST_SIZE), .cap = OUT_FIRST_SIZE};
    sh->out = out;
}

static void out_send(struct out *out)
{
    size_t done = 0;

    while (done < out->used) {
        ssize_t n = write(STDOUT_FILENO, out->buffer + done, out->used - done);

        if (n >= 0) {
            done += (size_t)n;
        } else if (errno != EINTR) {
            if (out->error == 0)
                out->error = errno;
            break;
        }
    }
    out->used = 0;
}

/* Makes room for more bytes. */
static void out_reserve(struct out *out, size_t more)
{
    if (out->cap - out->used >= more)
        return;
    if (out->depth == 0 && out->used >= OUT_WRITE_SIZE)
        out_send(out);
    while (out->cap - out->used < more)
        out->cap *= 2;
    out->buffer = xrealloc(out->buffer, out->cap);
}

void out_write(struct shell *sh, const char *text, size_t len)
{
    struct out *out = sh->out;

    out_reserve(out, len);
    memcpy(out->buffer + out->used, text, len);
    out->used += len;
}

void out_puts(struct shell *sh, const char *text)
{
    out_write(sh, text, strlen(text));
}

void out_putc(struct shell *sh, char c)
{
    struct out *out = sh->out;

    if (out->used == out->cap)
        out_reserve(out, 1);
    out->buffer[out->used++] = c;
}

void out_printf(struct shell *sh, const char *format, ...)
{
    struct out *out = sh->out;
    va_list arguments;
    int len;

    out_reserve(out, 128);
    va_start(arguments, format);
    len = vsnprintf(out->buffer + out->used, out->cap - out->used, format, arguments);
    va_end(arguments);
    if (len < 0)
        return;
    if ((size_t)len >= out->cap - out->used) {
        out_reserve(out, (size_t)len + 1);
        va_start(arguments, format);
        vsnprintf(out->buffer + out->used, out->cap - out->used, format, arguments);
        va_end(arguments);
    }
    out->used += (size_t)len;
}

int out_flush(struct shell *sh)
{
    struct out *out = sh->out;
    int error;

    if (out->depth > 0)
        return 0;
    out_send(out);
    error = out->error;
    out->error = 0;
    return error;
}

void out_discard(struct shell *sh)
{
    sh->out->used = 0;
    sh->out->depth = 0;
    sh->out->error = 0;
}

void out_capture_begin(struct shell *sh)
{
    struct out *out = sh->out;

    if (out->depth == 0 && out->used > 0)
        out_send(out);
    if (out->depth == out->slots) {
        out->slots = out->slots ? out->slots * 2 : 8;
        out->captures = xrealloc(out->captures, out->slots * sizeof *out->captures);
    }
    out->captures[out->depth++] = out->used;
}

char *out_capture_end(struct shell *sh, size_t *len)
{
    struct out *out = sh->out;
    size_t start = out->captures[--out->depth];
    char *text = arena_strndup(&sh->scratch, out->buffer + start, out->used - start);

    *len = out->used - start;
    out->used = start;
    return text;
}
