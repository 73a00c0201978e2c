/* stats.h - the median of the most recent figures of one kind. */
#ifndef VMPROC_DAEMON_STATS_H
#define VMPROC_DAEMON_STATS_H

#include <stdint.h>

#define STATS_KEPT 31

struct stats {
    uint64_t value[STATS_KEPT];
    unsigned count; /* ever added */
};

void stats_add(struct stats *stats, uint64_t value);
uint64_t stats_median(const struct stats *stats); /* 0 when there are none */

#endif
