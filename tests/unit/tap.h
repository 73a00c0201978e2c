/*
 * tap.h - unit tests print TAP: check() a sentence each, and return tap_done() from main.
 */
#ifndef TESTS_UNIT_TAP_H
#define TESTS_UNIT_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

static inline void check(bool good, const char *sentence)
{
    printf("%sok %d - %s\n", good ? "" : "not ", ++tap_count, sentence);
    tap_failed += !good;
}

static inline void check_text(const char *have, const char *want, const char *sentence)
{
    bool good = have && want ? !strcmp(have, want) : have == want;
    check(good, sentence);
    if (!good)
        printf("# have: %s\n# want: %s\n", have ? have : "(null)", want ? want : "(null)");
}

static inline int tap_done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed != 0;
}

#endif
