/* vm_operands.c - the command that vm trace and vm strace run. */
#include "builtins/vm_programs.h"
#include "shell/arena.h"
#include "shell/eval.h"
#include "shell/shell.h"
#include <string.h>

static void put_quoted(struct arena_string *text, const char *word)
{
    arena_string_putc(text, '\'');
    for (; *word; word++)
        if (*word == '\'')
            arena_string_put(text, "'\\''", 4);
        else
            arena_string_putc(text, *word);
    arena_string_put(text, "' ", 2);
}

void vm_run_operands(struct shell *sh, int argc, char **argv)
{
    struct arena_mark mark = arena_mark(&sh->scratch);
    struct arena_string text;
    size_t len;

    arena_string_begin(&text, &sh->scratch);
    for (int i = 0; i < argc && argc > 1; i++)
        put_quoted(&text, argv[i]);
    if (argc == 1)
        arena_string_put(&text, argv[0], strlen(argv[0]));
    const char *joined = arena_string_finish(&text, &len);
    eval_string(sh, joined, len, sh->line, 0);
    arena_release(&sh->scratch, mark);
}
