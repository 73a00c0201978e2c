/* eval [argument...] - XCU eval: special built-in utility. */
#include "shell/eval.h"
#include "builtins/builtins.h"
#include "shell/shell.h"
#include <string.h>

int builtin_eval(struct shell *sh, int argc, char **argv)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1, line = sh->line;
    struct arena_string text;
    size_t len;
    char *joined;

    sh->shielded = false;
    if (first + 1 >= argc) { /* the usual case: nothing to join */
        if (first < argc)
            return eval_string(sh, argv[first], strlen(argv[first]), line, 0);
        return 0;
    }
    arena_string_begin(&text, &sh->scratch);
    for (int i = first; i < argc; i++) {
        if (i > first)
            arena_string_putc(&text, ' ');
        arena_string_put(&text, argv[i], strlen(argv[i]));
    }
    joined = arena_string_finish(&text, &len);
    eval_string(sh, joined, len, line, 0);
    arena_release(&sh->scratch, mark);
    return sh->status;
}
