/*
 * admit.h - who may have a VM, and who of those that wait is next.
 *
 * On one router a user has at most FLEETSH_MAX_VMS, one shell with its subshells at most
 * FLEETSH_MAX_SHELL_VMS. Who wants more is refused with a message that names the limit, as fork(2) refuses
 * with EAGAIN; what will soon be free (VMs that start or end) is waited for. Nobody gets one while the user's
 * VMs use all the memory that they may (memory.h).
 *
 * Next is the shell that has the fewest, so that one that asks for many does not keep others waiting; within
 * a shell it is first come, first served.
 */
#ifndef VMPROC_DAEMON_ADMIT_H
#define VMPROC_DAEMON_ADMIT_H

#include <stdbool.h>
#include <stdint.h>

struct client;
struct router;
struct vm;

#define ADMIT_WHY 200 /* room for the reason of a refusal */

/* Whether that shell may ask for n more; else why is filled. */
bool admit_shell(struct router *r, uint32_t shell_pid, unsigned n, char why[ADMIT_WHY]);

/* Of those that wait, the next for whom there is a warm VM, which goes to *vm; NULL: nobody. */
struct client *admit_next(struct router *r, struct vm **vm);

/* One that waits and that the limits do not allow to have a VM soon, with the reason; NULL: nobody. */
struct client *admit_hopeless(struct router *r, char why[ADMIT_WHY]);

#endif
