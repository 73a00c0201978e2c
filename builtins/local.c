/*
 * local name[=value]... - variables of the running function, as in dash: without a value they keep the outer
 * one's value and attributes until assigned. Operands are expanded as assignments (2.9.1.1,
 * BUILTIN_DECLARATION).
 */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/symbol.h"
#include "shell/var.h"
#include <string.h>

static int make_local(struct shell *sh, const char *operand)
{
    size_t len = strcspn(operand, "=");
    const char *value = operand[len] == '=' ? operand + len + 1 : NULL;

    if (!var_is_name(operand, len)) {
        error_print(sh, "local: %.*s: not a valid name", (int)len, operand);
        return 1;
    }
    struct symbol *symbol = symbol_intern(operand, len);
    if (!var_save_in_scope(sh, symbol)) {
        error_print(sh, "local: not in a function");
        return 1;
    }
    return var_set(sh, symbol, value, value ? strlen(value) : 0, VAR_LOCAL) ? 0 : 1;
}

int builtin_local(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    int status = 0;

    if (builtin_option(sh, &options, argc, argv, "") != -1)
        return 2;
    for (int i = options.index; i < argc; i++)
        if (make_local(sh, argv[i]) != 0)
            status = 1;
    return status;
}
