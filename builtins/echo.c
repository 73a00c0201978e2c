/*
 * echo [-n] [string...] - XCU echo, its XSI escapes included; -n as in dash, whose sh this one replaces most
 * often.
 */
#include "builtins/builtins.h"
#include "builtins/escape.h"
#include "shell/out.h"
#include <string.h>

/* false: \c ended the output. */
static bool write_string(struct shell *sh, const char *text)
{
    for (;;) {
        size_t plain = strcspn(text, "\\");
        out_write(sh, text, plain);
        text += plain;
        if (!*text)
            return true;
        char bytes[4];
        size_t len;
        text = escape_b(text, bytes, &len);
        if (!text)
            return false;
        out_write(sh, bytes, len);
    }
}

int builtin_echo(struct shell *sh, int argc, char **argv)
{
    int first = argc > 1 && !strcmp(argv[1], "-n") ? 2 : 1;
    for (int i = first; i < argc; i++) {
        if (!write_string(sh, argv[i]))
            return 0;
        if (i + 1 < argc)
            out_putc(sh, ' ');
    }
    if (first == 1)
        out_putc(sh, '\n');
    return 0;
}
