/* t.h - for the small programs that run inside the guest: each check is a line "ok: what" or "not ok: what".
 */
#ifndef TESTS_GUEST_T_H
#define TESTS_GUEST_T_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int t_failed;

static inline void t_check(int good, const char *what)
{
    printf("%s: %s\n", good ? "ok" : "not ok", what);
    t_failed |= !good;
}

/* The call failed, with that error. */
#define t_fails(call, error) (errno = 0, t_check((call) == -1 && errno == (error), #call " is " #error))
#define t_works(call)        t_check((call) >= 0, #call " works")

#endif
