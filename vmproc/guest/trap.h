/*
 * trap.h - entries into the kernel: system calls, exceptions, interrupts.
 *
 * The kernel runs with interrupts off, except while it sleeps in the idle loop; so an interrupt finds either
 * the program in ring 3 or the kernel at rest, and its handler may use every kernel structure.
 */
#ifndef GUEST_TRAP_H
#define GUEST_TRAP_H

#include "layout.h"
#include "types.h"

#define TRAPFRAME_WORDS 22

/* As trapentry.S pushes it. */
struct trapframe {
    uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
    uint64_t vector; /* exception, interrupt, or TRAP_SYSCALL: then the way back is SYSRET */
    uint64_t error;  /* error code; number of the call for TRAP_SYSCALL */
    uint64_t rip, cs, rflags, rsp, ss;
};

_Static_assert(sizeof(struct trapframe) == TRAPFRAME_WORDS * 8, "trapentry.S knows this size");

enum { VECTOR_DEVICE = 32, VECTOR_TIMER = 33, VECTOR_SPURIOUS = 63 };

/* From trapentry.S. */
void trap(struct trapframe *tf);
void syscall(struct trapframe *tf);

/* The frame at the bottom of a kernel stack. */
static inline struct trapframe *trapframe_at(uint64_t kstack_top)
{
    return (struct trapframe *)(kstack_top - sizeof(struct trapframe));
}

/* trapentry.S: drops the kernel stack, then goes to ring 3 by the frame at its bottom, or to a kernel
 * function. */
NORETURN void trap_enter_user(void);
NORETURN void kernel_restart(void (*fn)(void));

extern uint64_t kstack_top; /* of the stack that entries from ring 3 use */

/* Last thing before ring 3: signals, accounting, and the program's end. */
void user_return(struct trapframe *tf);

#endif
