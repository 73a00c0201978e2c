/* frame.h - the program's registers as trapentry.S pushes them (trap.h). */
#ifndef GUEST_X86_64_FRAME_H
#define GUEST_X86_64_FRAME_H

#include "instructions.h"
#include "memory.h"

#define TRAPFRAME_WORDS 22

struct trapframe {
    uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
    uint64_t vector; /* exception, interrupt, or TRAP_SYSCALL: then the way back is SYSRET */
    uint64_t error;  /* error code; number of the call for TRAP_SYSCALL */
    uint64_t rip, cs, rflags, rsp, ss;
};

_Static_assert(sizeof(struct trapframe) == TRAPFRAME_WORDS * 8, "trapentry.S knows this size");

static inline bool frame_is_syscall(const struct trapframe *tf)
{
    return tf->vector == TRAP_SYSCALL;
}

static inline uint64_t frame_call(const struct trapframe *tf)
{
    return tf->error;
}

#define FRAME_ARGUMENTS(tf)                                                                                  \
    {                                                                                                        \
        (tf)->rdi, (tf)->rsi, (tf)->rdx, (tf)->r10, (tf)->r8, (tf)->r9                                       \
    }

static inline long frame_result(const struct trapframe *tf)
{
    return (long)tf->rax;
}

static inline void frame_set_result(struct trapframe *tf, long result)
{
    tf->rax = (uint64_t)result;
}

static inline void frame_call_again(struct trapframe *tf, uint64_t nr)
{
    tf->rax = nr;
    tf->rip -= 2; /* the SYSCALL instruction */
}

static inline uint64_t frame_pc(const struct trapframe *tf)
{
    return tf->rip;
}

static inline void frame_set_pc(struct trapframe *tf, uint64_t pc)
{
    tf->rip = pc;
}

static inline uint64_t frame_sp(const struct trapframe *tf)
{
    return tf->rsp;
}

static inline void frame_set_sp(struct trapframe *tf, uint64_t sp)
{
    tf->rsp = sp;
}

static inline void frame_begin(struct trapframe *tf, uint64_t pc, uint64_t sp)
{
    *tf = (struct trapframe){.rip = pc, .rsp = sp, .cs = USER_CS, .ss = USER_SS, .rflags = RFLAGS_IF | 2};
}

#endif
