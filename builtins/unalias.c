/*
 * unalias name..., unalias -a - XCU unalias.
 */
#include "builtins/builtins.h"
#include "shell/alias.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/symbol.h"
#include <string.h>

int builtin_unalias(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    bool all = false;
    int letter, status = 0;

    while ((letter = builtin_option(sh, &options, argc, argv, "a")) != -1) {
        if (letter == '?')
            return 2;
        all = true;
    }
    if (all) {
        alias_remove_all();
        return 0;
    }
    if (options.index >= argc) {
        error_print(sh, "unalias: usage: unalias name..., unalias -a");
        return 2;
    }
    for (int i = options.index; i < argc; i++) {
        struct symbol *symbol = symbol_find(argv[i], strlen(argv[i]));
        if (!symbol || !alias_remove(symbol)) {
            error_print(sh, "unalias: %s: not found", argv[i]);
            status = 1;
        }
    }
    return status;
}
