/* commands.c - names that can stand first in a command. */
#include "completion/sources.h"
#include "shell/alias.h"
#include "shell/arena.h"
#include "shell/builtin.h"
#include "shell/symbol.h"
#include "shell/var.h"
#include "vmproc/vmproc.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const reserved_words[] = {
    "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "then", "time", "until", "while", NULL,
};

enum symbols_wanted { ALIASES = 1, FUNCTIONS = 2, BUILTINS = 4 };

struct names {
    const char *prefix;
    unsigned wanted; /* enum symbols_wanted */
    struct completions *out;
};

/* In the order in which the shell looks a name up. */
static void visit_symbol(struct symbol *symbol, void *context)
{
    const struct names *names = context;

    if (symbol->alias && (names->wanted & ALIASES))
        completions_add_matching(names->out, names->prefix, symbol->name, symbol->alias->value);
    else if (symbol->function && (names->wanted & FUNCTIONS))
        completions_add_matching(names->out, names->prefix, symbol->name, "a function");
    else if (symbol->builtin && (names->wanted & BUILTINS))
        completions_add_matching(names->out, names->prefix, symbol->name, builtin_about(symbol->name));
}

static void add_symbols(const char *prefix, unsigned wanted, struct completions *out)
{
    struct names names = {prefix, wanted, out};

    symbol_each(visit_symbol, &names);
}

void complete_aliases(struct shell *sh, const char *prefix, struct completions *out)
{
    (void)sh;
    add_symbols(prefix, ALIASES, out);
}

void complete_functions(struct shell *sh, const char *prefix, struct completions *out)
{
    (void)sh;
    add_symbols(prefix, FUNCTIONS, out);
}

void complete_builtins(struct shell *sh, const char *prefix, struct completions *out)
{
    (void)sh;
    add_symbols(prefix, BUILTINS, out);
}

static bool is_program(int directory, const char *name)
{
    struct stat st;

    return fstatat(directory, name, &st, 0) == 0 && S_ISREG(st.st_mode) &&
           faccessat(directory, name, X_OK, 0) == 0;
}

/* NAME.vm, an image spec, is the command NAME. */
static void add_program(const char *file, const char *prefix, const char *about, struct completions *out)
{
    size_t len = strlen(file);

    if (len > 3 && strcmp(file + len - 3, ".vm") == 0) {
        char *name = xstrdup(file);
        name[len - 3] = '\0';
        completions_add_matching(out, prefix, name, "an image");
        free(name);
    } else {
        completions_add(out, file, about);
    }
}

/* about: of all in it, or NULL. */
static void add_directory(const char *path, const char *prefix, const char *about, struct completions *out)
{
    DIR *directory = opendir(path);
    struct dirent *entry;

    if (!directory)
        return;
    while ((entry = readdir(directory)) != NULL)
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 &&
            is_program(dirfd(directory), entry->d_name))
            add_program(entry->d_name, prefix, about, out);
    closedir(directory);
}

static void add_path(const char *path, const char *prefix, struct completions *out)
{
    char *copy = xstrdup(path), *next = copy, *entry;
    const char *toolbox = vmproc_toolbox();

    while ((entry = strsep(&next, ":")) != NULL) {
        bool described = toolbox && strcmp(entry, toolbox) == 0; /* applets.c knows more of them */
        add_directory(*entry ? entry : ".", prefix, described ? NULL : entry, out);
    }
    free(copy);
}

void complete_commands(struct shell *sh, const char *prefix, struct completions *out)
{
    const char *path = var_get_name(sh, "PATH");

    out->has_programs = true;
    add_symbols(prefix, ALIASES | FUNCTIONS | BUILTINS, out);
    for (const char *const *word = reserved_words; *word; word++)
        completions_add_matching(out, prefix, *word, "a reserved word");
    if (path)
        add_path(path, prefix, out);
}

void complete_applets(const char *prefix, struct completions *out)
{
    const char *toolbox = vmproc_toolbox();

    out->has_programs = true;
    if (toolbox)
        add_directory(toolbox, prefix, NULL, out);
}
