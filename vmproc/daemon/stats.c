#include "stats.h"

#include <stdlib.h>
#include <string.h>

void stats_add(struct stats *stats, uint64_t value)
{
    stats->value[stats->count++ % STATS_KEPT] = value;
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

uint64_t stats_median(const struct stats *stats)
{
    uint64_t sorted[STATS_KEPT];
    unsigned n = stats->count < STATS_KEPT ? stats->count : STATS_KEPT;

    if (n == 0)
        return 0;
    memcpy(sorted, stats->value, sizeof sorted);
    qsort(sorted, n, sizeof *sorted, compare);
    return sorted[n / 2];
}
