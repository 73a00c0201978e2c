/*
 * setup.S - the real-mode part of a bzImage: one sector that is not used, and one with Linux's setup header, which
 * enters the 32-bit kernel at 1 MiB.
 */
    .code16
    .org 0x1f1
    .byte 1 /* setup_sects */
    .org 0x1fe
    .word 0xaa55
    .globl entry
entry:
    jmp go
    .ascii "HdrS"
    .word 0x020c /* version */
    .org 0x211
    .byte 1 /* loadflags: the kernel is at 1 MiB */
    .org 0x214
    .long 0x100000 /* code32_start */
    .org 0x22c
    .long 0x37ffffff /* initrd_addr_max */
    .org 0x236
    .word 0
    .long 1000 /* cmdline_size */
    .org 0x268
go: cli
    xorl %esi, %esi
    movw %ds, %si
    shll $4, %esi /* the setup's linear address */
    leal gdt(%esi), %eax
    movl %eax, gdtr + 2
    leal protected(%esi), %eax
    movl %eax, target
    lgdtl gdtr
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl *target

    .code32
protected:
    movl $0x10, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl $0x100000, %eax
    jmp *%eax

    .balign 8
gdt:
    .quad 0
    .quad 0x00cf9b000000ffff
    .quad 0x00cf93000000ffff
gdtr:
    .word . - gdt - 1
    .long 0
target:
    .long 0
    .word 8
    .org 1024
