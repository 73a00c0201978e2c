/*
 * sector.S - a boot sector that says what it is on the first serial port, reads a sector of its disk, shows its
 * text, adds one to a digit in it and writes it back, says that again, and exits with 7 by port 0xf4.
 */
    .code16
    .globl entry
entry:
    cli
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $0x7c00, %sp
    sti
    movb %dl, drive
    movw $hello, %si
    call puts
    movb $0x42, %ah /* extended read */
    call disk
    movw $0x8000, %si
    call puts
    incb 0x8006
    movb $0x43, %ah /* extended write */
    call disk
    movw $written, %si
    jc 1f
    movw $0x8000, %si
1:  call puts
    movw $0xf4, %dx
    movw $7, %ax
    outw %ax, %dx
2:  hlt
    jmp 2b

disk:
    movb drive, %dl
    movw $packet, %si
    xorb %al, %al
    int $0x13
    ret

puts:
    lodsb
    testb %al, %al
    jz 3f
    movb %al, %bl
    movw $0x3fd, %dx
4:  inb %dx, %al
    testb $0x20, %al
    jz 4b
    movw $0x3f8, %dx
    movb %bl, %al
    outb %al, %dx
    jmp puts
3:  ret

hello:   .asciz "boot sector\n"
written: .asciz "cannot be written\n"
drive:   .byte 0
    .balign 4
packet:
    .byte 16, 0
    .word 1
    .word 0x8000, 0 /* to */
    .quad 1         /* sector */
    .org 510
    .word 0xaa55
    .asciz "times 0\n"
    .org 1024
