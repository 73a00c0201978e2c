/*
 * entry.S - from 32-bit protected mode to main() in long mode. Paging off, flat segments.
 *
 * pvh_entry, where a loader has put everything into RAM (PVH): %ebx = physical address of struct hvm_start_info.
 * rom_entry, where text stays in ROM (vmproc/rom_abi.h, reset.S): %ebx = physical address of the ROM, %esi = the
 * end of memory.
 *
 * The first page tables map the first GiB twice (identity, direct map), 2 MiB of data and 2 MiB of text where the
 * kernel is linked, and those of the text where they are; all RWX. main() replaces them by sealed ones at once.
 */
#include "layout.h"
#include "vmproc/rom_abi.h"

#define PHYS(sym) ((sym) - KERNEL_BASE)
#define TEXT(sym) ((sym) - KERNEL_TEXT) /* from %ebp, where the text is */

    .section .note.Xen, "a", @note
    .balign 4
    .long 4
    .long 8
    .long 18 /* XEN_ELFNOTE_PHYS32_ENTRY */
    .asciz "Xen"
    .quad PHYS(pvh_entry)

    .section .head, "a"
    .globl rom_head
rom_head:
    .long ROM_MAGIC
    .long 0, 0, 0 /* vmprocd's to fill in */

    /* What mkunikernel fills in, and what tells others that it has. */
    .section .note.fleetsh, "a", @note
    .balign 4
    .long 8
    .long 40
    .long 1
    .asciz "fleetsh"
    .globl linked_program
linked_program:
    .quad 0   /* bytes of the program */
    .skip 32  /* its name */

    .section .text.entry, "ax"
    .code32
rom_entry:
    cld
    movl %ebx, %ebp
    movl %esi, %edx
    leal TEXT(kernel_end)(%ebp), %esi
    movl $PHYS(kernel_data), %edi
    movl $PHYS(kernel_bss), %ecx
    subl %edi, %ecx
    shrl $2, %ecx
    rep movsl
    movl $PHYS(kernel_bss_end), %ecx
    subl %edi, %ecx
    shrl $2, %ecx
    xorl %eax, %eax
    rep stosl
    jmp enter

    .globl pvh_entry
pvh_entry:
    cld
    movl $PHYS(KERNEL_TEXT), %ebp
    xorl %edx, %edx

enter:
    movl $PHYS(boot_stack_end), %esp
    movl $PHYS(boot_pml4), %edi
    movl $PHYS(boot_pdpt_identity) + 3, (%edi)
    movl $PHYS(boot_pdpt) + 3, 256*8(%edi) /* DIRECT_BASE */
    movl $PHYS(boot_pdpt_high) + 3, 511*8(%edi)
    movl $PHYS(boot_pd) + 3, PHYS(boot_pdpt)
    movl $PHYS(boot_pd_high) + 3, PHYS(boot_pdpt_high) + 510*8
    movl $0x83, PHYS(boot_pd_high) /* present, writable, 2 MiB */
    leal 0x83(%ebp), %eax
    movl %eax, PHYS(boot_pd_high) + 8
    movl %ebp, %ecx /* the text's 2 MiB, by their own address */
    shrl $21, %ecx
    andl $511, %ecx
    movl %eax, PHYS(boot_pd_text)(,%ecx,8)
    movl %ebp, %ecx
    shrl $30, %ecx
    movl $PHYS(boot_pd_text) + 3, PHYS(boot_pdpt_identity)(,%ecx,8)
    movl $PHYS(boot_pd) + 3, PHYS(boot_pdpt_identity) /* contains them when they lie in the first GiB */

    movl $PHYS(boot_pd), %edi
    movl $0x83, %eax
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
    movl %edx, %esi
    rdmsr
    orl $0x901, %eax /* NXE, LME, SCE */
    wrmsr
    movl $0x80010033, %eax /* PG, WP, NE, ET, MP, PE */
    movl %eax, %cr0
    leal TEXT(boot_gdt)(%ebp), %eax
    movw $boot_gdt_end - boot_gdt - 1, PHYS(boot_gdtr)
    movl %eax, PHYS(boot_gdtr) + 2
    lgdt PHYS(boot_gdtr)
    leal TEXT(1f)(%ebp), %eax
    pushl $KERNEL_CS
    pushl %eax
    lretl

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
    movl %ebx, %edi
    movl %esi, %esi
    xorl %ebp, %ebp
    call main
    ud2

    .section .rodata
    .balign 8
boot_gdt:
    .quad 0, 0
    .quad 0x00af9b000000ffff /* KERNEL_CS */
    .quad 0x00cf93000000ffff /* KERNEL_SS */
boot_gdt_end:

    .section .bss.page, "aw", @nobits
    .balign 4096
boot_pml4:          .skip 4096
boot_pdpt_identity: .skip 4096
boot_pdpt:          .skip 4096
boot_pdpt_high:     .skip 4096
boot_pd:            .skip 4096
boot_pd_high:       .skip 4096
boot_pd_text:       .skip 4096
boot_stack:         .skip 8192
boot_stack_end:
boot_gdtr:          .skip 16
