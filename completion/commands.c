/* commands.c - names that can stand first in a command. */
#include "completion/sources.h"
#include "shell/arena.h"
#include "shell/symbol.h"
#include "shell/var.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const reserved_words[] = {
    "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "then", "time", "until", "while", NULL,
};

struct names {
    const char *prefix;
    size_t len;
    struct completions *out;
};

static void add_matching(struct names *names, const char *name)
{
    if (strncmp(name, names->prefix, names->len) == 0)
        completions_add(names->out, name);
}

static void visit_symbol(struct symbol *symbol, void *context)
{
    if (symbol->builtin || symbol->function || symbol->alias)
        add_matching(context, symbol->name);
}

static bool is_program(int directory, const char *name)
{
    struct stat st;

    return fstatat(directory, name, &st, 0) == 0 && S_ISREG(st.st_mode) &&
           faccessat(directory, name, X_OK, 0) == 0;
}

static void add_directory(struct names *names, const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;

    if (!directory)
        return;
    while ((entry = readdir(directory)) != NULL)
        if (strncmp(entry->d_name, names->prefix, names->len) == 0 &&
            is_program(dirfd(directory), entry->d_name))
            completions_add(names->out, entry->d_name);
    closedir(directory);
}

static void add_path(struct names *names, const char *path)
{
    char *copy = xstrdup(path), *next = copy, *entry;

    while ((entry = strsep(&next, ":")) != NULL)
        add_directory(names, *entry ? entry : ".");
    free(copy);
}

void complete_commands(struct shell *sh, const char *prefix, struct completions *out)
{
    struct names names = {prefix, strlen(prefix), out};
    const char *path = var_get_name(sh, "PATH");

    symbol_each(visit_symbol, &names);
    for (const char *const *word = reserved_words; *word; word++)
        add_matching(&names, *word);
    if (path)
        add_path(&names, path);
}
