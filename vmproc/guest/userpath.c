/* userpath.c - see userpath.h. */
#include "userpath.h"

#include <linux/errno.h>

#include "kmem.h"
#include "usercopy.h"

char *user_path(uint64_t addr, long *error)
{
    char *path = kmalloc(PATH_MAX);
    *error = path ? copy_string_from_user(path, addr, PATH_MAX) : -ENOMEM;
    if (*error >= 0)
        return path;
    kfree(path);
    return NULL;
}
