/* error.c - messages: one line, one write(2). */
#include "shell/error.h"
#include "shell/input.h"
#include "shell/out.h"
#include "shell/shell.h"
#include "shell/terminal.h"
#include "shell/var.h"
#include "shell/write_all.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_SIZE 4096 /* a longer one is cut, newline kept */

struct message {
    char text[MESSAGE_SIZE];
    size_t len;
};

__attribute__((format(printf, 2, 0))) static void message_put(struct message *message, const char *format,
                                                              va_list arguments)
{
    size_t room = sizeof message->text - message->len - 1;
    int len = vsnprintf(message->text + message->len, room, format, arguments);

    if (len > 0)
        message->len += (size_t)len < room ? (size_t)len : room - 1;
}

__attribute__((format(printf, 2, 3))) static void message_add(struct message *message, const char *format,
                                                              ...)
{
    va_list arguments;

    va_start(arguments, format);
    message_put(message, format, arguments);
    va_end(arguments);
}

/* Of the innermost file that . or the start of a session reads; NULL: what runs is in none. */
static const char *file_of(const struct shell *sh)
{
    for (const struct running_input *in = sh->inputs; in; in = in->outer)
        if (input_name(in->input))
            return input_name(in->input);
    return NULL;
}

static void message_begin(struct message *message, struct shell *sh)
{
    const char *file = sh ? file_of(sh) : NULL;

    message->len = 0;
    message_add(message, "fleetsh: ");
    if (file)
        message_add(message, "%.*s: ", MESSAGE_SIZE / 4, file);
    if (sh && (file || !sh->interactive) && sh->line > 0)
        message_add(message, "line %d: ", sh->line);
}

static void message_send(struct message *message, struct shell *sh)
{
    if (sh)
        out_flush(sh); /* what a built-in utility wrote before comes first */
    message->text[message->len++] = '\n';
    write_all(STDERR_FILENO, message->text, message->len);
}

/* err: 0, or what strerror(3) is to add. */
static void print_message(struct shell *sh, int err, const char *format, va_list arguments)
{
    struct message message;

    message_begin(&message, sh);
    message_put(&message, format, arguments);
    if (err)
        message_add(&message, ": %s", strerror(err));
    message_send(&message, sh);
}

void error_print(struct shell *sh, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_message(sh, 0, format, arguments);
    va_end(arguments);
}

void error_print_errno(struct shell *sh, int err, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_message(sh, err, format, arguments);
    va_end(arguments);
}

void error_unwind(struct shell *sh, int status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_message(sh, 0, format, arguments);
    va_end(arguments);
    sh->status = status;
    sh->unwind = UNWIND_ERROR;
}

static void put_visible(struct message *message, const char *text, size_t len)
{
    message_add(message, "%.*s", (int)len, text);
    for (char *c = message->text + message->len - len; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
}

void error_show_place(struct shell *sh, const char *text, size_t start, size_t end)
{
    struct message message = {.len = 0};
    const char *line = text + start, *no_color = var_get_name(sh, "NO_COLOR");
    size_t rest = strcspn(text + end, "\n");
    bool colour = !no_color || !*no_color;

    while (line > text && line[-1] != '\n')
        line--;
    if (!sh->interactive || end <= start || memchr(text + start, '\n', end - start) ||
        !isatty(STDERR_FILENO) || !terminal_has_screen(sh) ||
        (size_t)(text + end + rest - line) > MESSAGE_SIZE / 2)
        return;
    message_add(&message, "    ");
    put_visible(&message, line, (size_t)(text + start - line));
    message_add(&message, colour ? "\033[31;4m" : "\033[4m");
    put_visible(&message, text + start, end - start);
    message_add(&message, colour ? "\033[39;24m" : "\033[24m");
    put_visible(&message, text + end, rest);
    message_send(&message, sh);
}

_Noreturn void error_fatal(const char *what)
{
    struct message message;

    message_begin(&message, NULL);
    message_add(&message, "%s", what);
    message_send(&message, NULL);
    _exit(2);
}
