/* vm_policy.c - vm policy: what knows the policies of routers is a program of its own. */
#include "builtins/vm_programs.h"
#include "shell/arena.h"
#include "shell/error.h"
#include "shell/shell.h"
#include "shell/simple.h"
#include "vmproc/vmproc.h"
#include <string.h>

int vm_policy(struct shell *sh, int argc, char **argv)
{
    const struct external how = {.on_host = true};
    const char *tool = vmproc_gate_tool();
    struct arena_mark mark = arena_mark(&sh->scratch);
    char **words = arena_alloc(&sh->scratch, ((size_t)argc + 2) * sizeof *words);
    int status = 2;

    if (argc < 2 || strcmp(argv[0], "test") != 0) {
        error_print(sh, "vm: usage: vm policy test FILE [WHO... IMAGE... [GRANT...]]");
    } else if (!tool) {
        error_print(sh, "vm: policy: vmproc-gate is not installed");
    } else {
        words[0] = (char *)tool;
        words[1] = "--test";
        memcpy(words + 2, argv + 1, (size_t)argc * sizeof *words); /* the NULL as well */
        status = simple_external(sh, words, &how);
    }
    arena_release(&sh->scratch, mark);
    return status;
}
