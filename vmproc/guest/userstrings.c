/* userstrings.c - measures both vectors, then copies: the program may change them in between. */
#include "userstrings.h"

#include <linux/errno.h>

#include "kmem.h"
#include "usercopy.h"

#define STRINGS_MAX (6ul << 20)

/* Counts the pointers of a vector and adds up its strings' bytes. */
static long measure(uint64_t vector, uint64_t *bytes, uint32_t *count)
{
    static char piece[4096]; /* in passing: nobody looks at it */
    for (*count = 0; vector; vector += 8, ++*count) {
        uint64_t string;
        if (get_user(string, vector) != 0)
            return -EFAULT;
        if (!string)
            break;
        long n;
        do {
            n = copy_string_from_user(piece, string, sizeof piece);
            if (n < 0 && n != -ENAMETOOLONG)
                return n;
            uint64_t part = n < 0 ? sizeof piece : (uint64_t)n + 1;
            *bytes += part;
            string += part;
            if (*bytes > STRINGS_MAX)
                return -E2BIG;
        } while (n < 0);
    }
    return 0;
}

static long collect(uint64_t vector, uint32_t count, char **at, const char *end)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t string;
        if (get_user(string, vector + 8ul * i) != 0)
            return -EFAULT;
        long n = copy_string_from_user(*at, string, (size_t)(end - *at));
        if (n < 0)
            return n;
        *at += n + 1;
    }
    return 0;
}

long user_strings_get(struct user_strings *u, uint64_t argv, uint64_t envp)
{
    *u = (struct user_strings){0};
    long error = measure(argv, &u->len, &u->argc);
    if (!error)
        error = measure(envp, &u->len, &u->envc);
    if (error)
        return error;
    u->bytes = buffer_alloc(MAX(u->len, 1));
    if (!u->bytes)
        return -ENOMEM;
    char *at = u->bytes, *end = u->bytes + u->len;
    error = collect(argv, u->argc, &at, end);
    if (!error)
        error = collect(envp, u->envc, &at, end);
    if (error)
        user_strings_free(u);
    return error;
}

void user_strings_free(struct user_strings *u)
{
    buffer_free(u->bytes, MAX(u->len, 1));
    u->bytes = NULL;
}
