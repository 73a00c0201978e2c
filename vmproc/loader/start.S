/*
 * start.S - entered by PVH, leaves by multiboot.
 *
 * In: 32-bit protected mode, flat segments, paging off, %ebx = struct hvm_start_info. Linked at 1 MiB, where
 * the kernel will want to be: copies itself below the module, which is at the top of memory, and goes on there.
 */
    .section .note.Xen, "a", @note
    .balign 4
    .long 4, 4, 18 /* XEN_ELFNOTE_PHYS32_ENTRY */
    .asciz "Xen"
    .long entry

    .section .text.entry, "ax"
    .code32
    .globl entry
entry:
    cli
    cld
    movl $first_stack_end, %esp
    pushl %ebx
    call loader_place /* (start info): the new place, or does not return */
    movl %eax, %edi
    movl $loader_start, %esi
    movl $loader_end, %ecx
    subl %esi, %ecx
    subl %esi, %eax /* how far it moves */
    rep movsb
    leal second_stack_end(%eax), %esp
    leal 1f(%eax), %edx
    jmp *%edx
1:  pushl %ebx
    call loader_run /* (start info): does not return */

/* loader_enter(entry, magic, information) */
    .text
    .globl loader_enter
loader_enter:
    movl 4(%esp), %edx
    movl 8(%esp), %eax
    movl 12(%esp), %ebx
    jmp *%edx

    .bss
    .balign 16
    .skip 4096
first_stack_end:
    .skip 8192
second_stack_end:
