/*
 * rom_abi.h - what a VM is made of: one read-only file that all VMs share, and where it lies in their memory.
 *
 * vmprocd makes the file of guest.rom (which the build makes of guest.elf) and the resident program:
 *
 *        0  struct rom_head
 *   0x1000  the guest: text, constants, the first contents of its data (vmproc/guest/guest.ld)
 *  resident_at  the resident program, whole pages
 *     size  the end, at a multiple of ROM_ALIGN
 *
 * The memory of a machine, from physical address 0:
 *
 *   RAM             a multiple of ROM_ALIGN
 *   ROM             the file, mapped shared: nobody can write to it, neither guest nor QEMU
 *   bounce buffer   BOUNCE_BYTES (bounce_abi.h), read-only, too; not every machine has it
 *   ring            that of port next, RING_FILE_BYTES (ring_abi.h); not without the bounce buffer
 *   ring            that of port prev; not without the other
 *
 * What follows the ROM is less than ROM_ALIGN.
 *
 * Its firmware (vmproc/guest/reset.S) is the reset vector and no more: it looks for the head below the end of
 * memory, at multiples of ROM_ALIGN, and jumps to 0x1000.
 */
#ifndef VMPROC_ROM_ABI_H
#define VMPROC_ROM_ABI_H

#define ROM_MAGIC      0x4d4f5266 /* "fROM" */
#define ROM_ALIGN      0x200000
#define ROM_ENTRY      0x1000
#define ROM_PAGE       0x1000
#define ROM_MEMORY_MAX 0xc0000000 /* of all: QEMU's microvm puts what is more above 4 GiB */

#ifndef __ASSEMBLER__
#include <stdint.h>

struct rom_head {
    uint32_t magic;
    uint32_t size;        /* of the whole file */
    uint32_t resident_at; /* 0: there is no resident program */
    uint32_t resident_size;
};

_Static_assert(sizeof(struct rom_head) == 16, "rom_head");
#endif

#endif
