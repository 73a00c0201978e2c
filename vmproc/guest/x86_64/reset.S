/*
 * reset.S - the firmware of a machine whose guest is in ROM (vmproc/rom_abi.h): from the reset vector to the
 * guest's first instruction, in 32-bit protected mode with flat segments.
 *
 * 64 KiB below 4 GiB, all zero but for the last 256 bytes: reset.ld. Out: %ebx the ROM's address, %esi the end of
 * the machine's memory.
 */
#include "vmproc/rom_abi.h"

#define EXIT_PORT       0xf4 /* GUEST_EXIT_PORT */
#define FW_CFG_SELECT   0x510
#define FW_CFG_DATA     0x511
#define FW_CFG_RAM_SIZE 3

#define OFFSET(sym) ((sym) - top + 0xff00) /* in the segment of the reset vector */

    .section .top, "ax" /* the last 256 bytes */
    .code32
top:
start32:
    movw $0x10, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $FW_CFG_SELECT, %dx
    movw $FW_CFG_RAM_SIZE, %ax
    outw %ax, %dx
    movw $FW_CFG_DATA, %dx
    movl $4, %ecx
1:  inb %dx, %al /* the lowest byte comes first */
    movb %al, %bl
    rorl $8, %ebx
    loop 1b
    movl %ebx, %esi
    andl $-ROM_ALIGN, %ebx
2:  subl $ROM_ALIGN, %ebx
    jz none
    cmpl $ROM_MAGIC, (%ebx)
    jne 2b
    leal ROM_ENTRY(%ebx), %eax
    jmp *%eax
none:
    outl %eax, $EXIT_PORT /* QEMU ends */
    hlt

    .code16
start16:
    cli
    lgdtl %cs:OFFSET(gdtr)
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $0x8, $start32

    .balign 8
gdt:
    .quad 0
    .quad 0x00cf9b000000ffff /* 0x08: code, 4 GiB */
    .quad 0x00cf93000000ffff /* 0x10: data, 4 GiB */
gdtr:
    .word . - gdt - 1
    .long gdt

    .org 0xf0 /* where the processor begins */
    jmp start16
    .balign 16, 0
