/* var.c - variables: values and attributes (XCU 2.5.3). Scopes are in var_scope.c, the environment in
 * environment.c. */
#include "shell/var.h"
#include "shell/error.h"
#include "shell/locale.h"
#include "shell/out.h"
#include "shell/tmpdir.h"
#include "shell/vars.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *dynamic_value(struct shell *sh, const struct symbol *symbol)
{
    if (strcmp(symbol->name, "TMPDIR") == 0) {
        tmpdir_make(symbol->var.value);
        return symbol->var.value;
    }
    snprintf(sh->vars->dynamic, sizeof sh->vars->dynamic, "%d", sh->line);
    return sh->vars->dynamic;
}

const char *var_get(struct shell *sh, const struct symbol *symbol)
{
    if (!(symbol->var.flags & VAR_SET))
        return NULL;
    if (symbol->var.flags & VAR_DYNAMIC)
        return dynamic_value(sh, symbol);
    return symbol->var.value;
}

const char *var_get_name(struct shell *sh, const char *name)
{
    const struct symbol *symbol = symbol_find(name, strlen(name));
    return symbol ? var_get(sh, symbol) : NULL;
}

void vars_note_export(struct vars *vars, struct symbol *symbol)
{
    vars->stale = true;
    if (symbol->var.flags & VAR_LISTED)
        return;
    if (vars->exported_count == vars->exported_cap) {
        vars->exported_cap = vars->exported_cap ? 2 * vars->exported_cap : 64;
        vars->exported = xrealloc(vars->exported, vars->exported_cap * sizeof *vars->exported);
    }
    vars->exported[vars->exported_count++] = symbol;
    symbol->var.flags |= VAR_LISTED;
}

/* Room for len bytes and the NUL. A value that grew once is likely to grow again: half as much again is kept
 * free. */
static void reserve(struct var *var, size_t len)
{
    size_t cap = var->value ? len + len / 2 + 16 : (len + 16) & ~(size_t)15;
    var->value = xrealloc(var->value, cap);
    var->cap = cap;
}

static void store(struct var *var, const char *value, size_t len)
{
    if (len >= var->cap) {
        size_t inside = var->value ? (size_t)((uintptr_t)value - (uintptr_t)var->value) : SIZE_MAX;
        bool is_inside = inside < var->cap; /* x=${x#?} may pass a piece of the old value */
        reserve(var, len);
        if (is_inside)
            value = var->value + inside;
    }
    memmove(var->value, value, len);
    var->value[len] = '\0';
    var->len = len;
}

bool var_set(struct shell *sh, struct symbol *symbol, const char *value, size_t len, unsigned add_flags)
{
    struct var *var = &symbol->var;
    if (value) {
        if (var->flags & VAR_READONLY) {
            error_print(sh, "%s: is read only", symbol->name);
            return false;
        }
        store(var, value, len);
        var->flags = (var->flags & ~VAR_DYNAMIC) | VAR_SET;
        if (sh->options.allexport)
            add_flags |= VAR_EXPORT;
    }
    if (add_flags & VAR_EXPORT)
        var->flags &= ~VAR_WITHHELD;
    var->flags |= add_flags;
    if (var->flags & VAR_EXPORT)
        vars_note_export(sh->vars, symbol);
    if (value && var->changed)
        var->changed(sh, symbol);
    return true;
}

bool var_set_name(struct shell *sh, const char *name, const char *value, unsigned add_flags)
{
    return var_set(sh, symbol_intern(name, strlen(name)), value, value ? strlen(value) : 0, add_flags);
}

bool var_append(struct shell *sh, struct symbol *symbol, const char *text, size_t len)
{
    struct var *var = &symbol->var;
    if ((var->flags & (VAR_SET | VAR_READONLY | VAR_DYNAMIC)) != VAR_SET)
        return false;
    if (var->len + len >= var->cap)
        reserve(var, var->len + len);
    memcpy(var->value + var->len, text, len);
    var->len += len;
    var->value[var->len] = '\0';
    if (sh->options.allexport)
        var->flags |= VAR_EXPORT;
    if (var->flags & VAR_EXPORT)
        vars_note_export(sh->vars, symbol);
    if (var->changed)
        var->changed(sh, symbol);
    return true;
}

bool var_unset(struct shell *sh, struct symbol *symbol)
{
    struct var *var = &symbol->var;
    if (var->flags & VAR_READONLY) {
        error_print(sh, "%s: is read only", symbol->name);
        return false;
    }
    unsigned was = var->flags;
    var->flags &= VAR_LOCAL | VAR_LISTED;
    free(var->value);
    var->value = NULL;
    var->len = var->cap = 0;
    if (was & VAR_EXPORT)
        sh->vars->stale = true;
    if ((was & VAR_SET) && var->changed)
        var->changed(sh, symbol);
    return true;
}

struct sorted {
    struct symbol **items;
    size_t count, cap;
    unsigned any_of;
};

static void collect(struct symbol *symbol, void *context)
{
    struct sorted *sorted = context;
    if (!(symbol->var.flags & sorted->any_of))
        return;
    if (sorted->count == sorted->cap) {
        sorted->cap = sorted->cap ? 2 * sorted->cap : 256;
        sorted->items = xrealloc(sorted->items, sorted->cap * sizeof *sorted->items);
    }
    sorted->items[sorted->count++] = symbol;
}

static int by_name(const void *a, const void *b)
{
    const char *x = (*(struct symbol *const *)a)->name, *y = (*(struct symbol *const *)b)->name;
    int order = locale_compare(x, y);
    return order ? order : strcmp(x, y);
}

void var_each_sorted(struct shell *sh, unsigned any_of_flags, void (*visit)(struct symbol *, void *),
                     void *context)
{
    struct sorted sorted = {.any_of = any_of_flags};
    symbol_each(collect, &sorted);
    if (sorted.count)
        qsort(sorted.items, sorted.count, sizeof *sorted.items, by_name);
    for (size_t i = 0; i < sorted.count; i++)
        visit(sorted.items[i], context);
    free(sorted.items);
}

bool var_is_name(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        bool letter = (c | 0x20u) - 'a' < 26u || c == '_', digit = c >= '0' && c <= '9';
        if (!letter && !(i && digit))
            return false;
    }
    return len > 0;
}

void var_print_quoted(struct shell *sh, const char *value)
{
    out_putc(sh, '\'');
    for (const char *quote; (quote = strchr(value, '\'')); value = quote + 1) {
        out_write(sh, value, (size_t)(quote - value));
        out_puts(sh, "'\\''");
    }
    out_puts(sh, value);
    out_putc(sh, '\'');
}
