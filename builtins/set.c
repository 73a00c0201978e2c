/* set [options] [--] [argument...] - XCU set: special built-in utility. */
#include "builtins/builtins.h"
#include "shell/error.h"
#include "shell/option.h"
#include "shell/out.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include "shell/var.h"
#include <string.h>

static void print_variable(struct symbol *symbol, void *context)
{
    struct shell *sh = context;
    const char *value = var_get(sh, symbol);

    if (!value)
        return;
    out_printf(sh, "%s=", symbol->name);
    var_print_quoted(sh, value);
    out_putc(sh, '\n');
}

/* The letters of one word. *i moves over the argument of o. Returns false when reported. */
static bool set_word(struct shell *sh, int argc, char **argv, int *i)
{
    const char *word = argv[*i];
    bool on = word[0] == '-';

    for (const char *letter = word + 1; *letter; letter++) {
        if (*letter != 'o') {
            if (option_set(sh, *letter, NULL, on))
                continue;
            error_unwind(sh, 2, "set: %c%c: no such option", word[0], *letter);
            return false;
        }
        if (*i + 1 >= argc) {
            option_print(sh, !on);
            continue;
        }
        if (!option_set(sh, '\0', argv[++*i], on)) {
            error_unwind(sh, 2, "set: %s: no such option", argv[*i]);
            return false;
        }
    }
    return true;
}

int builtin_set(struct shell *sh, int argc, char **argv)
{
    int i = 1;

    if (argc == 1) {
        var_each_sorted(sh, VAR_SET, print_variable, sh);
        return 0;
    }
    for (; i < argc && (argv[i][0] == '-' || argv[i][0] == '+') && argv[i][1]; i++) {
        if (strcmp(argv[i], "--") == 0) {
            positional_set(sh, (unsigned)(argc - i - 1), argv + i + 1);
            return 0;
        }
        if (!set_word(sh, argc, argv, &i))
            return sh->status;
    }
    if (i < argc && strcmp(argv[i], "-") == 0) { /* obsolescent: ends the options, turns -v and -x off */
        sh->options.verbose = sh->options.xtrace = false;
        i++;
    }
    if (i < argc)
        positional_set(sh, (unsigned)(argc - i), argv + i);
    return 0;
}
