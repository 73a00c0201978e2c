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
    struct search *search = context;

    if ((symbol->var.flags & VAR_SET) && strncmp(symbol->name, search->prefix, strlen(search->prefix)) == 0)
        completions_add(search->out, symbol->name);
}

void complete_variables(struct shell *sh, const char *prefix, struct completions *out)
{
    struct search search = {prefix, out};

    (void)sh;
    symbol_each(visit, &search);
}
