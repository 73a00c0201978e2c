/* variables.c - names of variables that are set. */
#include "completion/sources.h"
#include "shell/symbol.h"
#include <string.h>

struct search {
    const char *prefix;
    struct completions *out;
};

static void visit(struct symbol *symbol, void *context)
{
    const struct search *search = context;

    if (symbol->var.flags & VAR_SET)
        completions_add_matching(search->out, search->prefix, symbol->name,
                                 symbol->var.flags & VAR_DYNAMIC ? NULL : symbol->var.value);
}

void complete_variables(struct shell *sh, const char *prefix, struct completions *out)
{
    struct search search = {prefix, out};

    (void)sh;
    symbol_each(visit, &search);
}
