/* frame.h - the program's registers as trapentry.S saves them (trap.h). */
#ifndef GUEST_AARCH64_FRAME_H
#define GUEST_AARCH64_FRAME_H

#include "../types.h"
#include "memory.h"

struct trapframe {
    uint64_t x[31], sp, pc, pstate;
    uint64_t kind;     /* TRAP_ */
    uint64_t syndrome; /* ESR_EL1; number of the call for TRAP_SYSCALL */
    uint64_t first;    /* TRAP_SYSCALL: its first argument, whose place the result takes */
    uint64_t reserved;
};

_Static_assert(sizeof(struct trapframe) == FRAME_BYTES, "trapentry.S knows this size");

#define PSTATE_EL0  0ul
#define PSTATE_NZCV 0xf0000000ul
#define PSTATE_SS   0x200000ul
#define PSTATE_MODE 0xful

static inline bool frame_from_user(const struct trapframe *tf)
{
    return !(tf->pstate & PSTATE_MODE);
}

static inline bool frame_is_syscall(const struct trapframe *tf)
{
    return tf->kind == TRAP_SYSCALL;
}

static inline uint64_t frame_call(const struct trapframe *tf)
{
    return tf->syndrome;
}

#define FRAME_ARGUMENTS(tf)                                                                                  \
    {                                                                                                        \
        (tf)->first, (tf)->x[1], (tf)->x[2], (tf)->x[3], (tf)->x[4], (tf)->x[5]                              \
    }

static inline long frame_result(const struct trapframe *tf)
{
    return (long)tf->x[0];
}

static inline void frame_set_result(struct trapframe *tf, long result)
{
    tf->x[0] = (uint64_t)result;
}

static inline void frame_call_again(struct trapframe *tf, uint64_t nr)
{
    tf->x[0] = tf->first;
    tf->x[8] = nr;
    tf->pc -= 4; /* the SVC instruction */
}

static inline uint64_t frame_pc(const struct trapframe *tf)
{
    return tf->pc;
}

static inline void frame_set_pc(struct trapframe *tf, uint64_t pc)
{
    tf->pc = pc;
}

static inline uint64_t frame_sp(const struct trapframe *tf)
{
    return tf->sp;
}

static inline void frame_set_sp(struct trapframe *tf, uint64_t sp)
{
    tf->sp = sp;
}

static inline void frame_begin(struct trapframe *tf, uint64_t pc, uint64_t sp)
{
    *tf = (struct trapframe){.pc = pc, .sp = sp, .pstate = PSTATE_EL0};
}

#endif
