/* usertime.h - struct timespec in the program's memory, as nanoseconds. */
#ifndef GUEST_USERTIME_H
#define GUEST_USERTIME_H

#include "types.h"

/* 0, -EFAULT, or -EINVAL for a negative or malformed one. Kept below a century so that sums do not overflow. */
long user_timespec_get(uint64_t from, uint64_t *ns);
long user_timespec_put(uint64_t ns, uint64_t to); /* 0 or -EFAULT */

#endif
