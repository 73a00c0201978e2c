/* trace.c - set -x: each simple command after its expansion, quoted where the shell would need it. */
#include "shell/trace.h"
#include "shell/ast.h"
#include "shell/expand.h"
#include "shell/out.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include "shell/var.h"
#include "shell/write_all.h"
#include <string.h>
#include <unistd.h>

static void trace_value(struct shell *sh, const char *value)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,@%^=[]{}!";

    if (*value != '\0' && value[strspn(value, plain)] == '\0')
        out_puts(sh, value);
    else
        var_print_quoted(sh, value);
}

void trace_command(struct shell *sh, const struct assignment *assignments, char **fields)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    const char *ps4 = var_get_name(sh, "PS4"), *separator = "";
    size_t len;
    char *text;

    sh->options.xtrace = false; /* PS4 may hold a command substitution */
    ps4 = ps4 ? expand_prompt(sh, ps4) : "";
    sh->options.xtrace = true;
    out_capture_begin(sh);
    out_puts(sh, ps4);
    for (; assignments; assignments = assignments->next) {
        const char *value = var_get(sh, assignments->symbol);

        out_printf(sh, "%s%s=", separator, assignments->symbol->name);
        trace_value(sh, value ? value : "");
        separator = " ";
    }
    for (; fields && *fields; fields++) {
        out_puts(sh, separator);
        trace_value(sh, *fields);
        separator = " ";
    }
    out_putc(sh, '\n');
    text = out_capture_end(sh, &len);
    write_all(STDERR_FILENO, text, len);
    arena_release(&sh->scratch, mark);
}
