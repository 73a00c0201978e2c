/* export [-p] [name[=word]...], readonly likewise - XCU export, readonly: special built-in utilities. */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/out.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include "shell/var.h"
#include <string.h>

struct printing {
    struct shell *sh;
    const char *command;
};

static void print_one(struct symbol *symbol, void *context)
{
    const struct printing *printing = context;
    const char *value = var_get(printing->sh, symbol);

    out_printf(printing->sh, "%s %s", printing->command, symbol->name);
    if (value) {
        out_putc(printing->sh, '=');
        var_print_quoted(printing->sh, value);
    }
    out_putc(printing->sh, '\n');
}

static bool set_one(struct shell *sh, const char *command, const char *operand, unsigned flag)
{
    const char *equals = strchr(operand, '=');
    size_t len = equals ? (size_t)(equals - operand) : strlen(operand);
    struct symbol *symbol;

    if (!var_is_name(operand, len)) {
        error_unwind(sh, 2, "%s: %s: not a name", command, operand);
        return false;
    }
    symbol = symbol_intern(operand, len);
    if (var_set(sh, symbol, equals ? equals + 1 : NULL, equals ? strlen(equals + 1) : 0, flag))
        return true;
    sh->status = 1;
    sh->unwind = UNWIND_ERROR; /* a readonly variable (2.8.1) */
    return false;
}

static int declare(struct shell *sh, int argc, char **argv, unsigned flag)
{
    struct builtin_options options = {0};
    int letter;

    while ((letter = builtin_option(sh, &options, argc, argv, "p")) != -1)
        if (letter == '?') {
            sh->unwind = UNWIND_ERROR;
            return 2;
        }
    if (options.index >= argc) {
        struct printing printing = {sh, argv[0]};

        var_each_sorted(sh, flag, print_one, &printing);
        return 0;
    }
    for (int i = options.index; i < argc; i++)
        if (!set_one(sh, argv[0], argv[i], flag))
            return sh->status;
    return 0;
}

int builtin_export(struct shell *sh, int argc, char **argv)
{
    return declare(sh, argc, argv, VAR_EXPORT);
}

int builtin_readonly(struct shell *sh, int argc, char **argv)
{
    return declare(sh, argc, argv, VAR_READONLY);
}
