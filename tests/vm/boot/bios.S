/*
 * bios.S - a boot sector that knows the BIOS's screen and keyboard only: it asks for a line, shows it in
 * brackets, and exits by port 0xf4 with the number of its characters.
 */
    .code16
    .globl entry
entry:
    cli
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %ss
    movw $0x7c00, %sp
    sti
    xorw %di, %di
    movw $prompt, %si
    call puts
1:  xorb %ah, %ah /* wait for a key */
    int $0x16
    cmpb $13, %al
    je 2f
    movb %al, line(%di)
    incw %di
    cmpw $60, %di
    jb 1b
2:  movb $0, line(%di)
    movb $'[', %al
    call put
    movw $line, %si
    call puts
    movb $']', %al
    call put
    movw $4, %cx /* ticks: the BIOS sends what is left with its timer's interrupts */
3:  movw 0x46c, %ax
4:  hlt
    cmpw 0x46c, %ax
    je 4b
    loop 3b
    movw $0xf4, %dx
    movw %di, %ax
    outw %ax, %dx
5:  hlt
    jmp 5b

puts:
    lodsb
    testb %al, %al
    jz 6f
    call put
    jmp puts

put:
    movb $0x0e, %ah /* as a terminal does */
    movw $7, %bx
    int $0x10
6:  ret

prompt: .asciz "name? "
    .org 510
    .word 0xaa55
line:
    .org 1024
