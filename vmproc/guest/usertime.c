/* usertime.c - see usertime.h. */
#include "usertime.h"

#include <linux/errno.h>

#include "timer.h"
#include "usercopy.h"

struct timespec {
    int64_t sec, nsec;
};

long user_timespec_get(uint64_t from, uint64_t *ns)
{
    struct timespec t;
    if (get_user(t, from) != 0)
        return -EFAULT;
    if (t.sec < 0 || t.nsec < 0 || t.nsec >= (int64_t)NS_PER_SEC)
        return -EINVAL;
    *ns = (uint64_t)MIN(t.sec, 4000000000) * NS_PER_SEC + (uint64_t)t.nsec;
    return 0;
}

long user_timespec_put(uint64_t ns, uint64_t to)
{
    struct timespec t = {(int64_t)(ns / NS_PER_SEC), (int64_t)(ns % NS_PER_SEC)};
    return put_user(t, to);
}
