/* instructions.h - single instructions of aarch64 that C has no words for (cpu.h). */
#ifndef GUEST_AARCH64_INSTRUCTIONS_H
#define GUEST_AARCH64_INSTRUCTIONS_H

#include "../types.h"

#define read_register(name)                                                                                  \
    ({                                                                                                       \
        uint64_t value_;                                                                                     \
        __asm__ volatile("mrs %0, " #name : "=r"(value_)::"memory");                                         \
        value_;                                                                                              \
    })
#define write_register(name, value)                                                                          \
    __asm__ volatile("msr " #name ", %0; isb" ::"r"((uint64_t)(value)) : "memory")

/* The virtual counter. */
static inline uint64_t ticks_now(void)
{
    uint64_t ticks;
    __asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(ticks)::"memory");
    return ticks;
}

static inline uint64_t ticks_hz(void)
{
    return read_register(cntfrq_el0);
}

static inline void cpu_relax(void)
{
    __asm__ volatile("yield");
}

/* WFI ends for an interrupt that is masked, too: none is lost in between. */
static inline void wait_for_interrupt(void)
{
    __asm__ volatile("dsb sy; wfi; msr daifclr, #2; isb; msr daifset, #2" ::: "memory");
}

static inline void allow_interrupts(void)
{
    __asm__ volatile("msr daifclr, #2; isb; msr daifset, #2" ::: "memory");
}

/* The other side of a queue or ring may be another processor of the host: inner shareable. */
#define barrier()      __asm__ volatile("dmb ish" ::: "memory")
#define full_barrier() __asm__ volatile("dmb ish" ::: "memory")

static inline void tlb_drop(uint64_t va)
{
    __asm__ volatile("dsb ishst; tlbi vaae1, %0; dsb ish; isb" ::"r"(va >> 12 & ((1ul << 44) - 1))
                     : "memory");
}

extern bool cpu_pan; /* read by assembly: the processor keeps the kernel from the program's pages */

/* What no trap frame holds of a program's registers. */
struct thread_pointer {
    uint64_t tpidr_el0;
};

#endif
