/* host command [argument...] - runs an external command as an ordinary process, outside of any VM. */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
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
    return simple_external(sh, argv + options.index, &how);
}
