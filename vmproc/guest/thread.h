/*
 * thread.h - threads of a process: tasks with one address space, one descriptor table and one leader
 * (task.h).
 *
 *   thread_new ----> runs ----> exit(2) ----------------------> gone; the last one ends the process
 *                        \----> another calls exit_group(2), execve(2), or dies of a signal: SIGKILL, gone
 */
#ifndef GUEST_THREAD_H
#define GUEST_THREAD_H

#include "fork.h"
#include "task.h"

#define THREADS_MAX 512u /* of a process */

/* A thread of current's process. Its id, or -EAGAIN, -ENOMEM, -ENOSYS. */
long thread_new(const struct trapframe *tf, const struct fork_args *args);

/* current ends; others of its process go on. */
NORETURN void thread_end(void);

/* Another thread ends the process, or has it execute a program: current is to get out of the way. */
bool thread_must_end(void);

/* Ends the other threads and waits until they have gone. No file and no memory goes before the last. */
void thread_end_others(void);

/* current, the one thread left, has executed a program: it takes its process's id. */
void thread_alone(void);

/* current, the last, ends a fork: frees the leader, if that is another. */
void thread_drop_leader(void);

#endif
