/* limits.c - whose limits are whose. */
#include "limits.h"

#include <sys/resource.h>

#define FILES_MOST 65536

_Static_assert(RLIM_NLIMITS == CTL_NRLIMIT, "limits are sent by Linux's numbers");

/* RLIMIT_FSIZE stays: it holds for what the shim writes, too, and the guest raises the signal. */
static const struct {
    int which;
    rlim_t most; /* for who may raise a hard limit */
} raised[] = {
    {RLIMIT_NOFILE, FILES_MOST}, /* each of the program's files takes up to two of ours */
    {RLIMIT_CPU, RLIM_INFINITY},
    {RLIMIT_AS, RLIM_INFINITY},
    {RLIMIT_DATA, RLIM_INFINITY},
};

void limits_take(struct limits *limits)
{
    for (int i = 0; i < CTL_NRLIMIT; i++) {
        struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
        getrlimit(i, &limit);
        limits->of_program[i] = (struct ctl_rlimit){limit.rlim_cur, limit.rlim_max};
    }
    for (unsigned i = 0; i < sizeof raised / sizeof *raised; i++) {
        rlim_t most = raised[i].most, hard = limits->of_program[raised[i].which].max;
        if (most < hard || setrlimit(raised[i].which, &(struct rlimit){most, most}))
            setrlimit(raised[i].which, &(struct rlimit){hard, hard});
    }
}

bool limits_leave_files(void)
{
    struct rlimit files;
    return getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur >= LIMITS_FILES;
}
