/* clocks.c - prints CLOCK_REALTIME and CLOCK_MONOTONIC in ns, sleeps argv[1] ms, prints them again. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void show(void)
{
    struct timespec real, mono;

    clock_gettime(CLOCK_REALTIME, &real);
    clock_gettime(CLOCK_MONOTONIC, &mono);
    printf("%lld %lld\n", real.tv_sec * 1000000000ll + real.tv_nsec,
           mono.tv_sec * 1000000000ll + mono.tv_nsec);
    fflush(stdout);
}

/* The deadline is set before the first line: whoever has read that knows that it holds. */
int main(int argc, char **argv)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += argc > 1 ? atol(argv[1]) % 1000 * 1000000 : 0;
    until.tv_sec += (argc > 1 ? atol(argv[1]) / 1000 : 0) + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    show();
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    show();
    return 0;
}
