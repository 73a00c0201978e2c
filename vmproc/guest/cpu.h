/*
 * cpu.h - what the guest wants of its processor. Single instructions that C has no words for are in
 * ARCH/instructions.h, the rest in ARCH/cpu.c; machine.h is about what stands around the processor.
 *
 *   uint64_t ticks_now(void)         a counter that never goes back
 *   uint64_t ticks_hz(void)          its rate; 0: the one that EXEC tells (ctl_exec.tsc_hz)
 *   void wait_for_interrupt(void)    sleeps until one has been handled; none is lost in between
 *   void allow_interrupts(void)      lets pending ones in
 *   void cpu_relax(void)             in a loop that waits for a device
 *   void barrier(void)               orders stores among each other, and loads, as a device or a neighbour sees them
 *   void full_barrier(void)          the same, and a store before a later load
 *   void tlb_drop(uint64_t va)       the page's entry has changed
 *
 * The floating-point and vector registers belong to the program: the kernel has no code that touches them.
 */
#ifndef GUEST_CPU_H
#define GUEST_CPU_H

#include "types.h"

#if defined __x86_64__
#include "x86_64/instructions.h"
#elif defined __aarch64__
#include "aarch64/instructions.h"
#endif

/* Traps, system calls, protection, FPU. Call once the final page tables are in use. */
void cpu_init(void);

/* Stack for entries from the program. */
void cpu_set_kernel_stack(uint64_t top);

/* AT_HWCAP: the processor's features, as Linux tells them to a program. */
uint64_t cpu_hwcap(void);

/* A page that was stored to is to be executed. */
void cpu_page_is_code(void *page);

/* State of the FPU in the form that the processor has for it, at most FPU_MAX bytes. */
#define FPU_MAX 4096u
struct fpu_area {
    uint8_t bytes[FPU_MAX];
} __attribute__((aligned(64)));

uint32_t fpu_size(void); /* bytes of state in use */
void fpu_reset(void);    /* what execve(2) gives a program */
void fpu_save(struct fpu_area *area);
int fpu_restore(struct fpu_area *area); /* -EINVAL when the contents are not a valid state */

/* The program's registers that no trap frame holds: where its thread-local storage is. */
void thread_pointer_save(struct thread_pointer *to);
void thread_pointer_load(const struct thread_pointer *from);
void thread_pointer_set(struct thread_pointer *in, uint64_t tls); /* as clone(2) is asked for */

/* ARCH/trapentry.S: saves what C expects to be kept, and goes on where the other stack was left. */
void switch_stack(uint64_t *save_sp, uint64_t sp);
/* A stack pointer for switch_stack() to start fn with, below top. It does not return. */
uint64_t stack_begin(uint64_t top, void (*fn)(void));

#endif
