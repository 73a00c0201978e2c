/* timer.c - clocks from the processor's counter, timers in a sorted list in front of the machine's one. */
#include "timer.h"

#include "cpu.h"
#include "machine.h"
#include "news.h"

static uint64_t ns_per_tick = (1ul << 32) / 2; /* 32.32 fixed point; 2 GHz until told */
static uint64_t realtime_offset;
static uint64_t stood_still; /* ns the host's clock has gone on while the machine was paused */
static struct timer *timers; /* earliest first */

uint64_t ticks_to_ns(uint64_t ticks)
{
    return (uint64_t)((unsigned __int128)ticks * ns_per_tick >> 32);
}

uint64_t clock_monotonic(void)
{
    return ticks_to_ns(ticks_now()) + stood_still;
}

uint64_t clock_realtime(void)
{
    return clock_monotonic() + realtime_offset;
}

uint64_t clock_realtime_offset(void)
{
    return realtime_offset;
}

void clock_set(uint64_t tsc_hz, uint64_t realtime_ns)
{
    uint64_t hz = ticks_hz() ? ticks_hz() : tsc_hz;
    if (hz >= 1000000)
        ns_per_tick = (uint64_t)(((unsigned __int128)NS_PER_SEC << 32) / hz);
    realtime_offset = realtime_ns - clock_monotonic();
}

static void program_timer(void)
{
    if (!timers) {
        machine_timer(0);
        return;
    }
    uint64_t now = clock_monotonic();
    machine_timer(timers->when > now ? timers->when - now : 1);
}

void timer_start(struct timer *t, uint64_t when)
{
    timer_stop(t);
    t->when = when;
    t->armed = true;
    struct timer **at = &timers;
    while (*at && (*at)->when <= when)
        at = &(*at)->next;
    t->next = *at;
    *at = t;
    if (timers == t)
        program_timer();
}

void timer_stop(struct timer *t)
{
    if (!t->armed)
        return;
    t->armed = false;
    struct timer **at = &timers;
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    if (at == &timers)
        program_timer();
}

void timer_interrupt(void)
{
    while (timers && timers->when <= clock_monotonic()) {
        struct timer *t = timers;
        timers = t->next;
        t->armed = false;
        news_came(); /* so late it is */
        t->fire(t);
    }
    program_timer();
}

void clock_catch_up(uint64_t since_tsc, uint64_t ns, uint64_t realtime_ns)
{
    uint64_t should = ticks_to_ns(since_tsc) + ns, is = ticks_to_ns(ticks_now());
    if (should > is + stood_still)
        stood_still = should - is;
    realtime_offset = realtime_ns - clock_monotonic();
    program_timer(); /* what has become due meanwhile comes by the next interrupt */
}
