/* alias.c - the alias table (alias.h). */
#include "shell/alias.h"
#include "shell/arena.h"
#include "shell/symbol.h"
#include <stdlib.h>
#include <string.h>

void alias_set(struct symbol *symbol, const char *value)
{
    struct alias *alias = xmalloc(sizeof *alias);

    alias->value = xstrdup(value);
    alias->len = strlen(value);
    alias_remove(symbol); /* only now: value may be the old one's */
    symbol->alias = alias;
}

bool alias_remove(struct symbol *symbol)
{
    struct alias *alias = symbol->alias;

    if (!alias)
        return false;
    symbol->alias = NULL;
    free(alias->value);
    free(alias);
    return true;
}

static void remove_one(struct symbol *symbol, void *context)
{
    alias_remove(symbol);
}

void alias_remove_all(void)
{
    symbol_each(remove_one, NULL);
}
