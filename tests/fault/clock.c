/*
 * clock.c - preloaded into a shim that is linked dynamically: a date of the test's own, which jumps when the test says so.
 *
 *   CLOCK_EXE     the program that it is for; in any other that inherits the environment it does nothing
 *   CLOCK_OFFSET  a file with what is added to CLOCK_REALTIME, in s, as text
 *   CLOCK_FIFO    bytes there are jumps: the timer that is cancelled by them is readable, and read(2) is ECANCELED
 *
 * Nobody else's date changes; what the kernel does when it does is in timerfd_create(2).
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int jumps = -1;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static bool is_meant(void)
{
    const char *exe = getenv("CLOCK_EXE");
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    self[len < 0 ? 0 : len] = '\0';
    return exe && strcmp(self, exe) == 0;
}

/* Read once for each process and jump: the file is opened before the shim shuts itself in. */
static long offset(void)
{
    static int fd = -2;
    char text[32] = "";

    if (fd == -2)
        fd = is_meant() ? open(getenv("CLOCK_OFFSET"), O_RDONLY | O_CLOEXEC) : -1;
    return fd >= 0 && pread(fd, text, sizeof text - 1, 0) > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int err = NEXT(clock_gettime)(clock, now);

    if (err == 0 && clock == CLOCK_REALTIME)
        now->tv_sec += offset();
    return err;
}

int timerfd_create(int clock, int flags)
{
    if (clock == CLOCK_REALTIME && is_meant())
        return jumps = open(getenv("CLOCK_FIFO"), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    return NEXT(timerfd_create)(clock, flags);
}

int timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old)
{
    const int wanted = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;

    if (fd != jumps || fd < 0)
        return NEXT(timerfd_settime)(fd, flags, new, old);
    errno = EINVAL;
    return (flags & wanted) == wanted ? 0 : -1;
}

ssize_t read(int fd, void *to, size_t n)
{
    ssize_t got = NEXT(read)(fd, to, n);

    if (fd != jumps || fd < 0 || got <= 0)
        return got;
    errno = ECANCELED;
    return -1;
}
