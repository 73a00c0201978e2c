/* nearest.c - the command that was probably meant. */
#include "completion/sources.h"
#include "shell/arena.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAME 40 /* longer ones are not compared */

/* Mistakes of fingers: two letters that changed places are likelier than a wrong, missing or doubled one. */
enum { COST_SWAP = 2, COST_OTHER = 3 };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment, weighted. Both names are at most MAX_NAME long. */
static unsigned distance(const char *a, const char *b)
{
    unsigned rows[3][MAX_NAME + 1], *before = rows[0], *above = rows[1], *row = rows[2];
    size_t a_len = strlen(a), b_len = strlen(b);

    for (size_t k = 0; k <= b_len; k++)
        above[k] = (unsigned)k * COST_OTHER;
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = (unsigned)i * COST_OTHER;
        for (size_t k = 1; k <= b_len; k++) {
            unsigned cost = above[k - 1] + (a[i - 1] == b[k - 1] ? 0 : COST_OTHER);
            cost = least(cost, least(above[k], row[k - 1]) + COST_OTHER);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                cost = least(cost, before[k - 2] + COST_SWAP);
            row[k] = cost;
        }
        unsigned *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b_len];
}

/* Of two that are as near, what was begun and not finished is likelier than what has a letter too many. */
static bool is_likelier(const char *candidate, const char *than, const char *name)
{
    bool begun = strncmp(candidate, name, strlen(name)) == 0, other = strncmp(than, name, strlen(name)) == 0;

    return begun != other ? begun : strcmp(candidate, than) < 0;
}

/* How far a name may be off: of two letters anything is one letter away. */
static unsigned tolerance(size_t len)
{
    return len < 2 ? 0 : len == 2 ? COST_SWAP : len < 6 ? COST_OTHER : 2 * COST_OTHER;
}

char *complete_nearest(struct shell *sh, const char *name)
{
    struct completions all = {0};
    unsigned best = tolerance(strlen(name)) + 1;
    const char *nearest = NULL;

    if (strlen(name) > MAX_NAME || strchr(name, '/'))
        return NULL;
    complete_commands(sh, "", &all);
    for (size_t i = 0; i < all.count; i++) {
        unsigned cost = strlen(all.items[i].text) <= MAX_NAME ? distance(name, all.items[i].text) : UINT_MAX;
        if (cost < best || (cost == best && nearest && is_likelier(all.items[i].text, nearest, name))) {
            best = cost;
            nearest = all.items[i].text;
        }
    }
    char *result = nearest ? xstrdup(nearest) : NULL;
    completions_free(&all);
    return result;
}
