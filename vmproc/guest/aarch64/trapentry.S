/*
 * trapentry.S - the ways into and out of the kernel. Every entry builds the same struct trapframe (frame.h).
 *
 * SP_EL1 is the top of the task's kernel stack whenever the program runs: an entry pushes its frame there. The kernel runs with
 * interrupts off; they come from EL0 and from the idle loop only.
 */
#include "layout.h"

#define SVC 0x15 /* ESR_EL1's class */

    .macro SAVE kind
    sub sp, sp, #FRAME_BYTES
    stp x0, x1, [sp]
    stp x2, x3, [sp, #16]
    stp x4, x5, [sp, #32]
    stp x6, x7, [sp, #48]
    stp x8, x9, [sp, #64]
    stp x10, x11, [sp, #80]
    stp x12, x13, [sp, #96]
    stp x14, x15, [sp, #112]
    stp x16, x17, [sp, #128]
    stp x18, x19, [sp, #144]
    stp x20, x21, [sp, #160]
    stp x22, x23, [sp, #176]
    stp x24, x25, [sp, #192]
    stp x26, x27, [sp, #208]
    stp x28, x29, [sp, #224]
    mrs x1, sp_el0
    mrs x2, elr_el1
    mrs x3, spsr_el1
    mrs x4, esr_el1
    mov x5, #\kind
    stp x30, x1, [sp, #240]
    stp x2, x3, [sp, #256]
    stp x5, x4, [sp, #272]
    stp x0, xzr, [sp, #288]
    mov x29, #0
    mov x30, #0
    mov x0, sp
    .endm

    .text

/* ---- from the program ---- */
user_sync:
    SAVE TRAP_OTHER
    lsr x4, x4, #26
    cmp x4, #SVC
    b.ne 1f
    mov x5, #TRAP_SYSCALL
    stp x5, x8, [sp, #272]
    bl syscall
    b trap_return
1:  bl trap
    b trap_return

user_irq:
    SAVE TRAP_INTERRUPT
    bl trap

/* ---- back, with the frame at %sp ---- */
    .globl trap_return
trap_return:
    ldp x2, x3, [sp, #256]
    msr elr_el1, x2
    msr spsr_el1, x3
    ldp x30, x1, [sp, #240]
    tst x3, #15
    b.ne 1f
    msr sp_el0, x1
1:  ldp x0, x1, [sp]
    ldp x2, x3, [sp, #16]
    ldp x4, x5, [sp, #32]
    ldp x6, x7, [sp, #48]
    ldp x8, x9, [sp, #64]
    ldp x10, x11, [sp, #80]
    ldp x12, x13, [sp, #96]
    ldp x14, x15, [sp, #112]
    ldp x16, x17, [sp, #128]
    ldp x18, x19, [sp, #144]
    ldp x20, x21, [sp, #160]
    ldp x22, x23, [sp, #176]
    ldp x24, x25, [sp, #192]
    ldp x26, x27, [sp, #208]
    ldp x28, x29, [sp, #224]
    add sp, sp, #FRAME_BYTES
    eret

/* ---- from the kernel ---- */
kernel_sync:
    SAVE TRAP_OTHER
    bl trap
    b trap_return

kernel_irq:
    SAVE TRAP_INTERRUPT
    bl trap
    b trap_return

/* ---- what does not happen: SErrors, FIQs, AArch32 ---- */
unexpected:
    SAVE TRAP_OTHER
    bl trap_unexpected

    .macro VECTOR to
    .balign 128
    b \to
    .endm

    .balign 2048
    .globl trap_vectors
trap_vectors:
    .rept 4
    VECTOR unexpected
    .endr
    VECTOR kernel_sync
    VECTOR kernel_irq
    VECTOR unexpected
    VECTOR unexpected
    VECTOR user_sync
    VECTOR user_irq
    .rept 6
    VECTOR unexpected
    .endr

/* void trap_enter_user(void): to EL0 by the frame at the bottom of the kernel stack */
    .globl trap_enter_user
trap_enter_user:
    ldr x0, =kstack_top
    ldr x0, [x0]
    sub x0, x0, #FRAME_BYTES
    mov sp, x0
    mov x29, #0
    bl user_return
    b trap_return

/* void kernel_restart(void (*fn)(void)): drops the stack but for a frame's place and calls fn, which does not return */
    .globl kernel_restart
kernel_restart:
    ldr x1, =kstack_top
    ldr x1, [x1]
    sub x1, x1, #FRAME_BYTES
    mov sp, x1
    mov x29, #0
    mov x30, #0
    blr x0
    brk #0

/* void switch_stack(uint64_t *save_sp, uint64_t sp) */
    .globl switch_stack
switch_stack:
    stp x29, x30, [sp, #-96]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    mov x2, sp
    str x2, [x0]
    mov sp, x1
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp x29, x30, [sp], #96
    ret

    .ltorg

    .bss
    .balign 8
    .globl kstack_top
kstack_top: .skip 8
