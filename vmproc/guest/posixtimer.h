/*
 * posixtimer.h - the timers of timer_create(2): a process's, each with its own clock, interval and signal.
 *
 *              set                    fires                       the signal is taken
 *   stopped ----------> running ------------------> told ------------------------------> running, stopped
 *                                      |   ^                                             if it has no interval
 *                 the signal is still  |   | that one is taken
 *                 pending from another v   |
 *                                      due -
 *
 * As Linux has it, an interval goes on when the signal of its last end is taken: however short it is, a timer
 * has one signal pending at most, and what was missed meanwhile is its overrun. An ignored signal is nobody's
 * to take: the timer goes on without, at no more than a thousand a second.
 */
#ifndef GUEST_POSIXTIMER_H
#define GUEST_POSIXTIMER_H

#include "signal.h"
#include "timer.h"
#include "types.h"

struct task;

struct posix_timer {
    struct posix_timer *next; /* of the process */
    struct task *leader;
    struct timer timer; /* .when: also where the interval counts from while it is not armed */
    uint64_t interval;  /* ns; 0: once */
    uint64_t value;     /* si_value */
    uint64_t mark;      /* of its signal that is pending; 0: none is */
    int32_t id, signo;  /* signo 0: SIGEV_NONE, whoever wants to know has to ask */
    uint32_t tid;       /* SIGEV_THREAD_ID; 0: to the process */
    uint8_t clock;      /* CLOCK_* */
    int32_t overrun;    /* of the signal taken last */
    bool running, due;
};

/* For current's process, stopped; what it measures and tells is the caller's to fill in. NULL: too many, or no memory. */
struct posix_timer *posix_timer_new(void);
struct posix_timer *posix_timer_find(uint64_t id); /* of current's process; NULL: there is none */
void posix_timer_delete(struct posix_timer *t);
/* At exec and at the end of the process. */
void posix_timers_delete_all(struct task *leader);

/* when: of clock_monotonic(). */
void posix_timer_start(struct posix_timer *t, uint64_t when, uint64_t interval);
void posix_timer_stop(struct posix_timer *t);
uint64_t posix_timer_left(const struct posix_timer *t); /* ns; 0: stopped */

/* current's process has taken a signal: if it was a timer's, source gets the overrun. */
void posix_timers_taken(int signo, struct signal_source *source);
/* It will not be taken: it has become ignored. */
void posix_timers_ignored(int signo);

#endif
