/* userpath.h - a path argument of a system call, copied into a page. */
#ifndef GUEST_USERPATH_H
#define GUEST_USERPATH_H

#include "types.h"

#define PATH_MAX 4096

/* A page with the string, to be given to kfree(); NULL: *error is -EFAULT, -ENAMETOOLONG or -ENOMEM. */
char *user_path(uint64_t addr, long *error);

#endif
