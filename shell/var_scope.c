/* var_scope.c - what `local` and assignment prefixes have to put back. */
#include "shell/var.h"
#include "shell/vars.h"
#include <stdlib.h>
#include <string.h>

void var_scope_push(struct shell *sh)
{
    struct vars *vars = sh->vars;
    if (vars->scope_count == vars->scope_cap) {
        vars->scope_cap = vars->scope_cap ? 2 * vars->scope_cap : 16;
        vars->scopes = xrealloc(vars->scopes, vars->scope_cap * sizeof *vars->scopes);
    }
    vars->scopes[vars->scope_count++] = vars->saved_count;
}

bool var_save_in_scope(struct shell *sh, struct symbol *symbol)
{
    struct vars *vars = sh->vars;
    if (!vars->scope_count)
        return false;
    for (size_t i = vars->saved_count; i > vars->scopes[vars->scope_count - 1]; i--)
        if (vars->saved[i - 1].symbol == symbol)
            return true;
    if (vars->saved_count == vars->saved_cap) {
        vars->saved_cap = vars->saved_cap ? 2 * vars->saved_cap : 32;
        vars->saved = xrealloc(vars->saved, vars->saved_cap * sizeof *vars->saved);
    }
    struct saved_var *saved = &vars->saved[vars->saved_count++];
    saved->symbol = symbol;
    saved->var = symbol->var;
    if (symbol->var
            .value) { /* the variable goes on with a copy, so that nobody's pointer to it changes meaning */
        symbol->var.value = xmalloc(symbol->var.cap);
        memcpy(symbol->var.value, saved->var.value, symbol->var.len + 1);
    }
    return true;
}

static void restore(struct shell *sh, struct saved_var *saved)
{
    struct symbol *symbol = saved->symbol;
    unsigned was = symbol->var.flags, listed = was & VAR_LISTED;
    void (*changed)(struct shell *, struct symbol *) = symbol->var.changed;
    free(symbol->var.value);
    symbol->var = saved->var;
    symbol->var.changed = changed;
    symbol->var.flags |= listed;
    if ((was | symbol->var.flags) & VAR_EXPORT)
        vars_note_export(sh->vars, symbol);
    if (changed)
        changed(sh, symbol);
}

void var_scope_pop(struct shell *sh)
{
    struct vars *vars = sh->vars;
    size_t first = vars->scopes[--vars->scope_count];
    while (vars->saved_count > first) {
        struct saved_var saved = vars->saved[--vars->saved_count];
        restore(sh, &saved);
    }
}
