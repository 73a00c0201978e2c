/*
 * fork.h - forks of the program: how they begin and end.
 *
 *   fork ----> runs in this machine ----> _exit, a signal: wait(2) tells
 *                                   \---> execve: a VM of its own takes its place (spawn.h)
 *
 * A vfork(2) runs in its parent's address space while the parent waits; any other has a copy. When the
 * program that EXEC named exits, the machine stays for its forks until they have executed, ended or lain
 * down to sleep; when it is killed they end with it. Only what has become a VM outlives it. Threads are in thread.h.
 */
#ifndef GUEST_FORK_H
#define GUEST_FORK_H

#include "task.h"

#define FORK_MAX 64u /* at once */

struct fork_args {
    bool vfork;        /* shares the address space until it executes or ends */
    uint64_t stack;    /* where its stack pointer begins, 0: where ours is */
    uint64_t tls;      /* FS base; 0: ours */
    uint64_t tid_here; /* where its id is stored: for the parent, for the child; 0: nowhere */
    uint64_t tid_there;
    uint64_t clear_tid;  /* thread: where 0 is stored, and a futex woken, when it ends */
    bool reset_handlers; /* signals that are caught get their default action */
};

/* The new process's id, or -errno. With vfork it returns when the child has executed or ended. */
long task_fork(const struct trapframe *tf, const struct fork_args *args);

/* For those and threads: an id that no other task has; registers and ids as clone(2) was told. */
uint32_t fork_new_id(void);
void fork_set_registers(struct task *t, const struct trapframe *tf, const struct fork_args *args);
void fork_store_tid(struct task *t, const struct fork_args *args);

/* current, a fork, ends. status is as wait(2) has it. */
NORETURN void fork_end(int status);

/*
 * The program itself has exited: its forks go on until each has executed another program, ended, or lain down
 * to sleep; its descriptors are closed meanwhile. 0, or the number of a signal that ends it all.
 */
int fork_wait_all(void);
void fork_naps(bool naps); /* current sleeps for a time or for a signal, no more */

/* current, a fork, has become the VM that host_pid stands for (child_spawning() came before). */
NORETURN void fork_becomes_vm(uint32_t host_pid);

#endif
