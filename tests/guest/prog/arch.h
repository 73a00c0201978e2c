/* arch.h - what these programs do by instructions of their processor. */
#ifndef PROG_ARCH_H
#define PROG_ARCH_H

#include <stdint.h>
#include <string.h>
#include <ucontext.h>

#ifdef __x86_64__
#define ARCH_NAME      "x86_64"
#define KERNEL_ADDRESS 0xffffffff80100000 /* something of the kernel's, and of physical memory */
#define DIRECT_ADDRESS 0xffff800000100000
static const unsigned char return_code[] = {0xc3};
#else
#define ARCH_NAME      "aarch64"
#define KERNEL_ADDRESS 0xffffffff80200000
#define DIRECT_ADDRESS 0xffff800040200000
static const unsigned char return_code[] = {0xc0, 0x03, 0x5f, 0xd6};
#endif

/* Registers that a handler must not change for the code it interrupts: nine tenths of them are all ones. */
static inline void spoil_fpu(void)
{
#ifdef __x86_64__
    __asm__ volatile("pcmpeqd %%xmm0, %%xmm0; pcmpeqd %%xmm7, %%xmm7; pcmpeqd %%xmm15, %%xmm15; fninit" ::
                         : "xmm0", "xmm7", "xmm15");
#else
    __asm__ volatile(
        "movi v0.16b, #255; movi v7.16b, #255; movi v15.16b, #255; movi v31.16b, #255; msr fpsr, %0" ::"r"(
            0x1ful)
        : "v0", "v7", "v15", "v31");
#endif
}

/* Registers are loaded, then it waits until *count is not 0, then they are read. */
static inline void hold_fpu(const double in[2], const uint64_t in15[2], double out[2], uint64_t out15[2],
                            volatile int *count)
{
#ifdef __x86_64__
    __asm__ volatile("movupd %2, %%xmm7; movupd %3, %%xmm15; fldl %2\n"
                     "1: cmpl $0, %4; je 1b\n"
                     "movupd %%xmm7, %0; movupd %%xmm15, %1; fstpl %0"
                     : "=m"(*(double(*)[2])out), "=m"(*(uint64_t(*)[2])out15)
                     : "m"(*(const double(*)[2])in), "m"(*(const uint64_t(*)[2])in15), "m"(*count)
                     : "xmm7", "xmm15");
#else
    uint64_t status;
    __asm__ volatile("ldr q7, [%1]; ldr q15, [%2]; ldr q31, [%2]; msr fpsr, xzr\n"
                     "1: ldr w9, [%5]; cbz w9, 1b\n"
                     "cmeq v31.2d, v31.2d, v15.2d; mrs %0, fpsr; str q7, [%3]; and v15.16b, v15.16b, "
                     "v31.16b; str q15, [%4]"
                     : "=&r"(status)
                     : "r"(in), "r"(in15), "r"(out), "r"(out15), "r"(count)
                     : "x9", "v7", "v15", "v31", "memory", "cc");
    if (status)
        out[0] = 0;
#endif
}

/* kill(2) without the C library: its result is what is in the register. */
static inline long raw_kill(long pid, long signo)
{
#ifdef __x86_64__
    long r;
    __asm__ volatile("syscall" : "=a"(r) : "a"(62), "D"(pid), "S"(signo) : "rcx", "r11", "memory");
    return r;
#else
    register long x0 __asm__("x0") = pid, x1 __asm__("x1") = signo, x8 __asm__("x8") = 129;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x1), "r"(x8) : "memory");
    return x0;
#endif
}

/* The interrupted code will find that in the register of results. */
static inline void set_result(ucontext_t *uc, long result)
{
#ifdef __x86_64__
    uc->uc_mcontext.gregs[REG_RAX] = result;
#else
    uc->uc_mcontext.regs[0] = (unsigned long)result;
#endif
}

/* Does what a program may not: by its name. Each ends by a signal. */
static inline void misdeed(const char *how)
{
#define DEED(name, ...)                                                                                      \
    if (!strcmp(how, name))                                                                                  \
    __asm__ volatile(__VA_ARGS__)
#ifdef __x86_64__
    DEED("fpe", "xorl %%ecx, %%ecx; xorl %%edx, %%edx; movl $1, %%eax; idivl %%ecx" ::: "eax", "ecx", "edx");
    DEED("ill", "ud2");
    DEED("trap", "int3");
    DEED("hlt", "hlt");
    DEED("out", "outb %%al, $0xf4" ::"a"(0));
    DEED("jump", "movabsq $0x8000000000000000, %%rax; jmp *%%rax" ::: "rax");
    /* SYSCALL as the last instruction below the hole returns to a non-canonical address */
    DEED("rip", "movabsq $0xffff800000000000, %%rsp; pushq $1" ::: "memory");
    DEED("int80", "int $0x80");
    DEED("popf", "pushfq; orq $0x3100, (%%rsp); popfq; nop; nop" ::: "memory");
    DEED("sigreturn", "movl $15, %%eax; syscall" ::: "rax");
#else
    DEED("ill", "udf #0");
    DEED("trap", "brk #0");
    DEED("privileged", "msr vbar_el1, xzr");
    DEED("hypercall", "hvc #0");
    DEED("jump", "mov x0, #0x8000000000000000; br x0" ::: "x0");
    DEED("kernel", "mov x0, #0xffff800000000000; ldr x0, [x0]" ::: "x0");
    DEED("odd", "adr x0, . + 5; br x0" ::: "x0");
    DEED("sigreturn", "mov x8, #139; svc #0" ::: "x8");
#endif
#undef DEED
}

#endif
