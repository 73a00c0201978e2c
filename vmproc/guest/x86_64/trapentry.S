/*
 * trapentry.S - the ways into and out of the kernel. Every entry builds the same struct trapframe (trap.h).
 *
 * There is one CPU, so the stack to use stands in a global: no swapgs, the program's GS base is its own.
 * The kernel runs with interrupts off; they come from ring 3 and from the idle loop only.
 */
#include "layout.h"

    .macro SAVE
    pushq %rdi
    pushq %rsi
    pushq %rdx
    pushq %rcx
    pushq %rax
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    .endm

    .macro RESTORE_SAVED
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    .endm

    .text

/* ---- SYSCALL: %rcx = return rip, %r11 = rflags; FMASK has cleared IF, DF, AC, TF, NT ---- */
    .globl syscall_entry
syscall_entry:
    movq %rsp, syscall_user_rsp(%rip)
    movq kstack_top(%rip), %rsp
    pushq $USER_SS
    pushq syscall_user_rsp(%rip)
    pushq %r11
    pushq $USER_CS
    pushq %rcx
    pushq %rax           /* error: the call's number */
    pushq $TRAP_SYSCALL
    SAVE
    xorl %ebp, %ebp
    movq %rsp, %rdi
    call syscall
    /* fall through */

/* ---- back to ring 3 with the frame at %rsp ---- */
    .globl trap_return
trap_return:
    cmpl $TRAP_SYSCALL, 15*8(%rsp)
    jne 1f
    RESTORE_SAVED
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rax
    popq %rcx
    popq %rdx
    popq %rsi
    popq %rdi
    movq 2*8(%rsp), %rcx /* rip: below USER_TOP, user_return() has seen to that */
    movq 4*8(%rsp), %r11 /* rflags */
    movq 5*8(%rsp), %rsp
    sysretq
1:  RESTORE_SAVED
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rax
    popq %rcx
    popq %rdx
    popq %rsi
    popq %rdi
    addq $16, %rsp
    iretq

/* ---- exceptions and interrupts ---- */
trap_common:
    SAVE
    cld
    cmpb $0, cpu_smap(%rip)
    je 1f
    clac
1:  xorl %ebp, %ebp
    movq %rsp, %rdi
    testb $3, 18*8(%rsp) /* cs */
    jz 2f
    /* An IST stack (#DB, NMI) serves only until here: what follows may block. */
    movq kstack_top(%rip), %rax
    subq $22*8, %rax
    cmpq %rax, %rsp
    je 2f
    movq %rsp, %rsi
    movq %rax, %rdi
    movl $22, %ecx
    rep movsq
    movq %rax, %rsp
    movq %rax, %rdi
2:  call trap
    jmp trap_return

    .altmacro
    .macro VECTOR n
    .balign 16
    .if (\n == 8) || ((\n >= 10) && (\n <= 14)) || (\n == 17) || (\n == 21) || (\n == 29) || (\n == 30)
    .else
    pushq $0
    .endif
    pushq $\n
    jmp trap_common
    .endm

    .balign 16
    .globl trap_vectors
trap_vectors:
    .set i, 0
    .rept 64
    VECTOR %i
    .set i, i + 1
    .endr

/* void trap_enter_user(void): to ring 3 by the frame at the bottom of the kernel stack */
    .globl trap_enter_user
trap_enter_user:
    movq kstack_top(%rip), %rsp
    subq $22*8, %rsp
    movq %rsp, %rdi
    call user_return
    jmp trap_return

/* void kernel_restart(void (*fn)(void)): drops the stack but for a frame's place and calls fn, which does not return */
    .globl kernel_restart
kernel_restart:
    movq kstack_top(%rip), %rsp
    subq $22*8, %rsp
    xorl %ebp, %ebp
    call *%rdi
    ud2

/* void switch_stack(uint64_t *save_rsp, uint64_t rsp) */
    .globl switch_stack
switch_stack:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    RESTORE_SAVED
    ret

    .bss
    .balign 8
syscall_user_rsp: .skip 8
    .globl kstack_top
kstack_top: .skip 8
