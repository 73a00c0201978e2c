/* exec [command [argument...]] - XCU exec: special built-in utility. */
#include "builtins/builtins.h"
#include "shell/redir.h"
#include "shell/shell.h"
#include "shell/simple.h"
#include <string.h>

int builtin_exec(struct shell *sh, int argc, char **argv)
{
    int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
    struct external how = {.in_place = true};

    redir_keep(sh); /* the redirections of exec itself stay */
    if (first >= argc)
        return 0;
    if (strcmp(argv[first], "host") == 0 && first + 1 < argc &&
        !sh->nested) { /* exec host command: as `host command`, in place */
        how.on_host = true;
        first++;
    }
    return simple_external(sh, argv + first, &how);
}
