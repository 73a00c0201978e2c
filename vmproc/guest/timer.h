/* timer.h - what time it is, and waking at a later one. The host says the TSC's frequency and the date
 * (EXEC). */
#ifndef GUEST_TIMER_H
#define GUEST_TIMER_H

#include "types.h"

#define NS_PER_SEC 1000000000ul

/* tsc_hz 0: keep the guess that holds until EXEC. */
void clock_set(uint64_t tsc_hz, uint64_t realtime_ns);
uint64_t ticks_to_ns(uint64_t ticks);
/* The machine has stood still: now is at least so many ns after that value of the TSC, and that date. */
void clock_catch_up(uint64_t since_tsc, uint64_t ns, uint64_t realtime_ns);
uint64_t clock_monotonic(void);       /* ns since boot */
uint64_t clock_realtime(void);        /* ns since 1970 */
uint64_t clock_realtime_offset(void); /* realtime - monotonic */

struct timer {
    uint64_t when;                 /* of clock_monotonic() */
    void (*fire)(struct timer *t); /* with interrupts off; t is no longer armed */
    struct timer *next;
    bool armed;
};

void timer_start(struct timer *t, uint64_t when); /* moves it when it is armed */
void timer_stop(struct timer *t);                 /* also when it is not armed */
void timer_interrupt(void);

#endif
