/*
 * entry.S - from where the loader of a Linux image jumps to, MMU off, EL1, %x0 the device tree, to main().
 *
 * The first page tables map the first GiB of memory three times, all RWX: where it is, in the direct map, and where
 * the kernel is linked. main() replaces them by sealed ones at once.
 */
#include "layout.h"

#define BLOCK      0x701 /* 1 GiB, inner shareable, accessed; MAIR's first kind */
#define TABLE      3
#define MAIR       0x04ff /* 0: memory, written back; 1: device, nGnRE */
#define TCR        0x20b5103511 /* 47 bits low, 48 high; 4 KiB; cached, inner shareable; tags of low addresses ignored */
#define SCTLR_ON   0x34d5d81d   /* MMU, caches, stack alignment; EL0 may maintain caches and read their type */

    .section .head, "ax"
    .globl image_head
image_head: /* as Documentation/arm64/booting of Linux has it */
    b start
    .long 0
    .quad 0x200000                   /* from the start of memory: KERNEL_TEXT */
    .quad kernel_bss_end - image_head /* memory that it takes */
    .quad 0xa                        /* little endian, 4 KiB pages, anywhere */
    .quad 0, 0, 0
    .ascii "ARM\x64"
    .long 0

start:
    mov x20, x0
    adrp x0, kernel_bss
    add x0, x0, :lo12:kernel_bss
    adrp x1, kernel_bss_end
    add x1, x1, :lo12:kernel_bss_end
1:  stp xzr, xzr, [x0], #16
    cmp x0, x1
    b.lo 1b

    mov x4, #KERNEL_PHYS
    mov x5, #BLOCK
    orr x5, x4, x5
    adrp x0, boot_low
    adrp x1, boot_high
    adrp x2, boot_gib
    adrp x3, boot_kernel
    orr x6, x2, #TABLE
    str x6, [x0]            /* where it is */
    str x6, [x1, #256 * 8]  /* DIRECT_BASE */
    str x5, [x2, #8]        /* its second GiB */
    orr x6, x3, #TABLE
    str x6, [x1, #511 * 8]
    str x5, [x3, #510 * 8]  /* KERNEL_BASE */

    msr ttbr0_el1, x0
    msr ttbr1_el1, x1
    ldr x0, =MAIR
    msr mair_el1, x0
    ldr x0, =TCR
    mrs x1, id_aa64mmfr0_el1
    and x1, x1, #7          /* as many physical bits as there are, up to 48 */
    mov x2, #5
    cmp x1, x2
    csel x1, x1, x2, lo
    bfi x0, x1, #32, #3
    msr tcr_el1, x0
    tlbi vmalle1
    ic iallu
    dsb sy
    isb
    ldr x0, =SCTLR_ON
    msr sctlr_el1, x0
    isb
    ldr x0, =2f
    br x0
2:  ldr x0, =boot_stack_end
    mov sp, x0
    mov x0, x20
    mov x1, #0
    mov x29, #0
    mov x30, #0
    bl main
    brk #0

    .ltorg

/* mkunikernel fills it in (alone.h). */
    .section .rodata
    .balign 8
    .globl linked_program
linked_program:
    .quad 0
    .skip 32

    .section .bss.page, "aw", @nobits
    .balign 4096
boot_low:       .skip 4096
boot_high:      .skip 4096
boot_gib:       .skip 4096
boot_kernel:    .skip 4096
boot_stack:     .skip 8192
boot_stack_end:
