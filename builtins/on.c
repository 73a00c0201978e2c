/* on router command [argument...] - runs a command whose VMs are on that router. */
#include "builtins/builtins.h"
#include "builtins/vm_client.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/eval.h"
#include "shell/exec.h"
#include "shell/shell.h"
#include "shell/simple.h"
#include "shell/symbol.h"
#include <string.h>

#define STATUS_NO_VM 125 /* as a command's for which there is none */

static int run(struct shell *sh, int argc, char **argv)
{
    static const struct external how = {0};
    const struct symbol *symbol = symbol_find(*argv, strlen(*argv));
    const struct builtin *builtin;

    if (symbol && symbol->function)
        return function_call(sh, symbol->function, argc, argv);
    builtin = symbol ? exec_builtin(sh, (struct symbol *)symbol) : NULL;
    return builtin ? builtin->run(sh, argc, argv) : simple_external(sh, argv, &how);
}

int builtin_on(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    const char *before = sh->router, *router;
    int status;

    if (builtin_option(sh, &options, argc, argv, "") != -1)
        return 2;
    argv += options.index;
    argc -= options.index;
    if (argc < 2) {
        error_print(sh, "on: usage: on router command [argument...]");
        return 2;
    }
    if (sh->options.host) {
        error_print(sh, "on: commands are processes of this machine (set -o host), and run on no router");
        return 2;
    }
    if (sh->nested) {
        error_print(sh, "on: this shell is in a VM itself, and its commands run where that does");
        return 2;
    }
    router = argv[0];
    if (!*router || strlen(router) >= VMPROC_ROUTER_MAX || strchr(router, '\n')) {
        error_print(sh, "on: %s: not the name of a router", router);
        return STATUS_NO_VM;
    }
    if (vm_request_place(sh, router) != 0)
        return STATUS_NO_VM;
    sh->router = router;
    status = run(sh, argc - 1, argv + 1);
    sh->router = before;
    return status;
}
