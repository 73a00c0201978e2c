/*
 * entry.S - from the loader's 32-bit protected mode (PVH) to main() in long mode.
 *
 * In:  %ebx = physical address of struct hvm_start_info; paging off, flat segments.
 * The first page tables map the first GiB three times (identity, direct map, kernel base), all RWX; main()
 * replaces them by sealed ones at once.
 */
#include "layout.h"

#define PHYS(sym) ((sym) - KERNEL_BASE)

    .section .note.Xen, "a", @note
    .balign 4
    .long 4
    .long 8
    .long 18 /* XEN_ELFNOTE_PHYS32_ENTRY */
    .asciz "Xen"
    .quad PHYS(pvh_entry)

    .section .text.entry, "ax"
    .code32
    .globl pvh_entry
pvh_entry:
    cld
    movl $PHYS(boot_pml4), %edi
    movl $PHYS(boot_pdpt) + 3, %eax
    movl %eax, (%edi)        /* identity */
    movl %eax, 256*8(%edi)   /* DIRECT_BASE */
    movl $PHYS(boot_pdpt_high) + 3, %eax
    movl %eax, 511*8(%edi)
    movl $PHYS(boot_pd) + 3, %eax
    movl %eax, PHYS(boot_pdpt)
    movl %eax, PHYS(boot_pdpt_high) + 510*8

    movl $PHYS(boot_pd), %edi
    movl $0x83, %eax /* present, writable, 2 MiB */
1:  movl %eax, (%edi)
    addl $8, %edi
    addl $0x200000, %eax
    cmpl $0x40000083, %eax
    jne 1b

    movl %cr4, %eax
    orl $0x20, %eax /* PAE */
    movl %eax, %cr4
    movl $PHYS(boot_pml4), %eax
    movl %eax, %cr3
    movl $0xc0000080, %ecx /* EFER */
    rdmsr
    orl $0x901, %eax /* NXE, LME, SCE */
    wrmsr
    movl $0x80010033, %eax /* PG, WP, NE, ET, MP, PE */
    movl %eax, %cr0
    lgdt PHYS(boot_gdtr)
    ljmp $KERNEL_CS, $PHYS(1f)

    .code64
1:  movabsq $2f, %rax
    jmp *%rax
2:  xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    movl $KERNEL_SS, %eax
    movl %eax, %ss
    leaq boot_stack_end(%rip), %rsp
    xorl %ebp, %ebp
    movl %ebx, %edi
    call main
    ud2

    .section .rodata
    .balign 8
boot_gdt:
    .quad 0, 0
    .quad 0x00af9b000000ffff /* KERNEL_CS */
    .quad 0x00cf93000000ffff /* KERNEL_SS */
boot_gdtr:
    .word . - boot_gdt - 1
    .long PHYS(boot_gdt)
    .long 0

    .section .bss.page, "aw", @nobits
    .balign 4096
boot_pml4:      .skip 4096
boot_pdpt:      .skip 4096
boot_pdpt_high: .skip 4096
boot_pd:        .skip 4096
boot_stack:     .skip 8192
boot_stack_end:
