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

/*
 * struct trapframe: a program's registers, as ARCH/trapentry.S saves them, and of a system call:
 *
 *   bool frame_is_syscall(tf)              it is one, and nothing has replaced its registers since
 *   uint64_t frame_call(tf)                its number
 *   FRAME_ARGUMENTS(tf)                    its six arguments: an initializer
 *   long frame_result(tf), frame_set_result(tf, result)
 *   void frame_call_again(tf, nr)          the call of that number will be made again, with the same arguments
 *   uint64_t frame_pc(tf), frame_set_pc(tf, pc), frame_sp(tf), frame_set_sp(tf, sp)
 *   void frame_begin(tf, pc, sp)           what execve(2) gives a program
 */
#if defined __x86_64__
#include "x86_64/frame.h"
#elif defined __aarch64__
#include "aarch64/frame.h"
#endif

struct signal_source;

/* Entered from ARCH/trapentry.S. */
void trap(struct trapframe *tf);
void syscall(struct trapframe *tf);

/* For ARCH/exception.c: the program, or the kernel for it, has touched addr (access: one VM_ flag, vm.h). Returns when it may
 * go on. */
void trap_page_fault(struct trapframe *tf, uint64_t addr, uint32_t access, bool from_user);
/* A fault of the kernel's in usercopy.S: it goes on where that says. */
bool trap_fix_up(struct trapframe *tf);

/* One line of registers. Its length. */
int frame_describe(const struct trapframe *tf, char *buf, size_t size);

/* The frame at the bottom of a kernel stack. */
static inline struct trapframe *trapframe_at(uint64_t kstack_top)
{
    return (struct trapframe *)(kstack_top - sizeof(struct trapframe));
}

/* ARCH/trapentry.S: drops the kernel stack, then goes to ring 3 by the frame at its bottom, or to a kernel
 * function. */
NORETURN void trap_enter_user(void);
NORETURN void kernel_restart(void (*fn)(void));

extern uint64_t kstack_top; /* of the stack that entries from ring 3 use */

/* Last thing before ring 3: signals, accounting, and the program's end. */
void user_return(struct trapframe *tf);

#endif
