/* host command [argument...] - runs an external command as an ordinary process, outside of any VM. */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/shell.h"
#include "shell/simple.h"

int builtin_host(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    const struct external how = {.on_host = true};

    if (builtin_option(sh, &options, argc, argv, "") != -1)
        return 2;
    if (options.index >= argc) {
        error_print(sh, "host: usage: host command [argument...]");
        return 2;
    }
    if (sh->nested) {
        error_print(sh, "host: this shell is in a VM itself, and reaches no host");
        return 126;
    }
    return simple_external(sh, argv + options.index, &how);
}
