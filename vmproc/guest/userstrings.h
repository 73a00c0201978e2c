/* userstrings.h - the argument and environment vectors of execve(2). */
#ifndef GUEST_USERSTRINGS_H
#define GUEST_USERSTRINGS_H

#include "types.h"

struct user_strings {
    char *bytes; /* argv then environment, each ended by NUL */
    uint64_t len;
    uint32_t argc, envc;
};

/* A copy of both. 0, -EFAULT, -E2BIG, -ENOMEM. */
long user_strings_get(struct user_strings *u, uint64_t argv, uint64_t envp);
void user_strings_free(struct user_strings *u);

#endif
