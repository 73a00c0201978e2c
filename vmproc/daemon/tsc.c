#include "tsc.h"

#include <time.h>
#include <x86intrin.h>

#define SAMPLES 5

/* The sample with the shortest bracket: one in which nobody else got the processor in between. */
static void sample(uint64_t *ticks, uint64_t *ns)
{
    uint64_t best = UINT64_MAX;

    for (int i = 0; i < SAMPLES; i++) {
        struct timespec t;
        uint64_t before = __rdtsc(), after;

        clock_gettime(CLOCK_MONOTONIC_RAW, &t);
        after = __rdtsc();
        if (after - before < best) {
            best = after - before;
            *ticks = before + best / 2;
            *ns = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
        }
    }
}

void tsc_start(struct tsc *tsc)
{
    sample(&tsc->ticks, &tsc->ns);
}

uint64_t tsc_hz(const struct tsc *tsc)
{
    uint64_t ticks, ns;

    sample(&ticks, &ns);
    if (ns - tsc->ns < 1000000)
        return 0;
    return (uint64_t)((double)(ticks - tsc->ticks) * 1e9 / (double)(ns - tsc->ns));
}
