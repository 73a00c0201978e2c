/*
 * cpulimit.h - RLIMIT_CPU: the program's own use of the processor, as setrlimit(2) has it: SIGXCPU at the
 * soft limit and each second after it, SIGKILL at the hard one.
 */
#ifndef GUEST_CPULIMIT_H
#define GUEST_CPULIMIT_H

/* The limit of current holds from now on; to be called when it has been set. */
void cpulimit_set(void);

/* The program has ended. */
void cpulimit_end(void);

#endif
