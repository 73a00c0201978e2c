/* cancel.c - the system call whose neighbourhood the signal handler knows. */
#include "cancel.h"

#include <errno.h>
#include <stdint.h>
#include <ucontext.h>

#ifndef __x86_64__
#error "cancel_syscall is written for x86-64, as the guest is"
#endif

extern const char cancel_window[], cancel_window_end[], cancel_give_up[];

/* System V arguments: flag, number, a, b, c, d in registers, e on the stack. r11 holds the flag in the
 * window. */
__asm__(".text\n"
        ".globl cancel_syscall, cancel_window, cancel_window_end, cancel_give_up\n"
        ".type cancel_syscall, @function\n"
        "cancel_syscall:\n"
        "    mov %rdi, %r11\n"
        "    mov %rsi, %rax\n"
        "    mov %rdx, %rdi\n"
        "    mov %rcx, %rsi\n"
        "    mov %r8, %rdx\n"
        "    mov %r9, %r10\n"
        "    mov 8(%rsp), %r8\n"
        "cancel_window:\n"
        "    cmpl $0, (%r11)\n"
        "    jne cancel_give_up\n"
        "    syscall\n"
        "cancel_window_end:\n"
        "    ret\n"
        "cancel_give_up:\n"
        "    mov $-4, %rax\n" /* -EINTR */
        "    ret\n"
        ".size cancel_syscall, . - cancel_syscall\n");

_Static_assert(EINTR == 4, "as written in the assembly");

void cancel_in_handler(void *context)
{
    greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
    uintptr_t at = (uintptr_t)regs[REG_RIP];
    if (at >= (uintptr_t)cancel_window && at < (uintptr_t)cancel_window_end &&
        __atomic_load_n((const int *)regs[REG_R11], __ATOMIC_RELAXED))
        regs[REG_RIP] = (greg_t)(uintptr_t)cancel_give_up;
}
