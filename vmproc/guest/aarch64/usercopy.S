/*
 * usercopy.S - the only code that touches the program's memory. A fault in it (trap.c looks into .extable)
 * continues at the fixup, which answers 1: the caller says EFAULT. Callers have checked the range (usercopy.h).
 */
    .arch armv8.1-a

    .macro MAY_FAULT from, to, fixup
    .pushsection .extable, "a"
    .quad \from, \to, \fixup
    .popsection
    .endm

    .macro OPEN_USER
    adrp x15, cpu_pan
    ldrb w15, [x15, :lo12:cpu_pan]
    cbz w15, 90f
    msr pan, #0
90:
    .endm

    .macro CLOSE_USER
    adrp x15, cpu_pan
    ldrb w15, [x15, :lo12:cpu_pan]
    cbz w15, 91f
    msr pan, #1
91:
    .endm

    .text

/* int usercopy_raw(void *to, const void *from, size_t n): 0, or 1 after a fault */
    .globl usercopy_raw
usercopy_raw:
    OPEN_USER
    lsr x3, x2, #6
    cbz x3, 2f
1:  ldp x4, x5, [x1]
    ldp x6, x7, [x1, #16]
    ldp x8, x9, [x1, #32]
    ldp x10, x11, [x1, #48]
    stp x4, x5, [x0]
    stp x6, x7, [x0, #16]
    stp x8, x9, [x0, #32]
    stp x10, x11, [x0, #48]
    add x1, x1, #64
    add x0, x0, #64
    subs x3, x3, #1
    b.ne 1b
2:  ubfx x3, x2, #3, #3
    cbz x3, 4f
3:  ldr x4, [x1], #8
    str x4, [x0], #8
    subs x3, x3, #1
    b.ne 3b
4:  ands x2, x2, #7
    b.eq 6f
5:  ldrb w4, [x1], #1
    strb w4, [x0], #1
    subs x2, x2, #1
    b.ne 5b
6:  CLOSE_USER
    mov w0, #0
    ret

/* int userzero_raw(void *to, size_t n) */
    .globl userzero_raw
userzero_raw:
    OPEN_USER
    lsr x3, x1, #3
    cbz x3, 2f
1:  str xzr, [x0], #8
    subs x3, x3, #1
    b.ne 1b
2:  ands x1, x1, #7
    b.eq 4f
3:  strb wzr, [x0], #1
    subs x1, x1, #1
    b.ne 3b
4:  CLOSE_USER
    mov w0, #0
    ret

/* long userstring_raw(char *to, const char *from, size_t max): length, max when there is no NUL, or -1 */
    .globl userstring_raw
userstring_raw:
    OPEN_USER
    mov x3, #0
1:  cmp x3, x2
    b.eq 2f
    ldrb w4, [x1, x3]
    strb w4, [x0, x3]
    cbz w4, 2f
    add x3, x3, #1
    b 1b
2:  CLOSE_USER
    mov x0, x3
    ret

usercopy_end:
copy_fault:
    CLOSE_USER
    mov w0, #1
    ret
string_fault:
    CLOSE_USER
    mov x0, #-1
    ret

    MAY_FAULT usercopy_raw, userstring_raw, copy_fault
    MAY_FAULT userstring_raw, usercopy_end, string_fault
