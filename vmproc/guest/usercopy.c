/* usercopy.c - range checks in front of usercopy.S. */
#include "usercopy.h"

#include <linux/errno.h>

int copy_from_user(void *to, uint64_t from, size_t n)
{
    if (!user_range(from, n))
        return -EFAULT;
    return usercopy_raw(to, (const void *)from, n) ? -EFAULT : 0;
}

int copy_to_user(uint64_t to, const void *from, size_t n)
{
    if (!user_range(to, n))
        return -EFAULT;
    return usercopy_raw((void *)to, from, n) ? -EFAULT : 0;
}

int zero_user(uint64_t to, size_t n)
{
    if (!user_range(to, n))
        return -EFAULT;
    return userzero_raw((void *)to, n) ? -EFAULT : 0;
}

long copy_string_from_user(char *to, uint64_t from, size_t max)
{
    if (from >= USER_TOP)
        return -EFAULT;
    size_t limit = MIN(max, USER_TOP - from);
    long n = userstring_raw(to, (const char *)from, limit);
    if (n < 0 || ((size_t)n == limit && limit < max))
        return -EFAULT;
    return (size_t)n == max ? -ENAMETOOLONG : n;
}
