/* vm_image.c - vm image: what reads images and specs is a program of its own, and this knows which. */
#include "builtins/vm_programs.h"
#include "shell/arena.h"
#include "shell/error.h"
#include "shell/out.h"
#include "shell/shell.h"
#include "shell/simple.h"
#include "vmproc/vmproc.h"
#include <string.h>

#define SPEC  vmproc_spec_tool, "vmproc-spec"
#define STORE vmproc_store_tool, "vmproc-store"

/* The program sees its own name, first, and what the user wrote behind the subcommand's name. */
static const struct subcommand {
    const char *name;
    const char *(*tool)(void); /* NULL: not installed */
    const char *program;       /* its name, for messages */
    const char *first;         /* its first argument */
    int min_operands;
    const char *usage, *does;
} subcommands[] = {
    {"add", STORE, "add", 1, "vm image add [-n NAME] FILE|SPEC.vm...", "puts images into the store"},
    {"apply", STORE, "apply", 1, "vm image apply [--dry-run] FILE", "makes the profile what a file says"},
    {"check", SPEC, "--check", 1, "vm image check FILE...", "checks image specs"},
    {"gc", STORE, "gc", 0, "vm image gc [-k COUNT] [--dry-run]", "removes what no generation has"},
    {"ls", STORE, "ls", 0, "vm image ls [-g] [--json]", "lists images, or generations"},
    {"path", STORE, "path", 0, "vm image path", "prints the directory to put into PATH"},
    {"probe", SPEC, "--probe", 1, "vm image probe FILE", "writes a spec for a bootable image"},
    {"rm", STORE, "rm", 1, "vm image rm NAME...", "takes images out of the profile"},
    {"rollback", STORE, "rollback", 0, "vm image rollback [GENERATION]",
     "goes back to an earlier generation"},
    {"show", STORE, "show", 1, "vm image show [--json] NAME", "tells all about an image"},
    {"verify", STORE, "verify", 0, "vm image verify [--json]", "hashes the store anew"},
};

#define SUBCOMMANDS (sizeof subcommands / sizeof subcommands[0])

static const struct subcommand *find(const char *name)
{
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return NULL;
}

static int print_help(struct shell *sh)
{
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        out_printf(sh, "%-37s %s\n", subcommands[i].usage, subcommands[i].does);
    return 0;
}

static int run(struct shell *sh, const struct subcommand *subcommand, int argc, char **argv)
{
    const struct external how = {.on_host = true};
    const char *tool = subcommand->tool();
    struct arena_mark mark = arena_mark(&sh->scratch);
    char **words = arena_alloc(&sh->scratch, ((size_t)argc + 3) * sizeof *words);
    int status = 1;

    words[0] = (char *)tool;
    words[1] = (char *)subcommand->first;
    memcpy(words + 2, argv, (size_t)argc * sizeof *words);
    words[argc + 2] = NULL;
    if (tool)
        status = simple_external(sh, words, &how);
    else
        error_print(sh, "vm: image: %s is not installed", subcommand->program);
    arena_release(&sh->scratch, mark);
    return status;
}

int vm_image(struct shell *sh, int argc, char **argv)
{
    const struct subcommand *subcommand = argc > 0 ? find(argv[0]) : NULL;

    if (argc == 1 && strcmp(argv[0], "help") == 0)
        return print_help(sh);
    if (argc == 0)
        error_print(sh, "vm: usage: vm image SUBCOMMAND...; `vm image help` lists them");
    else if (!subcommand)
        error_print(sh, "vm: image: %s: no such subcommand; try `vm image help`", argv[0]);
    else if (argc - 1 < subcommand->min_operands)
        error_print(sh, "vm: usage: %s", subcommand->usage);
    else
        return run(sh, subcommand, argc - 1, argv + 1);
    return 2;
}
