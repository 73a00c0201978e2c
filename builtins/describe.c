/* describe.c - in the order in which the shell itself looks a name up: alias, reserved word, 2.9.1.4. */
#include "builtins/describe.h"
#include "builtins/cwd.h"
#include "shell/alias.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/exec.h"
#include "shell/out.h"
#include "shell/symbol.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const reserved_words[] = {
    "!",  "case", "do",   "done", "elif",  "else",  "esac", "fi", "for",
    "if", "in",   "then", "time", "until", "while", "{",    "}",  NULL,
};

bool describe_is_reserved(const char *name)
{
    for (const char *const *word = reserved_words; *word; word++)
        if (strcmp(*word, name) == 0)
            return true;
    return false;
}

static void describe_alias(struct shell *sh, const struct symbol *symbol, enum describe_form form)
{
    if (form == DESCRIBE_SHORT) {
        out_printf(sh, "alias %s=", symbol->name);
        var_print_quoted(sh, symbol->alias->value);
        out_putc(sh, '\n');
    } else {
        out_printf(sh, "%s is an alias for %s\n", symbol->name, symbol->alias->value);
    }
}

static void describe_path(struct shell *sh, const struct symbol *symbol, const char *path,
                          enum describe_form form)
{
    const char *logical = NULL;
    char *physical = NULL;

    if (path[0] !=
        '/') { /* XCU command -v: absolute pathnames; a relative one came from PATH or the operand */
        if (path[0] == '.' && path[1] == '/')
            path += 2;
        logical = cwd_logical(sh);
        if (!logical)
            logical = physical = cwd_physical();
    }
    if (form == DESCRIBE_LONG)
        out_printf(sh, symbol->builtin ? "%s is a shell builtin, found as " : "%s is ", symbol->name);
    if (logical)
        out_printf(sh, "%s%s", logical, strcmp(logical, "/") == 0 ? "" : "/");
    out_printf(sh, "%s\n", path);
    free(physical);
}

/* NULL: a utility whose name is looked for in PATH. */
static const char *kind_of(struct shell *sh, const struct symbol *symbol)
{
    if (symbol->builtin && (symbol->builtin->flags & BUILTIN_SPECIAL))
        return "a special shell builtin";
    if (symbol->function)
        return "a function";
    if (symbol->builtin &&
        (!sh->options.posix || symbol->builtin->flags & BUILTIN_INTRINSIC || !var_get_name(sh, "PATH")))
        return "a shell builtin";
    return NULL;
}

int describe_command(struct shell *sh, const char *name, const char *path_override, enum describe_form form)
{
    struct symbol *symbol = symbol_intern(name, strlen(name));
    const char *kind = symbol->alias                ? NULL
                       : describe_is_reserved(name) ? "a shell keyword"
                                                    : kind_of(sh, symbol);
    int error;

    if (symbol->alias) {
        describe_alias(sh, symbol, form);
        return 0;
    }
    if (kind) {
        out_printf(sh, form == DESCRIBE_LONG ? "%s is %s\n" : "%s\n", name, kind);
        return 0;
    }
    const char *path = exec_find(sh, symbol, path_override, &error);
    if (path) {
        describe_path(sh, symbol, path, form);
        return 0;
    }
    if (form == DESCRIBE_LONG) {
        if (error == ENOENT)
            error_print(sh, "%s: not found", name);
        else
            error_print_errno(sh, error, "%s", name);
    }
    return 127;
}
