/*
 * usercopy.S - the only code that touches the program's memory. A fault in it (trap.c looks into .extable)
 * continues at the fixup, which answers 1: the caller says EFAULT. Callers have checked the range (usercopy.h).
 */
    .macro MAY_FAULT from, to, fixup
    .pushsection .extable, "a"
    .quad \from, \to, \fixup
    .popsection
    .endm

    .macro OPEN_USER
    cmpb $0, cpu_smap(%rip)
    je 90f
    stac
90:
    .endm

    .macro CLOSE_USER
    cmpb $0, cpu_smap(%rip)
    je 91f
    clac
91:
    .endm

    .text

/* int usercopy_raw(void *to, const void *from, size_t n): 0, or 1 after a fault. Unrolled: TCG likes it best. */
    .globl usercopy_raw
usercopy_raw:
    OPEN_USER
    movq %rdx, %rcx
    shrq $6, %rcx
    jz 2f
1:  movq (%rsi), %rax
    movq 8(%rsi), %r8
    movq 16(%rsi), %r9
    movq 24(%rsi), %r10
    movq %rax, (%rdi)
    movq %r8, 8(%rdi)
    movq %r9, 16(%rdi)
    movq %r10, 24(%rdi)
    movq 32(%rsi), %rax
    movq 40(%rsi), %r8
    movq 48(%rsi), %r9
    movq 56(%rsi), %r10
    movq %rax, 32(%rdi)
    movq %r8, 40(%rdi)
    movq %r9, 48(%rdi)
    movq %r10, 56(%rdi)
    addq $64, %rsi
    addq $64, %rdi
    decq %rcx
    jnz 1b
2:  movl %edx, %ecx
    andl $63, %ecx
    shrl $3, %ecx
    jz 4f
3:  movq (%rsi), %rax
    movq %rax, (%rdi)
    addq $8, %rsi
    addq $8, %rdi
    decl %ecx
    jnz 3b
4:  andl $7, %edx
    jz 6f
5:  movb (%rsi), %al
    movb %al, (%rdi)
    incq %rsi
    incq %rdi
    decl %edx
    jnz 5b
6:  xorl %eax, %eax
    CLOSE_USER
    ret

/* int userzero_raw(void *to, size_t n) */
    .globl userzero_raw
userzero_raw:
    OPEN_USER
    xorl %eax, %eax
    movq %rsi, %rcx
    shrq $6, %rcx
    jz 2f
1:  movq %rax, (%rdi)
    movq %rax, 8(%rdi)
    movq %rax, 16(%rdi)
    movq %rax, 24(%rdi)
    movq %rax, 32(%rdi)
    movq %rax, 40(%rdi)
    movq %rax, 48(%rdi)
    movq %rax, 56(%rdi)
    addq $64, %rdi
    decq %rcx
    jnz 1b
2:  andl $63, %esi
    jz 4f
3:  movb %al, (%rdi)
    incq %rdi
    decl %esi
    jnz 3b
4:  CLOSE_USER
    ret

/* long userstring_raw(char *to, const char *from, size_t max): length, max when there is no NUL, or -1 */
    .globl userstring_raw
userstring_raw:
    OPEN_USER
    xorl %eax, %eax
1:  cmpq %rdx, %rax
    je 2f
    movb (%rsi,%rax), %cl
    movb %cl, (%rdi,%rax)
    testb %cl, %cl
    jz 2f
    incq %rax
    jmp 1b
2:  CLOSE_USER
    ret

usercopy_end:
copy_fault:
    movl $1, %eax
    CLOSE_USER
    ret
string_fault:
    movq $-1, %rax
    CLOSE_USER
    ret

    MAY_FAULT usercopy_raw, userstring_raw, copy_fault
    MAY_FAULT userstring_raw, usercopy_end, string_fault
