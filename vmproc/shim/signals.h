/*
 * signals.h - signals that reach the shim, on their way to the program.
 *
 * Before signals_catch() every signal has the action it was inherited with: a shim that still waits for its
 * VM dies or stops as any command. After it, signals are blocked but in the loop's ppoll, and their handler
 * only notes them.
 *
 * A signal that was ignored when the shim was started is caught all the same: the program may give it a
 * handler. SIGTTIN, SIGTTOU and SIGTSTP stay ignored then, because the kernel looks at the shim's own
 * disposition.
 */
#ifndef SHIM_SIGNALS_H
#define SHIM_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct signals {
    uint64_t ignored; /* bit signo-1, as the shim was started */
    uint64_t blocked;
    sigset_t wait_mask;        /* for the loop's ppoll */
    sigset_t wait_mask_worker; /* the same while a worker is to take SIGTTIN and SIGTTOU */
};

void signals_catch(struct signals *signals);

/*
 * Notes what waits: ppoll(2) lets signals in only when it finds nothing else, and a guest may always have something.
 * waiting: the mask of the loop's ppoll.
 */
void signals_let_in(const sigset_t *waiting);

/* The lowest signal noted since it was last returned, or 0. *typed: the terminal's keys raised it. */
int signals_next(bool *typed);

/* Forgets stops by the terminal that were noted: they belong to the time before a SIGCONT, as in the kernel.
 */
void signals_discard_stops(void);

/* Forgets the SIGCONT that has ended a stop: what it asks for is about to be done. */
void signals_take_continue(void);

/* Takes the default action of signo on this process: may return after a stop (at SIGCONT), or if there is
 * none. */
void signals_default_action(int signo);

/* Ends this process by signo, leaving no core file: what wait(2) reports is the program's own end. */
_Noreturn void signals_die_of(int signo);

#endif
