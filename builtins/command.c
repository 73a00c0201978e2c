/* command [-p] name [argument...], command -v|-V [-p] name - XCU command. */
#include "builtins/builtins.h"
#include "builtins/describe.h"
#include "shell/builtin.h"
#include "shell/exec.h"
#include "shell/shell.h"
#include "shell/simple.h"
#include "shell/symbol.h"
#include <string.h>

#define STANDARD_PATH "/usr/bin:/bin:/usr/sbin:/sbin" /* finds all standard utilities */

/* 2.8.1 note 1: run by command, a special built-in utility's own error does not end the shell. */
static int run_builtin(struct shell *sh, const struct builtin *builtin, int argc, char **argv)
{
    bool runs_commands = builtin->run == builtin_eval || builtin->run == builtin_dot;
    int status;

    sh->shielded = true;
    status = builtin->run(sh, argc, argv);
    sh->shielded = false;
    if ((builtin->flags & BUILTIN_SPECIAL) && !runs_commands && sh->unwind == UNWIND_ERROR)
        sh->unwind = UNWIND_NONE;
    return status;
}

int builtin_command(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    struct external how = {0};
    struct symbol *symbol;
    int letter, describe = 0;

    while ((letter = builtin_option(sh, &options, argc, argv, "pvV")) != -1) {
        if (letter == '?')
            return 2;
        if (letter == 'p')
            how.path = STANDARD_PATH;
        else
            describe = letter;
    }
    argv += options.index;
    argc -= options.index;
    if (argc == 0)
        return 0;
    if (describe)
        return describe_command(sh, *argv, how.path, describe == 'v' ? DESCRIBE_SHORT : DESCRIBE_LONG);
    symbol = symbol_find(*argv, strlen(*argv));
    if (symbol && symbol->builtin && (how.path || exec_builtin(sh, symbol)))
        return run_builtin(sh, symbol->builtin, argc, argv);
    return simple_external(sh, argv, &how);
}
