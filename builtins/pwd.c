/*
 * pwd [-L | -P] - XCU pwd.
 */
#include "builtins/builtins.h"
#include "builtins/cwd.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/out.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

int builtin_pwd(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    bool physical = false;
    int letter;

    while ((letter = builtin_option(sh, &options, argc, argv, "LP")) != -1) {
        if (letter == '?')
            return 2;
        physical = letter == 'P';
    }
    const char *logical = physical ? NULL : cwd_logical(sh);
    if (logical) {
        out_printf(sh, "%s\n", logical);
        return 0;
    }
    char *path = cwd_physical();
    if (!path) {
        error_print_errno(sh, errno, "pwd");
        return 1;
    }
    out_printf(sh, "%s\n", path);
    free(path);
    return 0;
}
