/* environment.c - the environment: taken over at start, handed to commands (XCU 2.5.3, 2.9.1.4). */
#include "shell/arith.h"
#include "shell/authority.h"
#include "shell/expand.h"
#include "shell/locale.h"
#include "shell/var.h"
#include "shell/vars.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void optind_changed(struct shell *sh, struct symbol *symbol)
{
    (void)symbol;
    sh->getopts_char = 0;
}

static void hook(const char *name, void (*changed)(struct shell *sh, struct symbol *symbol))
{
    symbol_intern(name, strlen(name))->var.changed = changed;
}

/* XCU 2.5.3: these start with a value of the shell's, whatever the environment says. */
static void set_own_variables(struct shell *sh)
{
    char parent[ARITH_TEXT_SIZE];
    arith_format(parent, getppid());
    var_set_name(sh, "IFS", " \t\n", 0);
    var_set_name(sh, "OPTIND", "1", 0);
    var_set_name(sh, "PPID", parent, 0);
    var_set_name(sh, "LINENO", "0", 0);
    symbol_intern("LINENO", 6)->var.flags |= VAR_DYNAMIC;
}

void var_import(struct shell *sh, char **environment)
{
    struct vars *vars = xmalloc(sizeof *vars);
    *vars = (struct vars){.stale = true};
    sh->vars = vars;
    expand_init(sh);
    size_t count = 0;
    while (environment[count])
        count++;
    vars->foreign = xmalloc((count + 1) * sizeof *vars->foreign);
    for (char **entry = environment; *entry; entry++) {
        char *equals = strchr(*entry, '=');
        size_t len = equals ? (size_t)(equals - *entry) : 0;
        if (equals && var_is_name(*entry, len))
            var_set(sh, symbol_intern(*entry, len), equals + 1, strlen(equals + 1),
                    VAR_EXPORT | (authority_is_secret(*entry, len) ? VAR_WITHHELD : 0));
        else
            vars->foreign[vars->foreign_count++] = *entry;
    }
    hook("IFS", expand_ifs_changed);
    hook("OPTIND", optind_changed);
    for (const char *const *name = locale_variables; *name; name++)
        hook(*name, locale_changed);
    set_own_variables(sh);
    locale_init(sh);
}

static bool is_handed_on(const struct symbol *symbol)
{
    return (symbol->var.flags & (VAR_EXPORT | VAR_SET)) == (VAR_EXPORT | VAR_SET);
}

char **var_environment(struct shell *sh)
{
    struct vars *vars = sh->vars;
    if (!vars->stale)
        return vars->cached;
    size_t size = (vars->foreign_count + vars->exported_count + 1) * sizeof(char *);
    for (size_t i = 0; i < vars->exported_count; i++)
        if (is_handed_on(vars->exported[i]))
            size += vars->exported[i]->len + strlen(var_get(sh, vars->exported[i])) + 2;
    free(vars->cached);
    vars->cached = xmalloc(size);
    char **entry = vars->cached;
    char *text = (char *)(vars->cached + vars->foreign_count + vars->exported_count + 1);
    for (size_t i = 0; i < vars->exported_count; i++) {
        if (!is_handed_on(vars->exported[i]))
            continue;
        *entry++ = text;
        text = stpcpy(stpcpy(stpcpy(text, vars->exported[i]->name), "="), var_get(sh, vars->exported[i])) + 1;
    }
    if (vars->foreign_count)
        memcpy(entry, vars->foreign, vars->foreign_count * sizeof *entry);
    entry[vars->foreign_count] = NULL;
    vars->stale = false;
    return vars->cached;
}
