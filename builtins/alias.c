/*
 * alias [name[=value]...] - XCU alias. Output can be read again by the shell.
 */
#include "shell/alias.h"
#include "builtins/builtins.h"
#include "builtins/sorted.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/out.h"
#include "shell/var.h"
#include <string.h>

static void print_alias(struct shell *sh, const struct symbol *symbol)
{
    out_printf(sh, "%s=", symbol->name);
    var_print_quoted(sh, symbol->alias->value);
    out_putc(sh, '\n');
}

static bool has_alias(const struct symbol *symbol)
{
    return symbol->alias != NULL;
}

/* XBD 3.10 names the characters that must work; we refuse only those that could never be a command word. */
static bool is_alias_name(const char *name, size_t len)
{
    if (len == 0)
        return false;
    for (size_t i = 0; i < len; i++)
        if (strchr(" \t\n\"'\\$`|&;<>()/", name[i]))
            return false;
    return true;
}

static int define_or_print(struct shell *sh, const char *operand)
{
    /* A name may begin with "=", as in mksh; only a later one separates the value. */
    const char *equals = *operand ? strchr(operand + 1, '=') : NULL;
    size_t len = equals ? (size_t)(equals - operand) : strlen(operand);

    if (equals) {
        if (!is_alias_name(operand, len)) {
            error_print(sh, "alias: %.*s: not a valid alias name", (int)len, operand);
            return 1;
        }
        alias_set(symbol_intern(operand, len), equals + 1);
        return 0;
    }
    const struct symbol *symbol = symbol_find(operand, len);
    if (!symbol || !symbol->alias) {
        error_print(sh, "alias: %s: not found", operand);
        return 1;
    }
    print_alias(sh, symbol);
    return 0;
}

int builtin_alias(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    int status = 0;

    if (builtin_option(sh, &options, argc, argv, "") != -1)
        return 2;
    if (options.index >= argc)
        sorted_symbols(sh, has_alias, print_alias);
    for (int i = options.index; i < argc; i++)
        if (define_or_print(sh, argv[i]) != 0)
            status = 1;
    return status;
}
