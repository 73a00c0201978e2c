/* sorted.c - the symbol table is a hash table; people read lists in order. */
#include "builtins/sorted.h"
#include "shell/arena.h"
#include "shell/locale.h"
#include <stdlib.h>

struct selection {
    bool (*wanted)(const struct symbol *symbol);
    const struct symbol **items;
    size_t count, cap;
};

static void select_symbol(struct symbol *symbol, void *context)
{
    struct selection *selection = context;

    if (!selection->wanted(symbol))
        return;
    if (selection->count == selection->cap) {
        selection->cap = selection->cap ? 2 * selection->cap : 64;
        selection->items = xrealloc(selection->items, selection->cap * sizeof *selection->items);
    }
    selection->items[selection->count++] = symbol;
}

static int by_name(const void *a, const void *b)
{
    const struct symbol *const *x = a, *const *y = b;

    return locale_compare((*x)->name, (*y)->name);
}

void sorted_symbols(struct shell *sh, bool (*wanted)(const struct symbol *symbol),
                    void (*visit)(struct shell *sh, const struct symbol *symbol))
{
    struct selection selection = {.wanted = wanted};

    symbol_each(select_symbol, &selection);
    if (selection.count > 0)
        qsort(selection.items, selection.count, sizeof *selection.items, by_name);
    for (size_t i = 0; i < selection.count; i++)
        visit(sh, selection.items[i]);
    free(selection.items);
}
