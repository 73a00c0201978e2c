/*
 * hash [-r] [name...] - XCU hash: the remembered locations of commands.
 */
#include "builtins/builtins.h"
#include "builtins/sorted.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/exec.h"
#include "shell/out.h"
#include <errno.h>
#include <string.h>

static bool is_remembered(const struct symbol *symbol)
{
    return symbol->path != NULL && !symbol->builtin; /* XCU hash: built-in utilities are not reported */
}

static void print_path(struct shell *sh, const struct symbol *symbol)
{
    int error;
    const char *path = exec_find(sh, (struct symbol *)symbol, NULL, &error);

    if (path)
        out_printf(sh, "%s\n", path);
}

static int remember(struct shell *sh, const char *name)
{
    struct symbol *symbol = symbol_intern(name, strlen(name));
    int error;

    /* A name with a slash is its own location, a function's or built-in utility's is not in the file system.
     */
    if (strchr(name, '/') || symbol->function || symbol->builtin)
        return 0;
    if (exec_find(sh, symbol, NULL, &error))
        return 0;
    if (error == ENOENT)
        error_print(sh, "hash: %s: not found", name);
    else
        error_print_errno(sh, error, "hash: %s", name);
    return 1;
}

int builtin_hash(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    bool forget = false;
    int letter, status = 0;

    while ((letter = builtin_option(sh, &options, argc, argv, "r")) != -1) {
        if (letter == '?')
            return 2;
        forget = true;
    }
    if (forget)
        exec_forget_all(sh, NULL);
    else if (options.index >= argc)
        sorted_symbols(sh, is_remembered, print_path);
    for (int i = options.index; i < argc; i++)
        if (remember(sh, argv[i]) != 0)
            status = 1;
    return status;
}
