/*
 * cancel.h - a system call that another thread can end without losing what it did.
 *
 * A signal alone cannot do that: it may come between the test of a flag and the call, which then waits. Here
 * the handler looks where the thread was: before the call, the call is skipped; in it, the kernel returns
 * EINTR; after it, the result stands. So bytes that a read took from a pipe or terminal are always reported.
 */
#ifndef SHIM_CANCEL_H
#define SHIM_CANCEL_H

#include <signal.h>

/* Sent to a worker by tgkill(2); the program's own use of this number still reaches it (see signals.c). */
#define CANCEL_SIGNAL 64

/* Performs system call number; -EINTR without performing it when *cancelled. Returns as the kernel does. */
long cancel_syscall(const int *cancelled, long number, long a, long b, long c, long d, long e);

/* To be called by the handler of CANCEL_SIGNAL with its third argument. */
void cancel_in_handler(void *context);

#endif
