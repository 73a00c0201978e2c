/* positional.c - the positional parameters (XCU 2.5.1). */
#include "shell/shell.h"
#include <stdlib.h>
#include <string.h>

void positional_free(struct positional *positional)
{
    if (positional->borrowed || !positional->items)
        return;
    for (unsigned i = 0; i < positional->count; i++)
        free(positional->items[i]);
    free(positional->base);
}

void positional_set(struct shell *sh, unsigned count, char **items)
{
    char **copies = xmalloc((count + 1) * sizeof *copies);

    for (unsigned i = 0; i < count; i++)
        copies[i] = xstrdup(items[i]);
    copies[count] = NULL;
    positional_free(&sh->positional);
    sh->positional = (struct positional){.items = copies, .base = copies, .count = count};
}

void positional_shift(struct shell *sh, unsigned n)
{
    struct positional *positional = &sh->positional;

    if (!positional->borrowed)
        for (unsigned i = 0; i < n; i++)
            free(positional->items[i]);
    positional->items += n;
    positional->count -= n;
}
