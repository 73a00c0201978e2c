/* trap [action condition...], trap -p [condition...] - XCU trap: special built-in utility. */
#include "shell/trap.h"
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/out.h"
#include "shell/shell.h"
#include "shell/var.h"
#include <string.h>

static void print_one(struct shell *sh, int condition, bool also_default)
{
    const char *action = trap_shown(sh, condition);

    if (!signal_name(condition) || (!action && !also_default))
        return;
    out_puts(sh, "trap -- ");
    if (action)
        var_print_quoted(sh, action);
    else
        out_putc(sh, '-');
    out_printf(sh, " %s\n", signal_name(condition));
}

static void print_all(struct shell *sh, bool also_default)
{
    for (int condition = 0; condition < NSIG; condition++)
        if (!also_default || (condition != SIGKILL && condition != SIGSTOP))
            print_one(sh, condition, also_default);
}

/* The number of an operand; -1: reported. A wrong name is no error that ends the shell (XCU trap). */
static int condition_of(struct shell *sh, const char *name)
{
    int condition = signal_number(name);

    if (condition < 0)
        error_print(sh, "trap: %s: no such signal", name);
    return condition;
}

static int print_some(struct shell *sh, char **names)
{
    int status = 0;

    for (; *names; names++) {
        int condition = condition_of(sh, *names);

        if (condition < 0)
            status = 1;
        else
            print_one(sh, condition, true);
    }
    return status;
}

static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

int builtin_trap(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    bool print = false;
    const char *action;
    int letter, status = 0;

    /* A first operand `-` is an action, and no option. */
    while ((letter = builtin_option(sh, &options, argc, argv, "p")) != -1) {
        if (letter == '?') {
            sh->unwind = UNWIND_ERROR;
            return 2;
        }
        print = true;
    }
    argv += options.index;
    argc -= options.index;
    if (argc == 0) {
        print_all(sh, print);
        return 0;
    }
    if (print)
        return print_some(sh, argv);
    /* trap n...: all operands are conditions to reset (XCU trap); so is a single condition's name. */
    if (is_number(*argv) || argc == 1)
        action = NULL;
    else
        action = strcmp(*argv, "-") == 0 ? (argv++, NULL) : *argv++;
    for (; *argv; argv++) {
        int condition = condition_of(sh, *argv);

        if (condition < 0)
            status = 1;
        else
            trap_set(sh, condition, action);
    }
    return status;
}
