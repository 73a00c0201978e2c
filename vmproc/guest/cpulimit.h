/*
 * cpulimit.h - RLIMIT_CPU, as setrlimit(2) has it: SIGXCPU at the soft limit and each second after it,
 * SIGKILL at the hard one. It is the command's: what its first process set it to, for the time of all its
 * processes together.
 */
#ifndef GUEST_CPULIMIT_H
#define GUEST_CPULIMIT_H

/* The limit of first_task holds from now on; to be called when it has been set. */
void cpulimit_set(void);

/* The program has ended. */
void cpulimit_end(void);

#endif
