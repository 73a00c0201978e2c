/* error.c - messages: one line, one write(2). */
#include "shell/error.h"
#include "shell/out.h"
#include "shell/shell.h"
#include <errno.h>
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

static void message_begin(struct message *message, struct shell *sh)
{
    message->len = 0;
    message_add(message, "fleetsh: ");
    if (sh && !sh->interactive && sh->line > 0)
        message_add(message, "line %d: ", sh->line);
}

static void message_send(struct message *message, struct shell *sh)
{
    const char *from = message->text;

    if (sh)
        out_flush(sh); /* what a built-in utility wrote before comes first */
    message->text[message->len++] = '\n';
    while (message->len > 0) {
        ssize_t n = write(STDERR_FILENO, from, message->len);

        if (n < 0 && errno != EINTR)
            return;
        if (n > 0) {
            from += n;
            message->len -= (size_t)n;
        }
    }
}

void error_print(struct shell *sh, const char *format, ...)
{
    struct message message;
    va_list arguments;

    message_begin(&message, sh);
    va_start(arguments, format);
    message_put(&message, format, arguments);
    va_end(arguments);
    message_send(&message, sh);
}

void error_print_errno(struct shell *sh, int err, const char *format, ...)
{
    struct message message;
    va_list arguments;

    message_begin(&message, sh);
    va_start(arguments, format);
    message_put(&message, format, arguments);
    va_end(arguments);
    message_add(&message, ": %s", strerror(err));
    message_send(&message, sh);
}

void error_unwind(struct shell *sh, int status, const char *format, ...)
{
    struct message message;
    va_list arguments;

    message_begin(&message, sh);
    va_start(arguments, format);
    message_put(&message, format, arguments);
    va_end(arguments);
    message_send(&message, sh);
    sh->status = status;
    sh->unwind = UNWIND_ERROR;
}

_Noreturn void error_fatal(const char *what)
{
    struct message message;

    message_begin(&message, NULL);
    message_add(&message, "%s", what);
    message_send(&message, NULL);
    _exit(2);
}
