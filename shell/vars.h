/*
 * vars.h - what var.c, var_scope.c and environment.c share: the shell's struct vars.
 *
 * Invariants: every symbol whose variable has VAR_EXPORT stands in exported, once (VAR_LISTED says so; it may
 * stand there without VAR_EXPORT after an unset). cached is what var_environment() returns next unless stale.
 */
#ifndef SHELL_VARS_H
#define SHELL_VARS_H

#include "shell/shell.h"
#include "shell/symbol.h"

#define VAR_LISTED 0x100u /* in vars->exported */

struct saved_var {
    struct symbol *symbol;
    struct var var; /* value owned by this entry */
};

struct vars {
    struct symbol **exported;
    size_t exported_count, exported_cap;
    char **foreign; /* imported strings that are no variables; not owned (environ's) */
    size_t foreign_count;
    char **cached; /* array and strings in one block */
    bool stale;
    struct saved_var *saved; /* of all scopes, innermost last */
    size_t saved_count, saved_cap;
    size_t *scopes; /* saved_count at each push */
    size_t scope_count, scope_cap;
    char dynamic[24]; /* text of LINENO */
};

/* Called after the attributes or the value of a variable changed. */
void vars_note_export(struct vars *vars, struct symbol *symbol);

#endif
