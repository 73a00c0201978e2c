/*
 * sorted.h - listing symbols in order of their names (alias, hash).
 */
#ifndef BUILTINS_SORTED_H
#define BUILTINS_SORTED_H

#include "shell/symbol.h"
#include <stdbool.h>

struct shell;

/* Calls visit for each symbol that wanted accepts, sorted by name in the current collation. */
void sorted_symbols(struct shell *sh, bool (*wanted)(const struct symbol *symbol),
                    void (*visit)(struct shell *sh, const struct symbol *symbol));

#endif
