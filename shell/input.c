/* input.c - commands from a string and from descriptors. The terminal is edit.c's. */
#include "shell/input.h"
#include "shell/arena.h"
#include "shell/input_impl.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define FILE_BLOCK   65536
#define SHARED_BLOCK 4096 /* read again after every command, so small */

const char *input_line(struct input *input, bool continuation, size_t *len, int *error)
{
    const char *line;

    *error = 0;
    line = input->kind->line(input, continuation, len, error);
    input->error = *error;
    return line;
}

void input_set_name(struct input *input, const char *name)
{
    input->name = name;
}

const char *input_name(const struct input *input)
{
    return input->name;
}

int input_error(const struct input *input)
{
    return input->error;
}

bool input_echoes(const struct input *input)
{
    return input->echo;
}

bool input_at_end(const struct input *input)
{
    return input->kind->at_end && input->kind->at_end(input);
}

int *input_descriptor(struct input *input)
{
    return input->kind->descriptor ? input->kind->descriptor(input) : NULL;
}

void input_sync(struct input *input)
{
    if (input->kind->sync)
        input->kind->sync(input);
}

void input_free(struct input *input)
{
    if (input)
        input->kind->free(input);
}

/* Drops the NUL bytes of a line, in place. Returns what is left of len. */
static size_t drop_nuls(char *line, size_t len)
{
    char *nul = memchr(line, '\0', len);
    char *to = nul;

    if (!nul)
        return len;
    for (char *from = nul; from < line + len; from++) {
        if (*from)
            *to++ = *from;
    }
    return (size_t)(to - line);
}

/* ---- strings ---- */

struct string_input {
    struct input base;
    const char *next, *end;
    char *line; /* the copy of a line that had NUL bytes */
};

static const char *string_line(struct input *input, bool continuation, size_t *len, int *error)
{
    struct string_input *in = (struct string_input *)input;
    const char *line = in->next;
    const char *newline;

    (void)continuation, (void)error;
    if (line == in->end)
        return NULL;
    newline = memchr(line, '\n', (size_t)(in->end - line));
    in->next = newline ? newline + 1 : in->end;
    *len = (size_t)(in->next - line);
    if (!memchr(line, '\0', *len))
        return line;
    in->line = xrealloc(in->line, *len);
    memcpy(in->line, line, *len);
    *len = drop_nuls(in->line, *len);
    return in->line;
}

static void string_free(struct input *input)
{
    free(((struct string_input *)input)->line);
    free(input);
}

static bool string_at_end(const struct input *input)
{
    const struct string_input *in = (const struct string_input *)input;

    return in->next == in->end;
}

struct input *input_from_string(const char *text, size_t len)
{
    static const struct input_kind kind = {string_line, NULL, string_free, string_at_end, NULL};
    struct string_input *in = xmalloc(sizeof *in);

    *in = (struct string_input){.base = {.kind = &kind}, .next = text, .end = text + len};
    return &in->base;
}

/* ---- descriptors ---- */

/*
 *   buffer         next            end        size
 *     | lines given  | not given yet |   free   |
 *                      = the bytes between the next line and the descriptor's offset
 */
struct fd_input {
    struct input base;
    int fd;
    bool shared;
    size_t block; /* bytes wanted by one read(2): 1 where they could not be put back */
    char *buffer;
    size_t next, end, size;
};

/* Reads once more behind what there is. Returns false at the end or with *error set. */
static bool fd_read(struct fd_input *in, int *error)
{
    ssize_t n;

    if (in->next > 0) {
        memmove(in->buffer, in->buffer + in->next, in->end - in->next);
        in->end -= in->next;
        in->next = 0;
    }
    if (in->size - in->end < in->block) {
        in->size = in->size * 2 + in->block;
        in->buffer = xrealloc(in->buffer, in->size);
    }
    do
        n = read(in->fd, in->buffer + in->end, in->block);
    while (n < 0 && errno == EINTR); /* a trap's action runs between commands */
    if (n < 0)
        *error = errno;
    if (n <= 0)
        return false;
    in->end += (size_t)n;
    return true;
}

static const char *fd_line(struct input *input, bool continuation, size_t *len, int *error)
{
    struct fd_input *in = (struct fd_input *)input;
    size_t searched = 0;
    char *line;

    (void)continuation;
    for (;;) {
        size_t unread = in->end - in->next;
        char *newline = NULL;

        if (unread > searched)
            newline = memchr(in->buffer + in->next + searched, '\n', unread - searched);
        if (newline) {
            *len = (size_t)(newline + 1 - (in->buffer + in->next));
            break;
        }
        searched = unread;
        if (fd_read(in, error))
            continue;
        if (*error || !unread)
            return NULL;
        *len = unread;
        break;
    }
    line = in->buffer + in->next;
    in->next += *len;
    *len = drop_nuls(line, *len);
    return line;
}

static void fd_sync(struct input *input)
{
    struct fd_input *in = (struct fd_input *)input;
    off_t unread = (off_t)(in->end - in->next);

    if (!in->shared || in->block == 1)
        return;
    if (unread > 0)
        lseek(in->fd, -unread, SEEK_CUR);
    in->next = in->end = 0; /* the command may move the offset or change the file */
}

static void fd_free(struct input *input)
{
    struct fd_input *in = (struct fd_input *)input;

    if (!in->shared)
        close(in->fd);
    free(in->buffer);
    free(in);
}

static int *fd_descriptor(struct input *input)
{
    struct fd_input *in = (struct fd_input *)input;

    return in->shared ? NULL : &in->fd;
}

struct input *input_from_fd(int fd, bool shared)
{
    static const struct input_kind kind = {fd_line, fd_sync, fd_free, NULL, fd_descriptor};
    struct fd_input *in = xmalloc(sizeof *in);

    *in = (struct fd_input){
        .base = {.kind = &kind, .echo = true}, .fd = fd, .shared = shared, .block = FILE_BLOCK};
    if (shared)
        in->block = lseek(fd, 0, SEEK_CUR) < 0 ? 1 : SHARED_BLOCK;
    return &in->base;
}
