/*
 * type name... - XCU type.
 */
#include "builtins/builtins.h"
#include "builtins/describe.h"
#include "shell/builtin.h"
#include <stddef.h>

int builtin_type(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    int status = 0;

    if (builtin_option(sh, &options, argc, argv, "") != -1)
        return 2;
    for (int i = options.index; i < argc; i++) {
        int found = describe_command(sh, argv[i], NULL, DESCRIBE_LONG);
        if (found != 0)
            status = found;
    }
    return status;
}
