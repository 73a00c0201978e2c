/* unset [-fv] name... - XCU unset: special built-in utility. */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/eval.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include "shell/var.h"
#include <string.h>

int builtin_unset(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    bool functions = false;
    int letter;

    while ((letter = builtin_option(sh, &options, argc, argv, "fv")) != -1) {
        if (letter == '?') {
            sh->unwind = UNWIND_ERROR;
            return 2;
        }
        functions = letter == 'f';
    }
    for (int i = options.index; i < argc; i++) {
        if (!functions && !var_is_name(argv[i], strlen(argv[i]))) {
            error_unwind(sh, 2, "unset: %s: not a name", argv[i]);
            return 2;
        }
        struct symbol *symbol = symbol_find(argv[i], strlen(argv[i]));

        if (functions && symbol) {
            function_unset(symbol);
        } else if (symbol && !var_unset(sh, symbol)) {
            sh->status = 1;
            sh->unwind = UNWIND_ERROR; /* readonly (2.8.1) */
            return 1;
        }
    }
    return 0;
}
