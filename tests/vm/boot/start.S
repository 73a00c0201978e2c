/*
 * start.S - how each protocol enters a 32-bit kernel. Built once for each of PVH, MB1, MB2 and LINUX (behind
 * setup.S); start() in info.c takes what they bring.
 */
    .set MB1_MAGIC, 0x1badb002
    .set MB2_MAGIC, 0xe85250d6

#if defined(PVH)
    .section .note.Xen, "a", @note
    .balign 4
    .long 4, 4, 18 /* XEN_ELFNOTE_PHYS32_ENTRY */
    .asciz "Xen"
    .long entry
#elif defined(MB1)
    .section .header, "a"
    .balign 4
    .long MB1_MAGIC, 2, -(MB1_MAGIC + 2) /* wants the memory's size */
#elif defined(MB2)
    .section .header, "a"
    .balign 8
header:
    .long MB2_MAGIC, 0, header_end - header, -(MB2_MAGIC + (header_end - header))
    .word 1, 0 /* information request: the command line, modules */
    .long 16, 1, 3
    .word 0, 0
    .long 8
header_end:
#endif

    .section .text.entry, "ax"
    .globl entry
entry:
    cli
    cld
#if defined(LINUX) /* from setup.S: %esi = the setup header's page */
    movl %esi, %ebx
    movl $0x53726448, %eax /* "HdrS" */
#endif
    movl %eax, %edx
    movl $bss_start, %edi
    movl $bss_end, %ecx
    subl %edi, %ecx
    xorl %eax, %eax
    rep stosb
    movl $stack_end, %esp
    pushl %ebx /* PVH: start info; multiboot: its information */
    pushl %edx /* multiboot: which */
    call start
1:  hlt
    jmp 1b

    .bss
    .balign 16
    .skip 16384
stack_end:
