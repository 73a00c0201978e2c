/*
 * memory.h - where things lie in memory on x86-64 (layout.h). Used by C and assembly.
 *
 *   virtual
 *   0000_0000_0000_0000   never mapped: null pointers
 *   0000_0000_0001_0000   the program (ring 3): image, heap, mappings, stack
 *   0000_7fff_ffff_f000   end of the program's half
 *   ffff_8000_0000_0000   all physical memory, RW and never executable (kernel text, rodata and the resident
 *                         program are read-only here too); device registers at 0xfe00_0000
 *   ffff_c000_0000_0000   kv: kernel allocations larger than a page, each with an unmapped page after it
 *   ffff_ffff_8010_0000   the kernel: data RW
 *   ffff_ffff_8020_0000   head R, text RX, rodata R
 *
 *   physical, guest in ROM               booted by a loader (PVH)
 *   0000_0000   firmware's; not used     the same
 *   0010_0000   data                     the same
 *   0020_0000   (free pages from data)   head, text, rodata; free pages
 *   ...         the ROM, and what is     the resident program (initrd) where the loader chose, whole pages
 *               shared (vmproc/rom_abi.h)
 */
#ifndef GUEST_X86_64_MEMORY_H
#define GUEST_X86_64_MEMORY_H

#define KERNEL_BASE    0xffffffff80000000
#define KERNEL_PHYS    0 /* of KERNEL_BASE */
#define KERNEL_DATA    0xffffffff80100000
#define KERNEL_TEXT    0xffffffff80200000 /* guest.ld */
#define DIRECT_BASE    0xffff800000000000
#define KV_BASE        0xffffc00000000000
#define LINKED_PROGRAM 0x400000 /* physical: where mkunikernel has a program loaded */
#define USER_BASE      0x0000000000010000
#define USER_TOP       0x00007ffffffff000

/* uname(2), AT_PLATFORM; e_machine of its programs: EM_X86_64 */
#define MACHINE_NAME "x86_64"
#define MACHINE_ELF  62

#define MMIO_START 0xfe000000
#define MMIO_END   0x100000000

/* Segment selectors: Linux's, since programs can read them. There is no 32-bit code segment. */
#define KERNEL_CS 0x10
#define KERNEL_SS 0x18
#define USER_SS   0x2b
#define USER_CS   0x33
#define TSS_SEL   0x40

#define TRAP_SYSCALL 256 /* trapframe.vector of a SYSCALL */

#endif
