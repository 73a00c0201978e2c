/*
 * memory.h - where things lie in memory on aarch64 (layout.h).
 *
 *   virtual
 *   0000_0000_0000_0000   never mapped: null pointers
 *   0000_0000_0001_0000   the program (EL0): image, heap, mappings, stack
 *   0000_7fff_ffff_e000   the code that signal handlers return to (sigframe.c)
 *   0000_7fff_ffff_f000   end of the program's half
 *   ffff_8000_0000_0000   all physical memory, RW and never executable (kernel text, rodata and the resident
 *                         program are read-only here too); device registers at 0x0800_0000
 *   ffff_c000_0000_0000   kv: kernel allocations larger than a page, each with an unmapped page after it
 *   ffff_ffff_8020_0000   the kernel: head R, text RX, rodata R, data RW
 *
 *   physical, of QEMU's machine virt
 *   0800_0000   interrupt controller, serial port, virtio slots
 *   4000_0000   memory; the kernel 2 MiB further; the resident program (initrd) and the device tree where the
 *               loader chose
 */
#ifndef GUEST_AARCH64_MEMORY_H
#define GUEST_AARCH64_MEMORY_H

#define KERNEL_BASE 0xffffffff80000000
#define KERNEL_PHYS 0x40000000         /* of KERNEL_BASE */
#define KERNEL_TEXT 0xffffffff80200000 /* guest.ld */
#define DIRECT_BASE 0xffff800000000000
#define KV_BASE     0xffffc00000000000
#define USER_BASE   0x0000000000010000
#define USER_TOP    0x00007ffffffff000

#define MMIO_START 0x08000000
#define MMIO_END   0x0b000000

/* uname(2), AT_PLATFORM; e_machine of its programs: EM_AARCH64 */
#define MACHINE_NAME "aarch64"
#define MACHINE_ELF  183

/* trapframe.kind */
#define TRAP_OTHER     0
#define TRAP_SYSCALL   1
#define TRAP_INTERRUPT 2

#define FRAME_BYTES 304

#endif
