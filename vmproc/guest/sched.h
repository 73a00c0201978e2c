/*
 * sched.h - which task runs. One processor, a ring of tasks, no priorities.
 *
 * A task leaves the processor where it sleeps (task_sleep()), or, after its slice, at a return to ring 3. The
 * registers that belong to the program (FPU, thread pointer) are saved and restored on the way.
 */
#ifndef GUEST_SCHED_H
#define GUEST_SCHED_H

#include "task.h"

#define SCHED_SLICE_NS 10000000u

/* There are tasks beside the first one. */
bool sched_is_shared(void);

/*
 * A zeroed task with a kernel stack and room for its FPU state, in no list yet; NULL: no memory. Whoever makes the first one
 * gets such room, too: there is somebody to leave the processor to now.
 */
struct task *sched_new_task(void);
void sched_free_task(struct task *t); /* one that never ran */

/* It goes to ring 3 by the trapframe at the top of its kernel stack. */
void sched_start(struct task *t);
/* It runs main(), which does not return. */
void sched_start_kernel(struct task *t, void (*main)(void));

struct task *sched_first(void); /* then by ->next */

/* current has nothing to do: lets another run, or rests the processor. */
void sched_rest(void);

/* Before a return to ring 3: another's turn? */
void sched_before_user(void);

/* Lets another one run now, if one can. */
void sched_yield(void);

/* One that is gone, not current: out of the ring, and freed. */
void sched_remove(struct task *t);

/* current has ended; its memory is freed once another runs. */
NORETURN void sched_end(void);

/* From now on only current and the kernel's own tasks run: the machine is about to end. */
void sched_stop_others(void);

#endif
